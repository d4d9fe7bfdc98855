import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKey } from '../access/api-keys.ts';
import { systemClock } from '../foundation/clock.ts';
import type { PartialConfig } from '../foundation/config/schema.ts';
import { sharedTempFolder, tempFolder } from '../foundation/testing/temp-folder.ts';
import { compose } from '../registry/compose.ts';
import { askGraph, type GraphAnswer } from './testing/ask-graph.ts';
import { collectedLog } from './testing/collected-log.ts';
import { expectRefusal } from './testing/expect-refusal.ts';
import { ProjectFolder } from './testing/project-folder.ts';
import { StreamReader } from './testing/read-stream.ts';
import {
  startProject,
  startProjectUntilClosed,
  type TestProject,
} from './testing/start-project.ts';

type Limits = NonNullable<NonNullable<PartialConfig['graph']>['limits']>;

const repeat = (times: number, text: (n: number) => string): string =>
  Array.from({ length: times }, (_, n) => text(n)).join(' ');
const aliases = (times: number): string => `{ ${repeat(times, (n) => `a${n}: __typename`)} }`;
const bomb = (levels: number): string =>
  `{ customers { nodes { ...F0 } } } ${repeat(levels, (n) => `fragment F${n} on Customer { ${`...F${n + 1} `.repeat(2)}}`)} fragment F${levels} on Customer { id }`;
/** Of nobody, so that it costs only what it could cost. */
const related = (levels: number): string =>
  `{ customers(first: 1000, where: { id: { eq: "nobody" } }) { nodes { ${'invoices { customer { '.repeat(levels)} id ${'} } '.repeat(levels)} } } }`;

const fullField =
  'fragment FullField on __Field { name description args { name description type { name ofType { name } } } type { name kind } }';
const schemaOver = (times: number): string =>
  `{ ${repeat(times, (n) => `a${n}: __schema { types { name fields { ...FullField } } }`)} } ${fullField}`;

/** Each is beyond one limit as it is by default, and within the one that is given. */
type Beyond = readonly [
  limit: string,
  query: string,
  code: string,
  within: Limits,
  variables: Record<string, unknown>,
];
const beyond: readonly Beyond[] = [
  [
    'tokens',
    `{ customers(where: { id: { in: [${'"1" '.repeat(16_000)}] } }) { totalCount } }`,
    'DOCUMENT_TOKENS_EXCEEDED',
    { tokens: 20_000 },
    {},
  ],
  [
    'tokens, of which 100,000 are aliases',
    aliases(100_000).slice(0, 1_000_000),
    'DOCUMENT_TOKENS_EXCEEDED',
    {},
    {},
  ],
  [
    'operations',
    repeat(51, (n) => `query Q${n} { __typename }`),
    'DOCUMENT_OPERATIONS_EXCEEDED',
    {},
    {},
  ],
  [
    'root fields',
    `{ ${repeat(501, (n) => `a${n}: __typename`)} }`,
    'OPERATION_ROOT_FIELDS_EXCEEDED',
    { rootFields: 501 },
    {},
  ],
  [
    'aliases',
    `{ customer(id: "nobody") { ${repeat(1_001, (n) => `a${n}: id`)} } }`,
    'OPERATION_ALIASES_EXCEEDED',
    { aliases: 1_001 },
    {},
  ],
  [
    'directives',
    `{ __typename ${'@include(if: true) '.repeat(501)} }`,
    'OPERATION_DIRECTIVES_EXCEEDED',
    {},
    {},
  ],
  [
    'fields of fragments that multiply',
    bomb(20),
    'OPERATION_FIELDS_EXCEEDED',
    { fields: 1_048_578 },
    {},
  ],
  ['cost', related(16), 'COST_EXCEEDED', {}, {}],
  [
    'cost by a variable',
    related(16).replace('{ customers(first: 1000', 'query ($n: Int) { customers(first: $n'),
    'COST_EXCEEDED',
    {},
    { n: 10_000 },
  ],
  [
    'comparisons',
    `{ customer(id: "nobody") { ${'id '.repeat(400)} } }`,
    'DOCUMENT_COMPARISONS_EXCEEDED',
    { comparisons: 80_000 },
    {},
  ],
  ['introspection by aliases', schemaOver(20), 'INTROSPECTION_EXCEEDED', { introspection: 20 }, {}],
  [
    'introspection by aliases inside',
    `{ __schema { types { ${repeat(20, (n) => `f${n}: fields { ...FullField }`)} } } } ${fullField}`,
    'INTROSPECTION_EXCEEDED',
    { introspection: 0 },
    {},
  ],
  [
    'values of a list',
    'query ($ids: [ID!]) { customers(where: { id: { in: $ids } }) { totalCount } }',
    'LIST_ITEMS_EXCEEDED',
    { listItems: 30_000, listValues: 30_000 },
    { ids: Array.from({ length: 25_001 }, () => '1') },
  ],
  [
    'fields of objects that ask for nothing',
    'query ($by: [CustomerOrder!]) { customers(orderBy: $by) { totalCount } }',
    'INPUT_FIELDS_EXCEEDED',
    { inputFields: 0, orderTerms: 24_000 },
    { by: Array.from({ length: 24_000 }, () => ({})) },
  ],
];

