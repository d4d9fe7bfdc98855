import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { sharedTempFolder, tempFolder } from '../../foundation/testing/temp-folder.ts';
import { connectionPool, type ConnectionPool } from './connection-pool.ts';
import { remoteSettings } from './remote-settings.ts';
import { remoteRequest, subgraphSettings } from './testing/remote-fixtures.ts';

const body = '{"data":{"a":1}}';
const answerWell: RequestListener = (_, response) => void response.end(body);

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function poolTo(url: string, settings: unknown = {}): ConnectionPool {
  const pool = connectionPool({
    subgraph: 'reviews',
    url: new URL(url),
    settings: remoteSettings('reviews', subgraphSettings(settings), {}),
  });
  onTestFinished(() => pool.close());
  return pool;
}

async function poolOver(listener: RequestListener, settings: unknown = {}) {
  const server = createServer(listener);
  let connections = 0;
  server.on('connection', () => connections++);
  const pool = poolTo(`http://${await listen(server)}/graphql?v=1`, settings);
  return { pool, server, connections: () => connections };
}

describe('a request', () => {
  it('is a POST of JSON to the address with its query string, and its headers', async () => {
    let received: IncomingMessage | undefined;
    let text = '';
    const { pool } = await poolOver((request, response) => {
      received = request;
      request.on('data', (chunk) => (text += chunk));
      request.on('end', () => response.end(body));
    });
    const response = await pool.send(remoteRequest({ headers: { 'x-tenant': 'north' } }));
    expect(response).toMatchObject({ status: 200, text: body, isGraphql: true });
    expect(received).toMatchObject({ method: 'POST', url: '/graphql?v=1' });
    expect(received?.headers).toMatchObject({
      'content-type': 'application/json',
      accept: expect.stringContaining('application/graphql-response+json'),
      'x-tenant': 'north',
    });
    expect(received?.headers).not.toHaveProperty('user-agent');
    expect(text).toBe('{"query":"{ a }"}');
  });

  it('goes over a connection that was used before', async () => {
    const { pool, connections } = await poolOver(answerWell);
    for (let index = 0; index < 5; index++) await pool.send(remoteRequest());
    // One is free again a turn after its answer, so that two may take turns.
    expect(connections()).toBeLessThanOrEqual(2);
  });

  it('opens no more connections than the settings say', async () => {
    const { pool, connections } = await poolOver(answerWell, { maxConcurrent: 3 });
    await Promise.all(Array.from({ length: 30 }, () => pool.send(remoteRequest())));
    expect(connections()).toBe(3);
  });

  it('is not sent over a connection that lay idle for longer than the settings say', async () => {
    const { pool, server, connections } = await poolOver(answerWell, { keepAliveMs: 50 });
    await pool.send(remoteRequest());
    await expect.poll(() => openConnections(server)).toBe(0);
    await pool.send(remoteRequest());
    expect(connections()).toBe(2);
  });
});

describe('an answer', () => {
  it.each([
    ['gzip', gzipSync(body)],
    ['deflate', deflateSync(body)],
    ['br', brotliCompressSync(body)],
    ['identity', Buffer.from(body)],
  ])('may be packed with %s', async (encoding, bytes) => {
    const { pool } = await poolOver((_, response) => {
      response.setHeader('content-encoding', encoding).end(bytes);
    });
    expect(await pool.send(remoteRequest())).toMatchObject({ text: body });
  });

  it('may come in pieces that part a character, and begin with a byte order mark', async () => {
    const bytes = Buffer.from('\u{feff}{"data":{"a":"é"}}');
    const { pool } = await poolOver((_, response) => {
      response.write(bytes.subarray(0, -4));
      setImmediate(() => response.end(bytes.subarray(-4)));
    });
    expect(await pool.send(remoteRequest())).toMatchObject({ text: '{"data":{"a":"é"}}' });
  });

  it('is given out as objects that nobody else has', async () => {
    const { pool } = await poolOver(answerWell);
    const response = await pool.send(remoteRequest());
    const first = response.takeJson();
    expect(first).toEqual({ data: { a: 1 } });
    expect(response.takeJson()).toEqual(first);
    expect(response.takeJson()).not.toBe(first);
  });

  it.each([
    ['[]', false],
    ['{}', false],
    ['{"data":null}', false],
    ['{"data":[]}', false],
    ['{"errors":[]}', false],
    ['{"errors":[{"message":"no"}]}', true],
    ['{"data":{}', false],
  ])('that is %s is GraphQL: %s', async (text, isGraphql) => {
    const { pool } = await poolOver((_, response) => void response.end(text));
    expect(await pool.send(remoteRequest())).toMatchObject({ isGraphql });
  });

  it.each<[string, RequestListener]>([
    ['says so', (_, response) => void response.setHeader('content-length', 2_000).write('x')],
    ['does not end', (_, response) => pour(response)],
    [
      'unpacks to it',
      (_, response) =>
        void response.setHeader('content-encoding', 'gzip').end(gzipSync('x'.repeat(5_000_000))),
    ],
  ])('of too many bytes is not read when it %s', async (_, listener) => {
    const { pool, server } = await poolOver(listener, { maxAnswerBytes: 1_000 });
    await expect(pool.send(remoteRequest())).rejects.toMatchObject({
      kind: 'lasting',
      error: { code: 'SUBGRAPH_ANSWER_TOO_LARGE' },
    });
    await expect.poll(() => openConnections(server)).toBeLessThanOrEqual(1);
  });
});

