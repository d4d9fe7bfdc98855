import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedTempFolder } from '../foundation/testing/temp-folder.ts';
import { startProjectUntilClosed, type TestProject } from './testing/start-project.ts';

describe('a mistake in a question', () => {
  const directory = sharedTempFolder();
  let project: TestProject;
  beforeAll(async () => {
    project = await startProjectUntilClosed({ dataDirectory: directory });
  });
  afterAll(() => project.server.close());

  it.each([
    ['{ customers(where: { createdAt: { gte: "2024-01-01" } }) { totalCount } }', 'DateTime', 40],
    ['{ invoices(where: { issuedOn: { gte: "01/02/2024" } }) { totalCount } }', 'Date', 38],
    ['{ customers(where: { accountValue: { gte: "10,000" } }) { totalCount } }', 'Decimal', 43],
  ])('in a value is told where it stands: %s', async (query, type, column) => {
    const { status, data, errors } = await project.ask(query);
    expect(status).toBe(400);
    expect(data).toBeUndefined();
    expect(errors).toHaveLength(1);
    expect(errors?.[0]).toMatchObject({
      message: expect.stringContaining(`"${type}"`) as unknown,
      locations: [{ line: 1, column }],
      extensions: { hint: expect.any(String) as unknown },
    });
  });

  it('in each of several values is told once, and not of fields that have none', async () => {
    const { status, errors } = await project.ask(`{
      a: customers(where: { accountValue: { gte: "x" } }) { totalCount }
      b: customers(where: { createdAt: { gte: "y" } }) { totalCount }
      c: invoices { totalCount }
    }`);
    expect(status).toBe(400);
    expect(errors?.map(({ message }) => /"[xy]"/.exec(message)?.[0])).toEqual(['"x"', '"y"']);
  });

  it.each([
    ['{ customers(where: { name: "x" }) { totalCount } }', '{ eq: "x" }'],
    ['{ customers(where: { supportTier: { eq: "GOLD" } }) { totalCount } }', 'without quotes'],
    ['{ customersAggregate(groupBy: salesRep) { count } }', '[{ field: salesRep }]'],
    ['{ customers { id } }', 'nodes { id }'],
    ['{ customers(where: { invoices: { status: { eq: PAID } } }) { totalCount } }', 'some'],
  ])('has a hint that shows how it is written: %s', async (query, hint) => {
    const { errors } = await project.ask(query);
    expect(String(errors?.[0]?.extensions?.['hint'])).toContain(hint);
  });

  it('in the name of a domain is no domain of which nothing is known', async () => {
    const { status, errors, data } = await project.ask('{ freshness(domain: "Salse") { table } }');
    expect({ status, data }).toEqual({ status: 200, data: null });
    expect(errors).toMatchObject([
      {
        message: 'There is no domain "Salse". Did you mean "sales"?',
        path: ['freshness'],
        extensions: {
          code: 'DOMAIN_UNKNOWN',
          hint: 'The domains are: billing, identity, sales, support.',
        },
      },
    ]);
  });

  it('is none where a tool reads the schema with all that graphql-js can ask', async () => {
    const query = getIntrospectionQuery({
      oneOf: true,
      specifiedByUrl: true,
      inputValueDeprecation: true,
    });
    const { status, errors, data } = await project.ask(query);
    expect({ status, errors }).toEqual({ status: 200, errors: undefined });
    expect(JSON.stringify(data)).toContain('CustomerFilter');
  });

  it('is none where a tool sends empty texts for a name, variables and a cursor', async () => {
    const response = await fetch(`${project.server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        query: '{ customers(first: 1, after: "") { totalCount } }',
        operationName: '',
        variables: '',
      }),
    });
    expect(await response.json()).toEqual({ data: { customers: { totalCount: 1000 } } });
  });
});
