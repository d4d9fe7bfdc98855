import { raise } from '../../foundation/errors/tributary-error.ts';
import type { Entity, LakeModel, OwnedRelation } from '../../mapping/model.ts';
import type { HubLimits } from '../limits.ts';
import { placeWithin, type ArgumentPlace } from './argument-place.ts';
import { fieldNamed, relationNamed } from './entity-members.ts';
import type { FieldPath } from './field-path.ts';
import type { GroupKey, GroupOrderTerm } from './grouping.ts';
import type { FieldMeasureKind } from './measure.ts';
import { onlyMember, wayOf, withoutRepetitions } from './order-terms.ts';
import { measureText, pathText } from './path-text.ts';

interface ReadGroupOrderOptions {
  readonly entity: Entity;
  readonly model: LakeModel;
  readonly limits: Pick<HubLimits, 'orderTerms'>;
  readonly keys: readonly GroupKey[];
  /** The field, for errors: `customersAggregate`. */
  readonly field: string;
}

/**
 * What `orderBy` asks for, and then the keys, which tell any two groups apart.
 *
 * @throws ORDER_TOO_LONG, ORDER_TERM_AMBIGUOUS, GROUP_ORDER_KEY_MISSING
 */
export function readGroupOrder(
  value: unknown,
  options: ReadGroupOrderOptions,
): readonly GroupOrderTerm[] {
  const { limits, keys, field: list } = options;
  const items = Array.isArray(value) ? value : [];
  const limit = limits.orderTerms;
  // Those that ask for nothing have to be read too, in every field that is sorted by the same variable.
  if (items.length > limit) throw raise('ORDER_TOO_LONG', { list, count: items.length, limit });
  const asked = items.flatMap((item: unknown, position): readonly GroupOrderTerm[] => {
    const place = placeWithin({ outer: undefined, step: 'orderBy' }, position);
    const found = readTerm(item, options, place);
    return found === undefined ? [] : [found];
  });
  const byKeys = keys.map((_, position): GroupOrderTerm => ({
    by: { kind: 'key', position },
    isDescending: false,
    hasNullsFirst: false,
  }));
  return withoutRepetitions([...asked, ...byKeys], ({ by }) =>
    by.kind === 'key' ? `key ${by.position}` : measureText(by.measure),
  );
}

function readTerm(
  value: unknown,
  options: ReadGroupOrderOptions,
  place: ArgumentPlace,
): GroupOrderTerm | undefined {
  const { entity, model, keys, field } = options;
  const chosen = onlyMember(value, field, place);
  if (chosen === undefined) return undefined;
  const [name, inner] = chosen;
  if (name === 'count')
    return { by: { kind: 'measure', measure: { kind: 'count' } }, ...wayOf(inner) };
  const found = readField(inner, { entity, via: [], model, field }, placeWithin(place, name));
  if (found === undefined) return undefined;
  const { of, way } = found;
  if (name !== 'keys') {
    const measure = { kind: name as FieldMeasureKind, of };
    return { by: { kind: 'measure', measure }, ...wayOf(way) };
  }
  const key = pathText(of);
  const position = keys.findIndex(({ path }) => pathText(path) === key);
  if (position !== -1) return { by: { kind: 'key', position }, ...wayOf(way) };
  throw raise('GROUP_ORDER_KEY_MISSING', { field, key, grouped: groupedText(keys) });
}

/** The keys for an error to list. */
export function groupedText(keys: readonly GroupKey[]): string {
  return keys.length === 0 ? 'nothing' : keys.map(({ path }) => pathText(path)).join(', ');
}

interface Reached {
  readonly entity: Entity;
  readonly via: readonly OwnedRelation[];
  readonly model: LakeModel;
  readonly field: string;
}

function readField(
  value: unknown,
  { entity, via, model, field }: Reached,
  place: ArgumentPlace,
): { readonly of: FieldPath; readonly way: unknown } | undefined {
  const chosen = onlyMember(value, field, place);
  if (chosen === undefined) return undefined;
  const [name, inner] = chosen;
  const source = fieldNamed(name, entity);
  if (source !== undefined) return { of: { via, entity, source }, way: inner };
  const { relation, target } = relationNamed(name, entity, model);
  return readField(
    inner,
    { entity: target, via: [...via, relation], model, field },
    placeWithin(place, name),
  );
}
