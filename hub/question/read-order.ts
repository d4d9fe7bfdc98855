import { raise } from '../../foundation/errors/tributary-error.ts';
import type { Entity, LakeModel, OwnedRelation } from '../../mapping/model.ts';
import { relationNames } from '../derive/names.ts';
import type { HubLimits } from '../limits.ts';
import { placeWithin, type ArgumentPlace } from './argument-place.ts';
import { comparedType } from './compared-type.ts';
import { describeOrderKey } from './describe-order.ts';
import { fieldNamed, relationNamed } from './entity-members.ts';
import type { FieldMeasureKind, Measure } from './measure.ts';
import { onlyMember, wayOf, withoutRepetitions, type Way } from './order-terms.ts';
import type { Order, OrderKey, OrderTerm } from './order.ts';

interface ReadOrderOptions {
  readonly entity: Entity;
  readonly model: LakeModel;
  readonly limits: HubLimits;
  /** The field, for errors: `customers`. */
  readonly list: string;
}

/**
 * What `orderBy` asks for, without the key that completes it; empty when it asks for nothing.
 *
 * @throws ORDER_TERM_AMBIGUOUS, ORDER_TOO_LONG
 */
export function readOrder(value: unknown, options: ReadOrderOptions): Order {
  const { entity, model, limits, list } = options;
  const argument: ArgumentPlace = { outer: undefined, step: 'orderBy' };
  const items = Array.isArray(value) ? value : [value];
  // Those that ask for nothing have to be read too, in every field that is sorted by the same variable.
  if (items.length > limits.orderTerms)
    throw raise('ORDER_TOO_LONG', { list, count: items.length, limit: limits.orderTerms });
  return items.flatMap((item: unknown, position): readonly OrderTerm[] => {
    const place = { list, model, via: [], at: placeWithin(argument, position) };
    const term = readTerm(item, entity, place);
    return term === undefined ? [] : [term];
  });
}

/** Rows that are equal in all of the terms come in the order of their key. */
export function completeOrder(terms: Order, entity: Entity): Order {
  return withoutRepetitions([...terms, ...keyOrder(entity)], ({ by }) =>
    JSON.stringify(describeOrderKey(by)),
  );
}

export const sequenceOrder: Order = [
  { by: { kind: 'sequence' }, isDescending: false, hasNullsFirst: false },
];

function keyOrder(entity: Entity): Order {
  return entity.keyFields.map(({ name }) => {
    const source = fieldNamed(name, entity);
    if (source === undefined) throw new Error(`${entity.name} has no field ${name}`);
    const path = { via: [], entity, source };
    const by: OrderKey = { kind: 'field', path, sqlType: source.field.sqlType };
    return { by, isDescending: false, hasNullsFirst: false };
  });
}

/** Where the reader has got to in the argument, and what it followed from the rows that are sorted. */
interface Place {
  readonly list: string;
  readonly model: LakeModel;
  readonly via: readonly OwnedRelation[];
  readonly at: ArgumentPlace;
}

function readTerm(value: unknown, entity: Entity, outer: Place): OrderTerm | undefined {
  const member = named(value, outer);
  if (member === undefined) return undefined;
  const { name, inner, place } = member;
  const source = fieldNamed(name, entity);
  if (source !== undefined) {
    const path = { via: place.via, entity, source };
    return { by: { kind: 'field', path, sqlType: comparedType(source.field) }, ...wayOf(inner) };
  }
  const { relation, target } = relationBehind(name, entity, place.model);
  if (relation.relation.cardinality === 'one') {
    return readTerm(inner, target, { ...place, via: [...place.via, relation] });
  }
  const figure = readMeasure(inner, target, { ...place, via: [] });
  if (figure === undefined) return undefined;
  const { measure, ...way } = figure;
  return { by: { kind: 'measure', via: place.via, relation, target, measure }, ...way };
}

type MeasureTerm = Way & { readonly measure: Measure };

function readMeasure(value: unknown, entity: Entity, outer: Place): MeasureTerm | undefined {
  const member = named(value, outer);
  if (member === undefined) return undefined;
  const { name, inner, place } = member;
  if (name === 'count') return { measure: { kind: 'count' }, ...wayOf(inner) };
  return readFigure(inner, entity, place, name as FieldMeasureKind);
}

function readFigure(
  value: unknown,
  entity: Entity,
  outer: Place,
  kind: FieldMeasureKind,
): MeasureTerm | undefined {
  const member = named(value, outer);
  if (member === undefined) return undefined;
  const { name, inner, place } = member;
  const source = fieldNamed(name, entity);
  if (source !== undefined) {
    return { measure: { kind, of: { via: place.via, entity, source } }, ...wayOf(inner) };
  }
  const { relation, target } = relationBehind(name, entity, place.model);
  return readFigure(inner, target, { ...place, via: [...place.via, relation] }, kind);
}

/** A relation to one goes by its name, a relation to many by that of its figures. */
function relationBehind(
  name: string,
  entity: Entity,
  model: LakeModel,
): ReturnType<typeof relationNamed> {
  const found = entity.relations.find(({ relation: { name: own, cardinality } }) =>
    cardinality === 'one' ? own === name : relationNames(own).aggregate === name,
  );
  return relationNamed(found?.relation.name ?? name, entity, model);
}

interface Named {
  readonly name: string;
  readonly inner: unknown;
  /** Where `inner` stands. */
  readonly place: Place;
}

/** The one thing that an object of the order names, and where; undefined when it names none. */
function named(value: unknown, place: Place): Named | undefined {
  const only = onlyMember(value, place.list, place.at);
  if (only === undefined) return undefined;
  const [name, inner] = only;
  return { name, inner, place: { ...place, at: placeWithin(place.at, name) } };
}
