import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKey, revokeKey } from '../../access/api-keys.ts';
import { systemClock } from '../../foundation/clock.ts';
import { raise } from '../../foundation/errors/tributary-error.ts';
import { healthRoutes } from './health-routes.ts';
import type { FrontRequest, Route } from './route.ts';
import { startTestFront, type TestFront } from './testing/start-test-front.ts';

const text = { 'content-type': 'text/plain' };
const clock = systemClock;

async function* count(to: number): AsyncGenerator<string> {
  for (let n = 1; n <= to; n++) yield `${n}\n`;
}

async function* breakOff(): AsyncGenerator<string> {
  yield 'begun';
  await sleep(10);
  throw new Error('secret table name');
}

function echo({ id, method, path, search, body, caller }: FrontRequest): string {
  return JSON.stringify({ id, method, path, search, body, caller });
}

const routes: readonly Route[] = [
  ...healthRoutes({ isReady: () => ({ ready: false, reason: 'the lake is opening' }) }),
  { method: 'GET', path: '/graphql', handle: (request) => ok(echo(request)) },
  { method: 'POST', path: '/graphql', handle: (request) => ok(echo(request)) },
  { method: 'GET', path: '/', admits: 'anyone', handle: () => ok('welcome') },
  { method: 'GET', prefix: '/files/', handle: (request) => ok(request.path) },
  { method: 'GET', prefix: '/files/deep/', handle: () => ok('deep') },
  { method: 'POST', prefix: '/subgraphs/', admits: 'routers', handle: (r) => ok(echo(r)) },
  { method: 'GET', path: '/accessors', handle: (request) => ok(accessorsOf(request).join()) },
  { method: 'GET', path: '/count', handle: () => ({ status: 200, headers: text, body: count(3) }) },
  {
    method: 'GET',
    path: '/half',
    handle: () => ({ status: 200, headers: text, body: breakOff() }),
  },
  {
    method: 'GET',
    path: '/fail',
    handle: () => {
      throw new Error('secret table name');
    },
  },
  {
    method: 'GET',
    path: '/operator',
    handle: () => {
      throw raise('CONFIG_SYNTAX', { problem: 'secret table name' });
    },
  },
  { method: 'GET', path: '/bad-header', handle: () => ok('', { 'x-bad': 'a\nb' }) },
];

function accessorsOf(request: FrontRequest): readonly string[] {
  const members = Object.entries(Object.getOwnPropertyDescriptors(request));
  return members.flatMap(([name, { get }]) => (get === undefined ? [] : name));
}

function ok(body: string, headers = {}): ReturnType<Route['handle']> {
  return { status: 200, headers: { ...text, ...headers }, body };
}

interface ErrorBody {
  readonly errors: readonly [
    { readonly message: string; readonly extensions: Readonly<Record<string, string>> },
  ];
}

async function errorOf(response: Response): Promise<ErrorBody['errors'][0]> {
  const body: ErrorBody = JSON.parse(await response.text());
  return body.errors[0];
}

let front: TestFront;

beforeAll(async () => {
  front = await startTestFront(routes, { cors: { origins: ['https://app.example'] } });
});

afterAll(() => front.stop());

function call(path: string, init?: RequestInit): Promise<Response> {
  return fetch(front.url + path, init);
}

