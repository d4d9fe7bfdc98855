import { sql, typeName, value as bound, type Sql } from '../../lake/sql.ts';
import type { SqlType } from '../../mapping/model.ts';
import { measureType } from '../question/measure-type.ts';
import type { Measure } from '../question/measure.ts';
import { comparedSql } from './text-sql.ts';

/**
 * The aggregate that makes a figure, of the type that `measureType` says.
 *
 * @param value what is measured, a column of the type of the measured field; a count needs none
 * @param filter which rows of the group count; all unless given
 */
export function measureSql(measure: Measure, value: Sql | undefined, filter?: Sql): Sql {
  const filtered = filter === undefined ? sql`` : sql` FILTER (WHERE ${filter})`;
  if (measure.kind === 'count') return sql`count(*)${filtered}`;
  if (value === undefined) throw new TypeError(`There is nothing to take the ${measure.kind} of.`);
  const { field } = measure.of.source;
  switch (measure.kind) {
    case 'countDistinct':
      return sql`count(DISTINCT ${value})${filtered}`;
    case 'sum':
      return sumSql(sql`sum(${value})${filtered}`, field.sqlType, measureType(measure).sqlType);
    case 'avg':
      return sql`avg(${value})${filtered}`;
    case 'min':
      return sql`min(${comparedSql(value, field)})${filtered}`;
    case 'max':
      return sql`max(${comparedSql(value, field)})${filtered}`;
    case 'median':
      return sql`median(${double(value, field.sqlType)})${filtered}`;
    case 'quantile':
      return sql`quantile_cont(${double(value, field.sqlType)}, CAST(${bound(measure.at)} AS DOUBLE))${filtered}`;
    case 'stddev':
      return field.sqlType.kind === 'DOUBLE'
        ? doubleDeviation(value, filter)
        : sql`stddev_samp(${double(value, field.sqlType)})${filtered}`;
  }
}

/**
 * The same with a result that never changes as long as the rows do. DuckDB adds doubles in the order in which its
 * threads find them, and the last digits follow; cursors need all of them. Only what is sorted first adds up alike.
 */
export function reproducibleMeasureSql(measure: Measure, value: Sql | undefined): Sql {
  if (value === undefined || !isRounded(measure)) return measureSql(measure, value);
  const numbers = double(value, measure.of.source.field.sqlType);
  const isSmall = sql`abs(${numbers}) < 1e150`;
  switch (measure.kind) {
    case 'stddev':
      return sql`CASE WHEN max(abs(${numbers})) >= 1e150 THEN CAST('NaN' AS DOUBLE) ELSE list_aggregate(list_sort(list(${numbers}) FILTER (WHERE ${isSmall})), 'stddev_samp') END`;
    case 'avg':
      return sql`list_aggregate(list_sort(list(${numbers}) FILTER (WHERE ${numbers} IS NOT NULL)), 'avg')`;
    case 'sum':
      return sql`list_aggregate(list_sort(list(${numbers}) FILTER (WHERE ${numbers} IS NOT NULL)), 'sum')`;
  }
}

type RoundedMeasure = Measure & { readonly kind: 'sum' | 'avg' | 'stddev' };

function isRounded(measure: Measure): measure is RoundedMeasure {
  if (measure.kind === 'stddev') return true;
  const isAdded = measure.kind === 'sum' || measure.kind === 'avg';
  return isAdded && measure.of.source.field.sqlType.kind === 'DOUBLE';
}

/** DuckDB makes a DECIMAL of 38 digits of decimals, a DOUBLE of doubles and a HUGEINT of whole numbers. */
function sumSql(sum: Sql, of: SqlType, type: SqlType): Sql {
  return of.kind === type.kind ? sum : sql`CAST(${sum} AS ${typeName(type)})`;
}

/** A DECIMAL would be rounded between two of its values. */
function double(value: Sql, { kind }: SqlType): Sql {
  return kind === 'DOUBLE' ? value : sql`CAST(${value} AS DOUBLE)`;
}

/** DuckDB refuses the whole statement for a value whose square is beyond all doubles; here such a group has no number. */
function doubleDeviation(value: Sql, filter: Sql | undefined): Sql {
  const within = filter === undefined ? sql`` : sql` FILTER (WHERE ${filter})`;
  const isSmall = sql`abs(${value}) < 1e150`;
  const small = filter === undefined ? isSmall : sql`${filter} AND ${isSmall}`;
  return sql`CASE WHEN max(abs(${value}))${within} >= 1e150 THEN CAST('NaN' AS DOUBLE) ELSE stddev_samp(${value}) FILTER (WHERE ${small}) END`;
}
