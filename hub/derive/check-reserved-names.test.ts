import { describe, expect, it } from 'vitest';
import { errorOf } from '../../mapping/testing/inline-domain.ts';
import { inlineProject } from '../testing/inline-project.ts';
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
    expect(namesOf(entity)).toEqual({
      one,
      many,
      connection: `${entity}Connection`,
      edge: `${entity}Edge`,
    });
  });

  it.each([
    [
      'CustomerConnection',
      `${customer} type CustomerConnection { total: Int } type Query { a: Int }`,
    ],
    ['CustomerEdge', `${customer} interface CustomerEdge { total: Int } type Query { a: Int }`],
    ['Query.customers', `${customer} type Query { customers: [Customer!]! }`],
    ['Query.customers', `${customer} type Query { a: Int } extend type Query { customers: Int }`],
    [
      'Query.customers',
      `${customer} type Customers @key(fields: "id") @table { id: ID! } type Query { a: Int }`,
    ],
  ])('are refused where somebody has %s', (name, identity) => {
    const error = errorOf(() => inlineProject({ identity }));
    expect(error.code).toBe('HUB_NAME_RESERVED');
    expect(error.message).toBe(
      `The name ${name} is reserved for what the graph derives from Customer.`,
    );
    expect(error.at).toMatchObject({ file: 'identity.graphql', line: expect.any(Number) });
  });

  it('are refused in a remote subgraph, too', () => {
    const domains = { identity: `${customer} type Query { customer(id: ID!): Customer }` };
    const crm = 'type Query { customers(first: Int): Int }';
    const error = errorOf(() => inlineProject(domains, { crm }));
    expect(error).toMatchObject({ code: 'HUB_NAME_RESERVED', at: { file: 'crm.graphql' } });
  });
});

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
