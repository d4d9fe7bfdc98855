import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import {
  buildClientSchema,
  getIntrospectionQuery,
  Kind,
  parse,
  print,
  visit,
  type IntrospectionQuery,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askGraph, type GraphAnswer } from '../conformance/testing/ask-graph.ts';
import { startProjectUntilClosed, type TestProject } from '../conformance/testing/start-project.ts';
import { sharedTempFolder } from '../foundation/testing/temp-folder.ts';

const dataDirectory = sharedTempFolder();
let project: TestProject;
beforeAll(async () => {
  project = await startProjectUntilClosed({ dataDirectory });
});
afterAll(() => project.server.close());

/** Asks the hub as a router would. */
function ask(query: string, variables?: Readonly<Record<string, unknown>>): Promise<GraphAnswer> {
  return askGraph(`${project.server.url}/subgraphs/_hub`, query, variables);
}

async function post(body: unknown): Promise<GraphAnswer> {
  const response = await fetch(`${project.server.url}/subgraphs/_hub`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, ...((await response.json()) as object) };
}

/** Types by name, without descriptions, which have two spellings, and without what every subgraph has. */
function definitionsOf(sdl: string): ReadonlyMap<string, string> {
  const document = visit(parse(sdl), {
    enter(node) {
      if (node.kind === Kind.FIELD_DEFINITION && node.name.value.startsWith('_')) return null;
      return 'description' in node ? { ...node, description: undefined } : undefined;
    },
  });
  const named = document.definitions.flatMap((node) =>
    'name' in node && node.name !== undefined ? [[node.name.value, print(node)] as const] : [],
  );
  return new Map(named);
}

describe('the hub as a federation server', () => {
  it('tells its schema to a router', async () => {
    const { data } = await ask('{ _service { sdl } }');
    const service = data?.['_service'] as { readonly sdl: string } | undefined;
    const served = definitionsOf(service?.sdl ?? '');
    const reviewed = readFileSync(join(import.meta.dirname, 'derive/four-domains.graphql'), 'utf8');
    for (const [name, text] of definitionsOf(reviewed)) {
      expect(served.get(name)).toBe(text);
    }
  });

  it('tells its schema to a tool', async () => {
    const { data, errors } = await ask(getIntrospectionQuery({ specifiedByUrl: true }));
    expect(errors).toBeUndefined();
    const schema = buildClientSchema(data as unknown as IntrospectionQuery);
    expect(schema.getType('Customer')).toBeDefined();
    expect(schema.getType('DateTime')).toMatchObject({
      specifiedByURL: 'https://scalars.graphql.org/andimarek/date-time',
    });
  });

  it('answers its schema and the lake in one request, under any names', async () => {
    const { data, errors } = await ask(
      `query ($name: String!) {
        a: __typename
        b: __typename
        ...Schema
        one: customer(id: "C0000001") { t: __typename }
        type: __type(name: $name) { name ...Fields }
      }
      fragment Schema on Query {
        schema: __schema { queryType { name } }
        schema: __schema { queryType { kind } }
        customers(first: 1) { totalCount }
        _service { __typename }
      }
      fragment Fields on __Type { fields { name } }`,
      { name: 'PageInfo' },
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      a: 'Query',
      b: 'Query',
      schema: { queryType: { name: 'Query', kind: 'OBJECT' } },
      customers: { totalCount: 1000 },
      _service: { __typename: '_Service' },
      one: { t: 'Customer' },
      type: {
        name: 'PageInfo',
        fields: ['hasNextPage', 'hasPreviousPage', 'startCursor', 'endCursor'].map((name) => ({
          name,
        })),
      },
    });
  });

  it.each([
    [{ skip: true }, ['__typename']],
    [{ skip: false }, ['__schema', '__typename']],
    [{}, ['__typename']],
  ])('leaves its schema out where a condition says so: %o', async (variables, keys) => {
    const { data } = await ask(
      'query ($skip: Boolean = true) { __schema @skip(if: $skip) { queryType { name } } __typename }',
      variables,
    );
    expect(Object.keys(data ?? {})).toEqual(keys);
  });

  it('answers representations of every kind', async () => {
    const { data } = await ask(
      'query ($r: [_Any!]!) { _entities(representations: $r) { __typename ... on Customer { name } ... on Invoice { amount } } }',
      {
        r: [
          { __typename: 'Invoice', id: 'I00000133' },
          { __typename: 'Customer', id: 'C0000042' },
          { __typename: 'Customer', id: 'nobody' },
        ],
      },
    );
    expect(data?.['_entities']).toEqual([
      { __typename: 'Invoice', amount: 17179.55 },
      { __typename: 'Customer', name: "Kunze - O'Keefe" },
      null,
    ]);
  });

  it('runs the operation that is named', async () => {
    const query =
      'query A { customer(id: "C0000001") { id } } query B($id: ID!) { customer(id: $id) { id } }';
    const { data } = await post({ query, operationName: 'B', variables: { id: 'C0000002' } });
    expect(data).toEqual({ customer: { id: 'C0000002' } });
  });
});

