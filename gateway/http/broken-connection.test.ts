import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createLog } from '../../foundation/log.ts';
import { answerBrokenConnections } from './broken-connection.ts';
import { OpenExchanges } from './open-exchanges.ts';

const headersTimeoutMs = 50;

async function startServer(unusedTimeoutMs: number): Promise<Server> {
  const server = createServer(
    { headersTimeout: headersTimeoutMs, connectionsCheckingInterval: 10 },
    (_, response) => response.end('answered'),
  );
  const openExchanges = new OpenExchanges();
  answerBrokenConnections(server, {
    log: createLog({ level: 'silent' }),
    headersTimeoutMs,
    unusedTimeoutMs,
    openExchanges,
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return server;
}

async function open(server: Server): Promise<{ socket: Socket; received: () => string }> {
  let text = '';
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  await once(socket, 'connect');
  return { socket, received: () => text };
}

describe('a connection on which nothing is asked, as pools open them ahead', () => {
  it('can still be used after the time that headers may take', async () => {
    const { socket, received } = await open(await startServer(60_000));
    await wait(4 * headersTimeoutMs);
    expect(received()).toBe('');
    socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    await once(socket, 'close');
    expect(received()).toMatch(/^HTTP\/1\.1 200 OK[^]*answered/);
  });

  it('is closed in the end without an answer', async () => {
    const { socket, received } = await open(await startServer(2 * headersTimeoutMs));
    await once(socket, 'close');
    expect(received()).toBe('');
  });

  it('is no way round the time for headers once it has sent something', async () => {
    const { socket, received } = await open(await startServer(60_000));
    await wait(2 * headersTimeoutMs);
    socket.write('GET / HT');
    await once(socket, 'close');
    expect(received()).toContain('HEADERS_TIMEOUT');
  });
});
