import { createServer, type Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import {
  authoredSubgraphs,
  loadSubgraphs,
  projectFiles,
  type AuthoredGraph,
} from './load-subgraphs.ts';
import { compose } from './compose.ts';
import { mappingDirectives } from './mapping-directives.ts';
import { readSupergraphConfig } from './supergraph-config.ts';
import { createTemporaryProject, type TemporaryProject } from './testing/temporary-project.ts';

const link =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@override"])';
const identity = `${link}
${mappingDirectives}
type Customer @key(fields: "id") @table @identity(fields: "id name") { id: ID! name: String! }
type Query { customer(id: ID!): Customer }`;
const crmSchema = `${link}
type Customer @key(fields: "id") { id: ID! leads: Int }`;

const closers: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

async function createProject(files: Readonly<Record<string, string>>): Promise<TemporaryProject> {
  const project = await createTemporaryProject(files);
  closers.push(() => project.remove());
  return project;
}

async function load(files: Readonly<Record<string, string>>): Promise<AuthoredGraph> {
  const project = await createProject(files);
  const config = await readSupergraphConfig(project.pathOf('supergraph.yaml'), { environment: {} });
  return loadSubgraphs(config, { timeoutMs: 500 });
}

async function serve(
  answer: (body: string) => { status: number; body: string } | undefined,
): Promise<string> {
  const server: Server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const answered = answer(`${request.headers['x-api-key'] ?? ''} ${body}`);
      if (answered === undefined) return;
      response
        .writeHead(answered.status, { 'content-type': 'application/json' })
        .end(answered.body);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  closers.push(async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}/graphql`;
}

function listing(crm: string): string {
  return `subgraphs:
  identity:
    routing_url: http://127.0.0.1:4000/subgraphs/identity
    schema: { file: identity/schema.graphql }
  crm:
    routing_url: http://127.0.0.1:4001/graphql
    schema: ${crm}
`;
}

describe('loading the subgraphs', () => {
  it('loads the committed ones, which compose without the hub', async () => {
    const config = await readSupergraphConfig('supergraph.yaml', { environment: {} });
    const graph = await loadSubgraphs(config, { timeoutMs: 1 });
    expect(graph.domains.map(({ name }) => name)).toEqual([
      'identity',
      'sales',
      'support',
      'billing',
    ]);
    expect(graph.remotes).toEqual([]);
    expect([...graph.model.entities.keys()].toSorted()).toEqual(['Customer', 'Invoice']);
    const { supergraphSdl } = compose({ subgraphs: authoredSubgraphs(graph) });
    expect(supergraphSdl).toContain('url: "http://127.0.0.1:4000/subgraphs/sales"');
  });

  it('takes a schema without a table and without resolvers for a remote one', async () => {
    const graph = await load({
      'supergraph.yaml': listing('{ file: crm.graphql }'),
      'identity/schema.graphql': identity,
      'crm.graphql': crmSchema,
    });
    expect(graph.domains.map(({ name }) => name)).toEqual(['identity']);
    expect(graph.remotes).toMatchObject([
      { name: 'crm', url: 'http://127.0.0.1:4001/graphql', sdl: crmSchema },
    ]);
    expect(graph.urls.get('identity')).toBe('http://127.0.0.1:4000/subgraphs/identity');
  });

  it.each(['resolvers.ts', 'resolvers.js', 'resolvers.mjs'])(
    'takes a schema with %s beside it for a domain',
    async (resolvers) => {
      const graph = await load({
        'supergraph.yaml': listing('{ file: crm/schema.graphql }'),
        'identity/schema.graphql': identity,
        'crm/schema.graphql': `${link} type Query { leadCount: Int }`,
        [`crm/${resolvers}`]: 'export default {};',
      });
      expect(graph.domains.map(({ name }) => name)).toEqual(['identity', 'crm']);
    },
  );

  it('finds a field that a remote subgraph defines and a domain owns', async () => {
    const loading = load({
      'supergraph.yaml': listing('{ file: crm.graphql }'),
      'identity/schema.graphql': identity,
      'crm.graphql': crmSchema.replace('leads: Int', 'name: String!'),
    });
    await expect(loading).rejects.toMatchObject({ code: 'FIELD_HAS_TWO_OWNERS' });
  });

  it('lets a remote subgraph take a field out of the lake', async () => {
    const graph = await load({
      'supergraph.yaml': listing('{ file: crm.graphql }'),
      'identity/schema.graphql': identity,
      'crm.graphql': crmSchema.replace('leads: Int', 'name: String! @override(from: "identity")'),
    });
    const fields = graph.model.entities.get('Customer')?.fields.map(({ field }) => field.name);
    expect(fields).toEqual(['id']);
    expect(compose({ subgraphs: authoredSubgraphs(graph) }).supergraphSdl).toContain(
      '@join__field(graph: CRM, override: "identity")',
    );
  });

  it('names the line that names a missing file', async () => {
    const loading = load({
      'supergraph.yaml': listing('{ file: crm/schema.graphql }'),
      'identity/schema.graphql': identity,
    });
    await expect(loading).rejects.toMatchObject({
      code: 'SCHEMA_FILE_UNREADABLE',
      message: expect.stringContaining('there is no such file'),
      at: { line: 7, column: 21 },
    });
  });

  it('names the file and line of a mistake in a schema', async () => {
    const loading = load({
      'supergraph.yaml': listing('{ file: crm.graphql }'),
      'identity/schema.graphql': identity,
      'crm.graphql': 'type Query {\n  a: [Int\n}',
    });
    await expect(loading).rejects.toMatchObject({
      code: 'SCHEMA_SYNTAX',
      at: { file: expect.stringMatching(/crm\.graphql$/), line: 3, column: 1 },
    });
  });

  it('lists the files to watch', async () => {
    const project = await createProject({ 'supergraph.yaml': listing('{ sdl: x }') });
    const file = project.pathOf('supergraph.yaml');
    const config = await readSupergraphConfig(file, { environment: {} });
    expect(projectFiles(config).map((path) => path.slice(project.directory.length + 1))).toEqual([
      'supergraph.yaml',
      'tributary.yaml',
      'identity/schema.graphql',
      'identity/resolvers.ts',
      'identity/resolvers.js',
      'identity/resolvers.mjs',
    ]);
  });
});

describe('introspecting a subgraph', () => {
  const files = (url: string): Readonly<Record<string, string>> => ({
    'supergraph.yaml': listing(
      `{ subgraph_url: "${url}", introspection_headers: { x-api-key: abc } }`,
    ),
    'identity/schema.graphql': identity,
  });

  it('asks for its schema, with the headers that the list gives', async () => {
    let asked = '';
    const url = await serve((body) => {
      asked = body;
      return { status: 200, body: JSON.stringify({ data: { _service: { sdl: crmSchema } } }) };
    });
    const graph = await load(files(url));
    expect(asked).toBe('abc {"query":"{ _service { sdl } }"}');
    expect(graph.remotes).toMatchObject([
      { name: 'crm', sdl: crmSchema, schemaFile: `crm (${url})` },
    ]);
  });

  it.each([
    ['no JSON', { status: 200, body: '<html>' }, 'its answer is no JSON'],
    ['an error', { status: 503, body: '{}' }, 'HTTP status 503'],
    ['no schema', { status: 200, body: '{"errors":[{"message":"no"}]}' }, 'no federation subgraph'],
    ['null', { status: 200, body: 'null' }, 'no federation subgraph'],
    ['nothing at all', undefined, 'within 500 ms'],
  ])('says so when it answers %s', async (_, answer, problem) => {
    const url = await serve(() => answer);
    await expect(load(files(url))).rejects.toMatchObject({
      code: 'SUBGRAPH_SCHEMA_UNREACHABLE',
      message: expect.stringContaining(problem),
      at: { line: 7 },
    });
  });

  it('says so when nobody listens', async () => {
    const url = await serve(() => undefined);
    await closers.pop()?.();
    await expect(load(files(url))).rejects.toMatchObject({
      code: 'SUBGRAPH_SCHEMA_UNREACHABLE',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });
});
