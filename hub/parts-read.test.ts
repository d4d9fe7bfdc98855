import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PartsRead } from '../mapping/parts-read.ts';
import { openHub, type TestHub } from './testing/open-hub.ts';
import type { Schemas } from './testing/inline-project.ts';

const schemas: Schemas = {
  identity: `
    type Customer @key(fields: "id") @table @identity(fields: "id name") { id: ID! name: String! }
    type Query { customer(id: ID!): Customer }`,
  sales: `
    scalar Decimal scalar Date
    type Customer @key(fields: "id") @table {
      id: ID!
      worth: Decimal @column(type: "DECIMAL(18,2)")
      orders: [Order!]! @relation(columns: ["customer_id"])
    }
    type Order @key(fields: "id") @table {
      id: ID!
      customer: Customer! @relation(columns: ["customer_id"])
      product: Product @relation(columns: ["product_id"])
      total: Decimal @column(type: "DECIMAL(18,2)")
      orderedOn: Date
    }
    type Product @key(fields: "id", resolvable: false) { id: ID! }`,
  catalog: `
    type Product @key(fields: "id") @table @identity(fields: "id title") { id: ID! title: String }
    type Query { product(id: ID!): Product }`,
  pricing: `
    scalar Decimal
    type Product @key(fields: "id") @table { id: ID! price: Decimal @column(type: "DECIMAL(18,2)") }`,
  support: `
    type Customer @key(fields: "id") @key(fields: "desk") @table { id: ID! desk: Int tier: String }`,
  billing: `
    scalar Decimal
    type Customer @key(fields: "id") @table @related(table: "invoice", columns: ["customer_id"]) {
      id: ID!
      terms: String
      owed: Decimal @column(from: "sum(invoice.amount)", type: "DECIMAL(18,2)")
    }`,
};

const rows = {
  'identity/customer.csv': 'id,name\nC1,Ada\nC2,Bo\n',
  'sales/customer.csv': 'id,worth\nC1,12.50\nC2,1.00\n',
  'sales/order.csv':
    'id,customer_id,product_id,total,ordered_on\nO1,C1,P1,5.00,2026-01-01\nO2,C1,,7.00,2026-01-02\n',
  'catalog/product.csv': 'id,title\nP1,Pen\n',
  'pricing/product.csv': 'id,price\nP1,2.50\n',
  'support/customer.csv': 'id,desk,tier\nC1,7,GOLD\n',
  'billing/customer.csv': 'id,terms\nC1,NET\n',
  'billing/invoice.csv': 'customer_id,amount\nC1,3.00\n',
};

const customer = 'identity.customer';
const order = 'sales.order';
const product = 'catalog.product';

const cases: Readonly<
  Record<string, { readonly query: string; readonly read: readonly string[] }>
