import { nearestName } from '../../foundation/errors/did-you-mean.ts';
import { raise } from '../../foundation/errors/tributary-error.ts';
import type { Entity, LakeModel, OwnedRelation } from '../../mapping/model.ts';
import type { HubLimits } from '../limits.ts';
import { placeText, placeWithin, type ArgumentPlace } from './argument-place.ts';
import { fieldNamed, relationNamed } from './entity-members.ts';
import type { FieldPath } from './field-path.ts';
import type { GroupKey, TimeBucket } from './grouping.ts';
import { givenMembers, itemsOf } from './input-members.ts';
import { pathText } from './path-text.ts';
import { findTimeZone, timeZoneNames } from './time-zone.ts';

/**
 * What `groupBy` names, in its order; nothing when it is not given.
 *
 * @throws GROUP_KEYS_TOO_MANY, GROUP_KEY_EMPTY, GROUP_KEY_AMBIGUOUS, GROUP_KEY_REPEATED, GROUP_BUCKET_INVALID,
 * TIME_ZONE_UNKNOWN
 */
export function readGroupKeys(
  value: unknown,
  entity: Entity,
  model: LakeModel,
  limits: Pick<HubLimits, 'groupKeys'>,
  field: string,
): readonly GroupKey[] {
  if (value === null || value === undefined) return [];
  const items = itemsOf(value);
  const limit = limits.groupKeys;
  if (items.length > limit)
    throw raise('GROUP_KEYS_TOO_MANY', { field, count: items.length, limit });
  const keys = new Map<string, GroupKey>();
  items.forEach((item, position) => {
    const at = placeWithin({ outer: undefined, step: 'groupBy' }, position);
    const place: Place = { field, at };
    const key = readKey(item, { entity, via: [], model }, place);
    const name = pathText(key.path);
    if (keys.has(name))
      throw raise('GROUP_KEY_REPEATED', { field, place: placeText(at), key: name });
    keys.set(name, key);
  });
  return [...keys.values()];
}

/** Where something stands, for errors. */
interface Place {
  /** `customersAggregate` */
  readonly field: string;
  readonly at: ArgumentPlace;
}

function textOf({ field, at }: Place): { readonly field: string; readonly place: string } {
  return { field, place: placeText(at) };
}

/** Where the reader has got to, seen from the rows that are grouped. */
interface Reached {
  readonly entity: Entity;
  readonly via: readonly OwnedRelation[];
  readonly model: LakeModel;
}

function readKey(value: unknown, reached: Reached, place: Place): GroupKey {
  const { field, bucket, timeZone, ...relations } = Object.fromEntries(givenMembers(value));
  const named = [...(field === undefined ? [] : ['field']), ...Object.keys(relations)];
  const [only, another] = named;
  if (only === undefined) throw raise('GROUP_KEY_EMPTY', textOf(place));
  if (another !== undefined)
    throw raise('GROUP_KEY_AMBIGUOUS', { ...textOf(place), names: named.join(', ') });
  const { entity, via, model } = reached;
  if (field !== undefined) {
    const source = fieldNamed(String(field), entity);
    if (source === undefined) throw new TypeError(`${entity.name} has no field ${String(field)}.`);
    return readBucket({ via, entity, source }, bucket, timeZone, place);
  }
  if (bucket !== undefined || timeZone !== undefined)
    throw misfit(place, `gives a bucket or a time zone to ${only}, which is no field`);
  const { relation, target } = relationNamed(only, entity, model);
  return readKey(
    relations[only],
    { entity: target, via: [...via, relation], model },
    { ...place, at: placeWithin(place.at, only) },
  );
}

function readBucket(path: FieldPath, bucket: unknown, timeZone: unknown, place: Place): GroupKey {
  if (bucket === undefined) {
    if (timeZone === undefined) return { path, bucket: undefined, timeZone: undefined };
    throw misfit(place, 'gives a time zone without a bucket');
  }
  const chosen = String(bucket) as TimeBucket;
  const { name, wireType } = path.source.field;
  switch (wireType.kind) {
    case 'dateTime':
      return { path, bucket: chosen, timeZone: readTimeZone(timeZone ?? 'UTC', place) };
    case 'date':
      if (chosen === 'HOUR') throw misfit(place, `puts ${name}, a date, into hours`);
      if (timeZone === undefined) return { path, bucket: chosen, timeZone: undefined };
      throw misfit(place, `gives a time zone to ${name}, which is a date`);
    default:
      throw misfit(place, `puts ${name} into buckets, which is neither a date nor a time`);
  }
}

function readTimeZone(value: unknown, place: Place): string {
  const given = String(value);
  const found = findTimeZone(given);
  if (found !== undefined) return found;
  const timeZone = given.slice(0, 80);
  const near = nearestName(timeZone, timeZoneNames());
  const advice =
    near === undefined ? 'A zone goes by continent and city.' : `Did you mean "${near}"?`;
  throw raise('TIME_ZONE_UNKNOWN', { field: place.field, timeZone, advice });
}

function misfit(place: Place, problem: string): Error {
  return raise('GROUP_BUCKET_INVALID', { ...textOf(place), problem });
}
