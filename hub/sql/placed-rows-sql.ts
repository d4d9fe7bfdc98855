import { identifier, join, sql, type Sql } from '../../lake/sql.ts';
import type { CursorPlace, ListQuestion } from '../question/list-question.ts';
import type { Order } from '../question/order.ts';
import { conditionSql } from './condition-sql.ts';
import { behindSql } from './keyset-sql.ts';
import { orderBySql, orderKeySql, reversed } from './order-sql.ts';
import { matchSql, rankSql } from './search-sql.ts';
import type { Source } from './source.ts';
import { whereSql } from './where-sql.ts';

/** What rows are asked for beyond a page: those before it, or those after it. */
export type PageSide = 'before' | 'after';

const rankName = 'match rank';

/**
 * The rows that match a question, each with its place: the value for each term of the order, under names that no
 * column can have. Where something is searched for and the order is not by rank, the rank stands before the place.
 * What cuts a piece out of these rows goes by the names, so that DuckDB makes each value once.
 */
export function placedRowsSql(
  { where, search, order }: ListQuestion,
  columns: readonly Sql[],
  source: Source,
  ...more: readonly Sql[]
): Sql {
  const isByRank = order.some(({ by }) => by.kind === 'rank');
  const selected = [
    ...columns,
    ...(search === undefined || isByRank
      ? []
      : [sql`${rankSql(search, source)} AS ${identifier(rankName)}`]),
    ...order.map(({ by }, position) => sql`${orderKeySql(by, source)} AS ${placeName(position)}`),
  ];
  return sql`SELECT ${join(selected, ', ')}${fromSql({ where, search }, source, ...more)}`;
}

/** The names of what stands behind the columns of placed rows. */
export function placeNamesSql({ search, order }: ListQuestion): readonly Sql[] {
  const isByRank = order.some(({ by }) => by.kind === 'rank');
  const rank = search === undefined || isByRank ? [] : [identifier(rankName)];
  return [...rank, ...placeNames(order)];
}

/** `FROM` and `WHERE` of the rows that match. */
export function fromSql(
  { where, search }: Pick<ListQuestion, 'where' | 'search'>,
  source: Source,
  ...more: readonly Sql[]
): Sql {
  const conditions = [
    ...more,
    ...(where.kind === 'always' ? [] : [conditionSql(where, { source })]),
    ...(search === undefined ? [] : [matchSql(search, source)]),
  ];
  return sql` FROM ${source.from()}${whereSql(conditions)}`;
}

/** What a piece of the placed rows is cut out by: the cursors, if there are any. */
export function betweenCursorsSql({ order, page: { after, before } }: ListQuestion): Sql {
  const conditions = [
    ...(after === undefined ? [] : [standsBehind(order, after, { isPlaceIncluded: false })]),
    ...(before === undefined
      ? []
      : [standsBehind(reversed(order), before, { isPlaceIncluded: false })]),
  ];
  return whereSql(conditions);
}

/** What the placed rows stand at or beyond on one side of what the page was cut out of. */
export function outsideCursorSql({ order, page }: ListQuestion, side: PageSide): Sql {
  // Whatever is first is skipped, wherever the cursor stands.
  if (side === 'before' && page.offset > 0) return sql``;
  const place = side === 'before' ? page.after : page.before;
  if (place === undefined) return sql` WHERE FALSE`;
  const away = side === 'before' ? reversed(order) : order;
  return whereSql([standsBehind(away, place, { isPlaceIncluded: true })]);
}

/** In the order asked for, or as a page is counted from its end. */
export function orderByPlaceSql(order: Order): Sql {
  return orderBySql(order, placeNames(order));
}

function standsBehind(
  order: Order,
  place: CursorPlace,
  options: { readonly isPlaceIncluded: boolean },
): Sql {
  return behindSql(order, placeNames(order), place, options);
}

/** The names of the place: a value for each term of the order. */
export function placeNames(order: Order): readonly Sql[] {
  return order.map((_, position) => placeName(position));
}

function placeName(position: number): Sql {
  return identifier(`place ${position + 1}`);
}
