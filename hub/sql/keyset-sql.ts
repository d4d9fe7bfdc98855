import { sql, type Sql } from '../../lake/sql.ts';
import type { CursorPlace } from '../question/list-question.ts';
import { orderKeyType } from '../question/order-key-type.ts';
import type { Order, OrderTerm } from '../question/order.ts';
import { boundValue } from './bound-value.ts';
import { canBeNull } from './order-sql.ts';

/**
 * Whether a row stands behind a place in an order, or also at it. For rows before a place, give the reversed order.
 *
 * @param keys what stands for each term
 */
export function behindSql(
  order: Order,
  keys: readonly Sql[],
  place: CursorPlace,
  { isPlaceIncluded }: { readonly isPlaceIncluded: boolean },
): Sql {
  const [first, ...rest] = order.map((term, position) =>
    placedTerm(term, keys[position] ?? sql`NULL`, place[position] ?? null),
  );
  if (first === undefined) return isPlaceIncluded ? sql`TRUE` : sql`FALSE`;
  const isBehind = chain([first, ...rest], isPlaceIncluded);
  // It follows from the chain, but DuckDB passes over parts of a table only by what one column has to be.
  return rest.length === 0 ? isBehind : sql`(${first.isAtOrBehind} AND ${isBehind})`;
}

/** How the rows stand to a place by one term alone. */
interface PlacedTerm {
  readonly isBehind: Sql;
  readonly isAt: Sql;
  readonly isAtOrBehind: Sql;
}

/** Behind in the first term, or at the same place in it and behind in the rest. */
function chain(terms: readonly [PlacedTerm, ...PlacedTerm[]], isPlaceIncluded: boolean): Sql {
  const [first, next, ...rest] = terms;
  if (next === undefined) return isPlaceIncluded ? first.isAtOrBehind : first.isBehind;
  return sql`(${first.isBehind} OR (${first.isAt} AND ${chain([next, ...rest], isPlaceIncluded)}))`;
}

function placedTerm(
  { by, isDescending, hasNullsFirst }: OrderTerm,
  key: Sql,
  bound: CursorPlace[number],
): PlacedTerm {
  const isNull = sql`${key} IS NULL`;
  if (bound === null) {
    return hasNullsFirst
      ? { isAt: isNull, isBehind: sql`${key} IS NOT NULL`, isAtOrBehind: sql`TRUE` }
      : { isAt: isNull, isBehind: sql`FALSE`, isAtOrBehind: isNull };
  }
  const parameter = boundValue(bound, orderKeyType(by));
  const isFurther = isDescending ? sql`${key} < ${parameter}` : sql`${key} > ${parameter}`;
  const isNotNearer = isDescending ? sql`${key} <= ${parameter}` : sql`${key} >= ${parameter}`;
  const isAt = sql`${key} = ${parameter}`;
  if (hasNullsFirst || !canBeNull(by)) {
    return { isAt, isBehind: isFurther, isAtOrBehind: isNotNearer };
  }
  return {
    isAt,
    isBehind: sql`(${isFurther} OR ${isNull})`,
    isAtOrBehind: sql`(${isNotNearer} OR ${isNull})`,
  };
}
