import { didYouMean } from '../foundation/errors/did-you-mean.ts';
import { raise } from '../foundation/errors/tributary-error.ts';
import { foldCase } from './lake-name.ts';
import type { Entity, LakeType, MappedField } from './model.ts';
import { checkOneOwner, isCopyOfKey, type ForeignField } from './one-owner.ts';
import { isTakenAway, type Override } from './overrides.ts';
import { formatSqlType } from './sql-type.ts';

/** Puts an entity together from the parts that the domains hold, and checks that they fit. */
export function buildEntity(
  parts: readonly [LakeType, ...LakeType[]],
  overrides: readonly Override[],
  foreignFields: readonly ForeignField[],
): Entity {
  const identity = findIdentity(parts);
  checkLean(identity);
  const keyFields = keyFieldsOf(identity);
  const extensions = parts
    .filter((part) => part !== identity)
    .toSorted((a, b) => (a.domain < b.domain ? -1 : 1));
  const ordered = [identity, ...extensions];
  for (const extension of extensions) {
    checkKey(extension, keyFields);
    checkNonNull(extension, ordered);
  }
  for (const part of ordered) {
    for (const key of part.keys) keyFieldsOf(part, key.fields);
    checkRelatedTables(part, keyFields.length);
  }
  checkOneOwner(ordered, keyFields, overrides, foreignFields);
  const isOwned = (part: LakeType, name: string): boolean =>
    !isCopyOfKey(part, name, ordered) &&
    !isTakenAway(`${part.name}.${name}`, part.domain, overrides);
  return {
    name: identity.name,
    identity,
    parts: ordered,
    keyFields,
    fields: ordered.flatMap((owner) =>
      owner.fields.filter(({ name }) => isOwned(owner, name)).map((field) => ({ owner, field })),
    ),
    relations: ordered.flatMap((owner) =>
      owner.relations
        .filter(({ name }) => isOwned(owner, name))
        .map((relation) => ({ owner, relation })),
    ),
  };
}

function findIdentity(parts: readonly [LakeType, ...LakeType[]]): LakeType {
  const [first, ...others] = parts;
  const claimants = parts.filter(({ leanFields }) => leanFields !== undefined);
  const [identity, second] = claimants;
  if (second !== undefined) {
    const domains = claimants.map(({ domain }) => domain).join(', ');
    throw raise(
      'ENTITY_WITH_TWO_IDENTITIES',
      { type: first.name, domains },
      { at: second.location },
    );
  }
  if (identity !== undefined) return identity;
  if (others.length > 0) {
    const domains = parts.map(({ domain }) => domain).join(', ');
    throw raise('ENTITY_WITHOUT_IDENTITY', { type: first.name, domains }, { at: first.location });
  }
  return first;
}

function checkLean(identity: LakeType): void {
  const { leanFields, name: type } = identity;
  if (leanFields === undefined) return;
  const members = [...identity.fields, ...identity.relations, ...identity.computed];
  for (const { name, location } of members) {
    if (leanFields.includes(name)) continue;
    throw raise(
      'IDENTITY_NOT_LEAN',
      { type, field: name, fields: leanFields.join(', ') },
      { at: location },
    );
  }
  const names = members.map(({ name }) => name);
  for (const field of leanFields) {
    if (names.includes(field)) continue;
    const advice = didYouMean(field, names);
    throw raise('IDENTITY_FIELD_UNKNOWN', { type, field, advice }, { at: identity.location });
  }
}

/** The fields of the primary key; each is kept in a column of its own. */
export function keyFieldsOf(type: LakeType, fields = type.keys[0].fields): readonly MappedField[] {
  return fields.map((name) => {
    const field = type.fields.find((candidate) => candidate.name === name);
    if (field?.expression.kind !== 'column' || field.wireType.kind === 'list') {
      throw raise(
        'MAPPING_KEY_INVALID',
        { type: type.name, fields: fields.join(' ') },
        { at: type.location },
      );
    }
    return field;
  });
}

function checkKey(extension: LakeType, keyFields: readonly MappedField[]): void {
  const names = keyFields.map(({ name }) => name);
  const hasKey = extension.keys.some(
    ({ fields }) =>
      fields.length === names.length && fields.every((field) => names.includes(field)),
  );
  const types = keyFields.map(({ sqlType }) => formatSqlType(sqlType)).join(', ');
  const own = hasKey ? keyFieldsOf(extension, names) : [];
  if (hasKey && own.map(({ sqlType }) => formatSqlType(sqlType)).join(', ') === types) return;
  const { domain, name: type, location } = extension;
  throw raise(
    'MAPPING_KEY_DIFFERS',
    { domain, type, fields: names.join(' '), types },
    { at: location },
  );
}

/** An entity may have no row in an extension; what is non-null there needs something that stands in for it. */
function checkNonNull(extension: LakeType, ordered: readonly LakeType[]): void {
  const withoutDefault = extension.fields
    .filter(({ defaultValue }) => defaultValue === undefined || defaultValue === null)
    .filter(({ name }) => !isCopyOfKey(extension, name, ordered));
  const toOne = extension.relations.filter(({ cardinality }) => cardinality === 'one');
  const missing = [...withoutDefault, ...toOne].find(({ isNonNull }) => isNonNull);
  if (missing === undefined) return;
  const { name: type, domain } = extension;
  throw raise(
    'MAPPING_DEFAULT_MISSING',
    { field: `${type}.${missing.name}`, type, domain },
    { at: missing.location },
  );
}

function checkRelatedTables(part: LakeType, keyLength: number): void {
  const seen = new Set<string>();
  for (const { table, columns } of part.relatedTables) {
    const problem =
      columns.length !== keyLength
        ? `it names ${columns.length} columns, and the key of ${part.name} has ${keyLength} fields`
        : 'it is named twice, and an aggregate could mean either';
    if (columns.length === keyLength && !seen.has(foldCase(table))) {
      seen.add(foldCase(table));
      continue;
    }
    throw raise(
      'MAPPING_RELATED_INVALID',
      { type: part.name, table, problem },
      { at: part.location },
    );
  }
}