describe('a request', () => {
  it('reaches its handler with body, search, caller and a request id that is echoed', async () => {
    const headers = { 'x-request-id': 'trace-1' };
    const body = '{"query":"{ größe }"}';
    const response = await call('/graphql?a=1', { method: 'POST', body, headers });
    expect(await response.json()).toEqual({
      id: 'trace-1',
      method: 'POST',
      path: '/graphql',
      search: '?a=1',
      body,
      caller: { kind: 'anonymous' },
    });
    expect(response.headers.get('x-request-id')).toBe('trace-1');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('has no accessor: each would be a hidden class of its own, which keeps the request for long', async () => {
    expect(await (await call('/accessors')).text()).toBe('');
  });

  it('with an unfit request id gets a random one', async () => {
    const response = await call('/', { headers: { 'x-request-id': 'no spaces, please' } });
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('leaves one log line, without query string and secrets', async () => {
    await call('/count?token=hush', { headers: { 'x-request-id': 'logged' } }).then((r) =>
      r.text(),
    );
    await expect
      .poll(() => front.logLines.filter((l) => l['requestId'] === 'logged'))
      .toHaveLength(1);
    const [line] = front.logLines.filter((l) => l['requestId'] === 'logged');
    expect(line).toMatchObject({
      level: 'info',
      method: 'GET',
      path: '/count',
      status: 200,
      durationMs: expect.any(Number),
      caller: { kind: 'anonymous' },
    });
    expect(JSON.stringify(line)).not.toContain('hush');
  });

  it('takes the longest matching prefix', async () => {
    expect(await (await call('/files/a')).text()).toBe('/files/a');
    expect(await (await call('/files/deep/a')).text()).toBe('deep');
  });

  it('may be answered by a stream, and HEAD by headers alone', async () => {
    expect(await (await call('/count')).text()).toBe('1\n2\n3\n');
    expect((await call('/count', { method: 'HEAD' })).status).toBe(200);
    const head = await call('/', { method: 'HEAD' });
    expect(head.headers.get('content-length')).toBe('7');
  });

  it('for an unknown path is told the nearest one', async () => {
    const response = await call('/grapql');
    expect(response.status).toBe(404);
    expect((await errorOf(response)).extensions).toEqual({
      code: 'PATH_NOT_FOUND',
      hint: 'Did you mean "/graphql"?',
    });
  });

  it('with a wrong method is told the right ones', async () => {
    const response = await call('/graphql', { method: 'DELETE' });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, POST, HEAD, OPTIONS');
    expect((await call('/graphql', { method: 'OPTIONS' })).status).toBe(204);
  });

  it('finds health without a key, alive but not ready', async () => {
    expect((await call('/health/live')).status).toBe(200);
    const ready = await call('/health/ready');
    expect(ready.status).toBe(503);
    expect(await ready.json()).toEqual({ status: 'not ready', reason: 'the lake is opening' });
  });
});

describe('a failure', () => {
  it.each(['/fail', '/operator', '/bad-header'])(
    'of ours at %s is masked and logged whole',
    async (path) => {
      const response = await call(path);
      expect(response.status).toBe(500);
      const { message, extensions } = await errorOf(response);
      expect(extensions['code']).toBe('INTERNAL_SERVER_ERROR');
      expect(message).not.toContain('secret');
      const id = response.headers.get('x-request-id');
      expect(extensions['correlationId']).toBe(id);
      const logged = front.logLines.find((l) => l['requestId'] === id && l['level'] === 'error');
      expect(logged).toHaveProperty('err.stack');
    },
  );

  it('in the middle of a stream breaks the connection off', async () => {
    const response = await call('/half');
    await expect(response.text()).rejects.toThrow();
  });
});

describe('a foreign web page', () => {
  it('is refused before its request does anything', async () => {
    for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1.evil.example']) {
      const response = await call('/graphql', { method: 'POST', headers: { origin }, body: '{}' });
      expect(response.status).toBe(403);
      expect(response.headers.get('access-control-allow-origin')).toBeNull();
      expect((await errorOf(response)).extensions['code']).toBe('ORIGIN_NOT_ALLOWED');
    }
  });

  it.each(['https://app.example', 'https://studio.apollographql.com'])(
    'of the allowed origin %s may call, errors included',
    async (origin) => {
      const response = await call('/graphql', { headers: { origin } });
      expect(response.headers.get('access-control-allow-origin')).toBe(origin);
      expect(response.headers.get('vary')).toBe('Origin');
      const wrong = await call('/graphql', { headers: { origin, 'x-api-key': 'wrong' } });
      expect(wrong.status).toBe(401);
      expect(wrong.headers.get('access-control-allow-origin')).toBe(origin);
    },
  );

  it('of an allowed origin gets its preflight answered, without a key', async () => {
    const response = await call('/graphql', {
      method: 'OPTIONS',
      headers: {
        origin: 'https://studio.apollographql.com',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,x-api-key',
        'access-control-request-private-network': 'true',
      },
    });
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-headers')).toBe('content-type,x-api-key');
    expect(response.headers.get('access-control-allow-methods')).toContain('POST');
    expect(response.headers.get('access-control-allow-private-network')).toBe('true');
  });

  it('of our own needs no permission', async () => {
    const response = await call('/graphql', { headers: { origin: front.url } });
    expect(response.status).toBe(200);
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
    expect(response.headers.get('vary')).toBe('Origin');
  });
});

describe('a host name', () => {
  const status = async (host: string): Promise<string> => {
    const answer = await front.sendRaw(
      `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
    );
    return answer.slice(9, 12);
  };

  it.each(['localhost', 'localhost:9999', '127.0.0.1:4000', '[::1]:4000'])(
    '%s is ours',
    async (host) => {
      expect(await status(host)).toBe('200');
    },
  );

  it.each(['evil.example', 'localhost.evil.example:4000', '10.0.0.1', ''])(
    '%j is refused',
    async (host) => {
      expect(await status(host)).toBe('403');
    },
  );

  it('may be added', async () => {
    const other = await startTestFront(routes, { server: { allowedHosts: ['graph.test'] } });
    const answer = await other.sendRaw(
      'GET / HTTP/1.1\r\nHost: graph.test:80\r\nConnection: close\r\n\r\n',
    );
    expect(answer).toContain('welcome');
    await other.stop();
  });
});

describe('a server beyond loopback', () => {
  let open: TestFront;

  beforeAll(async () => {
    open = await startTestFront(routes, { server: { host: '0.0.0.0' } });
  });

  afterAll(() => open.stop());

  it('wants a key for everything that is not public, also from this machine', async () => {
    expect((await fetch(`${open.url}/`)).status).toBe(200);
    const response = await fetch(`${open.url}/graphql`);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="tributary"');
  });

  it('refuses a key on the very next request after it was revoked, on a kept connection', async () => {
    const { directory } = open;
    const { token, key } = await createKey({ directory, name: 'tool', clock });
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(`${open.url}/graphql`, { headers });
    expect(await response.json()).toMatchObject({ caller: { kind: 'apiKey', id: key.id } });
    await revokeKey({ directory, id: key.id, clock });
    expect((await fetch(`${open.url}/graphql`, { headers })).status).toBe(401);
    expect(JSON.stringify(open.logLines)).not.toContain(token.slice(-43));
  });

  it('keeps its subgraphs to itself', async () => {
    const response = await fetch(`${open.url}/subgraphs/sales`, { method: 'POST', body: '{}' });
    expect(response.status).toBe(403);
    expect((await errorOf(response)).extensions['code']).toBe('SUBGRAPHS_CLOSED');
  });
});
