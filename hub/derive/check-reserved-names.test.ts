import { describe, expect, it } from 'vitest';
import { errorOf } from '../../mapping/testing/inline-domain.ts';
import { hubDefinition, inlineProject } from '../testing/inline-project.ts';
import { hubName, namesOf } from './names.ts';

const customer = 'type Customer @key(fields: "id") @table { id: ID! }';

describe('names that the hub derives', () => {
  it.each([
    ['Customer', 'customer', 'customers'],
    ['LegalEntity', 'legalEntity', 'legalEntities'],
    ['Person', 'person', 'people'],
    ['Series', 'series', 'seriesList'],
    ['Data', 'data', 'dataList'],
  ])('are one and many: %s', (entity, one, many) => {
    expect(namesOf(entity)).toMatchObject({
      one,
      many,
      manyAggregate: `${many}Aggregate`,
      connection: `${entity}Connection`,
    });
  });

  it.each([
    ['CustomerConnection', 'type CustomerConnection { total: Int }'],
    ['CustomerEdge', 'interface CustomerEdge { total: Int }'],
    ['CustomerFilter', 'input CustomerFilter { total: Int }'],
    ['CustomerField', 'enum CustomerField { ID }'],
    ['CustomerSumsCondition', 'scalar CustomerSumsCondition'],
    ['CustomerAggregate', 'union CustomerAggregate = Customer'],
    ['Query.customers', 'extend type Query { customers: [Customer!]! }'],
    ['Query.customersAggregate', 'extend type Query { customersAggregate: Int }'],
    ['Query.customers', 'type Customers @key(fields: "id") @table { id: ID! }'],
  ])('are refused where somebody has %s', (name, written) => {
    expectReserved(`${customer} type Query { a: Int } ${written}`, name, 'Customer');
  });

  it.each([
    ['StringCondition', 'input StringCondition { eq: String }'],
    ['DateRange', 'input DateRange { from: String }'],
    ['RowOrder', 'enum RowOrder { UP }'],
    ['TimeBucket', 'scalar TimeBucket'],
  ])('are refused where somebody has %s, which all entities share', (name, written) => {
    expectReserved(`${customer} type Query { a: Int } ${written}`, name, 'every entity');
  });

  it.each([
    ['TierInput', 'input TierInput { tier: Int }', 'Tier'],
    ['TierCondition', 'type TierCondition { tier: Int }', 'Tier'],
    ['StringListCondition', 'type StringListCondition { tier: Int }', 'lists of String'],
  ])('are refused where somebody has %s, which a field needs', (name, written, origin) => {
    const customerWithTier = `
      type Customer @key(fields: "id") @table { id: ID! tier: Tier tags: [String!] }
      enum Tier { LOW }`;
    expectReserved(`${customerWithTier} type Query { a: Int } ${written}`, name, origin);
  });

  it.each([
    ['CustomerListFilter', 'type CustomerList @key(fields: "id") @table { id: ID! }', 'Customer'],
    ['RowOrder', 'type Row @key(fields: "id") @table { id: ID! }', 'Row'],
  ])('are refused where two need %s', (name, written, origin) => {
    expectReserved(`${customer} type Query { a: Int } ${written}`, name, origin);
  });

  const withOrders = (members: string): string => `
    type Customer @key(fields: "id") @table { id: ID! ${members} }
    type Order @key(fields: "id") @table { id: ID! }
    type Query { a: Int }`;
  const relation = '@relation(columns: ["c"])';

  it.each(['ordersConnection', 'ordersAggregate'])('are refused where an entity has %s', (name) => {
    const orders = `orders: [Order!]! ${relation}`;
    const coordinate = `Customer.${name}`;
    expectReserved(withOrders(`${orders} ${name}: Int`), coordinate, 'Customer.orders');
    expectReserved(withOrders(`${orders} ${name}: Int @computed`), coordinate, 'Customer.orders');
    expect(() => inlineProject({ identity: withOrders(`${name}: Int`) })).not.toThrow();
  });

  it.each([
    'and: Int',
    'or: String',
    `not: Order ${relation}`,
    `field: Order ${relation}`,
    `bucket: Order ${relation}`,
    `timeZone: Order ${relation}`,
  ])('are words that no member of an entity may have: %s', (member) => {
    const [name = ''] = member.split(':');
    expectReserved(withOrders(member), `Customer.${name}`, 'Customer');
  });

  it.each([
    'field: Int',
    'count: Int',
    'sum: Int',
    'keys: Int',
    `count: Order ${relation}`,
    `some: [Order!]! ${relation}`,
  ])('leave room for %s', (member) => {
    expect(() => inlineProject({ identity: withOrders(member) })).not.toThrow();
  });

  it('leave out what no enum can have as a value', () => {
    const { hubSchema } = inlineProject({ identity: withOrders('true: Int null: String') });
    expect(hubDefinition(hubSchema, 'CustomerFilter.true')).toBe('true: IntCondition');
    expect(hubDefinition(hubSchema, 'CustomerField')).not.toMatch(/true|null/);
    expect(hubDefinition(hubSchema, 'CustomerAggregateKeys.true')).toBeUndefined();
    expect(hubDefinition(hubSchema, 'CustomerSearchField')).not.toContain('null');
  });

  it('are refused in a remote subgraph, too', () => {
    const domains = { identity: `${customer} type Query { customer(id: ID!): Customer }` };
    const crm = 'type Query { customers(first: Int): Int }';
    const error = errorOf(() => inlineProject(domains, { crm }));
    expect(error).toMatchObject({ code: 'HUB_NAME_RESERVED', at: { file: 'crm.graphql' } });
  });
});

function expectReserved(identity: string, name: string, origin: string): void {
  const error = errorOf(() => inlineProject({ identity }));
  expect(error.code).toBe('HUB_NAME_RESERVED');
  expect(error.message).toBe(
    `The name ${name} is reserved for what the graph derives from ${origin}.`,
  );
  expect(error.at).toMatchObject({ file: 'identity.graphql' });
}

describe('the name of the hub', () => {
  it('sorts before every name that a domain can have, since planners break ties by name', () => {
    // A domain's name begins with a small letter.
    expect(hubName < 'a').toBe(true);
  });

  it('is none that a domain can have', () => {
    const error = errorOf(() => inlineProject({ [hubName]: `${customer} type Query { a: Int }` }));
    expect(error.code).toBe('DOMAIN_NAME_INVALID');
  });
});

describe('PageInfo', () => {
  const domains = { identity: `${customer} type Query { customer(id: ID!): Customer }` };
  const standard =
    'hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String';

  it('is shared with a remote subgraph that has the one of the Relay specification', () => {
    const crm = `type PageInfo @shareable { ${standard} } type Query { leads: PageInfo }`;
    const { supergraphSdl } = inlineProject(domains, { crm });
    expect(supergraphSdl).toContain('hasNextPage: Boolean!');
  });

  it.each([
    ['startCursor, endCursor', 'hasNextPage: Boolean! hasPreviousPage: Boolean!'],
    ['total', `${standard} total: Int`],
  ])('is refused where a field is missing or too many: %s', (fields, given) => {
    const crm = `type PageInfo @shareable { ${given} } type Query { leads: PageInfo }`;
    const error = errorOf(() => inlineProject(domains, { crm }));
    expect(error).toMatchObject({
      code: 'HUB_PAGE_INFO_DIFFERS',
      message: `PageInfo in crm differs in ${fields} from the one that all lists of the graph share.`,
      at: { file: 'crm.graphql' },
    });
  });
});