describe('by default', () => {
  const dataDirectory = sharedTempFolder();
  const { log, entries } = collectedLog();
  let project: TestProject;
  beforeAll(async () => {
    project = await startProjectUntilClosed({ dataDirectory, log });
  });
  afterAll(() => project.server.close());

  it.each(beyond)('a question is refused for its %s', async (_, query, code, __, variables) => {
    for (let times = 0; times < 2; times++) {
      const answer = await project.ask(query, variables);
      expectRefusal(answer, 400, code);
      const [error] = answer.errors ?? [];
      expect(error?.message).toMatch(/\d/);
      expect(error?.extensions?.['hint']).toContain('graph.limits.');
    }
  });

  it.each(['_hub', 'billing', '_ledger'])('so is one of the subgraph %s', async (name) => {
    const url = `${project.server.url}/subgraphs/${name}`;
    expectRefusal(await askGraph(url, aliases(1_001)), 400, 'OPERATION_ROOT_FIELDS_EXCEEDED');
    expectRefusal(await askGraph(url, bomb(20)), 400, 'OPERATION_FIELDS_EXCEEDED');
    expectRefusal(await askGraph(url, schemaOver(20)), 400, 'INTROSPECTION_EXCEEDED');
    expect((await askGraph(url, '{ __typename }')).status).toBe(200);
  });

  it('so is a subscription, before its stream begins', async () => {
    const many = `subscription { customerEvents { ${repeat(1_001, (n) => `a${n}: id`)} } }`;
    const { status, refusal } = await StreamReader.open(project.server.url, many);
    expect([status, refusal]).toEqual([400, expect.stringContaining('OPERATION_ALIASES_EXCEEDED')]);
  });

  it('so is a question by GET', async () => {
    const query = encodeURIComponent(`{ ${repeat(501, () => '__typename')} }`);
    const response = await fetch(`${project.server.url}/graphql?query=${query}`, {
      headers: { 'apollo-require-preflight': 'true' },
    });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('OPERATION_ROOT_FIELDS_EXCEEDED');
  });

  it('tools may read the schema', async () => {
    const whole = getIntrospectionQuery({
      descriptions: true,
      specifiedByUrl: true,
      directiveIsRepeatable: true,
      schemaDescription: true,
      inputValueDeprecation: true,
      oneOf: true,
    });
    const { status, errors, data } = await project.ask(whole);
    expect({ status, errors }).toEqual({ status: 200, errors: undefined });
    expect(data).toHaveProperty('__schema.types');
  });

  it('a large question of an ordinary kind is answered', async () => {
    const field = (n: number): string =>
      `p${n}: customers(first: 50, offset: ${n}) { totalCount nodes { id name email accountValue salesRep supportTier lifetimeTickets vatNumber paymentTerms invoices(first: 3) { id amount status } } }`;
    const { status, errors } = await project.ask(`{ ${repeat(50, field)} }`);
    expect({ status, errors }).toEqual({ status: 200, errors: undefined });
  });

  it('the cost is estimated from the rows of the lake', async () => {
    const explained = { 'x-tributary-explain': 'true' };
    const costOf = async (query: string): Promise<unknown> =>
      (await project.ask(query, {}, explained)).extensions?.['cost'];
    expect(await costOf('{ customer(id: "C0000042") { name } }')).toEqual({ estimated: 1 });
    expect(await costOf('{ customers { nodes { name } } }')).toEqual({ estimated: 51 });
    // There are 1,000 customers.
    expect(await costOf('{ customers(first: 10000) { nodes { name } } }')).toEqual({
      estimated: 1_001,
    });
    const { data } = await project.ask('{ invoices { totalCount } }');
    const { invoices: page } = data as { readonly invoices: { readonly totalCount: number } };
    const invoices = page.totalCount;
    expect(await costOf('{ customers(first: 10000) { nodes { invoices { id } } } }')).toEqual({
      estimated: 1_001 + invoices,
    });
    expect(await costOf('{ customersAggregate { count } }')).toEqual({ estimated: 1 });
  });

  it('the cost is in the log, and not in the answer', async () => {
    const query = '{ customers(first: 7) { nodes { email } } }';
    const costs = (): readonly unknown[] =>
      entries.flatMap((entry) => ('cost' in entry && entry.cost === 8 ? [entry.cost] : []));
    for (let times = 0; times < 2; times++)
      expect(await project.ask(query)).not.toHaveProperty('extensions');
    await expect.poll(costs).toContain(8);
  });
});

