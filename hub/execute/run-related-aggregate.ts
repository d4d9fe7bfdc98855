import { keyText, type RowKey } from '../../lake/key-lookup.ts';
import type { LakeValue } from '../../lake/sql.ts';
import type { EntityMember } from '../compile/intermediate-form.ts';
import type { Condition } from '../question/condition.ts';
import type { Measure } from '../question/measure.ts';
import { readFilter } from '../question/read-filter.ts';
import type { Path } from '../shape/path.ts';
import { shapeOfAggregate } from '../shape/shape-aggregate.ts';
import { relatedGroupStatement } from '../sql/related-group-sql.ts';
import { laneOf } from './lane.ts';
import { readGroups } from './read-groups.ts';
import type { RunContext } from './run-context.ts';

/**
 * Makes the figures of the rows that are related to each of several rows, with one statement.
 *
 * @param by the columns of the related rows that hold the key of the row to which they belong
 * @param keys all distinct
 * @returns what makes the answer for a key, with the place where it will stand
 */
export async function runRelatedAggregate(
  member: EntityMember & { readonly kind: 'relatedAggregate' },
  by: readonly string[],
  keys: readonly RowKey[],
  context: RunContext,
): Promise<(key: RowKey, path: Path) => Record<string, unknown>> {
  const { model, projections, filters, variables, budget } = context;
  const { source, target, selection } = member;
  const field = `${source.owner.name}.${source.relation.name}Aggregate`;
  const asked = member.arguments.read(variables)['where'];
  const where = readFilter(asked, target, model, filters, 'where');
  const { measures, shape } = shapeOfAggregate(selection, { keys: [], variables, field });
  const groups = await readAll();
  return (key, path) => shape(groups.get(keyText(key)) ?? [], path, context.shape);

  /** The figures by the text of the key; a key that nothing is related to has none. */
  async function readAll(): Promise<ReadonlyMap<string, readonly LakeValue[]>> {
    const projection = projections.get(target.name);
    if (projection === undefined) throw new Error(`There is no projection of ${target.name}`);
    if (keys.length === 0 || measures.length === 0) return new Map();
    const statement = relatedGroupStatement(where, measures, by, keys, projection, projections);
    const lane = laneOf(keys, isWithinRow(where, measures));
    const { columns, rowCount } = await readGroups(statement, lane, field, context);
    budget.spend(rowCount, field);
    const rows = Array.from({ length: rowCount }, (_, row) => {
      const values = columns.map((column) => column[row] ?? null);
      return [keyText(values.slice(0, by.length)), values.slice(by.length)] as const;
    });
    return new Map(rows);
  }
}

/** Whether no other rows decide which of the related ones count, and for what. */
function isWithinRow(where: Condition, measures: readonly Measure[]): boolean {
  return (
    where.kind === 'always' &&
    measures.every((measure) => measure.kind === 'count' || measure.of.via.length === 0)
  );
}
