import type { RowKey } from '../../lake/key-condition.ts';
import { toStatement, type Statement } from '../../lake/sql.ts';
import type { Projection } from '../../mapping/projection.ts';
import type { Condition } from '../question/condition.ts';
import type { Measure } from '../question/measure.ts';
import { conditionSql } from './condition-sql.ts';
import { groupFiguresSql } from './group-figures-sql.ts';
import type { Projections } from './projections.ts';
import { rowsOfKeys } from './rows-of-keys.ts';

/**
 * Figures of the rows that are related to each of several rows. Columns: those in `by`, then the measures; there is no
 * row for a key that nothing is related to.
 *
 * @param measures all different
 * @param by the columns of the related rows that hold the key of the row to which they belong
 * @param keys at least one, all distinct
 */
export function relatedGroupStatement(
  where: Condition,
  measures: readonly Measure[],
  by: readonly string[],
  keys: readonly RowKey[],
  projection: Projection,
  projections: Projections,
): Statement {
  const isFiltered = where.kind !== 'always';
  const rows = rowsOfKeys({ by, keys, projection, projections }, { isFiltered });
  const { source } = rows;
  const filters = isFiltered ? [conditionSql(where, { source })] : [];
  const conditions = [...rows.conditions, ...filters];
  return toStatement(groupFiguresSql({ source, keys: source.columns(by), conditions, measures }));
}
