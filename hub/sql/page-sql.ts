import { identifier, join, sql, toStatement, type Sql, type Statement } from '../../lake/sql.ts';
import type { Projection } from '../../mapping/projection.ts';
import type { ListQuestion } from '../question/list-question.ts';
import { boundCount } from './bound-value.ts';
import { reversed } from './order-sql.ts';
import {
  betweenCursorsSql,
  fromSql,
  orderByPlaceSql,
  outsideCursorSql,
  placedRowsSql,
  placeNamesSql,
  type PageSide,
} from './placed-rows-sql.ts';
import type { Projections } from './projections.ts';
import { Source } from './source.ts';

/**
 * Up to here the rows of a page are cheaper found first, by nothing but what filters and sorts them, and then looked up
 * by their key (1,000,000 rows, 51 of 12 columns: 62 CPU ms against 148). DuckDB looks up as many by the index as
 * `dynamic_or_filter_threshold` says. Without a filter it pays for pages of any size.
 */
const mostLookedUp = 512;

/**
 * The rows of a page in the order asked for, and one more at the end that the page is counted towards, which says
 * that there is more. One statement, so one state of the lake.
 *
 * Columns: `columns`, then the rank if something is searched for and the order is not by it, then the place: the
 * value for each term of the order.
 *
 * @param columns names of columns of the projection
 */
export function pageSql(
  question: ListQuestion,
  columns: readonly string[],
  projection: Projection,
  projections: Projections,
): Sql {
  const source = Source.of(projection, projections);
  if (isLookedUp(question, columns, projection)) return lookedUpSql(question, columns, source);
  const piece = pieceSql(question, placedRowsSql(question, source.columns(columns), source));
  return question.page.direction === 'backward'
    ? sql`SELECT * FROM (${piece}) AS page ${orderByPlaceSql(question.order)}`
    : piece;
}

/** How many rows match, whatever the page. */
export function countStatement(
  question: ListQuestion,
  projection: Projection,
  projections: Projections,
): Statement {
  const from = fromSql(question, Source.of(projection, projections));
  return toStatement(sql`SELECT count(*)${from}`);
}

/** A row when rows that match come before what the page was cut out of, or after it. */
export function existsBeyondStatement(
  question: ListQuestion,
  side: PageSide,
  projection: Projection,
  projections: Projections,
): Statement {
  const rows = placedRowsSql(question, [], Source.of(projection, projections));
  return toStatement(
    sql`SELECT 1 FROM (${rows}) AS page${outsideCursorSql(question, side)} LIMIT 1`,
  );
}

function isLookedUp(
  { where, search, page: { limit } }: ListQuestion,
  columns: readonly string[],
  { key }: Projection,
): boolean {
  if (columns.every((column) => key.includes(column))) return false;
  const isWhole = where.kind === 'always' && search === undefined;
  return limit !== undefined && (isWhole || limit <= mostLookedUp);
}

/** Late materialisation: keys and places first, then the rest of those rows alone. */
function lookedUpSql(question: ListQuestion, columns: readonly string[], source: Source): Sql {
  const keys = source.key().map((key, position) => sql`${key} AS ${keyName(position)}`);
  const piece = pieceSql(question, placedRowsSql(question, keys, source));
  const rows = source.again();
  const isSame = rows.key().map((key, position) => sql`${key} = page.${keyName(position)}`);
  const selected = [
    ...rows.columns(columns),
    ...placeNamesSql(question).map((name) => sql`page.${name}`),
  ];
  return sql`SELECT ${join(selected, ', ')} FROM (${piece}) AS page JOIN ${rows.from()} ON ${join(isSame, ' AND ')} ${orderByPlaceSql(question.order)}`;
}

/** What is cut out of the placed rows: in the order in which it is counted. */
function pieceSql(question: ListQuestion, placed: Sql): Sql {
  const { order, page } = question;
  const counted = orderByPlaceSql(page.direction === 'backward' ? reversed(order) : order);
  return sql`SELECT * FROM (${placed}) AS page${betweenCursorsSql(question)} ${counted}${limitSql(question)}`;
}

function keyName(position: number): Sql {
  return identifier(`key ${position + 1}`);
}

function limitSql({ page: { limit, offset } }: ListQuestion): Sql {
  const most = limit === undefined ? sql`` : sql` LIMIT ${boundCount(limit + 1)}`;
  return offset === 0 ? most : sql`${most} OFFSET ${boundCount(offset)}`;
}
