import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedTempFolder } from '../foundation/testing/temp-folder.ts';
import { startProjectUntilClosed, type TestProject } from './testing/start-project.ts';

const question = '{ customer(id: "C0000042") { id } }';
const answer = { data: { customer: { id: 'C0000042' } } };
const change =
  'mutation { createCustomer(input: { name: "Eve", email: "eve@mail.example" }) { customer { id } } }';
const chrome = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36';
const oldSafari = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Version/16.1 Safari/605.1.15';
const allowedOrigin = 'https://app.example';

interface Sent {
  readonly method?: 'GET' | 'POST';
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

describe('a request that comes', () => {
  const dataDirectory = sharedTempFolder();
  let project: TestProject;

  beforeAll(async () => {
    const cors = { origins: [allowedOrigin] };
    project = await startProjectUntilClosed({ dataDirectory, flags: { cors } });
  });

  afterAll(() => project?.server.close());

  async function send(
    { method = 'GET', query = question, headers = {}, body }: Sent,
    path: string,
  ) {
    const search = method === 'GET' ? `?${new URLSearchParams({ query }).toString()}` : '';
    const response = await fetch(`${project.server.url}${path}${search}`, {
      method,
      headers,
      ...(method === 'POST' && { body: body ?? JSON.stringify({ query }) }),
    });
    const text = await response.text();
    return { status: response.status, code: /"code":"(\w+)"/.exec(text)?.[1], text };
  }

  const good: readonly (readonly [string, Sent])[] = [
    [
      'by GET from urql, as it does by default',
      { headers: { accept: 'application/graphql-response+json, application/json, */*' } },
    ],
    ['by GET from curl', { headers: { 'user-agent': 'curl/8.9.1', accept: '*/*' } }],
    ['by GET from a tool that says nothing of itself', { headers: { 'user-agent': '' } }],
    [
      'by GET from a page of our own',
      { headers: { 'user-agent': chrome, 'sec-fetch-site': 'same-origin' } },
    ],
    [
      'by GET from a person who typed the address',
      { headers: { 'user-agent': chrome, 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' } },
    ],
    [
      'by GET from a page of an allowed origin',
      {
        headers: { 'user-agent': chrome, 'sec-fetch-site': 'cross-site', origin: allowedOrigin },
      },
    ],
    [
      'by POST from a page of an allowed origin',
      {
        method: 'POST',
        headers: {
          'user-agent': chrome,
          'sec-fetch-site': 'cross-site',
          origin: allowedOrigin,
          'content-type': 'application/json',
        },
      },
    ],
    [
      'by POST from curl',
      {
        method: 'POST',
        headers: { 'user-agent': 'curl/8.9.1', 'content-type': 'application/json' },
      },
    ],
  ];

  it.each(good)('%s, is answered', async (_name, sent) => {
    for (const path of ['/graphql', '/subgraphs/_hub']) {
      const { status, text } = await send(sent, path);
      expect([status, JSON.parse(text)]).toEqual([200, answer]);
    }
  });

  it('by GET from an old browser, of a page of our own, is answered', async () => {
    const referer = `${project.server.url}/graphiql`;
    const { status } = await send({ headers: { 'user-agent': oldSafari, referer } }, '/graphql');
    expect(status).toBe(200);
  });

  const attacks: readonly (readonly [string, Sent, number, string])[] = [
    [
      'from a form of another site',
      {
        method: 'POST',
        headers: {
          'user-agent': chrome,
          origin: 'https://evil.example',
          'sec-fetch-site': 'cross-site',
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: new URLSearchParams({ query: change }).toString(),
      },
      403,
      'ORIGIN_NOT_ALLOWED',
    ],
    [
      'from a form of another site that hides its origin',
      {
        method: 'POST',
        headers: {
          'user-agent': chrome,
          origin: 'null',
          'sec-fetch-site': 'cross-site',
          'content-type': 'multipart/form-data; boundary=x',
        },
        body: '--x\r\ncontent-disposition: form-data; name="query"\r\n\r\n{__typename}\r\n--x--',
      },
      403,
      'ORIGIN_NOT_ALLOWED',
    ],
    [
      'from a form of a browser that sends no origin',
      {
        method: 'POST',
        headers: { 'sec-fetch-site': 'cross-site', 'content-type': 'text/plain' },
      },
      403,
      'CROSS_SITE_REQUEST',
    ],
    [
      'from an image of another site, with the cookies of a proxy',
      {
        headers: {
          'user-agent': chrome,
          'sec-fetch-site': 'cross-site',
          'sec-fetch-mode': 'no-cors',
          'sec-fetch-dest': 'image',
          cookie: 'session=1',
        },
      },
      403,
      'CROSS_SITE_REQUEST',
    ],
    [
      'from a link of another site',
      {
        headers: {
          'user-agent': chrome,
          'sec-fetch-site': 'cross-site',
          'sec-fetch-mode': 'navigate',
          'sec-fetch-user': '?1',
        },
      },
      403,
      'CROSS_SITE_REQUEST',
    ],
    [
      'from another port of this machine',
      { headers: { 'user-agent': chrome, 'sec-fetch-site': 'same-site' } },
      403,
      'CROSS_SITE_REQUEST',
    ],
    [
      'from a place that nobody knows',
      { headers: { 'user-agent': chrome, 'sec-fetch-site': 'elsewhere' } },
      403,
      'CROSS_SITE_REQUEST',
    ],
    [
      'from an old browser, of another page',
      { headers: { 'user-agent': oldSafari, referer: 'https://evil.example/' } },
      403,
      'CROSS_SITE_REQUEST',
    ],
    [
      'from an old browser, of a page that hides itself',
      { headers: { 'user-agent': oldSafari, cookie: 'session=1' } },
      403,
      'CROSS_SITE_REQUEST',
    ],
    [
      'from an old browser, of a page that asks for JSON without asking first',
      { headers: { 'user-agent': oldSafari, accept: 'application/json' } },
      403,
      'CROSS_SITE_REQUEST',
    ],
    [
      'from an old browser, of a page with a name like ours',
      { headers: { 'user-agent': oldSafari, referer: 'http://127.0.0.1.evil.example/' } },
      403,
      'CROSS_SITE_REQUEST',
    ],
    ...['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'text/json'].map(
      (type): readonly [string, Sent, number, string] => [
        `by POST as ${type}, whoever sends it`,
        { method: 'POST', headers: { 'content-type': type } },
        415,
        'CONTENT_TYPE_UNSUPPORTED',
      ],
    ),
    [
      'by POST without a content type',
      { method: 'POST', headers: { 'content-type': '' } },
      415,
      'CONTENT_TYPE_UNSUPPORTED',
    ],
    ['by GET with a change', { query: change }, 405, 'BAD_REQUEST'],
    [
      'by GET with a change from a page of an allowed origin',
      { query: change, headers: { origin: allowedOrigin } },
      405,
      'BAD_REQUEST',
    ],
    [
      'by GET with a change that asks for a stream',
      { query: change, headers: { accept: 'text/event-stream' } },
      405,
      'BAD_REQUEST',
    ],
  ];

  it.each(attacks)('%s, is refused before it does anything', async (_name, sent, status, code) => {
    project.statements.length = 0;
    expect(await send(sent, '/graphql')).toMatchObject({ status, code });
    expect(project.statements).toEqual([]);
  });

  it('from a link of another site and asks nothing gets the page', async () => {
    const headers = { 'user-agent': chrome, 'sec-fetch-site': 'cross-site', accept: 'text/html' };
    for (const path of ['/', '/graphql', '/graphiql']) {
      expect((await fetch(`${project.server.url}${path}`, { headers })).status).toBe(200);
    }
  });
});
