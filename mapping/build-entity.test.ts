import { describe, expect, it } from 'vitest';
import type { Entity } from './model.ts';
import { errorOf, inlineModel } from './testing/inline-domain.ts';

const identity =
  'type Customer @key(fields: "id") @table @identity(fields: "id name") { id: ID! name: String }';
const support = 'type Customer @key(fields: "id") @table { id: ID! tier: Int }';

function entityOf(
  domains: Readonly<Record<string, string>>,
  remotes: Readonly<Record<string, string>> = {},
): Entity {
  const entity = inlineModel(domains, remotes).entities.get('Customer');
  if (entity === undefined) throw new Error('there is no Customer');
  return entity;
}

const owners = (entity: Entity): readonly string[] =>
  entity.fields.map(({ owner, field }) => `${owner.domain}.${field.name}`);

describe('the parts of an entity', () => {
  it('are the identity first, then the others by name, with the key once', () => {
    const entity = entityOf({
      zeta: support,
      alpha: 'type Customer @key(fields: "id") @table { id: ID! fax: String }',
      identity,
    });
    expect(entity.parts.map(({ domain }) => domain)).toEqual(['identity', 'alpha', 'zeta']);
    expect(owners(entity)).toEqual(['identity.id', 'identity.name', 'alpha.fax', 'zeta.tier']);
    expect(entity.keyFields.map(({ name }) => name)).toEqual(['id']);
  });

  it('need one that says which entities exist', () => {
    const without = errorOf(() => entityOf({ sales: support, support }));
    expect(without).toMatchObject({ code: 'ENTITY_WITHOUT_IDENTITY' });
    expect(without.message).toContain('sales, support');
    const twice = errorOf(() => entityOf({ support, identity, other: identity }));
    expect(twice).toMatchObject({
      code: 'ENTITY_WITH_TWO_IDENTITIES',
      at: { file: 'other.graphql' },
    });
    expect(twice.message).toContain('(identity, other)');
    expect(entityOf({ support }).identity.domain).toBe('support');
  });
});

describe('a lean identity', () => {
  it.each(['fax: String', 'score: Int @computed', 'boss: Customer @relation(columns: ["boss"])'])(
    'refuses a field beyond those that it declares: %s',
    (field) => {
      const error = errorOf(() =>
        entityOf({ identity: `${identity}\nextend type Customer { ${field} }` }),
      );
      expect(error).toMatchObject({ code: 'IDENTITY_NOT_LEAN', at: { line: 3 } });
      expect(error.message).toContain('(id, name)');
    },
  );

  it('has every field that it declares', () => {
    const error = errorOf(() =>
      entityOf({
        identity:
          'type Customer @key(fields: "id") @table @identity(fields: "id nmae") { id: ID! name: String }',
      }),
    );
    expect(error.code).toBe('IDENTITY_NOT_LEAN');
    const missing = errorOf(() =>
      entityOf({
        identity:
          'type Customer @key(fields: "id") @table @identity(fields: "id email") { id: ID! }',
      }),
    );
    expect(missing).toMatchObject({ code: 'IDENTITY_FIELD_UNKNOWN' });
  });
});

