import { join, sql, type Sql } from '../../lake/sql.ts';
import { sequenceColumn } from '../../mapping/projection.ts';
import type { Measure } from '../question/measure.ts';
import type { Order, OrderKey, OrderTerm } from '../question/order.ts';
import { reproducibleMeasureSql } from './measure-sql.ts';
import { relatedMeasureSql } from './related-measure-sql.ts';
import { rankSql } from './search-sql.ts';
import type { Source } from './source.ts';
import { textSql } from './text-sql.ts';

/** The value by which a term of an order places a row, of the type `orderKeyType`. */
export function orderKeySql(key: OrderKey, source: Source): Sql {
  switch (key.kind) {
    case 'sequence':
      return source.column(sequenceColumn);
    case 'field':
      return fieldSql(key, source);
    case 'rank':
      return rankSql(key.search, source);
    case 'measure':
      return measureKeySql(key, source);
  }
}

/** Where the way to the rows ends early there is nothing to count, which is not the same as none. */
function measureKeySql(
  { via, relation, measure }: Extract<OrderKey, { readonly kind: 'measure' }>,
  source: Source,
): Sql {
  const neighbour = source.at(via);
  const all = () => undefined;
  const figure = relatedMeasureSql(neighbour, relation, measure, all, reproducibleMeasureSql);
  if (via.length === 0 || !isCount(measure)) return figure;
  const [key = sql`NULL`] = neighbour.key();
  return sql`CASE WHEN ${key} IS NOT NULL THEN ${figure} END`;
}

function isCount({ kind }: Measure): boolean {
  return kind === 'count' || kind === 'countDistinct';
}

function fieldSql(
  { path, sqlType }: Extract<OrderKey, { readonly kind: 'field' }>,
  source: Source,
): Sql {
  const column = source.field(path);
  return sqlType.kind === 'VARCHAR' ? textSql(column, path.source.field.sqlType) : column;
}

/** Whether rows may have no value there. */
export function canBeNull(key: OrderKey): boolean {
  switch (key.kind) {
    case 'sequence':
    case 'rank':
      return false;
    case 'field': {
      const { via, entity, source } = key.path;
      return via.length > 0 || !entity.keyFields.some(({ name }) => name === source.field.name);
    }
    case 'measure':
      return key.via.length > 0 || !isCount(key.measure);
  }
}

/** The order the other way round: its last row comes first. */
export function reversed(order: Order): Order {
  return order.map(({ by, isDescending, hasNullsFirst }) => ({
    by,
    isDescending: !isDescending,
    hasNullsFirst: !hasNullsFirst,
  }));
}

/** @param keys what stands for each term */
export function orderBySql(order: Order, keys: readonly Sql[]): Sql {
  const terms = order.map((term, position) => termSql(term, keys[position] ?? sql`NULL`));
  return sql`ORDER BY ${join(terms, ', ')}`;
}

function termSql({ by, isDescending, hasNullsFirst }: OrderTerm, key: Sql): Sql {
  const way = isDescending ? sql`DESC` : sql`ASC`;
  // DuckDB cuts a scan short while it sorts, but only where missing values come last.
  const nulls = hasNullsFirst && canBeNull(by) ? sql`NULLS FIRST` : sql`NULLS LAST`;
  return sql`${key} ${way} ${nulls}`;
}