describe('with limits that were changed', () => {
  it.each(beyond.filter(([, , , limits]) => Object.keys(limits).length > 0))(
    'a question with as many %s is answered',
    async (_, query, __, limits, variables) => {
      const { ask } = await startProject({ flags: { graph: { limits } } });
      expect((await ask(query, variables)).status).toBe(200);
    },
  );

  it('nothing is refused where they are off', async () => {
    const limits = {
      comparisons: 0,
      tokens: 0,
      operations: 0,
      fields: 0,
      rootFields: 0,
      aliases: 0,
      directives: 0,
      listItems: 0,
      cost: 0,
      introspection: 0,
      inputFields: 0,
    };
    const { server } = await startProject({ flags: { graph: { limits } } });
    for (const [, query, code, , variables] of beyond) {
      // Once: whoever knows a question admits it by the same limits.
      const { errors = [] } = await askGraph(`${server.url}/graphql`, query, variables);
      expect(errors.map(({ extensions }) => extensions?.['code'])).not.toContain(code);
    }
  });

  it('questions are refused that were not before', async () => {
    const limits = { tokens: 30, aliases: 1, cost: 20 };
    const { ask } = await startProject({ flags: { graph: { limits } } });
    expectRefusal(await ask(`{ ${'__typename '.repeat(29)} }`), 400, 'DOCUMENT_TOKENS_EXCEEDED');
    expectRefusal(await ask('{ a: __typename b: __typename }'), 400, 'OPERATION_ALIASES_EXCEEDED');
    const page = 'query ($n: Int) { customers(first: $n) { nodes { id } } }';
    expect((await ask(page, { n: 19 })).status).toBe(200);
    expectRefusal(await ask(page, { n: 20 }), 400, 'COST_EXCEEDED');
    expect((await ask(page, { n: 19 })).status).toBe(200);
  });

  it('every answer tells its cost where that is wanted', async () => {
    const { ask } = await startProject({ flags: { graph: { costInAnswers: true } } });
    const page = 'query ($n: Int) { customers(first: $n) { nodes { id } } }';
    for (const n of [3, 5, 5])
      expect(await ask(page, { n })).toMatchObject({
        status: 200,
        extensions: { cost: { estimated: n + 1 } },
      });
  });
});