describe('keys', () => {
  it.each([
    'type Customer @key(fields: "no") @table { no: ID! tier: Int }',
    'type Customer @key(fields: "id no") @table { id: ID! no: ID! tier: Int }',
    'type Customer @key(fields: "id") @table { id: ID! @column(type: "BIGINT") tier: Int }',
  ])('join a part to the identity by the same fields of the same types, so not %s', (body) => {
    const error = errorOf(() => entityOf({ identity, support: body }));
    expect(error).toMatchObject({ code: 'MAPPING_KEY_DIFFERS', at: { file: 'support.graphql' } });
    expect(error.message).toContain('"id" (VARCHAR)');
  });

  it('may be compound, in any order, and not the first of a part', () => {
    const entity = entityOf({
      identity:
        'type Customer @key(fields: "id region") @table @identity(fields: "id region") { id: ID! region: String! }',
      support:
        'type Customer @key(fields: "no") @key(fields: "region id") @table { no: ID region: String! id: ID! tier: Int }',
    });
    expect(owners(entity)).toEqual([
      'identity.id',
      'identity.region',
      'support.no',
      'support.tier',
    ]);
  });

  it('may be shared by several parts: the field belongs to the first', () => {
    const entity = entityOf({
      identity:
        'type Customer @key(fields: "id") @key(fields: "email") @table @identity(fields: "id email") { id: ID! email: String! }',
      support:
        'type Customer @key(fields: "id") @key(fields: "email") @table { id: ID! email: String! tier: Int }',
    });
    expect(owners(entity)).toEqual(['identity.id', 'identity.email', 'support.tier']);
  });

  it('do not make one field of two that only one part has in a key', () => {
    const error = errorOf(() =>
      entityOf({
        identity:
          'type Customer @key(fields: "id") @table @identity(fields: "id email") { id: ID! email: String }',
        support:
          'type Customer @key(fields: "id") @key(fields: "email") @table { id: ID! email: String tier: Int }',
      }),
    );
    expect(error.code).toBe('FIELD_HAS_TWO_OWNERS');
  });

  it.each([
    '@key(fields: "f") @table { id: ID! f: Int @column(from: "a + b") }',
    '@key(fields: "f") @table { id: ID! f: [Int] }',
    '@key(fields: "f") @table { id: ID! f: Int @computed }',
    '@key(fields: "id") @key(fields: "f") @table { id: ID! f: Int @column(from: "a + b") }',
  ])('need a column of their own: %s', (body) => {
    expect(errorOf(() => entityOf({ sales: `type Customer ${body}` })).code).toBe(
      'MAPPING_KEY_INVALID',
    );
  });
});

describe('what is non-null in a part that may have no row', () => {
  it('needs a default', () => {
    const error = errorOf(() =>
      entityOf({
        identity,
        support: 'type Customer @key(fields: "id") @table { id: ID! tier: Int! }',
      }),
    );
    expect(error).toMatchObject({
      code: 'MAPPING_DEFAULT_MISSING',
      at: { file: 'support.graphql' },
    });
    expect(error.message).toBe(
      'Customer.tier is non-null, but a Customer may well have no row in support.',
    );
    const withDefault =
      'type Customer @key(fields: "id") @table { id: ID! tier: Int! @column(default: "0") }';
    expect(owners(entityOf({ identity, support: withDefault }))).toContain('support.tier');
  });

  it('cannot be a relation to one, which has no default; a list is merely empty', () => {
    const relation = (type: string): string =>
      `type Customer @key(fields: "id") @table { id: ID! a: ${type} @relation(columns: ["a"]) }`;
    const error = errorOf(() => entityOf({ identity, support: relation('Customer!') }));
    expect(error.code).toBe('MAPPING_DEFAULT_MISSING');
    expect(entityOf({ identity, support: relation('[Customer!]!') }).relations).toHaveLength(1);
  });

  it('needs none in the identity, whose row is the entity', () => {
    expect(() =>
      entityOf({ sales: 'type Customer @key(fields: "id") @table { id: ID! name: String! }' }),
    ).not.toThrow();
  });
});

describe('related tables', () => {
  it.each([
    [
      '@related(table: "invoice", columns: ["a", "b"])',
      'it names 2 columns, and the key of Customer has 1 fields',
    ],
    ['@related(table: "invoice", columns: [])', 'it names 0 columns'],
    [
      '@related(table: "x", columns: ["a"]) @related(table: "X", columns: ["b"])',
      'it is named twice',
    ],
  ])('are joined by the whole key, and named once: %s', (directives, problem) => {
    const error = errorOf(() =>
      entityOf({ sales: `type Customer @key(fields: "id") @table ${directives} { id: ID! }` }),
    );
    expect(error.code).toBe('MAPPING_RELATED_INVALID');
    expect(error.message).toContain(problem);
  });
});
