import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Route } from './route.ts';
import { startTestFront, type TestFront } from './testing/start-test-front.ts';

let front: TestFront;
/** Why the signal of the last slow request was aborted. */
let abortReason: unknown;

const routes: readonly Route[] = [
  {
    method: 'POST',
    path: '/graphql',
    handle: ({ body }) => ({ status: 200, headers: {}, body: String(body.length) }),
  },
  {
    method: 'GET',
    path: '/slow',
    handle: ({ signal }) =>
      new Promise(() => {
        signal.addEventListener('abort', () => (abortReason = signal.reason), { once: true });
      }),
  },
  {
    method: 'GET',
    path: '/large',
    handle: () => ({ status: 200, headers: {}, body: 'x'.repeat(50_000_000) }),
  },
];

beforeEach(async () => {
  abortReason = undefined;
  front = await startTestFront(routes, { server: { maxBodyBytes: 1000, requestTimeoutMs: 400 } });
});

afterEach(() => front.stop());

const post = 'POST /graphql HTTP/1.1\r\nHost: localhost\r\n';

it('a request for two hosts is refused', async () => {
  const answer = await front.sendRaw(`${post}HOST: other.example\r\nContent-Length: 0\r\n\r\n`, {
    isHalfClosed: true,
  });
  expect(answer).toMatch(/^HTTP\/1\.1 400 [^]*MALFORMED_REQUEST/);
});

describe('a body', () => {
  it('of the largest size is read', async () => {
    const response = await fetch(`${front.url}/graphql`, {
      method: 'POST',
      body: 'x'.repeat(1000),
    });
    expect(await response.text()).toBe('1000');
  });

  it.each([
    ['by a byte', 1001],
    ['by far, while the client is still sending', 20_000_000],
  ])('that is too large %s gets a 413 that names limit and setting', async (_, size) => {
    const response = await fetch(`${front.url}/graphql`, {
      method: 'POST',
      body: 'x'.repeat(size),
    });
    expect(response.status).toBe(413);
    const text = await response.text();
    expect(text).toContain('1000 bytes');
    expect(text).toContain('server.maxBodyBytes');
  });

  it('that is too large and does not say so beforehand gets the same', async () => {
    const chunk = `200\r\n${'x'.repeat(512)}\r\n`;
    const answer = await front.sendRaw(
      `${post}Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(4)}0\r\n\r\n`,
    );
    expect(answer).toContain('BODY_TOO_LARGE');
    const endless = await front.sendRaw(
      `${post}Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(4)}`,
    );
    expect(endless).toContain('BODY_TOO_LARGE');
  });

  it('that a client asks about first is invited or refused', async () => {
    const expectation = `${post}Expect: 100-continue\r\nConnection: close\r\n`;
    const refused = await front.sendRaw(`${expectation}Content-Length: 1001\r\n\r\n`);
    expect(refused).toMatch(/^HTTP\/1\.1 413/);
    const invited = await front.sendRaw(`${expectation}Content-Length: 2\r\n\r\nab`);
    expect(invited).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200/);
  });

  it('that is half sent gets a 400', async () => {
    const text = `${post}Content-Length: 10\r\n\r\nabc`;
    const answer = await front.sendRaw(text, { isHalfClosed: true });
    expect(answer).toMatch(/^HTTP\/1\.1 400/);
    expect(answer).toContain('BODY_INCOMPLETE');
  });

  it('that does not come gets a 408', async () => {
    const answer = await front.sendRaw(`${post}Content-Length: 10\r\n\r\nabc`);
    expect(answer).toMatch(/^HTTP\/1\.1 408/);
    expect(answer).toContain('BODY_TIMEOUT');
  });

  it('that is not UTF-8, or compressed, is refused', async () => {
    const url = `${front.url}/graphql`;
    const binary = await fetch(url, { method: 'POST', body: new Uint8Array([0xff, 0xfe]) });
    expect(binary.status).toBe(400);
    expect(await binary.text()).toContain('BODY_NOT_UTF8');
    const headers = { 'content-encoding': 'gzip' };
    const compressed = await fetch(url, { method: 'POST', body: 'x', headers });
    expect(compressed.status).toBe(415);
  });

  it('may begin with a byte order mark, which is left out', async () => {
    const response = await fetch(`${front.url}/graphql`, { method: 'POST', body: '\u{feff}ab' });
    expect(await response.text()).toBe('2');
  });
});

describe('a request line or header', () => {
  it.each([
    ['rubbish', 'rubbish\r\n\r\n', 400, 'MALFORMED_REQUEST'],
    [
      'a header without a name',
      'GET / HTTP/1.1\r\nHost: localhost\r\n: x\r\n\r\n',
      400,
      'MALFORMED_REQUEST',
    ],
    [
      'two lengths (request smuggling)',
      `${post}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      400,
      'MALFORMED_REQUEST',
    ],
    [
      'a whole URL as target',
      'GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
      400,
      'MALFORMED_REQUEST',
    ],
    [
      'too many bytes',
      `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
      431,
      'HEADERS_TOO_LARGE',
    ],
    ['a slow end', 'GET / HTTP/1.1\r\nHost: localhost\r\n', 408, 'HEADERS_TIMEOUT'],
  ])('with %s is refused', async (_, text, status, code) => {
    const answer = await front.sendRaw(text);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).toContain(code);
  });
});

describe('a client', () => {
  it('that asks for what takes too long gets a 504, and the work is told to stop', async () => {
    const response = await fetch(`${front.url}/slow`);
    expect(response.status).toBe(504);
    expect(await response.text()).toContain('REQUEST_TIMEOUT');
    expect(abortReason).toMatchObject({ code: 'REQUEST_TIMEOUT' });
  });

  it('that hangs up stops the work and leaves a log line', async () => {
    const controller = new AbortController();
    const response = fetch(`${front.url}/slow`, { signal: controller.signal });
    await sleep(100);
    controller.abort();
    await expect(response).rejects.toThrow();
    await expect.poll(() => abortReason).toMatchObject({ name: 'ClientGone' });
    await expect.poll(() => front.logLines.at(-1)).toMatchObject({ status: 499 });
  });

  it('that does not read its answer is cut off', async () => {
    const socket = connect(front.port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write('GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n');
    socket.pause();
    const isCutOff = (): boolean => front.logLines.some((line) => line['isComplete'] === false);
    await expect.poll(isCutOff, { timeout: 5_000 }).toBe(true);
    socket.destroy();
  });

  it('that sends many requests down one connection gets each answered', async () => {
    const one = `${post}Content-Length: 1\r\n\r\nx`;
    const last = `${post}Connection: close\r\nContent-Length: 1\r\n\r\nx`;
    const answers = await front.sendRaw(one.repeat(20) + last);
    expect(answers.match(/HTTP\/1\.1 200/g)).toHaveLength(21);
  });
});
