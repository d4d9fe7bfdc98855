import { describe, expect, it } from 'vitest';
import { argumentsOf, composedGraph, membersOf } from '../testing/composed-graph.ts';
import { hubDefinition } from '../testing/inline-project.ts';
import { shopSchemas } from '../testing/shop.ts';

const identity = `
  type Customer @key(fields: "id") @table @identity(fields: "id name") { id: ID! name: String! }
  type Query { customer(id: ID!): Customer }`;

const billing = `
  type Customer @key(fields: "id") @table { id: ID! invoices: [Invoice!]! @relation(columns: ["customer_id"]) }
  type Invoice @key(fields: "id") @table {
    id: ID!
    customer: Customer! @relation(columns: ["customer_id"])
    approver: Customer @relation(columns: ["approver_id"])
  }`;

const rowsArguments = ['where', 'orderBy', 'first', 'offset'];

describe('a relation', async () => {
  const { hubSchema, api, plan } = await composedGraph({ identity, billing });

  it('to many takes arguments, which the hub alone knows', () => {
    expect(argumentsOf(api, 'Customer.invoices')).toEqual(rowsArguments);
    expect(hubDefinition(hubSchema, 'Customer.invoices')).not.toContain('@shareable');
    expect([...(hubSchema.removed.get('billing') ?? [])]).toContain('Customer.invoices');
    expect([...(hubSchema.shareable.get('billing') ?? [])]).not.toContain('Customer.invoices');
  });

  it('to many has a page and figures beside it', () => {
    expect(argumentsOf(api, 'Customer.invoicesConnection')).toEqual([
      'where',
      'orderBy',
      'first',
      'after',
      'last',
      'before',
      'offset',
    ]);
    expect(argumentsOf(api, 'Customer.invoicesAggregate')).toEqual(['where']);
  });

  it('to one that may be missing takes a filter', () => {
    expect(argumentsOf(api, 'Invoice.approver')).toEqual(['where']);
  });

  it('to one that is always there stays as it was', () => {
    expect(hubDefinition(hubSchema, 'Invoice.customer')).toBe('customer: Customer! @shareable');
  });

  it('is known to the compiler with all that was derived from it', () => {
    const kinds = [...hubSchema.relationFields].map(([name, { kind, relation }]) => [
      name,
      kind,
      relation.relation.name,
    ]);
    expect(kinds).toEqual([
      ['Customer.invoices', 'rows', 'invoices'],
      ['Customer.invoicesConnection', 'page', 'invoices'],
      ['Customer.invoicesAggregate', 'aggregate', 'invoices'],
      ['Invoice.customer', 'rows', 'customer'],
      ['Invoice.approver', 'rows', 'approver'],
    ]);
  });

  it.each([
    '{ customer(id: "1") { invoices(first: 1) { approver(where: { name: { eq: "A" } }) { name } } } }',
    '{ customers(where: { invoices: { count: { gt: 1 } } }) { nodes { invoicesConnection { nodes { id } } } } }',
    '{ customers(orderBy: [{ invoicesAggregate: { count: DESC } }]) { nodes { invoicesAggregate { count } } } }',
    '{ customersAggregate(groupBy: [{ field: name }]) { keys { name } count } }',
  ])('is asked of the hub alone: %s', (query) => {
    expect(plan(query).fetches).toEqual(['_hub']);
  });
});

describe('a relation that stays as it was, without arguments', () => {
  it('since another subgraph requires it', async () => {
    const crm = `
      type Customer @key(fields: "id") {
        id: ID!
        invoices: [Invoice!]! @external
        risk: Int @requires(fields: "invoices { id }")
      }
      type Invoice @key(fields: "id") { id: ID! }`;
    const { api, hubSchema, plan } = await composedGraph({ identity, billing }, { crm });
    expect(argumentsOf(api, 'Customer.invoices')).toEqual([]);
    expect(hubDefinition(hubSchema, 'Customer.invoices')).toContain('@shareable');
    expect(argumentsOf(api, 'Customer.invoicesConnection')).toContain('first');
    expect(membersOf(api, 'CustomerFilter')).toContain('invoices');
    expect(plan('{ customers { nodes { invoices { id } } } }').fetches).toEqual(['_hub']);
  });

  it('since its own domain provides something of the other end', async () => {
    const { api } = await composedGraph(
      {
        identity,
        billing: `
          type Customer @key(fields: "id") @table { id: ID! invoices: [Invoice!]! @relation(columns: ["c"]) }
          type Invoice @key(fields: "id") @table { id: ID! note: String @external }
          type Query { best: Customer @provides(fields: "invoices { note }") }`,
      },
      { crm: 'type Invoice @key(fields: "id") { id: ID! note: String @shareable }' },
    );
    expect(argumentsOf(api, 'Customer.invoices')).toEqual([]);
  });

  it('since its own domain requires something of the other end', async () => {
    const { api, plan } = await composedGraph({
      identity,
      billing: `
        type Customer @key(fields: "id") @table { id: ID! name: String! @external }
        type Invoice @key(fields: "id") @table {
          id: ID!
          approver: Customer @relation(columns: ["approver_id"])
          label: String @requires(fields: "approver { name }")
        }`,
    });
    expect(argumentsOf(api, 'Invoice.approver')).toEqual([]);
    expect(plan('{ invoices { nodes { label } } }').fetches).toEqual(['_hub', 'billing']);
  });

  it('since an interface demands it', async () => {
    const { api, plan } = await composedGraph({
      identity,
      billing: `
        interface Billed { invoices: [Invoice!]! }
        type Customer implements Billed @key(fields: "id") @table {
          id: ID!
          invoices: [Invoice!]! @relation(columns: ["customer_id"])
        }
        type Invoice @key(fields: "id") @table { id: ID! }
        type Query { best: Billed }`,
    });
    expect(argumentsOf(api, 'Customer.invoices')).toEqual([]);
    expect(plan('{ customers { nodes { ... on Billed { invoices { id } } } } }').fetches).toEqual([
      '_hub',
    ]);
  });
});

