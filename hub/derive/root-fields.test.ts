import { describe, expect, it } from 'vitest';
import { hubDefinition, inlineProject } from '../testing/inline-project.ts';
import { testPlanner } from '../testing/query-plan.ts';

const customer =
  'type Customer @key(fields: "id") @table @identity(fields: "id name") { id: ID! name: String! }';

const crmCustomer = 'type Customer @key(fields: "id", resolvable: false) { id: ID! }';

/** Who is asked for a customer by id, and its name. */
function fetchesFor(
  domains: Readonly<Record<string, string>>,
  remotes: Readonly<Record<string, string>> = {},
): readonly string[] {
  const { supergraphSdl } = inlineProject(domains, remotes);
  return testPlanner(supergraphSdl)('{ customer(id: "C1") { name } }').fetches;
}

describe('a look-up that a domain wrote', () => {
  it("is the hub's alone in the supergraph", () => {
    const identity = `${customer} type Query { "Finds one." customer(id: ID!): Customer @tag(name: "x") }`;
    const { hubSchema } = inlineProject({ identity });
    expect(hubDefinition(hubSchema, 'Query.customer')).toBe(
      'customer(id: ID!): Customer @tag(name: "x")',
    );
    expect(hubSchema.sdl).toContain('"Finds one."');
    expect(fetchesFor({ identity })).toEqual(['_hub']);
  });

  it('by a second key is taken over, too', () => {
    const { hubSchema } = inlineProject({
      identity: `${customer} type Query { customer(id: ID!): Customer }`,
      billing: `
        type Customer @key(fields: "id") @key(fields: "vatNumber") @table { id: ID! vatNumber: String }
        type Query { debtor(vatNumber: String!): Customer! }`,
    });
    expect(hubDefinition(hubSchema, 'Query.debtor')).toBe('debtor(vatNumber: String!): Customer!');
  });

  it('by a key that the lake cannot be asked by stays with its domain', () => {
    const { hubSchema, supergraphSdl } = inlineProject({
      identity: `${customer} type Query { customer(id: ID!): Customer }`,
      billing: `
        type Customer @key(fields: "id") @key(fields: "vatNumber", resolvable: false) @table { id: ID! vatNumber: String }
        type Query { debtor(vatNumber: String!): Customer }`,
    });
    expect(hubDefinition(hubSchema, 'Query.debtor')).toBeUndefined();
    const plan = testPlanner(supergraphSdl)('{ debtor(vatNumber: "V") { name } }');
    expect(plan.fetches).toEqual(['billing', '_hub']);
  });

  it('that a remote subgraph shares stays shared', () => {
    const fetches = fetchesFor(
      { identity: `${customer} type Query { customer(id: ID!): Customer @shareable }` },
      { crm: `${crmCustomer} type Query { customer(id: ID!): Customer @shareable }` },
    );
    expect(fetches).toEqual(['_hub']);
  });

  it('that two domains share is derived once', () => {
    const query = 'type Query { customer(id: ID!): Customer @shareable }';
    const { hubSchema } = inlineProject({
      identity: `${customer} ${query}`,
      sales: `type Customer @key(fields: "id") @table { id: ID! } ${query}`,
    });
    expect(hubSchema.sdl.match(/customer\(id: ID!\)/g)).toHaveLength(1);
    expect([...hubSchema.removed.keys()]).toEqual(['identity', 'sales']);
  });

  it('that was taken from a remote subgraph is taken from it by the hub', () => {
    const fetches = fetchesFor(
      { identity: `${customer} type Query { customer(id: ID!): Customer @override(from: "crm") }` },
      { crm: `${crmCustomer} type Query { customer(id: ID!): Customer }` },
    );
    expect(fetches).toEqual(['_hub']);
  });

  it('that a remote subgraph has taken is not for the hub to answer', () => {
    const fetches = fetchesFor(
      { identity: `${customer} type Query { customer(id: ID!): Customer }` },
      {
        crm: `${crmCustomer} type Query { customer(id: ID!): Customer @override(from: "identity") }`,
      },
    );
    expect(fetches).toEqual(['crm', '_hub']);
  });

  it('that is moving to a remote subgraph stays with its domain', () => {
    const override = '@override(from: "identity", label: "percent(50)")';
    const fetches = fetchesFor(
      { identity: `${customer} type Query { customer(id: ID!): Customer }` },
      { crm: `${crmCustomer} type Query { customer(id: ID!): Customer ${override} }` },
    );
    expect(fetches).toEqual(['identity']);
  });
});

describe('a look-up that nobody wrote', () => {
  it("is derived with the key's own types", () => {
    const { hubSchema } = inlineProject({
      catalog: `
        scalar BigInt
        type Price @key(fields: "sku region") @table { sku: BigInt! region: Region! amount: Int }
        enum Region { EU US }
        type Query { regions: [Region!]! }`,
    });
    expect(hubDefinition(hubSchema, 'Query.price')).toBe(
      'price(sku: BigInt!, region: Region!): Price',
    );
  });

  it('gives way to a root field of that name that does something else', () => {
    const { hubSchema, supergraphSdl } = inlineProject({
      identity: `${customer} type Query { customer(email: String!): Customer }`,
    });
    expect(hubDefinition(hubSchema, 'Query.customer')).toBeUndefined();
    const plan = testPlanner(supergraphSdl)('{ customer(email: "a@b.c") { name } }');
    expect(plan.fetches).toEqual(['identity']);
  });
});
