import { parse, print } from 'graphql';
import { describe, expect, it } from 'vitest';
import { hubDefinition, inlineProject } from '../testing/inline-project.ts';
import { loadInGateway } from '../testing/load-in-gateway.ts';

const identity = `
  type Customer @key(fields: "id") @table @identity(fields: "id name") { id: ID! name: String! }
  type Query { customer(id: ID!): Customer }`;

/** The hub of an identity domain and a second one that extends the customer. */
function hubWith(extension: string, remotes: Readonly<Record<string, string>> = {}) {
  return inlineProject({ identity, sales: extension }, remotes);
}

describe("the hub's copy of a field", () => {
  const { hubSchema, supergraphSdl } = hubWith(`
    type Customer @key(fields: "id") @table {
      id: ID!
      "What we call them."
      nickname: [String!] @deprecated(reason: "Use name.")
      stars: Int! @tag(name: "sales") @tag(name: "public") @column(default: "0")
      secret: String @inaccessible
      worth: Int @authenticated @requiresScopes(scopes: [["money"]]) @policy(policies: [["sales"]])
      score: Float @cost(weight: 3) @column(name: "points")
    }`);

  it.each([
    ['Customer.name', 'name: String! @shareable'],
    ['Customer.nickname', 'nickname: [String!] @deprecated(reason: "Use name.") @shareable'],
    ['Customer.stars', 'stars: Int! @tag(name: "sales") @tag(name: "public") @shareable'],
    ['Customer.secret', 'secret: String @inaccessible @shareable'],
    [
      'Customer.worth',
      'worth: Int @authenticated @requiresScopes(scopes: [["money"]]) @policy(policies: [["sales"]]) @shareable',
    ],
    ['Customer.score', 'score: Float @cost(weight: 3) @shareable'],
  ])('says all that the author said: %s', (coordinate, copy) => {
    expect(hubDefinition(hubSchema, coordinate)).toBe(copy);
  });

  it('carries its description', () => {
    expect(hubSchema.sdl).toContain('"What we call them."');
  });

  it('imports the directives that it uses, and no others', () => {
    const [link = ''] = /@link\(.*\)/.exec(hubSchema.sdl) ?? [];
    const imports = [...link.matchAll(/"@(\w+)"/g)].map(([, name]) => name);
    expect(imports).toEqual(
      'key shareable tag inaccessible authenticated requiresScopes policy cost'.split(' '),
    );
  });

  it('makes a supergraph that keeps them and that loads', async () => {
    expect(supergraphSdl).toContain('@tag(name: "public")');
    expect(supergraphSdl).toContain('@authenticated');
    expect(supergraphSdl).toMatch(/secret: String .*@inaccessible/);
    await expect(loadInGateway(supergraphSdl)).resolves.toBeUndefined();
  });
});

describe('what the hub leaves out', () => {
  const { hubSchema } = hubWith(`
    type Customer @key(fields: "id") @table {
      id: ID!
      name: String! @external
      label: String @requires(fields: "name")
      initials: String @computed
      worth(currency: String): Int
      salesRep: String
    }`);

  it('are computed fields, fields with arguments and fields of others', () => {
    expect(hubDefinition(hubSchema, 'Customer')).toBe(
      print(
        parse(`type Customer @key(fields: "id") {
          id: ID! @shareable
          name: String! @shareable
          salesRep: String @shareable
        }`),
      ),
    );
  });

  it('are the directives of the mapping', () => {
    expect(hubSchema.sdl).not.toMatch(/@(?:table|column|identity|relation|related|computed)\b/);
  });
});

