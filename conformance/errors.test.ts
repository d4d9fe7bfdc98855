import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLog } from '../foundation/log.ts';
import { sharedTempFolder, tempFolder } from '../foundation/testing/temp-folder.ts';
import type { GraphAnswer } from './testing/ask-graph.ts';
import { ProjectFolder, schemaHead } from './testing/project-folder.ts';
import { StreamReader } from './testing/read-stream.ts';
import {
  repositoryDirectory,
  startProjectUntilClosed,
  type TestProject,
} from './testing/start-project.ts';

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const json = { 'content-type': 'application/json' };

describe('errors at /graphql', () => {
  const folder = sharedTempFolder();
  const logLines: Record<string, unknown>[] = [];
  let project: TestProject;

  beforeAll(async () => {
    const files = ProjectFolder.copyOfRepository(join(folder, 'project'));
    addTrouble(files);
    project = await startProjectUntilClosed({
      projectDirectory: files.directory,
      dataDirectory: join(folder, 'data'),
      log: createLog({
        level: 'debug',
        destination: { write: (line) => logLines.push(JSON.parse(line)) },
      }),
    });
  });

  afterAll(() => project?.server.close());

  async function send({ method = 'POST', path = '/graphql', headers = json, body }: Sent) {
    const response = await fetch(`${project.server.url}${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    const answer: Omit<GraphAnswer, 'status'> = JSON.parse(text);
    return { status: response.status, text, ...answer };
  }

  const ask = (query: string, more: object = {}): Sent => ({
    body: JSON.stringify({ query, ...more }),
  });

  const cases: readonly (readonly [
    name: string,
    sent: Sent,
    status: number,
    code: string,
    message: RegExp,
  ])[] = [
    [
      'an unknown field',
      ask('{ customer(id: "C0000042") { nam } }'),
      400,
      'GRAPHQL_VALIDATION_FAILED',
      /Cannot query field "nam" on type "Customer"\. Did you mean "name"/,
    ],
    [
      'an unknown argument',
      ask('{ customer(id: "C0000042", key: 1) { name } }'),
      400,
      'GRAPHQL_VALIDATION_FAILED',
      /Unknown argument "key"/,
    ],
    [
      'a literal of a wrong type',
      ask('{ customer(id: {}) { name } }'),
      400,
      'GRAPHQL_VALIDATION_FAILED',
      /ID cannot represent/,
    ],
    [
      'a variable of a wrong type',
      ask('query ($first: Int) { customers(first: $first) { totalCount } }', {
        variables: { first: 'ten' },
      }),
      400,
      'BAD_USER_INPUT',
      /"\$first" got invalid value "ten"/,
    ],
    [
      'a missing variable',
      ask('query ($id: ID!) { customer(id: $id) { name } }'),
      400,
      'BAD_USER_INPUT',
      /"\$id" of required type "ID!" was not provided/,
    ],
    ['a syntax error', ask('{ customer('), 400, 'GRAPHQL_PARSE_FAILED', /Syntax Error/],
    [
      'an unknown operation',
      ask('query A { __typename } query B { __typename }', { operationName: 'C' }),
      400,
      'OPERATION_RESOLUTION_FAILURE',
      /no operation "C"\. Known: A, B\./,
    ],
    [
      'several operations and no name',
      ask('query A { __typename } query B { __typename }'),
      400,
      'OPERATION_RESOLUTION_FAILURE',
      /several operations \(A, B\)/,
    ],
    ['malformed JSON', { body: '{"query": "{ a }"' }, 400, 'BODY_NOT_JSON', /is not JSON: /],
    ['an empty body', { body: '' }, 400, 'BODY_NOT_JSON', /is not JSON: /],
    ['JSON that is no object', { body: '"{ a }"' }, 400, 'BAD_REQUEST', /POST body/],
    ['an object without a query', { body: '{"variables":{}}' }, 400, 'BAD_REQUEST', /query/],
    ['a query that is no text', { body: '{"query":7}' }, 400, 'BAD_REQUEST', /must be strings/],
    [
      'variables that are no object',
      ask('{ __typename }', { variables: [] }),
      400,
      'BAD_REQUEST',
      /`variables` in a POST body/,
    ],
    [
      'a batch',
      { body: '[{"query":"{ __typename }"},{"query":"{ __typename }"}]' },
      400,
      'BAD_REQUEST',
      /batching/,
    ],
    [
      'an oversized body',
      { body: `{"query":"{ __typename }","x":"${'x'.repeat(1_048_576)}"}` },
      413,
      'BODY_TOO_LARGE',
      /larger than 1048576 bytes/,
    ],
    [
      'plain text',
      { headers: { 'content-type': 'text/plain' }, body: '{"query":"{ __typename }"}' },
      415,
      'CONTENT_TYPE_UNSUPPORTED',
      /is of the type "text\/plain"/,
    ],
    [
      'a form',
      {
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'query={__typename}',
      },
      415,
      'CONTENT_TYPE_UNSUPPORTED',
      /x-www-form-urlencoded/,
    ],
    [
      'a GET that a page of another origin can make',
      {
        method: 'GET',
        path: '/graphql?query={__typename}',
        headers: { 'sec-fetch-site': 'cross-site' },
      },
      403,
      'CROSS_SITE_REQUEST',
      /page of another site: its Sec-Fetch-Site is cross-site/,
    ],
    ['a GET without a query', { method: 'GET', headers: {} }, 400, 'BAD_REQUEST', /query/],
    ['another method', { method: 'PUT', body: '{}' }, 405, 'METHOD_NOT_ALLOWED', /PUT/],
    ['another path', { path: '/grapqhl', body: '{}' }, 404, 'PATH_NOT_FOUND', /nothing at/],
    [
      'a bad cursor',
      ask('{ customers(after: "nonsense") { nodes { id } } }'),
      200,
      'CURSOR_INVALID',
      /The cursor "nonsense" in customers\(after:\)/,
    ],
    [
      'a negative page size',
      ask('{ customers(first: -1) { nodes { id } } }'),
      200,
      'PAGE_SIZE_INVALID',
      /customers\(first: -1\)/,
    ],
    [
      'an unknown form of decimals',
      {
        ...ask('{ __typename }'),
        headers: { ...json, 'x-tributary-decimals': 'roman' },
      },
      400,
      'DECIMALS_UNKNOWN',
      /cannot be "roman"/,
    ],
  ];

  for (const [name, sent, status, code, message] of cases) {
    it(`says what is wrong with ${name}, and how to mend it`, async () => {
      const answer = await send(sent);
      expect(answer.errors).toHaveLength(1);
      expect(answer.errors?.[0]).toMatchObject({
        message: expect.stringMatching(message),
        extensions: { code, hint: expect.stringMatching(/^[A-Z].*[.?]$/) },
      });
      expect(answer.status).toBe(status);
      expect(answer.text).not.toMatch(/stack|node_modules|\.ts\b|SELECT/);
    });
  }

  it('answers a GET', async () => {
    const { status, data } = await send({
      method: 'GET',
      path: '/graphql?query={__typename}',
      headers: {},
    });
    expect({ status, data }).toEqual({ status: 200, data: { __typename: 'Query' } });
  });

  it('reads JSON under any spelling of its type', async () => {
    for (const type of ['Application/JSON; charset=utf-8', 'application/graphql+json']) {
      const { data } = await send({ ...ask('{ __typename }'), headers: { 'content-type': type } });
      expect(data).toEqual({ __typename: 'Query' });
    }
  });

  it('masks what a resolver throws by accident', async () => {
    const { data, errors } = await project.ask('{ customer(id: "C0000042") { name accident } }');
    expect(data?.['customer']).toMatchObject({ name: expect.any(String), accident: null });
    const [error] = errors ?? [];
    const correlationId = error?.extensions?.['correlationId'];
    expect(error).toMatchObject({
      message: `Something went wrong inside the gateway (correlation id ${String(correlationId)}).`,
      path: ['customer', 'accident'],
      extensions: { code: 'INTERNAL_SERVER_ERROR', serviceName: 'trouble' },
    });
    expect(JSON.stringify(errors)).not.toMatch(/secret|stack|SELECT|home/);
    const line = logLines.find((candidate) => candidate['correlationId'] === correlationId);
    expect(line).toMatchObject({
      level: 'error',
      subgraph: 'trouble',
      requestId: expect.any(String),
      err: { message: 'secret: SELECT * FROM /home/me', stack: expect.any(String) },
    });
  });

  it('shows what a resolver throws on purpose', async () => {
    const { errors } = await project.ask(
      '{ customer(id: "C0000042") { refusal codedRefusal must } }',
    );
    expect(errors).toMatchObject([
      {
        message: 'The shop is closed.',
        path: ['customer', 'refusal'],
        extensions: { code: 'SUBGRAPH_REFUSED', serviceName: 'trouble' },
      },
      {
        message: 'The shop is full.',
        path: ['customer', 'codedRefusal'],
        extensions: { code: 'SHOP_FULL', guests: 7, serviceName: 'trouble' },
      },
      {
        message: 'Cannot return null for non-nullable field Customer.must.',
        path: ['customer', 'must'],
        extensions: { code: 'VALUE_MISSING', serviceName: 'trouble' },
      },
    ]);
  });

  it('masks the same at the subgraph itself', async () => {
    const query =
      '{ _entities(representations: [{ __typename: "Customer", id: "C0000042" }]) { ... on Customer { accident } } }';
    const { errors, text } = await send({ path: '/subgraphs/trouble', ...ask(query) });
    expect(errors).toMatchObject([
      { path: ['_entities', 0, 'accident'], extensions: { code: 'INTERNAL_SERVER_ERROR' } },
    ]);
    expect(text).not.toMatch(/secret|stack|SELECT|home/);
  });
});

it('hides the schema from errors where callers may not read it', async () => {
  const dataDirectory = tempFolder();
  const project = await startProjectUntilClosed({
    dataDirectory,
    flags: { graph: { introspection: false } },
  });
  const { errors } = await project.ask('{ customer(id: "C0000042") { nam } }');
  const introspection = await project.ask('{ __schema { queryType { name } } }');
  await project.server.close();
  expect(errors?.[0]?.message).toBe('Cannot query field "nam" on type "Customer".');
  expect(introspection.errors?.[0]?.message).toMatch(/introspection is not allowed/);
  expect(introspection.errors?.[0]?.extensions?.['hint']).toEqual(expect.any(String));
});

/** What is wrong with a value, where GraphQL itself would name what was meant perhaps. */
const nearNames: readonly (readonly [string, string, Record<string, unknown>])[] = [
  [
    'a value of an enum in a variable',
    'query ($by: [CustomerOrder!]) { customers(orderBy: $by) { totalCount } }',
    { by: [{ name: 'ASK' }] },
  ],
  [
    'a field in a variable, where a plan is needed',
    'query ($where: CustomerFilter) { customers(where: $where) { nodes { creditLimit } } }',
    { where: { nam: { eq: 'a' } } },
  ],
  ['a value of an enum', '{ customers(orderBy: [{ name: ASK }]) { totalCount } }', {}],
  ['a text for an enum', '{ customers(orderBy: [{ name: "ASK" }]) { totalCount } }', {}],
  [
    'a type of events in a variable of a subscription',
    'subscription ($types: [String!]) { customerEvents(types: $types) { subject } }',
    { types: ['CustomerCreate'] },
  ],
];

describe.each([
  ['callers may not read the schema', { introspection: false }],
  ['errors are to say no more than their code', { errorDetail: 'code' }],
] as const)('where %s', (_, graph) => {
  const dataDirectory = sharedTempFolder();
  let project: TestProject;
  beforeAll(async () => {
    project = await startProjectUntilClosed({ dataDirectory, flags: { graph } });
  });
  afterAll(() => project.server.close());

  it.each(nearNames)('no near name is told of %s, each time', async (__, query, variables) => {
    for (let times = 0; times < 2; times++) {
      const said = query.startsWith('subscription')
        ? (await StreamReader.open(project.server.url, query, { variables })).refusal
        : JSON.stringify(await project.ask(query, variables));
      expect(said).toMatch(/"code":"[A-Z_]+"/);
      expect(said).not.toMatch(/Did you mean|Known:/);
    }
  });

  it('a known operation tells none either', async () => {
    const query = 'query ($by: [CustomerOrder!]) { customers(orderBy: $by) { totalCount } }';
    expect((await project.ask(query, { by: [{ name: 'ASC' }] })).status).toBe(200);
    const { errors } = await project.ask(query, { by: [{ nam: 'ASC' }, { name: 'ASK' }] });
    expect(errors?.map(({ message }) => message)).toEqual([
      expect.stringMatching(/Field "nam" is not defined by type "CustomerOrder"\.$/),
      expect.stringMatching(/Value "ASK" does not exist in "RowOrder" enum\.$/),
    ]);
  });
});

/** A domain whose resolvers fail in every way. */
function addTrouble(project: ProjectFolder): void {
  project.addSubgraph(
    'trouble',
    `${schemaHead}
type Customer @key(fields: "id") {
  id: ID!
  accident: String @computed
  refusal: String @computed
  codedRefusal: String @computed
  must: String! @computed
}
`,
  );
  project.write(
    'subgraphs/trouble/resolvers.ts',
    `import { GraphQLError } from 'graphql';

export default {
  Customer: {
    accident() {
      throw new Error('secret: SELECT * FROM /home/me');
    },
    refusal() {
      throw new GraphQLError('The shop is closed.');
    },
    codedRefusal() {
      throw new GraphQLError('The shop is full.', { extensions: { code: 'SHOP_FULL', guests: 7 } });
    },
    must: () => null,
  },
};
`,
  );
  project.link('node_modules', join(repositoryDirectory, 'node_modules'));
}
