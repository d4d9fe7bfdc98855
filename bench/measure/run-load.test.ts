import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { runLoad } from './run-load.ts';

async function startServer(listener: RequestListener): Promise<number> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

function load(port: number, concurrency: number) {
  const nextBody = (): string => '{"name":"Zoë"}';
  return runLoad({ port, path: '/', nextBody, concurrency, durationMs: 200, pids: [process.pid] });
}

test('asks on every connection as often as it gets answers, and charges the CPU time to them', async () => {
  let answered = 0;
  const port = await startServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      answered += 1;
      const body = Buffer.concat(chunks);
      // In two writes, so that an answer also comes in pieces.
      response.writeHead(200, { 'content-length': body.length });
      response.write(body.subarray(0, 11));
      setImmediate(() => response.end(body.subarray(11)));
    });
  });
  const connections = 4;
  const result = await load(port, connections);
  // The first answer on each is not counted.
  expect(result.requestCount).toBe(answered - connections);
  expect(result.requestCount).toBeGreaterThan(4);
  expect(result.p99Ms).toBeGreaterThanOrEqual(result.p50Ms);
  expect(result.cpuMsPerRequest).toBeGreaterThanOrEqual(0);
  expect(result.residentBytes).toBeGreaterThan(2 ** 20);
});

test.each([
  ['a status that is no success', 500, 'down'],
  ['GraphQL errors behind a status of success', 200, '{"errors":[{"message":"no"}]}'],
])('does not count %s as an answer', async (_, status, body) => {
  const port = await startServer((_request, response) => {
    response.writeHead(status, { 'content-length': Buffer.byteLength(body) }).end(body);
  });
  await expect(load(port, 1)).rejects.toThrow(`Status ${status}`);
});

test('says so when the server goes away', async () => {
  const port = await startServer((request) => request.socket.destroy());
  await expect(load(port, 1)).rejects.toThrow();
});
