import { connect, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { PartialConfig } from '../../foundation/config/schema.ts';
import type { Route } from './route.ts';
import { startTestFront, type TestFront } from './testing/start-test-front.ts';

const routes: readonly Route[] = [
  {
    method: 'POST',
    path: '/graphql',
    handle: ({ body }) => ({ status: 200, headers: {}, body: String(body.length) }),
  },
];

const requestTimeoutMs = 400;

async function startFront(server: PartialConfig['server'] = {}): Promise<TestFront> {
  const front = await startTestFront(routes, { server: { requestTimeoutMs, ...server } });
  onTestFinished(() => front.stop());
  return front;
}

const post = 'POST /graphql HTTP/1.1\r\nHost: localhost\r\n';

describe('a client that sends byte by byte', () => {
  it.each([
    ['its request line', '', 'POST /graphql HTTP/1.1\r\n', 'HEADERS_TIMEOUT'],
    ['its headers', post, `X-Slow: ${'x'.repeat(1_000)}`, 'HEADERS_TIMEOUT'],
    ['its body', `${post}Content-Length: 1000\r\n\r\n`, 'x'.repeat(1_000), 'BODY_TIMEOUT'],
    [
      'its body in chunks',
      `${post}Transfer-Encoding: chunked\r\n\r\n`,
      '1\r\nx\r\n'.repeat(1_000),
      'BODY_TIMEOUT',
    ],
  ])('gets a 408 and is cut off in %s', async (_, whole, slow, code) => {
    const front = await startFront();
    const { answer, closed } = drip(front, whole, slow);
    await closed;
    expect(answer()).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer()).toContain(code);
  });

  it('is cut off in its second request too', async () => {
    // The first one is answered in time on a busy machine as well.
    const front = await startFront({ requestTimeoutMs: 3_000 });
    const { answer, closed } = drip(front, `${post}Content-Length: 1\r\n\r\nx`, post);
    await closed;
    expect(answer()).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer()).toContain('HEADERS_TIMEOUT');
  });

  it('does not hold up others, however many of its kind there are', async () => {
    const front = await startFront({ requestTimeoutMs: 5_000 });
    const slow = Array.from({ length: 200 }, () => drip(front, post, 'X-Slow: x'));
    const response = await fetch(`${front.url}/graphql`, { method: 'POST', body: 'abc' });
    expect(await response.text()).toBe('3');
    for (const { socket } of slow) socket.destroy();
  });
});

describe('headers', () => {
  it.each([
    ['one of too many bytes', `X: ${'x'.repeat(20_000)}\r\n\r\n`],
    ['too many bytes in many', `${'X-Many: 0123456789\r\n'.repeat(2_000)}\r\n`],
    ['too many bytes that do not end', `X: ${'x'.repeat(200_000)}`],
    ['a name of too many bytes', `${'x'.repeat(20_000)}: 1\r\n\r\n`],
  ])('with %s get a 431', async (_, headers) => {
    const front = await startFront();
    const answer = await front.sendRaw(post + headers);
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
    expect(answer).toContain('HEADERS_TOO_LARGE');
  });

  it('in a URL of too many bytes get it as well', async () => {
    const front = await startFront();
    const answer = await front.sendRaw(`GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
  });
});

describe('connections of one address', () => {
  it('beyond those that it may have get a 429 that names the setting, until one is closed', async () => {
    const front = await startFront({ maxConnectionsPerAddress: 3 });
    const open = await Promise.all([1, 2, 3].map(() => connected(front)));
    const refused = await front.sendRaw(`${post}Content-Length: 1\r\n\r\nx`);
    expect(refused).toMatch(/^HTTP\/1\.1 429 /);
    expect(refused).toContain('CONNECTIONS_EXHAUSTED');
    expect(refused).toContain('server.maxConnectionsPerAddress');
    open[0]?.destroy();
    const last = `${post}Connection: close\r\nContent-Length: 1\r\n\r\nx`;
    await expect.poll(() => front.sendRaw(last)).toMatch(/^HTTP\/1\.1 200 /);
    for (const socket of open) socket.destroy();
  });

  it.each([
    ['the address is a trusted proxy', { trustedProxies: ['127.0.0.1'] }],
    ['the setting is 0', { maxConnectionsPerAddress: 0 }],
  ])('are not counted when %s', async (_, settings) => {
    const front = await startFront({ maxConnectionsPerAddress: 1, ...settings });
    const open = await Promise.all([1, 2, 3].map(() => connected(front)));
    const last = `${post}Connection: close\r\nContent-Length: 1\r\n\r\nx`;
    // Through a trusted proxy everybody needs a key, and is told so by HTTP.
    expect(await front.sendRaw(last)).toMatch(/^HTTP\/1\.1 (200|401) /);
    for (const socket of open) socket.destroy();
  });
});

interface SlowClient {
  readonly socket: Socket;
  readonly answer: () => string;
  readonly closed: Promise<void>;
}

/** Sends the first text at once and the second one byte by byte. */
function drip(front: TestFront, whole: string, slow: string): SlowClient {
  let answer = '';
  let sent = 0;
  const socket = connect(front.port, '127.0.0.1');
  // What is written while it connects would otherwise come before what was to be sent first.
  socket.write(whole);
  const timer = setInterval(() => {
    if (socket.writable && sent < slow.length) socket.write(slow.charAt(sent++));
  }, 20);
  socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => {
      clearInterval(timer);
      resolve();
    });
  });
  return { socket, answer: () => answer, closed };
}

function connected(front: TestFront): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(front.port, '127.0.0.1', () => resolve(socket));
    socket.on('error', reject);
  });
}
