import { describe, expect, it } from 'vitest';
import { stubKey, stubKeyTypes } from './build-lake-model.ts';
import { errorOf, inlineDomain, inlineModel } from './testing/inline-domain.ts';

const customer = 'type Customer @key(fields: "id") @table { id: ID! name: String }';
const region = 'type Region @key(fields: "country code") @table { country: ID! code: ID! }';

it('makes one entity of every type with a table, however many domains hold a part', () => {
  const model = inlineModel({
    identity:
      'type Customer @key(fields: "id") @table @identity(fields: "id name") { id: ID! name: String }',
    support:
      'type Customer @key(fields: "id") @table { id: ID! tier: Int } type Ticket @key(fields: "no") @table { no: ID! }',
  });
  expect([...model.entities.keys()]).toEqual(['Customer', 'Ticket']);
  expect(model.entities.get('Customer')?.parts.map(({ domain }) => domain)).toEqual([
    'identity',
    'support',
  ]);
  expect(model.entities.get('Ticket')?.identity.domain).toBe('support');
});

describe('a relation to one', () => {
  it('leads to an entity of the lake or to a type that is only referred to', () => {
    const model = inlineModel({
      sales: `${customer} type Product @key(fields: "upc", resolvable: false) { upc: ID! }
        type Order @key(fields: "id") @table { id: ID!
          customer: Customer @relation(columns: ["customer_id"])
          product: Product @relation(columns: ["upc"]) }`,
    });
    expect(model.entities.get('Order')?.relations.map(({ relation }) => relation.target)).toEqual([
      'Customer',
      'Product',
    ]);
  });

  it.each([
    [
      'parent: Customer @relation(columns: ["a", "b"])',
      'it names 2 columns, and the key of Customer has 1 fields',
    ],
    [
      'home: Region @relation(columns: ["country"])',
      'it names 1 columns, and the key of Region has 2 fields',
    ],
    ['money: Money @relation(columns: ["a"])', 'it has no flat key in this schema'],
    ['nested: Nested @relation(columns: ["a"])', 'it has no flat key in this schema'],
    ['missing: Missing @relation(columns: ["a"])', 'it has no flat key in this schema'],
  ])('has one column for each field of the key: %s', (field, problem) => {
    const error = errorOf(() =>
      inlineModel({
        sales: `${customer} ${region} type Money { amount: Int }
          type Nested @key(fields: "org { id }") { org: Org } type Org { id: ID! }
          extend type Customer {\n${field} }`,
      }),
    );
    expect(error).toMatchObject({
      code: 'MAPPING_RELATION_INVALID',
      at: { file: 'sales.graphql', line: 5 },
    });
    expect(error.message).toContain(problem);
  });
});

describe('a relation to many', () => {
  it('goes by columns of the target’s table in the same domain', () => {
    const error = errorOf(() =>
      inlineModel({
        billing: 'type Invoice @key(fields: "id") @table { id: ID! }',
        sales: `${customer} type Invoice @key(fields: "id") { id: ID! }
          extend type Customer { invoices: [Invoice!]! @relation(columns: ["customer_id"]) }`,
      }),
    );
    expect(error.code).toBe('MAPPING_RELATION_INVALID');
    expect(error.message).toContain('sales has no table of its own for it');
  });

  it('has one column for each field of its own key', () => {
    const error = errorOf(() =>
      inlineModel({
        sales: `${region} extend type Region { others: [Region] @relation(columns: ["country"]) }`,
      }),
    );
    expect(error.message).toContain('it names 1 columns, and the key of Region has 2 fields');
  });
});

describe('a subgraph outside the lake', () => {
  const domains = { sales: customer };

  it('may add its own fields, and know the entity by any key', () => {
    expect(() =>
      inlineModel(domains, {
        reviews: 'type Customer @key(fields: "name") { name: String reviews: [String] }',
        loyalty:
          'type Customer @key(fields: "id") { id: ID! name: String @external points: Int @requires(fields: "name") }',
        first: 'extend type Customer @key(fields: "id") { id: ID! @external stars: Int }',
      }),
    ).not.toThrow();
  });

  it('cannot define a field that a domain owns', () => {
    const error = errorOf(() =>
      inlineModel(domains, {
        loyalty: 'type Customer @key(fields: "id") { id: ID!\n name: String }',
      }),
    );
    expect(error).toMatchObject({
      code: 'FIELD_HAS_TWO_OWNERS',
      at: { file: 'loyalty.graphql', line: 3 },
    });
    expect(error.hint).toContain('salesName and loyaltyName');
  });

  it('cannot either when it is a domain without a table for the type', () => {
    const error = errorOf(() =>
      inlineModel({
        ...domains,
        scores: 'type Customer @key(fields: "id") { id: ID! name: String @computed }',
      }),
    );
    expect(error.code).toBe('FIELD_HAS_TWO_OWNERS');
  });
});

it('knows the key of a type that is only referred to, and the types of its columns', () => {
  const domain = inlineDomain(
    'sales',
    `enum Size { S L }
     type Product @key(fields: "sku, size day") { sku: Int! size: Size day: Date }
     type Nested @key(fields: "org { id }") { org: Org }
     type Org { id: ID! }`,
  );
  expect(stubKey('sales', 'Product', [domain])).toEqual(['sku', 'size', 'day']);
  expect(stubKeyTypes('sales', 'Product', [domain])).toEqual([
    { kind: 'INTEGER' },
    { kind: 'VARCHAR' },
    { kind: 'DATE' },
  ]);
  for (const name of ['Nested', 'Org', 'Missing'])
    expect(stubKey('sales', name, [domain])).toBeUndefined();
  expect(stubKey('billing', 'Product', [domain])).toBeUndefined();
});
