import { Writable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '../foundation/log.ts';
import { sharedTempFolder } from '../foundation/testing/temp-folder.ts';
import { hashOf } from '../gateway/request/trusted-documents.ts';
import { startProjectUntilClosed, type TestProject } from './testing/start-project.ts';

const query = 'query Name($id: ID!) { customer(id: $id) { id name } }';
const variables = { id: 'C0000042' };
const answer = { data: { customer: { id: 'C0000042', name: "Kunze - O'Keefe" } } };
const plain = { query, variables: JSON.stringify(variables) };
const sha256Hash = hashOf(query);
const extensions = JSON.stringify({ persistedQuery: { version: 1, sha256Hash } });

const dataDirectory = sharedTempFolder();
let project: TestProject;
/** How each question was answered, as the access log tells it. */
let ways: unknown[] = [];

beforeAll(async () => {
  const destination = new Writable({
    write(chunk: Buffer, _, done) {
      const { msg, way } = JSON.parse(chunk.toString()) as Record<string, unknown>;
      if (msg === 'request') ways.push(way);
      done();
    },
  });
  const log = createLog({ level: 'info', destination });
  project = await startProjectUntilClosed({ dataDirectory, log });
});

afterAll(() => project?.server.close());

beforeEach(async () => {
  await settled();
  ways = [];
});

/** A line of the log comes when the answer is with the client already. */
async function settled(): Promise<void> {
  await fetch(`${project.server.url}/health/live`);
}

function get(
  parameters: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const search = new URLSearchParams(parameters).toString();
  return fetch(`${project.server.url}/graphql?${search}`, { headers });
}

async function rename(name: string): Promise<void> {
  const mutation = `mutation { updateCustomer(input: { id: "C0000042", name: "${name}" }) { customer { name } errors { code } } }`;
  expect(await project.ask(mutation)).toMatchObject({ data: { updateCustomer: { errors: [] } } });
}

describe('a question by GET that was asked before', () => {
  it.each([
    ['of a client without wishes', {}, plain, 'application/json'],
    [
      'of Apollo Client',
      { accept: 'application/graphql-response+json,application/json;q=0.9' },
      plain,
      'application/graphql-response+json',
    ],
    [
      'of urql',
      {
        accept:
          'application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed',
      },
      { ...plain, query: `${query} # of urql` },
      'application/graphql-response+json',
    ],
    [
      'by its hash',
      { accept: 'application/json' },
      { ...plain, operationName: 'Name', extensions },
      'application/json',
    ],
  ])('%s is answered without being checked anew', async (_, headers, parameters, type) => {
    const answers = [];
    for (let time = 0; time < 3; time++) {
      const response = await get(parameters, headers);
      answers.push(await response.json());
      expect([response.status, response.headers.get('content-type')]).toEqual([
        200,
        `${type}; charset=utf-8`,
      ]);
    }
    expect(answers).toEqual([answer, answer, answer]);
    await expect.poll(() => ways.filter((way) => way !== undefined).at(-1)).toBe('kept');
    expect(ways).toContain('known');
  });

  it.each([
    'variables=',
    'variables=null',
    'variables=&extensions=',
    'extensions=null&operationName=',
    'operationName=&variables=null&extensions=null',
  ])('may leave parameters empty, or null: %s', async (search) => {
    const asked = encodeURIComponent('{ customer(id: "C0000042") { id name } }');
    for (let time = 0; time < 3; time++) {
      const response = await fetch(`${project.server.url}/graphql?query=${asked}&${search}`);
      expect([response.status, await response.json()]).toEqual([200, answer]);
    }
    await expect.poll(() => ways).toContain('known');
  });

  it('changes nothing, also when the same change was made by POST before', async () => {
    const mutation =
      'mutation { updateCustomer(input: { id: "C0000043", name: "Once" }) { errors { code } } }';
    await project.ask(mutation);
    const { status } = await get({ query: mutation });
    expect(status).toBe(405);
  });

  it.each([
    ['a parameter twice', `query=${encodeURIComponent('{ __typename }')}&query=x`, 400],
    [
      'variables that are no JSON',
      `query=${encodeURIComponent('{ __typename }')}&variables=x`,
      400,
    ],
    [
      'variables that are a list',
      `query=${encodeURIComponent('{ __typename }')}&variables=[]`,
      400,
    ],
  ])('with %s is refused as it was the first time', async (_, search, status) => {
    await get({ query: '{ __typename }' });
    for (let time = 0; time < 2; time++) {
      const response = await fetch(`${project.server.url}/graphql?${search}`);
      expect(response.status).toBe(status);
    }
  });
});

describe('a client that keeps what it got by GET', () => {
  it('is told that it is the same as long as it is, and gets it when it is not', async () => {
    const first = await get(plain);
    const tag = String(first.headers.get('etag'));
    expect(tag).toMatch(/^"[\w-]{22}"$/);
    expect(first.headers.get('cache-control')).toBe('private, no-cache');
    expect(first.headers.get('vary')).toMatch(/Origin, Accept, Authorization/);
    const same = await get(plain, { 'if-none-match': tag });
    expect([same.status, await same.text(), same.headers.get('etag')]).toEqual([304, '', tag]);
    await rename('Another');
    const changed = await get(plain, { 'if-none-match': tag });
    expect([changed.status, await changed.json()]).toEqual([
      200,
      { data: { customer: { id: 'C0000042', name: 'Another' } } },
    ]);
    await rename("Kunze - O'Keefe");
    expect((await get(plain, { 'if-none-match': `W/${tag}, "x"` })).status).toBe(304);
  });

  it('has another tag for another media type', async () => {
    const tags = await Promise.all(
      ['application/json', 'application/graphql-response+json'].map(async (accept) => {
        const { headers } = await get(plain, { accept });
        return headers.get('etag');
      }),
    );
    expect(new Set(tags).size).toBe(2);
  });

  it('gets no tag for what is refused, for a change, or for a question by POST', async () => {
    expect((await get({ query: '{ nothing }' })).headers.get('etag')).toBe(null);
    const posted = await fetch(`${project.server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    expect(posted.headers.get('etag')).toBe(null);
    expect(posted.headers.get('cache-control')).toBe('no-store');
  });
});
