import { parse, print } from 'graphql';
import { describe, expect, it } from 'vitest';
import { errorOf } from '../../mapping/testing/inline-domain.ts';
import { hubDefinition, inlineProject } from '../testing/inline-project.ts';
import { loadInGateway } from '../testing/load-in-gateway.ts';
import { testPlanner } from '../testing/query-plan.ts';

const identity = `
  type Customer @key(fields: "id") @table @identity(fields: "id name") { id: ID! name: String! }
  type Query { customer(id: ID!): Customer }`;

const billingBy = (key: string): string =>
  `type Customer @key(fields: "id") ${key} @table { id: ID! vatNumber: String terms: String }`;

/** A remote subgraph that knows customers by their VAT number only. */
const crm = `
  type Customer @key(fields: "vatNumber", resolvable: false) { vatNumber: String }
  type Lead { customer: Customer }
  type Query { lead: Lead }`;

describe('several keys', () => {
  it('are those of all domains, and lead from any subgraph to all fields at once', async () => {
    const { hubSchema, supergraphSdl } = inlineProject(
      { identity, billing: billingBy('@key(fields: "vatNumber")') },
      { crm },
    );
    expect(hubDefinition(hubSchema, 'Customer')).toContain(
      'type Customer @key(fields: "id") @key(fields: "vatNumber")',
    );
    const plan = testPlanner(supergraphSdl);
    expect(plan('{ lead { customer { name terms } } }').fetches).toEqual(['crm', '_hub']);
    await expect(loadInGateway(supergraphSdl)).resolves.toBeUndefined();
  });

  it('that are not resolvable are none of the hub', () => {
    const domains = {
      identity,
      billing: billingBy('@key(fields: "vatNumber", resolvable: false)'),
    };
    const { hubSchema } = inlineProject(domains);
    expect(hubDefinition(hubSchema, 'Customer')).toContain('type Customer @key(fields: "id") {');
    const error = errorOf(() => inlineProject(domains, { crm }));
    expect(error.message).toContain('cannot be satisfied by the subgraphs');
  });

  it('that a remote subgraph took a field of are none of the hub', () => {
    const { hubSchema } = inlineProject(
      { identity, billing: billingBy('@key(fields: "vatNumber")') },
      {
        tax: 'type Customer @key(fields: "id") { id: ID! vatNumber: String @override(from: "billing") }',
      },
    );
    expect(hubDefinition(hubSchema, 'Customer')).toContain('type Customer @key(fields: "id") {');
  });
});

describe('a relation to a type outside the lake', () => {
  const project = inlineProject(
    {
      billing: `
        type Line @key(fields: "id") @table {
          id: ID!
          product: Product @relation(columns: ["upc", "region"])
        }
        type Product @key(fields: "upc region", resolvable: false) { region: String! upc: Int! }
        type Query { line(id: ID!): Line }`,
    },
    { shop: 'type Product @key(fields: "upc region") { region: String! upc: Int! title: String }' },
  );

  it('leads to its key and no further, with the fields in the order of the key', () => {
    expect(hubDefinition(project.hubSchema, 'Product')).toBe(
      print(
        parse(
          'type Product @key(fields: "upc region", resolvable: false) { upc: Int! region: String! }',
        ),
      ),
    );
  });

  it('goes on from there to the subgraph that resolves it', async () => {
    const plan = testPlanner(project.supergraphSdl);
    const query = '{ line(id: "1") { product { upc region title } } }';
    expect(plan(query).fetches).toEqual(['_hub', 'shop']);
    expect(plan('{ lines { nodes { product { upc } } } }').fetches).toEqual(['_hub']);
    await expect(loadInGateway(project.supergraphSdl)).resolves.toBeUndefined();
  });
});

describe('a field that a domain computes', () => {
  it('is asked of the domain after the hub gave it what it requires', () => {
    const { supergraphSdl } = inlineProject({
      identity,
      sales: `type Customer @key(fields: "id") @table {
        id: ID!
        worth: Int
        name: String! @external
        label: String @requires(fields: "name")
      }`,
    });
    const plan = testPlanner(supergraphSdl);
    expect(plan('{ customers { nodes { label name worth } } }').fetches).toEqual(['_hub', 'sales']);
  });
});