describe('enums', () => {
  it('hold the values of every domain, each with all that is said of it', () => {
    const { hubSchema } = inlineProject({
      identity,
      sales: `
        type Customer @key(fields: "id") @table { id: ID! tier: Tier }
        enum Tier { LOW @tag(name: "a") HIGH @deprecated(reason: "Was sold.") }`,
      support: `
        type Customer @key(fields: "id") @table { id: ID! supportTier: Tier }
        enum Tier { LOW @tag(name: "a") @tag(name: "b") HIGH }
        extend enum Tier { HIGHEST @inaccessible }`,
    });
    expect(hubDefinition(hubSchema, 'Tier')).toBe(
      print(
        parse(`enum Tier {
          LOW @tag(name: "a") @tag(name: "b")
          HIGH @deprecated(reason: "Was sold.")
          HIGHEST @inaccessible
        }`),
      ),
    );
  });

  const withTier = `
    type Customer @key(fields: "id") @table { id: ID! tier: Tier }
    enum Tier { LOW HIGH }`;

  it.each(['enum Tier { LOW }', 'enum Tier { LOW HIGH HIGHEST }'])(
    'may be answered by a remote subgraph with other values: %s',
    async (tier) => {
      const { supergraphSdl } = hubWith(withTier, { crm: `${tier} type Query { tier: Tier }` });
      await expect(loadInGateway(supergraphSdl)).resolves.toBeUndefined();
      expect(supergraphSdl).toContain('HIGH @join__enumValue(graph: _HUB)');
    },
  );

  it('that a remote subgraph takes as input must have the same values there', () => {
    const crm = 'enum Tier { LOW } type Query { count(tier: Tier): Int }';
    expect(() => hubWith(withTier, { crm })).toThrow(
      expect.objectContaining({
        code: 'COMPOSITION_FAILED',
        message: expect.stringContaining('value "HIGH" is not defined in all the subgraphs'),
      }),
    );
  });
});

describe('scalars', () => {
  it('keep where they are specified', () => {
    const { hubSchema, supergraphSdl } = hubWith(`
      scalar Date @specifiedBy(url: "https://example.com/date") @tag(name: "time")
      type Customer @key(fields: "id") @table { id: ID! since: Date }`);
    const expected = 'scalar Date @specifiedBy(url: "https://example.com/date") @tag(name: "time")';
    expect(hubDefinition(hubSchema, 'Date')).toBe(expected);
    expect(supergraphSdl).toContain('scalar Date');
  });
});

describe('federation under other names', () => {
  it('is understood, and comes out under its own', async () => {
    const { hubSchema, supergraphSdl } = hubWith(`
      extend schema @link(
        url: "https://specs.apollo.dev/federation/v2.9"
        as: "fed"
        import: ["@key", { name: "@tag", as: "@label" }, { name: "@inaccessible", as: "@hidden" }]
      )
      type Customer @key(fields: "id") @table {
        id: ID!
        salesRep: String @label(name: "people")
        margin: Int @hidden
        nick: String @fed__authenticated
      }`);
    expect(hubDefinition(hubSchema, 'Customer.salesRep')).toBe(
      'salesRep: String @tag(name: "people") @shareable',
    );
    expect(hubDefinition(hubSchema, 'Customer.margin')).toBe(
      'margin: Int @inaccessible @shareable',
    );
    expect(hubDefinition(hubSchema, 'Customer.nick')).toBe(
      'nick: String @authenticated @shareable',
    );
    await expect(loadInGateway(supergraphSdl)).resolves.toBeUndefined();
  });
});

describe('what the hub changes in the authored schemas', () => {
  it('is who shares a field, and what becomes its own: look-ups and relations', () => {
    const { hubSchema, supergraphSdl } = hubWith(`
      type Customer @key(fields: "id") @table { id: ID! salesRep: String orders: [Order!]! @relation(columns: ["c"]) }
      type Order @key(fields: "id") @table { id: ID! }`);
    expect(hubSchema.shareable.get('identity')).toEqual(new Set(['Customer.id', 'Customer.name']));
    expect(hubSchema.shareable.get('sales')).toEqual(new Set(['Customer.salesRep', 'Order.id']));
    expect(hubSchema.removed.get('sales')).toEqual(new Set(['Customer.orders']));
    expect(hubSchema.removed.get('identity')).toEqual(new Set(['Query.customer']));
    expect(supergraphSdl).toContain('customer(id: ID!): Customer @join__field(graph: _HUB)');
  });
});
