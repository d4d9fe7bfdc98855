import { sql, toStatement, type Sql, type Statement } from '../../lake/sql.ts';
import type { Projection } from '../../mapping/projection.ts';
import type { ListQuestion } from '../question/list-question.ts';
import { boundValue } from './bound-value.ts';
import { reversed } from './order-sql.ts';
import {
  betweenCursorsSql,
  fromSql,
  orderByPlaceSql,
  outsideCursorSql,
  placedRowsSql,
} from './placed-rows-sql.ts';
import { Source } from './source.ts';

type Projections = ReadonlyMap<string, Projection>;

/**
 * The rows of a page in the order asked for, and one more at the end that the page is counted towards, which says
 * that there is more. One statement, so one state of the lake.
 *
 * Columns: `columns`, then the rank if something is searched for and the order is not by it, then the place: the
 * value for each term of the order.
 *
 * @param columns names of columns of the projection
 */
export function pageStatement(
  question: ListQuestion,
  columns: readonly string[],
  projection: Projection,
  projections: Projections,
): Statement {
  const { order, page } = question;
  const rows = placedRowsSql(question, columns, Source.of(projection, projections));
  const isBackward = page.direction === 'backward';
  const counted = orderByPlaceSql(isBackward ? reversed(order) : order);
  const piece = sql`SELECT * FROM (${rows}) AS page${betweenCursorsSql(question)} ${counted}${limitSql(question)}`;
  return toStatement(
    isBackward ? sql`SELECT * FROM (${piece}) AS page ${orderByPlaceSql(order)}` : piece,
  );
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

/** A row when rows that match come before a page that is counted forward, or after one that is counted backward. */
export function existsBeyondStatement(
  question: ListQuestion,
  projection: Projection,
  projections: Projections,
): Statement {
  const rows = placedRowsSql(question, [], Source.of(projection, projections));
  return toStatement(sql`SELECT 1 FROM (${rows}) AS page${outsideCursorSql(question)} LIMIT 1`);
}

function limitSql({ page: { limit, offset } }: ListQuestion): Sql {
  const most = limit === undefined ? sql`` : sql` LIMIT ${count(limit + 1)}`;
  return offset === 0 ? most : sql`${most} OFFSET ${count(offset)}`;
}

function count(rows: number): Sql {
  return boundValue(rows, { kind: 'BIGINT' });
}