describe('a failure', () => {
  it.each<[string, string, string, RequestListener, object]>([
    ['silence', 'silence', 'SUBGRAPH_TIMEOUT', () => {}, { headersTimeoutMs: 50 }],
    [
      'a pause halfway',
      'lasting',
      'SUBGRAPH_TIMEOUT',
      (_, response) => void response.write('{"data"'),
      { bodyTimeoutMs: 50 },
    ],
    [
      'a reset',
      'connection',
      'SUBGRAPH_UNREACHABLE',
      ({ socket }) => void socket.resetAndDestroy(),
      {},
    ],
    ['an end', 'connection', 'SUBGRAPH_UNREACHABLE', ({ socket }) => void socket.destroy(), {}],
    [
      'an end halfway',
      'lasting',
      'SUBGRAPH_UNREACHABLE',
      (_, response) => {
        response.setHeader('content-length', 100).write('{"data"', () => response.destroy());
      },
      {},
    ],
    [
      'a redirect',
      'lasting',
      'SUBGRAPH_UNREACHABLE',
      (_, response) => void response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end(),
      {},
    ],
    [
      'no HTTP',
      'lasting',
      'SUBGRAPH_UNREACHABLE',
      ({ socket }) => void socket.end('SMTP ready\r\n'),
      {},
    ],
    [
      'an encoding that was not asked for',
      'lasting',
      'SUBGRAPH_UNREACHABLE',
      (_, response) => void response.setHeader('content-encoding', 'zstd').end('x'),
      {},
    ],
  ])('by %s is of the kind %s', async (_, kind, code, listener, settings) => {
    const { pool } = await poolOver(listener, settings);
    await expect(pool.send(remoteRequest())).rejects.toMatchObject({ kind, error: { code } });
  });

  it('by nobody listening is one of the connection', async () => {
    const server = createServer();
    const address = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    await expect(poolTo(`http://${address}/`).send(remoteRequest())).rejects.toMatchObject({
      kind: 'connection',
      error: { code: 'SUBGRAPH_UNREACHABLE' },
    });
  });
});

it('a request that nobody waits for any more ends its connection', async () => {
  const controller = new AbortController();
  let closed: Promise<unknown> | undefined;
  const { pool } = await poolOver(({ socket }) => {
    closed = once(socket, 'close');
    controller.abort(new Error('gone'));
  });
  await expect(pool.send(remoteRequest({ signal: controller.signal }))).rejects.toThrow('gone');
  await closed;
});

describe('over https', () => {
  const folder = sharedTempFolder();
  const pem = (name: string): string => join(folder, name);
  beforeAll(() => {
    makeCertificate(folder, 'server', 'reviews.example');
    makeCertificate(folder, 'client', 'gateway.example');
  });

  async function secureAddress(options: object = {}): Promise<string> {
    const files = { cert: readFileSync(pem('server.crt')), key: readFileSync(pem('server.key')) };
    return `https://${await listen(createTlsServer({ ...files, ...options }, answerWell))}/`;
  }

  const trusting = (): object => ({ caFile: pem('server.crt'), serverName: 'reviews.example' });

  it('a certificate of an authority that is trusted, with the name that was said, is accepted', async () => {
    const pool = poolTo(await secureAddress(), { tls: trusting() });
    expect(await pool.send(remoteRequest())).toMatchObject({ status: 200 });
  });

  it.each<[string, () => object]>([
    ['nobody said that it is to be trusted', () => ({ serverName: 'reviews.example' })],
    ['it bears another name', () => ({ caFile: pem('server.crt'), serverName: 'other.example' })],
    ['it does not bear the host of the address', () => ({ caFile: pem('server.crt') })],
  ])('a certificate is refused when %s', async (_, tls) => {
    const pool = poolTo(await secureAddress(), { tls: tls() });
    await expect(pool.send(remoteRequest())).rejects.toMatchObject({
      kind: 'lasting',
      error: { code: 'SUBGRAPH_UNREACHABLE' },
    });
  });

  it('the gateway shows its own certificate where it has one', async () => {
    const address = await secureAddress({
      requestCert: true,
      rejectUnauthorized: true,
      ca: readFileSync(pem('client.crt')),
    });
    const own = { certFile: pem('client.crt'), keyFile: pem('client.key') };
    const known = poolTo(address, { tls: { ...trusting(), ...own } });
    expect(await known.send(remoteRequest())).toMatchObject({ status: 200 });
    const unknown = poolTo(address, { tls: trusting() });
    await expect(unknown.send(remoteRequest())).rejects.toMatchObject({
      error: { code: 'SUBGRAPH_UNREACHABLE' },
    });
  });

  it('a file that is not there is an error at the start', () => {
    const config = subgraphSettings({ tls: { caFile: join(tempFolder(), 'none.pem') } });
    expect(() => remoteSettings('reviews', config, {})).toThrow(/none\.pem/);
  });
});

function makeCertificate(folder: string, name: string, host: string): void {
  const words =
    'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 ' +
    `-subj /CN=${host} -addext subjectAltName=DNS:${host}`;
  const files = ['-keyout', join(folder, `${name}.key`), '-out', join(folder, `${name}.crt`)];
  execFileSync('openssl', [...words.split(' '), ...files], { stdio: 'ignore' });
}

function pour(response: NodeJS.WritableStream): void {
  while (response.write('x'.repeat(65_536)));
  response.once('drain', () => pour(response));
}

function openConnections(server: Server): Promise<number> {
  return new Promise((resolve, reject) =>
    server.getConnections((error, count) => (error === null ? resolve(count) : reject(error))),
  );
}
