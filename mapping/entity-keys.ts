import type { Entity } from './model.ts';

/** A key by which the lake finds an entity: the names of its fields, all of them lake-backed. */
export type EntityKey = readonly string[];

/** The primary key first, then every other resolvable key of any domain whose fields are all in the lake. */
export function entityKeys(entity: Entity): readonly [EntityKey, ...EntityKey[]] {
  const inLake = new Set(entity.fields.map(({ field }) => field.name));
  const primary = entity.keyFields.map(({ name }) => name);
  const seen = new Set([digest(primary)]);
  const others: EntityKey[] = [];
  for (const { fields, isResolvable } of entity.parts.flatMap(({ keys }) => keys)) {
    if (!isResolvable || seen.has(digest(fields)) || !fields.every((field) => inLake.has(field)))
      continue;
    seen.add(digest(fields));
    others.push(fields);
  }
  return [primary, ...others];
}

function digest(key: EntityKey): string {
  return key.toSorted().join(' ');
}