describe('what the hub refuses', () => {
  const byId = 'query ($id: ID!) { customer(id: $id) { id } }';
  const page = 'query ($first: Int) { customers(first: $first) { totalCount } }';

  it.each([
    [
      'a variable that is missing',
      byId,
      {},
      'Variable "$id" of required type "ID!" was not provided.',
    ],
    [
      'a variable that is null',
      byId,
      { id: null },
      'Variable "$id" of non-null type "ID!" must not be null.',
    ],
    [
      'a variable of another type',
      byId,
      { id: { a: 1 } },
      'Variable "$id" got invalid value { a: 1 }; ID cannot represent value: { a: 1 }',
    ],
    [
      'a number that is no integer',
      page,
      { first: 1.5 },
      'Variable "$first" got invalid value 1.5; Int cannot represent non-integer value: 1.5',
    ],
    [
      'a number that is text',
      page,
      { first: '1' },
      'Variable "$first" got invalid value "1"; Int cannot represent non-integer value: "1"',
    ],
    [
      'a field that it has not',
      '{ customer(id: "C1") { nmae } }',
      {},
      'Cannot query field "nmae" on type "Customer". Did you mean "name"?',
    ],
    [
      'a computed field',
      '{ customer(id: "C1") { creditLimit } }',
      {},
      'Cannot query field "creditLimit" on type "Customer".',
    ],
    [
      'an argument that it has not',
      '{ customers(colour: 1) { totalCount } }',
      {},
      'Unknown argument "colour" on field "Query.customers".',
    ],
    [
      'an argument that is missing',
      '{ customer { id } }',
      {},
      'Field "customer" argument "id" of type "ID!" is required, but it was not provided.',
    ],
    [
      'two meanings of one name',
      '{ customer(id: "C1") { a: name a: email } }',
      {},
      'Fields "a" conflict because "name" and "email" are different fields. Use different aliases on the fields to fetch both if this was intentional.',
    ],
    [
      'a fragment that holds itself',
      '{ ...F } fragment F on Query { ...F }',
      {},
      'Cannot spread fragment "F" within itself.',
    ],
  ])('%s', async (_, query, variables, message) => {
    const { status, data, errors } = await ask(query, variables);
    expect(status).toBe(400);
    expect(data).toBeUndefined();
    expect(errors?.map((error) => error.message)).toEqual([message]);
    expect(errors?.[0]?.extensions?.['code']).toMatch(
      /^(?:BAD_USER_INPUT|GRAPHQL_VALIDATION_FAILED)$/,
    );
  });

  it.each([
    ['a mutation', { query: 'mutation { a }' }, 'OPERATION_RESOLUTION_FAILURE'],
    [
      'a name that no operation has',
      { query: 'query A { __typename }', operationName: 'B' },
      'OPERATION_RESOLUTION_FAILURE',
    ],
    [
      'several operations and no name',
      { query: 'query A { __typename } query B { __typename }' },
      'OPERATION_RESOLUTION_FAILURE',
    ],
    ['a broken document', { query: '{ customer(' }, 'GRAPHQL_PARSE_FAILED'],
    ['no document', { variables: {} }, 'BAD_REQUEST'],
  ])('%s', async (_, body, code) => {
    const { status, errors } = await post(body);
    expect(status).toBe(400);
    expect(errors).toHaveLength(1);
    expect(errors?.[0]?.extensions?.['code']).toBe(code);
  });
});

interface CustomerPage {
  readonly nodes: readonly { readonly id: string }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

describe('a walk over all customers of the graph', () => {
  const query = `query ($first: Int, $after: String) {
    customers(first: $first, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } }
  }`;

  async function walk(first: number): Promise<readonly string[]> {
    const ids: string[] = [];
    for (let after: string | null = null; ;) {
      const { data }: GraphAnswer = await project.ask(query, { first, after });
      const page = data?.['customers'] as CustomerPage | undefined;
      ids.push(...(page?.nodes ?? []).map(({ id }) => id));
      if (page?.pageInfo.hasNextPage !== true) return ids;
      after = page.pageInfo.endCursor;
    }
  }

  it('meets each of them once, in pages of any size', async () => {
    const everyone = Array.from(
      { length: 1000 },
      (_, index) => `C${String(index + 1).padStart(7, '0')}`,
    );
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 20, max: 1100 }), async (first) => {
        expect(await walk(first)).toEqual(everyone);
      }),
      { numRuns: 12, seed: 1, examples: [[3], [999], [1000], [1001], [10_000]] },
    );
  });
});
