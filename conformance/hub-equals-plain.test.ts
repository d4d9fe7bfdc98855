import { Supergraph } from '@apollo/federation-internals';
import fc from 'fast-check';
import { executeSync, isObjectType, parse, type GraphQLSchema } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedTempFolder } from '../foundation/testing/temp-folder.ts';
import type { GraphAnswer } from './testing/ask-graph.ts';
import { knownIds, unknownIds, writeHardProject } from './testing/hard-project.ts';
import { randomOperation } from './testing/random-operation.ts';
import { startProjectUntilClosed, type TestProject } from './testing/start-project.ts';

const caseCount = Number(process.env['PROPERTY_CASES'] ?? 320);
const seed = Number(process.env['PROPERTY_SEED'] ?? 3);

describe('a graph with the hub and one without', () => {
  const folders = {
    project: sharedTempFolder(),
    hub: sharedTempFolder(),
    plain: sharedTempFolder(),
  };
  let hub: TestProject;
  let plain: TestProject;
  let schema: GraphQLSchema;

  beforeAll(async () => {
    const { directory } = writeHardProject(folders.project);
    const start = (dataDirectory: string, isWithHub: boolean): Promise<TestProject> =>
      startProjectUntilClosed({
        projectDirectory: directory,
        dataDirectory,
        flags: { graph: { hub: isWithHub } },
      });
    [hub, plain] = await Promise.all([start(folders.hub, true), start(folders.plain, false)]);
    schema = Supergraph.build(plain.server.supergraphSdl()).apiSchema().toGraphQLJSSchema();
  });

  afterAll(async () => {
    await Promise.all([hub.server.close(), plain.server.close()]);
  });

  it(
    `give equal answers to ${caseCount} random operations (seed ${seed})`,
    { timeout: 240_000 },
    async () => {
      const ids = fc.oneof(
        { weight: 6, arbitrary: fc.constantFrom(...knownIds) },
        { weight: 1, arbitrary: fc.constantFrom(...unknownIds) },
        { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
      );
      await fc.assert(
        fc.asyncProperty(
          randomOperation({ schema, ids, depth: 4 }),
          fc.constantFrom('number', 'string'),
          async ({ query, variables }, decimals) => {
            const headers = { 'x-tributary-decimals': decimals };
            const [withHub, without] = await Promise.all([
              hub.ask(query, variables, headers),
              plain.ask(query, variables, headers),
            ]);
            expect(comparable(withHub)).toEqual(comparable(without));
            expect(withHub.data).toEqual(prescribedShape(withHub.data, query, variables));
          },
        ),
        { numRuns: caseCount, seed },
      );
    },
  );

  const precise: readonly (readonly [string, string, unknown])[] = [
    [
      'an alias that is the name of the key',
      '{ customer(id: 1) { id: name name: accountValue } }',
      { id: 'Ada', name: 12345.67 },
    ],
    [
      'an alias that is the name of a required field',
      '{ customer(id: 1) { paymentTerms: name creditLimit } }',
      { paymentTerms: 'Ada', creditLimit: 3086.42 },
    ],
    [
      'neighbours of a computed field that is left out',
      'query ($a: Boolean = false) { customer(id: 1) { accountValue usageHours creditLimit @include(if: $a) } }',
      { accountValue: 12345.67, usageHours: 1.5 },
    ],
    [
      'a fragment within one on an interface',
      '{ customer(id: 1) { ... on CustomerIdentity { ... on Customer { name } email } } }',
      { name: 'Ada', email: 'ada@example.com' },
    ],
    [
      'a type name within a fragment on an interface',
      '{ customer(id: 1) { ... on CustomerIdentity { __typename kind: __typename } } }',
      { __typename: 'Customer', kind: 'Customer' },
    ],
    [
      'an object of which nothing is left',
      'query ($a: Boolean = true) { customer(id: 1) @include(if: $a) { name @skip(if: $a) } }',
      {},
    ],
    [
      'an object that is not there, of which nothing is left',
      '{ customer(id: 7) { name @skip(if: true) } }',
      null,
    ],
    [
      'a bad value that is left out',
      'query ($a: Boolean = true) { customer(id: 5) @include(if: $a) { name load @include(if: false) } }',
      { name: 'Bad values' },
    ],
  ];

  it.each(precise)('answer right for %s', async (_, query, customer) => {
    const answers = await Promise.all([hub.ask(query), plain.ask(query)]);
    for (const { data, errors } of answers) {
      expect(errors).toBeUndefined();
      expect(data).toEqual({ customer });
    }
  });

  it('give equal rows for relations, which take arguments in the hub and none without it', async () => {
    const derived = Supergraph.build(hub.server.supergraphSdl()).apiSchema().toGraphQLJSSchema();
    const relations = [
      ['Customer.invoices', 'id status'],
      ['Customer.devices', 'id label'],
      ['Device.parts', 'id label'],
    ] as const;
    for (const [coordinate, fields] of relations) {
      const [type = '', name = ''] = coordinate.split('.');
      expect(argumentsOf(schema, type, name)).toEqual([]);
      expect(argumentsOf(derived, type, name)).toEqual(['where', 'orderBy', 'first', 'offset']);
      const given = '(where: {}, orderBy: [], first: null, offset: 0)';
      const root = type === 'Customer' ? 'customer' : 'device';
      const ask = (project: TestProject, values: string): Promise<readonly GraphAnswer[]> =>
        Promise.all(
          knownIds.map((id) =>
            project.ask(
              `query ($id: ID!) { ${root}(id: $id) { ${name}${values} { ${fields} } } }`,
              {
                id,
              },
            ),
          ),
        );
      const without = (await ask(plain, '')).map(comparable);
      expect(JSON.stringify(without)).toContain('"id"');
      expect((await ask(hub, '')).map(comparable)).toEqual(without);
      expect((await ask(hub, given)).map(comparable)).toEqual(without);
    }
  });

  it('still refuse a condition that is no truth value', async () => {
    const query = 'query ($a: Boolean!) { customer(id: 1) { name @skip(if: $a) } }';
    for (const variables of [{}, { a: null }, { a: 'yes' }]) {
      const answers = await Promise.all([hub, plain].map(({ ask }) => ask(query, variables)));
      for (const { data, errors } of answers) {
        expect(data ?? null).toBeNull();
        expect(errors?.[0]?.message).toContain('$a');
      }
    }
  });

  it('decide the conditions of each request anew', async () => {
    const query = 'query ($a: Boolean = false) { customer(id: 1) { id name @include(if: $a) } }';
    for (const a of [true, false, undefined, true]) {
      const answers = await Promise.all([hub, plain].map(({ ask }) => ask(query, { a })));
      const expected = a === true ? { id: '1', name: 'Ada' } : { id: '1' };
      for (const { data } of answers) expect(data).toEqual({ customer: expected });
    }
  });

  /** What graphql-js makes of the values of an answer: nothing may be missing in it, and nothing may be too much. */
  function prescribedShape(
    data: GraphAnswer['data'],
    query: string,
    variables: Readonly<Record<string, unknown>>,
  ): unknown {
    if (data === null || data === undefined) return data;
    const { data: shaped } = executeSync({
      schema,
      document: parse(query),
      variableValues: variables,
      rootValue: data,
      fieldResolver: (source: Readonly<Record<string, unknown>>, _arguments, _context, { path }) =>
        source[path.key],
      typeResolver: () => 'Customer',
    });
    return JSON.parse(JSON.stringify(shaped));
  }
});

function argumentsOf(schema: GraphQLSchema, type: string, field: string): readonly string[] {
  const owner = schema.getType(type);
  if (!isObjectType(owner)) throw new Error(`There is no ${type}.`);
  return owner.getFields()[field]?.args.map(({ name }) => name) ?? [];
}

/**
 * What has to be equal. Errors below a null count as one at the null: when several of them forbid it, GraphQL lets a
 * server report any (specification, 6.4.4).
 */
function comparable({ status, data, errors = [] }: GraphAnswer) {
  const places = errors.map(({ path, message }) =>
    path === undefined ? message : JSON.stringify(untilNull(path, data)),
  );
  return { status, data, errorPlaces: [...new Set(places)].toSorted() };
}

function untilNull(path: readonly (string | number)[], data: unknown): typeof path {
  let value = data;
  for (const [length, key] of path.entries()) {
    if (typeof value !== 'object' || value === null) return path.slice(0, length);
    value = (value as Readonly<Record<string, unknown>>)[key];
  }
  return path;
}
