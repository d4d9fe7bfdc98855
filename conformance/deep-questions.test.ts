import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedTempFolder, tempFolder } from '../foundation/testing/temp-folder.ts';
import type { GraphAnswer } from './testing/ask-graph.ts';
import { ProjectFolder, schemaHead } from './testing/project-folder.ts';
import {
  startProject,
  startProjectUntilClosed,
  type TestProject,
} from './testing/start-project.ts';

/** Hub and domain both lead from one to the next, so that each level doubles the ways to what is computed. */
const stations = `${schemaHead}
type Station @key(fields: "id") @table @identity(fields: "id next") {
  id: ID!
  next: Station! @relation(columns: ["next_id"])
}
type Query { station(id: ID!): Station }
`;
const clocks = `${schemaHead}
type Station @key(fields: "id") @table { id: ID! time: String @computed }
`;

it('a question that could be planned in too many ways is refused before that takes minutes', async () => {
  const folder = ProjectFolder.empty(tempFolder());
  folder.addSubgraph('network', stations);
  folder.addSubgraph('clocks', clocks);
  folder.write(
    'subgraphs/clocks/resolvers.ts',
    `export default { Station: { time: () => '12:00' } };`,
  );
  folder.write('lake-data/seed/network/station.csv', 'id,next_id\nA,A\n');
  folder.write('lake-data/seed/clocks/station.csv', 'id\nA\n');
  const project = await startProject({ projectDirectory: folder.directory });
  const ask = (times: number): Promise<GraphAnswer> =>
    project.ask(`{ station(id: "A") { ${'next { '.repeat(times)} time ${'} '.repeat(times)} } }`);
  expect(await ask(1)).toEqual({ status: 200, data: { station: { next: { time: '12:00' } } } });
  const { status, errors } = await ask(50);
  expect({ status, errors }).toMatchObject({
    status: 400,
    errors: [{ extensions: { code: 'QUESTION_TOO_COMPLEX' } }],
  });
});

describe('a question that goes very deep', () => {
  const dataDirectory = sharedTempFolder();
  let project: TestProject;
  beforeAll(async () => {
    // Such questions would be too costly as well; that limit has tests of its own.
    const flags = { graph: { limits: { cost: 0 } } };
    project = await startProjectUntilClosed({ dataDirectory, flags });
  });
  afterAll(() => project.server.close());

  const levels = (open: string, close: string, inner: string, times: number): string =>
    open.repeat(times) + inner + close.repeat(times);
  const selection = (inner: string, times: number): string =>
    `{ customer(id: "nobody") { ${levels('invoices { customer { ', '} }', inner, times)} } }`;
  const chain = (length: number, spread: (name: string) => string): string =>
    `{ customer(id: "nobody") { ...F0 } } fragment F${length} on Customer { creditLimit } ${Array.from(
      { length },
      (_, n) => `fragment F${n} on Customer { ${spread(`...F${n + 1}`)} }`,
    ).join(' ')}`;
  const inline = (inner: string): string => levels('... { ', '}', inner, 10);

  function codesOf({ status, errors = [] }: GraphAnswer): readonly unknown[] {
    return [status, ...new Set(errors.map(({ extensions }) => extensions?.['code']))];
  }

  it('is answered up to the limit', async () => {
    expect(await project.ask(selection('id', 31))).toEqual({
      status: 200,
      data: { customer: null },
    });
  });

  it.each([
    ['fields', selection('id', 32), 'SELECTION_TOO_DEEP'],
    ['fields by the thousands', selection('id', 5_000), 'DOCUMENT_TOO_NESTED'],
    ['fields that code computes', selection('creditLimit', 5_000), 'DOCUMENT_TOO_NESTED'],
    [
      'fields in fragments',
      chain(1, (name) => levels('invoices { customer { ', '} }', name, 40)),
      'SELECTION_TOO_DEEP',
    ],
    ['fragments', chain(1_000, (name) => name), 'DOCUMENT_TOO_LONG'],
    ['fragments with fragments in them', chain(300, inline), 'DOCUMENT_TOO_NESTED'],
    [
      'inline fragments',
      `{ ${levels('... { ', '}', '__typename', 10_000)} }`,
      'DOCUMENT_TOO_NESTED',
    ],
    ['lists', `{ customer(id: ${levels('[', ']', '1', 10_000)}) { id } }`, 'DOCUMENT_TOO_NESTED'],
    [
      'filters',
      `{ customers(where: ${levels('{ not: ', '}', '{}', 1_000)}) { totalCount } }`,
      'DOCUMENT_TOO_NESTED',
    ],
    [
      'types of variables',
      `query ($a: ${levels('[', ']', 'ID', 10_000)}) { __typename }`,
      'DOCUMENT_TOO_NESTED',
    ],
  ])('is refused for its %s', async (_, query, code) => {
    expect(codesOf(await project.ask(query))).toEqual([400, code]);
  });

  it('is refused by GET, and by the subgraphs for other routers', async () => {
    const { url } = project.server;
    const deep = encodeURIComponent(levels('{a', '}', '', 600));
    const response = await fetch(`${url}/graphql?query=${deep}`);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('DOCUMENT_TOO_NESTED');
    for (const subgraph of ['_hub', 'billing']) {
      const { status, errors } = await askSubgraph(subgraph, selection('id', 32));
      expect([subgraph, status, errors?.[0]?.extensions?.['code']]).toEqual([
        subgraph,
        400,
        'SELECTION_TOO_DEEP',
      ]);
    }
  });

  it('is refused for its variables', async () => {
    const variables: string = levels('{"not":', '}', '{}', 1_000);
    const query = 'query ($where: CustomerFilter) { customers(where: $where) { totalCount } }';
    const response = await fetch(`${project.server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: `{"query":${JSON.stringify(query)},"variables":{"where":${variables}}}`,
    });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('DOCUMENT_TOO_NESTED');
  });

  async function askSubgraph(subgraph: string, query: string): Promise<GraphAnswer> {
    const entities = `{ _entities(representations: [{ __typename: "Customer", id: "nobody" }]) { ... on Customer { ${levels('invoices { customer { ', '} }', 'id', 32)} } } }`;
    const response = await fetch(`${project.server.url}/subgraphs/${subgraph}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: subgraph === '_hub' ? query : entities }),
    });
    return { status: response.status, ...((await response.json()) as object) };
  }
});
