import { identifier, join, sql, type Sql } from '../../lake/sql.ts';
import type { OwnedRelation } from '../../mapping/model.ts';
import { neighbourOf, type Measure } from '../question/measure.ts';
import { measureSql } from './measure-sql.ts';
import type { Source } from './source.ts';

/**
 * A figure of the rows that a relation leads to from each row of the parent: a scalar subquery, of the type that
 * `measureType` says. Over no rows a count is 0, and all else is null.
 *
 * @param where says which of the related rows count; undefined for all
 */
export function relatedMeasureSql(
  parent: Source,
  relation: OwnedRelation,
  measure: Measure,
  where: (child: Source) => Sql | undefined,
  figureSql: (measure: Measure, value: Sql | undefined) => Sql = measureSql,
): Sql {
  const { source, isOwn } = parent.related(relation);
  const condition = where(source);
  const counted = condition === undefined ? isOwn : sql`${isOwn} AND ${condition}`;
  if (measure.kind === 'count')
    return sql`(SELECT count(*) FROM ${source.from()} WHERE ${counted})`;
  if (neighbourOf(measure).length > 0) return ofNeighbours(measure, source, counted, figureSql);
  const figure = figureSql(measure, source.field(measure.of));
  return sql`(SELECT ${figure} FROM ${source.from()} WHERE ${counted})`;
}

type FieldMeasure = Exclude<Measure, { readonly kind: 'count' }>;

/** A key has one value, so the distinct pairs of both are the neighbours. */
function ofNeighbours(
  measure: FieldMeasure,
  source: Source,
  counted: Sql,
  figureSql: (measure: Measure, value: Sql | undefined) => Sql,
): Sql {
  const key = source.at(measure.of.via).key();
  const measured = source.field(measure.of);
  const figure = figureSql(measure, identifier('neighbour', 'value'));
  const pairs = sql`SELECT DISTINCT ${join(key, ', ')}, ${measured} AS "value" FROM ${source.from()} WHERE ${counted}`;
  return sql`(SELECT ${figure} FROM (${pairs}) AS "neighbour")`;
}
