import type { Entity, LakeModel, OwnedRelation } from '../../mapping/model.ts';
import { placeWithin, type ArgumentPlace } from './argument-place.ts';
import { allOf } from './combine-conditions.ts';
import type { Condition } from './condition.ts';
import { fieldNamed, relationNamed } from './entity-members.ts';
import type { FilterBudget, FilterContext } from './filter-budget.ts';
import { givenMembers } from './input-members.ts';
import type { FieldMeasureKind, Measure } from './measure.ts';
import { readConnected } from './read-connected.ts';
import { readOperandCondition } from './read-operand-condition.ts';

/**
 * Reads conditions on the figures of groups of an entity's rows, such as a `CustomerHaving`.
 *
 * @param value as GraphQL coerced it; null and undefined ask for nothing
 * @param budget of the operation
 * @param argument how an error names the argument: `having`
 * @throws FILTER_TOO_DEEP, FILTER_TOO_LARGE, FILTER_LIST_TOO_LONG
 */
export function readHaving(
  value: unknown,
  entity: Entity,
  model: LakeModel,
  budget: FilterBudget,
  argument: string,
): Condition {
  const place: ArgumentPlace = { outer: undefined, step: argument };
  return readGroupCondition(value, entity, { model, budget }, place);
}

/** The same within a filter, which has its limits as a whole. */
export function readGroupCondition(
  value: unknown,
  entity: Entity,
  context: FilterContext,
  place: ArgumentPlace,
): Condition {
  return readConnected(value, context.budget, place, (name, asked, here) => {
    switch (name) {
      case 'count':
        return readMeasure({ kind: 'count' }, asked, context, here);
      case 'countDistinct':
      case 'sum':
      case 'avg':
      case 'min':
      case 'max':
      case 'median':
      case 'stddev':
        return readFigures(name, asked, { via: [], entity }, context, here);
      default:
        throw new TypeError(`A group has no figure ${name}.`);
    }
  });
}

/** Whose fields are measured: the rows of the group, or their neighbours. */
interface Measured {
  readonly via: readonly OwnedRelation[];
  readonly entity: Entity;
}

function readFigures(
  kind: FieldMeasureKind,
  value: unknown,
  { via, entity }: Measured,
  context: FilterContext,
  place: ArgumentPlace,
): Condition {
  const members = givenMembers(value);
  context.budget.countEmpty(members, place);
  const conditions = members.map(([name, asked]) => {
    const here = placeWithin(place, name);
    const source = fieldNamed(name, entity);
    if (source !== undefined)
      return readMeasure({ kind, of: { via, entity, source } }, asked, context, here);
    const { relation, target } = relationNamed(name, entity, context.model);
    return readFigures(kind, asked, { via: [...via, relation], entity: target }, context, here);
  });
  return allOf(conditions);
}

function readMeasure(
  measure: Measure,
  asked: unknown,
  { budget, isOfRelated = false }: FilterContext,
  place: ArgumentPlace,
): Condition {
  if (isOfRelated) budget.countRelated(place);
  return readOperandCondition(asked, { kind: 'measure', measure }, budget, place);
}