describe('what a caller may ask for in a second', () => {
  const question = '{ customers(first: 59) { nodes { id } } }';

  it('is used up by cost, for each key, and a client is told when to come back', async () => {
    const directory = tempFolder();
    const project = await startProject({
      dataDirectory: directory,
      flags: { graph: { limits: { costPerSecond: 1, costBurst: 100 } } },
    });
    const tokens = await Promise.all(
      ['Retool', 'n8n'].map((name) => createKey({ directory, name, clock: systemClock })),
    );
    for (const { token } of tokens) {
      const ask = (text: string): Promise<GraphAnswer> =>
        project.ask(text, {}, { 'x-api-key': token });
      expect((await ask(question)).status).toBe(200);
      expectRefusal(await ask(question.replace('id', 'name')), 429, 'RATE_LIMITED');
      // What is left is enough for a small one, and for the same again out of what was kept.
      expect((await ask('{ customer(id: "C0000042") { name } }')).status).toBe(200);
    }
    const [first] = tokens;
    const response = await fetch(`${project.server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': first?.token ?? '' },
      body: JSON.stringify({ query: question.replace('id', 'name email') }),
    });
    expect(response.status).toBe(429);
    const waitSeconds = Number(response.headers.get('retry-after'));
    expect(waitSeconds).toBeGreaterThan(0);
    expect(waitSeconds).toBeLessThanOrEqual(22);
  });

  it('is used up by operations that are known, and by answers that are kept', async () => {
    const { ask } = await startProject({
      flags: { graph: { limits: { costPerSecond: 1, costBurst: 10 } } },
    });
    const page = 'query ($n: Int) { customers(first: $n) { nodes { id } } }';
    expect((await ask(page, { n: 2 })).status).toBe(200);
    expect((await ask(page, { n: 3 })).status).toBe(200);
    expectRefusal(await ask(page, { n: 9 }), 429, 'RATE_LIMITED');
    const outcomes = new Set<number>();
    for (let times = 0; times < 12; times++) outcomes.add((await ask(page, { n: 2 })).status);
    expect(outcomes).toEqual(new Set([200, 429]));
  });
});

it('a domain says what its fields cost, those of the lake too', async () => {
  const folder = ProjectFolder.copyOfRepository(join(tempFolder(), 'project'));
  folder.edit('subgraphs/sales/schema.graphql', 'import: [', 'import: ["@cost", ');
  folder.edit(
    'subgraphs/sales/schema.graphql',
    'salesRep: String',
    'salesRep: String @cost(weight: 5)',
  );
  const { ask } = await startProject({
    projectDirectory: folder.directory,
    flags: { graph: { costInAnswers: true } },
  });
  expect(await ask('{ customers(first: 10) { nodes { salesRep } } }')).toMatchObject({
    status: 200,
    extensions: { cost: { estimated: 1 + 10 * (1 + 5) } },
  });
});

it('@cost and @listSize of any supergraph are followed', async () => {
  const sdl = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@cost", "@listSize"])
    type Query {
      books(first: Int): [Book!] @listSize(slicingArguments: ["first"])
      shelf: [Book!] @listSize(assumedSize: 30, requireOneSlicingArgument: false)
    }
    type Book @cost(weight: 10) { title: String }`;
  const { supergraphSdl } = compose({
    subgraphs: [{ name: 'books', url: 'http://127.0.0.1:9/', sdl }],
  });
  const directory = tempFolder();
  const supergraphFile = join(directory, 'supergraph.graphql');
  mkdirSync(directory, { recursive: true });
  writeFileSync(supergraphFile, supergraphSdl);
  const { ask } = await startProject({
    projectDirectory: directory,
    supergraphFile,
    flags: { graph: { limits: { cost: 100 }, costInAnswers: true } },
  });
  expectRefusal(await ask('{ books(first: 11) { title } }'), 400, 'COST_EXCEEDED');
  expectRefusal(await ask('{ books { title } }'), 400, 'LIST_SIZE_NOT_GIVEN');
  expectRefusal(await ask('{ shelf { title } }'), 400, 'COST_EXCEEDED');
  // Nobody is there to answer, but the question is let through.
  expect(await ask('{ books(first: 10) { title } }')).toMatchObject({
    status: 200,
    errors: [{ extensions: { code: 'SUBGRAPH_UNREACHABLE' } }],
    extensions: { cost: { estimated: 100 } },
  });
});
