import { identifier, join, sql, toStatement, type Sql, type Statement } from '../../lake/sql.ts';
import type { ListQuestion } from '../question/list-question.ts';
import { boundCount } from './bound-value.ts';
import { reversed } from './order-sql.ts';
import {
  betweenCursorsSql,
  fromSql,
  orderByPlaceSql,
  outsideCursorSql,
  placedRowsSql,
  type PageSide,
} from './placed-rows-sql.ts';
import { rowsOfKeys, type KeyedRows } from './rows-of-keys.ts';

/** A page for each of several rows: of the rows that are related to it. */
interface RelatedPages extends KeyedRows {
  readonly question: ListQuestion;
}

/**
 * The rows of all the pages. Those of one page come in the order asked for, with one more at the end that the page is
 * counted towards where there is more; those of different pages come in any order. Columns as `pageStatement` has.
 *
 * @param columns those in `by` among them
 */
export function relatedPageStatement(
  pages: RelatedPages & {
    readonly columns: readonly string[];
    /** Whether each page comes with one row too many where there is more. */
    readonly hasSurplus: boolean;
  },
): Statement {
  const { question, columns, by } = pages;
  const { source, conditions } = rowsOf(pages);
  const rows = placedRowsSql(question, source.columns(columns), source, ...conditions);
  const piece = sql`SELECT * FROM (${rows}) AS page${betweenCursorsSql(question)}${limitSql(question, by, pages.hasSurplus ? 1 : 0)}`;
  return toStatement(sql`${piece} ${orderByPlaceSql(question.order)}`);
}

/** Columns: those in `by`, and how many rows match; nothing for a key that has none. */
export function relatedCountStatement(pages: RelatedPages): Statement {
  const { source, conditions } = rowsOf(pages);
  const from = fromSql(pages.question, source, ...conditions);
  const groups = join(source.columns(pages.by), ', ');
  return toStatement(sql`SELECT ${groups}, count(*)${from} GROUP BY ${groups}`);
}

/** Columns: those in `by`, and how many rows stand where `existsBeyondStatement` looks; nothing for a key without. */
export function relatedBeyondStatement(pages: RelatedPages, side: PageSide): Statement {
  const { question, by } = pages;
  const { source, conditions } = rowsOf(pages);
  const rows = placedRowsSql(question, source.columns(by), source, ...conditions);
  const groups = names(by);
  return toStatement(
    sql`SELECT ${groups}, count(*) FROM (${rows}) AS page${outsideCursorSql(question, side)} GROUP BY ${groups}`,
  );
}

function rowsOf(pages: RelatedPages): ReturnType<typeof rowsOfKeys> {
  const { where, search, page } = pages.question;
  const hasCursor = page.after !== undefined || page.before !== undefined;
  const isFiltered = where.kind !== 'always' || search !== undefined || hasCursor;
  return rowsOfKeys(pages, { isFiltered });
}

function limitSql({ order, page }: ListQuestion, by: readonly string[], surplus: 0 | 1): Sql {
  const { direction, limit, offset } = page;
  if (limit === undefined && offset === 0) return sql``;
  const counted = orderByPlaceSql(direction === 'backward' ? reversed(order) : order);
  const number = sql`row_number() OVER (PARTITION BY ${names(by)} ${counted})`;
  const conditions = [
    ...(offset === 0 ? [] : [sql`${number} > ${boundCount(offset)}`]),
    ...(limit === undefined ? [] : [sql`${number} <= ${boundCount(offset + limit + surplus)}`]),
  ];
  return sql` QUALIFY ${join(conditions, ' AND ')}`;
}

function names(columns: readonly string[]): Sql {
  return join(
    columns.map((name) => identifier(name)),
    ', ',
  );
}
