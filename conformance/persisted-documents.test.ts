import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedTempFolder, tempFolder } from '../foundation/testing/temp-folder.ts';
import { hashOf } from '../gateway/request/trusted-documents.ts';
import { ProjectFolder } from './testing/project-folder.ts';
import {
  startProject,
  startProjectUntilClosed,
  type TestProject,
} from './testing/start-project.ts';

const query = 'query Name($id: ID!) { customer(id: $id) { name } }';
const variables = { id: 'C0000042' };
const named = { data: { customer: { name: "Kunze - O'Keefe" } } };
const persisted = (text: string): object => ({
  extensions: { persistedQuery: { version: 1, sha256Hash: hashOf(text) } },
});

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly json: { readonly data?: unknown; readonly errors?: readonly unknown[] };
}

async function post(url: string, body: object, path = '/graphql'): Promise<Answer> {
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, json: await response.json() };
}

async function get(
  url: string,
  parameters: Readonly<Record<string, unknown>>,
  path = '/graphql',
): Promise<Answer> {
  const target = new URL(`${url}${path}`);
  for (const [name, value] of Object.entries(parameters)) {
    target.searchParams.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  const response = await fetch(target);
  return { status: response.status, headers: response.headers, json: await response.json() };
}

const errorOf = (code: string, message?: string): object => ({
  errors: [{ extensions: { code }, ...(message !== undefined && { message }) }],
});

describe('automatic persisted queries', () => {
  const dataDirectory = sharedTempFolder();
  let project: TestProject;

  beforeAll(async () => {
    project = await startProjectUntilClosed({ dataDirectory });
  });

  afterAll(() => project?.server.close());

  describe.each([
    ['POST', post],
    ['GET', get],
  ])('by %s', (method, send) => {
    const own = `query By${method}($id: ID!) { customer(id: $id) { name } }`;

    it('are asked for the text once, and then known by their hash', async () => {
      const { url } = project.server;
      const unknown = await send(url, { ...persisted(own), variables });
      expect([unknown.status, unknown.json]).toMatchObject([
        200,
        errorOf('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound'),
      ]);
      expect(unknown.headers.get('cache-control')).toBe('no-store');
      const first = await send(url, { query: own, ...persisted(own), variables });
      expect([first.status, first.json]).toEqual([200, named]);
      expect((await send(url, { ...persisted(own), variables })).json).toEqual(named);
      expect((await send(url, { documentId: `sha256:${hashOf(own)}`, variables })).json).toEqual(
        named,
      );
    });

    it('are refused with the hash of another', async () => {
      const { status, json } = await send(project.server.url, { query, ...persisted(own) });
      expect([status, json]).toMatchObject([400, errorOf('PERSISTED_QUERY_MISMATCH')]);
    });
  });

  it('are known to subgraphs too', async () => {
    const { url } = project.server;
    const own = '{ _service { sdl } }';
    const send = (body: object): Promise<Answer> => post(url, body, '/subgraphs/sales');
    expect((await send(persisted(own))).json).toMatchObject(errorOf('PERSISTED_QUERY_NOT_FOUND'));
    expect((await send({ query: own, ...persisted(own) })).json).toHaveProperty('data._service');
    expect((await send(persisted(own))).json).toHaveProperty('data._service');
  });

  it('never change something by GET', async () => {
    const change = 'mutation { deleteCustomer(input: { id: "C0000042" }) { errors { code } } }';
    await post(project.server.url, { query: change, ...persisted(change), operationName: 'None' });
    expect((await get(project.server.url, { ...persisted(change) })).status).toBe(405);
  });

  it('outlive a reload of the graph', async () => {
    const own = 'query Outlives { customer(id: "C0000042") { name } }';
    await post(project.server.url, { query: own, ...persisted(own) });
    await project.server.reload();
    expect((await post(project.server.url, persisted(own))).json).toEqual(named);
  });

  it('may be a stream', async () => {
    const own = 'query Streamed { customer(id: "C0000042") { name } }';
    await post(project.server.url, { query: own, ...persisted(own) });
    const target = new URL(`${project.server.url}/graphql?documentId=sha256:${hashOf(own)}`);
    const response = await fetch(target, { headers: { accept: 'text/event-stream' } });
    expect(await response.text()).toContain("Kunze - O'Keefe");
  });

  it('can be turned off, and say so', async () => {
    const flags = { graph: { documents: { automatic: false } } };
    const { server } = await startProject({ flags });
    const { status, json } = await post(server.url, persisted(query));
    expect([status, json]).toMatchObject([
      200,
      errorOf('PERSISTED_QUERY_NOT_SUPPORTED', 'PersistedQueryNotSupported'),
    ]);
    expect((await post(server.url, { query, ...persisted(query), variables })).json).toEqual(named);
    expect((await post(server.url, persisted(query))).json).toMatchObject(
      errorOf('PERSISTED_QUERY_NOT_SUPPORTED'),
    );
  });
});

describe('trusted documents', () => {
  const apolloManifest = {
    format: 'apollo-persisted-query-manifest',
    version: 1,
    operations: [{ id: hashOf(query), name: 'Name', type: 'query', body: query }],
  };
  const relayText = 'query Terms { customer(id: "C0000042") { paymentTerms } }';
  const relayManifest = { d41d8cd98f00b204e9800998ecf8427e: relayText };
  const folder = sharedTempFolder();
  let files: ProjectFolder;
  let project: TestProject;

  beforeAll(async () => {
    files = ProjectFolder.copyOfRepository(join(folder, 'project'));
    files.write('documents/apollo.json', JSON.stringify(apolloManifest));
    files.write('documents/relay.json', JSON.stringify(relayManifest));
    files.write(
      'tributary.yaml',
      'graph:\n  documents:\n    trustedFiles: [documents/apollo.json, documents/relay.json]\n    onlyTrusted: true\n',
    );
    project = await startProjectUntilClosed({
      projectDirectory: files.directory,
      dataDirectory: join(folder, 'data'),
      isWatching: true,
    });
  });

  afterAll(() => project?.server.close());

  it.each<readonly [string, object, object]>([
    ["Apollo's hash", { ...persisted(query), variables }, named],
    ['its documentId', { documentId: hashOf(query), variables }, named],
    ['its SHA-256', { documentId: `sha256:${hashOf(query)}`, variables }, named],
    ['its text', { query, variables }, named],
    [
      'an id of Relay',
      { documentId: 'd41d8cd98f00b204e9800998ecf8427e' },
      { data: { customer: { paymentTerms: 'NET_60' } } },
    ],
  ])('are answered by %s, by POST and by GET', async (_, asked, answer) => {
    expect((await post(project.server.url, asked)).json).toEqual(answer);
    expect((await get(project.server.url, { ...asked })).json).toEqual(answer);
  });

  it.each<readonly [string, object]>([
    ['by its text', { query: '{ customer(id: "C0000042") { email } }' }],
    ['by its hash', persisted('{ customer(id: "C0000042") { email } }')],
    ['by its id', { documentId: 'unknown' }],
    ['that reads the schema', { query: '{ __schema { types { name } } }' }],
  ])('leave no other answered, %s', async (_, asked) => {
    for (const send of [post, get]) {
      const { status, json } = await send(project.server.url, { ...asked });
      expect([status, json]).toMatchObject([403, errorOf('DOCUMENT_NOT_TRUSTED')]);
    }
  });

  it('leave no other answered as a stream, or smuggled in beside a trusted one', async () => {
    const { url } = project.server;
    const other = '{ customer(id: "C0000042") { email } }';
    const search = `query=${encodeURIComponent(query)}&query=${encodeURIComponent(other)}`;
    for (const accept of ['text/event-stream', 'application/json']) {
      const both = await fetch(`${url}/graphql?${search}`, { headers: { accept } });
      expect(await both.text()).not.toContain('"email"');
      const target = `${url}/graphql?query=${encodeURIComponent(other)}`;
      expect((await fetch(target, { headers: { accept } })).status).toBe(403);
    }
    expect((await post(url, [{ query: other }] as object)).status).toBe(400);
  });

  it('do not concern routers that ask subgraphs', async () => {
    const { json } = await post(project.server.url, { query: '{ __typename }' }, '/subgraphs/_hub');
    expect(json).toEqual({ data: { __typename: 'Query' } });
  });

  it('are read anew when their manifest changes, and those of before go on when it is broken', async () => {
    const { url } = project.server;
    const added = 'query Added { customer(id: "C0000042") { supportTier } }';
    files.write('documents/relay.json', JSON.stringify({ ...relayManifest, added }));
    let answer: Answer;
    do {
      await sleep(20);
      answer = await post(url, { documentId: 'added' });
    } while (answer.status !== 200);
    expect(answer.json).toEqual({ data: { customer: { supportTier: 'SILVER' } } });
    files.write('documents/relay.json', '{');
    await expect(project.server.reload()).rejects.toMatchObject({
      code: 'TRUSTED_DOCUMENTS_UNREADABLE',
    });
    expect((await post(url, { documentId: 'added' })).status).toBe(200);
  });

  it.each<readonly [string, unknown]>([
    ['no object', []],
    ['a text that is none', { a: 7 }],
    ['a text that is no GraphQL', { a: '{ b' }],
    ['an empty id', { '': '{ a }' }],
    ['a version that is not known', { format: 'apollo-persisted-query-manifest', version: 2 }],
    [
      'an operation without a body',
      { format: 'apollo-persisted-query-manifest', version: 1, operations: [{ id: 'a' }] },
    ],
    [
      'two documents of one id',
      {
        format: 'apollo-persisted-query-manifest',
        version: 1,
        operations: [
          { id: 'a', body: '{ a }' },
          { id: 'a', body: '{ b }' },
        ],
      },
    ],
  ])('cannot be read from a manifest with %s', async (_, manifest) => {
    const broken = ProjectFolder.copyOfRepository(join(tempFolder(), 'project'));
    broken.write('trusted.json', JSON.stringify(manifest));
    broken.write('tributary.yaml', 'graph:\n  documents:\n    trustedFiles: [trusted.json]\n');
    await expect(startProject({ projectDirectory: broken.directory })).rejects.toMatchObject({
      code: 'TRUSTED_DOCUMENTS_INVALID',
    });
  });
});
