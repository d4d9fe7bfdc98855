import { dayBucket, momentBucket } from './buckets.ts';
import { fieldOf, relationOf, type Entity } from './catalog.ts';
import { isHad, type Given } from './matches.ts';
import { compareTerms, measureValue, termsOf, type SortValue } from './sort.ts';
import { Refused } from './undecided.ts';
import { identityOf, type Value } from './value.ts';
import { fieldValue, targetOf, type Row, type World } from './world.ts';

/** Rows with something in common. */
export interface Group {
  readonly entity: Entity;
  readonly rows: readonly Row[];
  /** By the path of the field in `keys`, such as `customer.tier`; undefined where nothing is grouped. */
  readonly keys: ReadonlyMap<string, Value> | undefined;
}

/** The most groups that an answer may have. */
const groupLimit = 10_000;

interface GroupKey {
  readonly path: readonly string[];
  readonly bucket: string | undefined;
  readonly zone: string;
}

/** The answer of a root aggregate, without its figures. */
export function groupsOf(
  world: World,
  entity: Entity,
  rows: readonly Row[],
  { groupBy, having, orderBy, limit, offset }: Given,
): readonly Group[] {
  const keys = keysOf(entity, groupBy);
  const groups = keys.length === 0 ? [{ entity, rows, keys: undefined }] : split(world, rows, keys);
  const had = groups.filter((group) => isHad(world, entity, group.rows, having));
  const sorted = sortGroups(world, had, orderBy, keys);
  if (isNegative(limit) || isNegative(offset))
    throw new Refused('There are no fewer than no groups');
  const start = Number(offset ?? 0);
  return sorted.slice(start, start + Number(limit ?? groupLimit));
}

function isNegative(given: unknown): boolean {
  return typeof given === 'number' && given < 0;
}

function keysOf(entity: Entity, groupBy: unknown): readonly GroupKey[] {
  const given = (Array.isArray(groupBy) ? groupBy : [groupBy ?? {}]) as readonly unknown[];
  const keys = given.flatMap((object) => {
    const key = keyOf(entity, (object ?? {}) as Given, []);
    return key === undefined ? [] : [key];
  });
  const paths = keys.map(({ path }) => path.join('.'));
  if (new Set(paths).size < paths.length) throw new Refused('A field is grouped by twice');
  return keys;
}

function keyOf(entity: Entity, given: Given, path: readonly string[]): GroupKey | undefined {
  const named = Object.entries(given).filter(([, part]) => part !== null && part !== undefined);
  const relations = named.filter(([name]) => relationOf(entity, name) !== undefined);
  const [nested] = relations;
  if (relations.length > 1 || (nested !== undefined && named.length > 1)) {
    throw new Refused('Each object of groupBy names one thing');
  }
  if (nested !== undefined) {
    const relation = relationOf(entity, nested[0]);
    if (relation === undefined) return undefined;
    return keyOf(targetOf(relation), nested[1] as Given, [...path, relation.name]);
  }
  if (named.length === 0) return undefined;
  const { field, bucket, timeZone } = Object.fromEntries(named);
  const kind = fieldOf(entity, String(field))?.kind;
  const isTime = kind === 'dateTime';
  const hasBucket = bucket !== undefined;
  if (hasBucket && !isTime && (kind !== 'date' || bucket === 'HOUR')) {
    throw new Refused('Only times and days have buckets');
  }
  if (timeZone !== undefined && !(isTime && hasBucket)) {
    throw new Refused('Only buckets of times have a zone');
  }
  return {
    path: [...path, String(field)],
    bucket: hasBucket ? String(bucket) : undefined,
    zone: String(timeZone ?? 'UTC'),
  };
}

function split(world: World, rows: readonly Row[], keys: readonly GroupKey[]): readonly Group[] {
  const groups = new Map<string, Group & { readonly rows: Row[] }>();
  for (const row of rows) {
    const values = keys.map((key) => keyValue(world, row, key));
    const place = values.map(identityOf).join();
    const group = groups.get(place) ?? {
      entity: row.entity,
      rows: [],
      keys: new Map(keys.map(({ path }, index) => [path.join('.'), values[index] ?? null])),
    };
    groups.set(place, group);
    group.rows.push(row);
  }
  return [...groups.values()];
}

function keyValue(world: World, row: Row | undefined, { path, bucket, zone }: GroupKey): Value {
  const [name = '', ...rest] = path;
  if (row === undefined) return null;
  const relation = relationOf(row.entity, name);
  if (relation !== undefined) {
    return keyValue(world, world.one(row, relation), { path: rest, bucket, zone });
  }
  const value = fieldValue(row, name);
  if (value === null || bucket === undefined) return value;
  return typeof value === 'bigint'
    ? momentBucket(value, bucket, zone)
    : dayBucket(String(value), bucket);
}

function sortGroups(
  world: World,
  groups: readonly Group[],
  orderBy: unknown,
  keys: readonly GroupKey[],
): readonly Group[] {
  const byKey = keys.map(({ path }) => ({ path: ['keys', ...path], way: 'ASC' }));
  const terms = [...termsOf(orderBy), ...byKey];
  const places = groups.map((group) => ({
    group,
    values: terms.map(({ path }) => groupValue(world, group, path)),
  }));
  return places
    .toSorted((one, other) => compareTerms(terms, one.values, other.values))
    .map(({ group }) => group);
}

function groupValue(world: World, group: Group, path: readonly string[]): SortValue {
  const [first, ...rest] = path;
  return first === 'keys'
    ? { value: keyOfGroup(group, rest), doubt: 'none' }
    : measureValue(world, group.entity, group.rows, path);
}

/** Asking a group for what it was not grouped by is refused. */
export function keyOfGroup({ keys }: Group, path: readonly string[]): Value {
  const value = keys?.get(path.join('.'));
  if (value === undefined) throw new Refused(`Nothing is grouped by ${path.join('.')}`);
  return value;
}
