import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect, it, onTestFinished } from 'vitest';
import { toAbortSignal } from '../../foundation/early-end.ts';
import type { StreamedRequest } from './route.ts';
import { startTestFront } from './testing/start-test-front.ts';

const maxBytes = 8_000_000;

/** A front whose handler is told what it gets, and answers when the test says so. */
async function startTaking(take: (request: StreamedRequest) => Promise<void>): Promise<number> {
  const front = await startTestFront([
    {
      method: 'POST',
      path: '/rows',
      takes: 'stream',
      limits: { maxBytes, maxRatio: 200, idleTimeoutMs: 60_000 },
      handle: async (request) => {
        await take(request);
        return { status: 200, headers: {}, body: '' };
      },
    },
  ]);
  onTestFinished(() => front.stop());
  return front.port;
}

function send(port: number, body: Uint8Array, length: number, encoding: string): Socket {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write(
    `POST /rows HTTP/1.1\r\nHost: localhost\r\nContent-Encoding: ${encoding}\r\nContent-Length: ${length}\r\n\r\n`,
  );
  socket.write(body);
  return socket;
}

/** Half of it noise, so that it is large packed too. */
const rows = Buffer.concat([Buffer.from(randomBytes(400_000).toString('hex')), Buffer.alloc(4e6)]);
const packed = gzipSync(rows);

it.each([
  ['that was sent as a whole', 'gzip', packed, packed.length],
  ['of which more is to come', 'gzip', packed.subarray(0, 400_000), packed.length],
  ['that is not packed', 'identity', rows.subarray(0, 800_000), 900_000],
])('who goes while nobody takes the body is noticed: one %s', async (_, encoding, body, length) => {
  let isReading: () => void = () => {};
  const reading = new Promise<void>((resolve) => (isReading = resolve));
  let isOver: (takenBytes: number) => void = () => {};
  const over = new Promise<number>((resolve) => (isOver = resolve));
  const port = await startTaking(async (request) => {
    const signal = toAbortSignal(request.signal);
    let taken = 0;
    for await (const chunk of request.body as AsyncIterable<Buffer>) {
      taken += chunk.length;
      isReading();
      if (!signal.aborted) await once(signal, 'abort');
      break;
    }
    isOver(taken);
  });
  const socket = send(port, body, length, encoding);
  await reading;
  socket.destroy();
  expect(await over).toBeLessThan(100_000);
});

const mebibyte = 2 ** 20;

it.each([
  ['large packed rows', rowsOf(12_000_000), maxBytes, 'PUSH_TOO_LARGE'],
  // Before so much nobody counts, and then it is 200 times what was read, which comes in pieces.
  ['a bomb', Buffer.alloc(200_000_000), 2 * mebibyte, 'PUSH_TOO_DENSE'],
])('no more of %s is unpacked than may be sent', async (_, sent, mostTaken, code) => {
  let taken = 0;
  let isOver: () => void = () => {};
  const over = new Promise<void>((resolve) => (isOver = resolve));
  const port = await startTaking(async ({ body }) => {
    try {
      for await (const chunk of body as AsyncIterable<Buffer>) taken += chunk.length;
    } finally {
      isOver();
    }
  });
  const bomb = gzipSync(sent);
  const socket = send(port, bomb, bomb.length, 'gzip');
  let answer = '';
  socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
  await over;
  expect(taken).toBeLessThanOrEqual(mostTaken);
  await expect.poll(() => answer).toContain(code);
  socket.destroy();
});

it('rows that are packed well are taken, also those of a small body that is packed better', async () => {
  let taken = 0;
  const port = await startTaking(async ({ body }) => {
    taken = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) taken += chunk.length;
  });
  for (const sent of [rowsOf(6_000_000), Buffer.alloc(mebibyte)]) {
    const body = gzipSync(sent);
    const socket = send(port, body, body.length, 'gzip');
    await once(socket, 'data');
    expect(taken).toBe(sent.length);
    socket.destroy();
  }
});

/** Rows that hardly differ. */
function rowsOf(bytes: number): Buffer {
  let text = '';
  for (let id = 0; text.length < bytes; id++)
    text += `{"id":"C${String(id).padStart(7, '0')}","tier":"GOLD","since":"2026-01-31","note":null}\n`;
  return Buffer.from(text);
}