> = {
  'a look-up that selects the key alone': {
    query: '{ customer(id: "C1") { id } }',
    read: [customer],
  },
  'a look-up that selects one domain': {
    query: '{ customer(id: "C1") { worth } }',
    read: [customer, 'sales.customer'],
  },
  'a look-up of nobody': {
    query: '{ customer(id: "C9") { tier } }',
    read: [customer, 'support.customer'],
  },
  'an entity by the key of a domain': {
    query:
      '{ _entities(representations: [{ __typename: "Customer", desk: 7 }]) { ... on Customer { name } } }',
    read: [customer, 'support.customer'],
  },
  'an entity, of the types that others have': {
    query:
      '{ _entities(representations: [{ __typename: "Product", id: "P1" }]) { ... on Customer { tier } ... on Product { price } } }',
    read: [product, 'pricing.product'],
  },
  'no entity': {
    query: '{ _entities(representations: []) { ... on Customer { tier } } }',
    read: [],
  },
  'the schema': { query: '{ __typename _service { sdl } }', read: [] },
  'the fields of a list': {
    query: '{ customers { nodes { worth } } }',
    read: [customer, 'sales.customer'],
  },
  'a window of a list': {
    query: '{ customers(first: 1) { edges { node { terms } } } }',
    read: [customer, 'billing.customer'],
  },
  'the page of a list alone': {
    query:
      '{ customers(first: 1, orderBy: [{ tier: ASC }]) { pageInfo { endCursor hasNextPage } } }',
    read: [customer, 'support.customer'],
  },
  'a field that an alias and a fragment hide': {
    query: '{ customers { nodes { ...f } } } fragment f on Customer { x: tier }',
    read: [customer, 'support.customer'],
  },
  'a field that is left out': {
    query: 'query ($no: Boolean = false) { customers { nodes { name tier @include(if: $no) } } }',
    read: [customer],
  },
  'a field that is a figure of another table': {
    query: '{ customers { nodes { owed } } }',
    read: [customer, 'billing.customer', 'billing.invoice'],
  },
  'a number of rows': { query: '{ orders { totalCount } }', read: [order] },
  'a filter': {
    query: '{ customers(where: { tier: { eq: "GOLD" } }) { nodes { name } } }',
    read: [customer, 'support.customer'],
  },
  'a filter on a number of rows': {
    query: '{ customers(where: { not: { worth: { lt: 5 } } }) { totalCount } }',
    read: [customer, 'sales.customer'],
  },
  'a filter that a variable brings': {
    query:
      'query ($where: CustomerFilter = { terms: { eq: "NET" } }) { customers(where: $where) { nodes { name } } }',
    read: [customer, 'billing.customer'],
  },
  'a filter on a neighbour': {
    query: '{ orders(where: { product: { price: { gt: 1 } } }) { nodes { id } } }',
    read: [order, product, 'pricing.product'],
  },
  'a filter on related rows': {
    query: '{ customers(where: { orders: { some: { total: { gt: 1 } } } }) { nodes { name } } }',
    read: [customer, order],
  },
  'a filter on figures of related rows': {
    query:
      '{ customers(where: { orders: { having: { max: { product: { price: { gt: 1 } } } } } }) { nodes { name } } }',
    read: [customer, order, product, 'pricing.product'],
  },
  'an order': {
    query: '{ customers(orderBy: [{ terms: ASC }]) { nodes { name } } }',
    read: [customer, 'billing.customer'],
  },
  'an order by a neighbour': {
    query: '{ orders(orderBy: [{ customer: { tier: DESC } }]) { nodes { id } } }',
    read: [customer, order, 'support.customer'],
  },
  'an order by a figure of related rows': {
    query:
      '{ customers(orderBy: [{ ordersAggregate: { sum: { total: DESC } } }]) { nodes { name } } }',
    read: [customer, order],
  },
  'a search': {
    query: '{ customers(search: { text: "gold", fields: [tier] }) { nodes { name } } }',
    read: [customer, 'support.customer'],
  },
  'a search whose rank is told': {
    query: '{ customers(search: { text: "gold", fields: [tier, terms] }) { edges { rank } } }',
    read: [customer, 'billing.customer', 'support.customer'],
  },
  'related rows': {
    query: '{ customer(id: "C1") { orders { total } } }',
    read: [customer, order],
  },
  'related rows that there are none of': {
    query: '{ customer(id: "C2") { orders { product { price } } } }',
    read: [customer, order],
  },
  'related rows at depth': {
    query: '{ customer(id: "C1") { orders { product { price } customer { tier } } } }',
    read: [customer, order, product, 'pricing.product', 'support.customer'],
  },
  'a page of related rows': {
    query: '{ customers { nodes { ordersConnection(first: 1) { nodes { id } totalCount } } } }',
    read: [customer, order],
  },
  'related rows by a filter and an order of others': {
    query:
      '{ customers { nodes { orders(where: { product: { price: { gt: 0 } } }, orderBy: [{ customer: { terms: ASC } }]) { id } } } }',
    read: [customer, order, product, 'billing.customer', 'pricing.product'],
  },
  'a figure of related rows': {
    query: '{ customers { nodes { ordersAggregate { max { orderedOn } } } } }',
    read: [customer, order],
  },
  'a figure of the neighbours of related rows': {
    query:
      '{ customers { nodes { ordersAggregate(where: { total: { gt: 1 } }) { sum { product { price } } } } } }',
    read: [customer, order, product, 'pricing.product'],
  },
  'a count': { query: '{ customersAggregate { count } }', read: [customer] },
  'figures of groups': {
    query: '{ customersAggregate(groupBy: [{ field: tier }]) { keys { tier } sum { worth } } }',
    read: [customer, 'sales.customer', 'support.customer'],
  },
  'groups by a neighbour': {
    query: '{ ordersAggregate(groupBy: [{ customer: { field: terms } }]) { count } }',
    read: [customer, order, 'billing.customer'],
  },
  'a condition on groups': {
    query:
      '{ customersAggregate(groupBy: [{ field: tier }], having: { sum: { owed: { gt: 1 } } }) { count } }',
    read: [customer, 'billing.customer', 'billing.invoice', 'support.customer'],
  },
  'the order of groups': {
    query:
      '{ customersAggregate(groupBy: [{ field: tier }], orderBy: [{ avg: { worth: DESC } }]) { count } }',
    read: [customer, 'sales.customer', 'support.customer'],
  },
  'several questions at once': {
    query: '{ a: customers { nodes { tier } } b: ordersAggregate { sum { total } } }',
    read: [customer, order, 'support.customer'],
  },
};

describe('what an answer is made of', () => {
  let shop: TestHub;
  const directory = mkdtempSync(join(tmpdir(), 'tributary-parts-'));

  beforeAll(async () => {
    shop = await openHub({ directory, domains: schemas, rows });
  });
  afterAll(async () => {
    await shop.close();
    rmSync(directory, { recursive: true });
  });

  it.each(Object.keys(cases))('is told of %s', async (name) => {
    const { query = '', read = [] } = cases[name] ?? {};
    expect(await askedOf(query)).toEqual({ errors: undefined, read });
    // Once more from the cache of operations.
    expect(await askedOf(query)).toEqual({ errors: undefined, read });
  });

  it('is told of large pages, which the lake writes as JSON', async () => {
    const partsRead = new PartsRead();
    const answer = await shop.hub.execute({
      query: '{ customers(first: 500) { nodes { name tier } } }',
      wire: { decimals: 'number' },
      takesJsonText: true,
      partsRead,
    });
    expect(answer.errors).toBeUndefined();
    expect(textOf(partsRead)).toEqual([customer, 'support.customer']);
  });

  async function askedOf(query: string) {
    const partsRead = new PartsRead();
    const { errors } = await shop.hub.execute({ query, wire: { decimals: 'number' }, partsRead });
    return { errors, read: textOf(partsRead) };
  }
});

function textOf({ tables }: PartsRead): readonly string[] {
  const own = [customer, order, product];
  const rank = (text: string): string => `${own.includes(text) ? own.indexOf(text) : 9}${text}`;
  return tables
    .map(({ domain, table }) => `${domain}.${table}`)
    .toSorted((one, other) => (rank(one) < rank(other) ? -1 : 1));
}