describe('a relation with @override', () => {
  const remote = `
    type Customer @key(fields: "id") { id: ID! invoices: [Invoice!]! }
    type Invoice @key(fields: "id", resolvable: false) { id: ID! }`;
  const taking = billing.replace(
    'columns: ["customer_id"])',
    'columns: ["customer_id"]) @override(from: "crm")',
  );

  it('takes no arguments while the remote subgraph that had it still has it', async () => {
    const { api, plan } = await composedGraph({ identity, billing: taking }, { crm: remote });
    expect(argumentsOf(api, 'Customer.invoices')).toEqual([]);
    expect(argumentsOf(api, 'Customer.invoicesConnection')).toContain('where');
    expect(plan('{ customer(id: "1") { invoices { id } } }').fetches).toEqual(['_hub']);
    const gone = remote.replace('invoices: [Invoice!]!', '');
    const after = await composedGraph({ identity, billing: taking }, { crm: gone });
    expect(argumentsOf(after.api, 'Customer.invoices')).toEqual(rowsArguments);
  });

  it('that another domain of the lake took takes arguments', async () => {
    const part = 'type Customer @key(fields: "id") @table { id: ID! invoices: [Invoice!]!';
    const { api, hubSchema, plan } = await composedGraph({
      identity,
      billing: `
        ${part} @relation(columns: ["c"]) }
        type Invoice @key(fields: "id") @table @identity(fields: "id") { id: ID! }`,
      finance: `
        ${part} @relation(columns: ["c"]) @override(from: "billing") }
        type Invoice @key(fields: "id") @table { id: ID! }`,
    });
    expect(argumentsOf(api, 'Customer.invoices')).toEqual(rowsArguments);
    expect(hubSchema.relationFields.get('Customer.invoices')?.relation.owner.domain).toBe(
      'finance',
    );
    expect(plan('{ customer(id: "1") { invoices { id } } }').fetches).toEqual(['_hub']);
  });

  it('that left the lake is in no question', async () => {
    const { api, hubSchema } = await composedGraph(
      { identity, billing },
      { crm: remote.replace('[Invoice!]!', '[Invoice!]! @override(from: "billing")') },
    );
    expect(hubDefinition(hubSchema, 'Customer.invoices')).toBeUndefined();
    expect(membersOf(api, 'Customer')).toEqual(['id', 'name', 'identityVersion', 'invoices']);
    expect(membersOf(api, 'CustomerFilter')).not.toContain('invoices');
    expect(membersOf(api, 'CustomerOrder')).not.toContain('invoicesAggregate');
  });
});

describe('graphs that compose', () => {
  it.each<readonly [string, Parameters<typeof composedGraph>]>([
    ['the shop, with compound keys, an interface and types outside the lake', [shopSchemas]],
    [
      'a remote subgraph with an enum of that name and fewer values, which it takes as input',
      [
        {
          identity,
          sales:
            'type Customer @key(fields: "id") @table { id: ID! tier: Tier } enum Tier { LOW HIGH }',
        },
        { crm: 'enum Tier { LOW } type Query { worst: Tier }' },
      ],
    ],
    [
      'a remote subgraph with a Decimal of its own where the lake has none',
      [
        { identity, sales: 'type Customer @key(fields: "id") @table { id: ID! orders: Int }' },
        { crm: '"Money." scalar Decimal type Query { rate: Decimal }' },
      ],
    ],
    [
      'a remote subgraph that describes its pages in words of its own',
      [
        { identity },
        {
          crm: `
            "A page." type PageInfo @shareable {
              "More?" hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String
            }
            type Query { leads: PageInfo }`,
        },
      ],
    ],
    [
      'domains that lose all that they have but the key',
      [
        {
          identity,
          billing: `
            type Customer @key(fields: "id") @table { id: ID! invoices: [Invoice!]! @relation(columns: ["c"]) }
            type Invoice @key(fields: "id") @table { id: ID! customer: Customer @relation(columns: ["c"]) }`,
        },
      ],
    ],
    [
      'a relation to rows of the same entity',
      [
        {
          staff: `
            type Employee @key(fields: "id") @table {
              id: ID!
              boss: Employee @relation(columns: ["boss_id"])
              reports: [Employee!]! @relation(columns: ["boss_id"])
            }
            type Query { employee(id: ID!): Employee }`,
        },
      ],
    ],
  ])('%s', async (_, schemas) => {
    const { plan, hubSchema } = await composedGraph(...schemas);
    const [field] = [...hubSchema.rootFields].find(([, { kind }]) => kind === 'list') ?? [];
    expect(plan(`{ ${field} { totalCount } ${field}Aggregate { count } }`).fetches).toEqual([
      '_hub',
    ]);
  });
});
