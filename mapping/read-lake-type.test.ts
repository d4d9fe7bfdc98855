import { describe, expect, it } from 'vitest';
import type { LakeType } from './model.ts';
import { errorOf, inlineDomain } from './testing/inline-domain.ts';

/** The first lake-backed type of a domain called sales. */
function typeOf(body: string): LakeType {
  const [type] = inlineDomain('sales', body).types;
  if (type === undefined) throw new Error('no type has a table');
  return type;
}

const refused = (body: string): ReturnType<typeof errorOf> => errorOf(() => typeOf(body));

describe('a type with @table', () => {
  it('is kept in a table of its own name unless another is given', () => {
    expect(typeOf('type OrderLine @key(fields: "id") @table { id: ID! }').table).toBe('order_line');
    expect(
      typeOf('type OrderLine @key(fields: "id") @table(name: "Zeilen") { id: ID! }').table,
    ).toBe('Zeilen');
  });

  it('has the fields of all its extensions', () => {
    const type = typeOf('type A @key(fields: "id") { id: ID! } extend type A @table { rank: Int }');
    expect(type.fields.map(({ name }) => name)).toEqual(['id', 'rank']);
  });

  it('leaves to others what is @external, on the field or on the whole type, but for its keys', () => {
    const onField = typeOf(
      'type A @key(fields: "id") @table { id: ID! @external rank: Int terms: String @external }',
    );
    expect(onField.fields.map(({ name }) => name)).toEqual(['id', 'rank']);
    const onType = typeOf(
      'type A @key(fields: "id") @table @external { id: ID! terms: String } extend type A { limit: Int @requires(fields: "terms") }',
    );
    expect(onType.fields.map(({ name }) => name)).toEqual(['id']);
  });

  it('tells mapped fields, relations and computed fields apart', () => {
    const type = typeOf(`
      type A @key(fields: "id") @table {
        id: ID!
        parent: A @relation(columns: ["parent_id"])
        children: [A!]! @relation(columns: ["parent_id"])
        score: Int @computed
        limit: Int @requires(fields: "terms")
        terms: String @external
        greeting(language: String): String
        related: [A!] @computed
      }`);
    expect(type.fields.map(({ name }) => name)).toEqual(['id']);
    expect(type.relations).toMatchObject([
      { name: 'parent', cardinality: 'one', target: 'A', columns: ['parent_id'], isNonNull: false },
      {
        name: 'children',
        cardinality: 'many',
        target: 'A',
        columns: ['parent_id'],
        isNonNull: true,
      },
    ]);
    expect(type.computed.map(({ name }) => name)).toEqual([
      'score',
      'limit',
      'greeting',
      'related',
    ]);
  });

  it('has relations whose columns are new where they say so', () => {
    const type = typeOf(`
      type A @key(fields: "id") @table {
        id: ID!
        old: A @relation(columns: ["old_id"])
        parent: A @relation(columns: ["parent_id"]) @column(default: null)
        children: [A!]! @relation(columns: ["parent_id"]) @column(default: null)
      }`);
    expect(type.relations.map(({ mayBeMissing }) => mayBeMissing)).toEqual([false, true, true]);
  });

  it.each([
    ['A', '@column(name: "parent")', 'MAPPING_RELATION_COLUMN'],
    ['A', '@column(default: "A1")', 'MAPPING_RELATION_COLUMN'],
    ['A', '@column(default: null, type: "BIGINT")', 'MAPPING_RELATION_COLUMN'],
    ['A!', '@column(default: null)', 'MAPPING_DEFAULT_INVALID'],
  ])('has no relation to %s with %s', (target, column, code) => {
    const body = `type A @key(fields: "id") @table {
      id: ID!
      parent: ${target} @relation(columns: ["parent_id"]) ${column}
    }`;
    expect(refused(body)).toMatchObject({ code });
  });

  it('says which fields its identity may have', () => {
    expect(
      typeOf('type A @key(fields: "id") @table @identity(fields: "id, name\\n email") { id: ID! }')
        .leanFields,
    ).toEqual(['id', 'name', 'email']);
    expect(typeOf('type A @key(fields: "id") @table { id: ID! }').leanFields).toBeUndefined();
  });

  it('cannot be an @interfaceObject', () => {
    const error = refused('type Named @key(fields: "id") @interfaceObject @table { id: ID! }');
    expect(error).toMatchObject({
      code: 'MAPPING_INTERFACE_OBJECT',
      at: { file: 'sales.graphql', line: 2 },
    });
    expect(error.hint).toContain('the object type that implements Named');
  });

  it('cannot share its fields, save those of its keys', () => {
    const share = '@shareable';
    expect(refused(`type A @key(fields: "id") @table ${share} { id: ID! }`).code).toBe(
      'MAPPING_FIELD_SHAREABLE',
    );
    for (const field of ['rank: Int', 'other: A @relation(columns: ["a"])']) {
      const error = refused(`type A @key(fields: "id") @table { id: ID! ${field} ${share} }`);
      expect(error.code).toBe('MAPPING_FIELD_SHAREABLE');
    }
    expect(typeOf(`type A @key(fields: "id") @table { id: ID! ${share} }`).fields).toHaveLength(1);
  });

  it('cannot provide through a relation what another domain owns', () => {
    const error = refused(
      'type A @key(fields: "id") @table { id: ID! other: A @relation(columns: ["a"]) @provides(fields: "id") }',
    );
    expect(error).toMatchObject({
      code: 'MAPPING_PROVIDES',
      message: expect.stringContaining('A.other'),
    });
  });
});

describe('names of tables and columns', () => {
  it('survive as they are, whatever is in them', () => {
    const type = typeOf(`
      type Order @key(fields: "id") @table(name: "select \\"x\\"; --")
        @related(table: "order lines", columns: ["group"]) {
        id: ID! @column(name: "primary key")
        note: String @column(name: "it's")
        next: Order @relation(columns: ["übernächste"])
        lines: Int @column(from: "count(\\"order lines\\")")
        total: Float @column(from: "sum(\\"order lines\\".\\"unit \\"\\"price\\"\\"\\")")
      }`);
    expect(type.table).toBe('select "x"; --');
    expect(type.relatedTables).toEqual([{ table: 'order lines', columns: ['group'] }]);
    expect(type.relations[0]?.columns).toEqual(['übernächste']);
    expect(type.fields.map(({ expression }) => expression)).toEqual([
      { kind: 'column', column: 'primary key' },
      { kind: 'column', column: "it's" },
      { kind: 'aggregate', name: 'count', table: 'order lines', value: undefined },
      {
        kind: 'aggregate',
        name: 'sum',
        table: 'order lines',
        value: { kind: 'column', column: 'unit "price"' },
      },
    ]);
  });

  it.each([
    'type A @key(fields: "id") @table(name: "") { id: ID! }',
    'type A @key(fields: "id") @table { id: ID! @column(name: "a\\u0000") }',
    'type A @key(fields: "id") @table { id: ID! n: Int @column(from: "_seq + 1") }',
    'type A @key(fields: "id") @table { id: ID! _seq: Int @column(name: "rank") }',
    'type A @key(fields: "id") @table { id: ID! a: A @relation(columns: [" "]) }',
    'type A @key(fields: "id") @table @related(table: "b\\n", columns: ["a"]) { id: ID! }',
    'type A @key(fields: "id") @table @related(columns: ["a"]) { id: ID! }',
  ])('are refused where the lake cannot hold them: %s', (body) => {
    expect(refused(body).code).toBe('MAPPING_NAME_INVALID');
  });
});
