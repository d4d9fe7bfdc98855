import type { Entity, LakeModel } from '../../mapping/model.ts';
import { placeWithin, type ArgumentPlace } from './argument-place.ts';
import { allOf, hasFigures, hasRelated, notOf } from './combine-conditions.ts';
import { always, type Condition } from './condition.ts';
import { fieldNamed, relationNamed } from './entity-members.ts';
import type { FilterBudget, FilterContext } from './filter-budget.ts';
import { givenMembers } from './input-members.ts';
import { readConnected } from './read-connected.ts';
import { readGroupCondition } from './read-having.ts';
import { readOperandCondition } from './read-operand-condition.ts';

/**
 * Reads which rows of an entity are asked for, such as a `CustomerFilter`.
 *
 * @param value as GraphQL coerced it; null and undefined ask for nothing
 * @param budget of the operation
 * @param argument how an error names the argument: `where`
 * @throws FILTER_TOO_DEEP, FILTER_TOO_LARGE, FILTER_LIST_TOO_LONG
 */
export function readFilter(
  value: unknown,
  entity: Entity,
  model: LakeModel,
  budget: FilterBudget,
  argument: string,
): Condition {
  const place: ArgumentPlace = { outer: undefined, step: argument };
  return readRows(value, entity, { model, budget }, place);
}

function readRows(
  value: unknown,
  entity: Entity,
  context: FilterContext,
  place: ArgumentPlace,
): Condition {
  return readConnected(value, context.budget, place, (name, asked, here) =>
    readField(name, asked, entity, context, here),
  );
}

function readField(
  name: string,
  asked: unknown,
  entity: Entity,
  context: FilterContext,
  place: ArgumentPlace,
): Condition {
  const source = fieldNamed(name, entity);
  if (source !== undefined) {
    const path = { via: [], entity, source };
    return readOperandCondition(asked, { kind: 'field', path }, context.budget, place);
  }
  const { relation, target } = relationNamed(name, entity, context.model);
  if (relation.relation.cardinality === 'one') {
    context.budget.countRelated(place);
    return hasRelated(relation, target, readRows(asked, target, context, place));
  }
  return readRelatedRows(asked, { relation, target }, context, place);
}

/** Reads what is asked of the rows that a relation to many leads to, such as an `InvoiceListFilter`. */
function readRelatedRows(
  value: unknown,
  { relation, target }: ReturnType<typeof relationNamed>,
  context: FilterContext,
  place: ArgumentPlace,
): Condition {
  const members = givenMembers(value);
  context.budget.countEmpty(members, place);
  const where = members
    .filter(([name]) => name === 'where')
    .map(([name, asked]) => readRows(asked, target, context, placeWithin(place, name)));
  const conditions = members.map(([name, asked]): Condition => {
    const here = placeWithin(place, name);
    if (name === 'where') return always;
    context.budget.countRelated(here);
    switch (name) {
      case 'some':
        return hasRelated(relation, target, readRows(asked, target, context, here));
      case 'none':
        return notOf(hasRelated(relation, target, readRows(asked, target, context, here)));
      case 'every':
        return notOf(hasRelated(relation, target, notOf(readRows(asked, target, context, here))));
      case 'count': {
        const operand = { kind: 'measure', measure: { kind: 'count' } } as const;
        const having = readOperandCondition(asked, operand, context.budget, here);
        return hasFigures(relation, target, allOf(where), having);
      }
      case 'having': {
        const having = readGroupCondition(asked, target, { ...context, isOfRelated: true }, here);
        return hasFigures(relation, target, allOf(where), having);
      }
      default:
        throw new TypeError(`Nothing named ${name} is asked of related rows.`);
    }
  });
  return allOf(conditions);
}
