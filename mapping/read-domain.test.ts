import { describe, expect, it } from 'vitest';
import { readDomain } from './read-domain.ts';
import { errorOf, inlineDomain } from './testing/inline-domain.ts';

const customer =
  'type Customer implements Named @key(fields: "id") @key(fields: "email region") @table { id: ID! email: String region: String }';
const named = 'interface Named { id: ID! }';

describe('a domain', () => {
  it.each(['Sales', '1st', 'two words', '', 'a.b', '_hub', 'é'])(
    'cannot be called "%s"',
    (name) => {
      expect(errorOf(() => readDomain(name, 'type A { id: ID }', 'x.graphql')).code).toBe(
        'DOMAIN_NAME_INVALID',
      );
    },
  );

  it.each(['hub', 'lake', 'product', 'main', 'temp', 'information_schema'])(
    'cannot have the name %s, which is a schema of the lake already',
    (name) => {
      expect(errorOf(() => readDomain(name, 'type A { id: ID }', 'x.graphql')).code).toBe(
        'DOMAIN_NAME_RESERVED',
      );
    },
  );

  it('keeps its schema as authored', () => {
    const sdl = '# ours\ntype A { id: ID }';
    expect(readDomain('sales', sdl, 'sales/schema.graphql')).toMatchObject({
      name: 'sales',
      schemaFile: 'sales/schema.graphql',
      sdl,
      types: [],
    });
  });

  it('reads only object types with @table', () => {
    const domain = inlineDomain(
      'sales',
      `${named} ${customer} type Money { amount: Int } input I { a: Int }`,
    );
    expect(domain.types.map(({ name }) => name)).toEqual(['Customer']);
  });

  it('reads the directives of federation under whatever names the schema has for them', () => {
    const domain = readDomain(
      'sales',
      `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [{ name: "@key", as: "@pk" }])
       type A @pk(fields: "id") @table { id: ID! terms: String @federation__external }`,
      'x.graphql',
    );
    expect(domain.types[0]?.keys).toEqual([{ fields: ['id'], isResolvable: true }]);
    expect(domain.types[0]?.fields.map(({ name }) => name)).toEqual(['id']);
  });

  it('calls its root types as everybody does', () => {
    const error = errorOf(() =>
      inlineDomain('sales', 'schema { query: Root }\ntype Root { a: Int }'),
    );
    expect(error).toMatchObject({ code: 'SCHEMA_ROOT_RENAMED', at: { line: 2 } });
    expect(() =>
      inlineDomain('sales', 'schema { query: Query } type Query { a: Int }'),
    ).not.toThrow();
  });
});

describe('a look-up', () => {
  const lookupsOf = (fields: string): unknown =>
    inlineDomain('sales', `${named} ${customer} type Query { ${fields} }`).lookups;

  it('is a root field that finds one entity by any of its keys', () => {
    expect(
      lookupsOf('customer(id: ID!): Customer byMail(region: String!, email: String!): Customer'),
    ).toEqual([
      { name: 'customer', entity: 'Customer', returns: 'Customer', arguments: ['id'] },
      { name: 'byMail', entity: 'Customer', returns: 'Customer', arguments: ['region', 'email'] },
    ]);
  });

  it('may return an interface that only this entity implements', () => {
    expect(lookupsOf('named(id: ID!): Named')).toMatchObject([
      { entity: 'Customer', returns: 'Named' },
    ]);
    const two = inlineDomain(
      'sales',
      `${named} ${customer} type B implements Named { id: ID! } type Query { named(id: ID!): Named }`,
    );
    expect(two.lookups).toEqual([]);
  });

  it.each([
    'customers(id: ID!): [Customer]',
    'customer(email: String!): Customer',
    'customer(id: ID!, region: String): Customer',
    'customer: Customer',
    'customer(id: ID!): Customer @computed',
    'customer(id: ID!): Customer @provides(fields: "email")',
    'count(id: ID!): Int',
    'missing(id: ID!): Missing',
  ])('is not %s, which needs a resolver', (field) => {
    expect(lookupsOf(field)).toEqual([]);
    const name = /^\w+/.exec(field)?.[0];
    const domain = inlineDomain('sales', `${named} ${customer} type Query { ${field} }`);
    expect(domain.computedCoordinates).toEqual([`Query.${name}`]);
  });
});

it('lists every field that needs a resolver, on types with and without a table', () => {
  const domain = inlineDomain(
    'sales',
    `${named} ${customer}
     extend type Customer { score: Int @computed }
     type Money { amount: Int text: String @computed }
     type Query { customer(id: ID!): Customer now: String }
     type Mutation { rename(id: ID!): Customer }
     type Subscription { renamed: Customer }`,
  );
  expect(domain.computedCoordinates).toEqual([
    'Customer.score',
    'Money.text',
    'Query.now',
    'Mutation.rename',
    'Subscription.renamed',
  ]);
});

describe('an entity without a table', () => {
  const coordinatesOf = (body: string): unknown => inlineDomain('sales', body).computedCoordinates;

  it('needs a resolver that finds it when it has fields that nothing else gives', () => {
    expect(coordinatesOf('type Customer @key(fields: "id") { id: ID! tier: Int }')).toEqual([
      'Customer.__resolveReference',
    ]);
  });

  it.each([
    'type Customer @key(fields: "id") { id: ID! }',
    'type Customer @key(fields: "id org { code }") { id: ID! org: Org code: ID } type Org { code: ID }',
    'type Customer @key(fields: "id") { id: ID! tier: Int @external credit: Int @requires(fields: "tier") }',
    'type Customer @key(fields: "id", resolvable: false) { id: ID! tier: Int }',
  ])('needs none otherwise: %s', (body) => {
    expect(coordinatesOf(body)).toEqual([]);
  });

  it('may be an @interfaceObject, with computed fields', () => {
    const body = 'type Named @interfaceObject @key(fields: "id") { id: ID! tier: Int @computed }';
    expect(coordinatesOf(body)).toEqual(['Named.tier']);
  });
});
