import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createHttpSend, type HttpAnswer } from './http-send.ts';
import { isPrivateAddress } from './private-address.ts';

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const send = createHttpSend({ allowPrivateHosts: true });

function post(url: string, signal = new AbortController().signal): Promise<HttpAnswer> {
  const headers = { 'content-type': 'text/plain' };
  return send({ method: 'POST', url, headers, body: 'grüße', signal, maxAnswerBytes: 1_000 });
}

test('a request arrives whole, and so does its answer', async () => {
  const url = await serve((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      response.writeHead(202, { 'Retry-After': '7' });
      response.end(`${request.method} ${request.headers['content-type']} ${Buffer.concat(chunks)}`);
    });
  });
  expect(await post(url)).toMatchObject({
    status: 202,
    headers: { 'retry-after': '7' },
    body: 'POST text/plain grüße',
  });
});

test('a redirect is an answer like any other', async () => {
  const url = await serve((_, response) => {
    response.writeHead(307, { location: 'http://127.0.0.1:1/' });
    response.end();
  });
  expect((await post(url)).status).toBe(307);
});

test('of an answer without end only the beginning is read', async () => {
  const url = await serve((_, response) => {
    const timer = setInterval(() => response.write('x'.repeat(300)), 1);
    response.on('close', () => clearInterval(timer));
  });
  const { status, body } = await post(url);
  expect([status, body.length]).toEqual([200, 1_000]);
});

test('an answer that breaks off is none', async () => {
  const url = await serve((_, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('only this');
    setTimeout(() => response.destroy(), 5);
  });
  await expect(post(url)).rejects.toThrow(/abort|broke off|socket hang up/);
});

test('a request that is given up ends, before its answer and in the middle of it', async () => {
  const silent = await serve(() => undefined);
  const slow = await serve((_, response) => response.write('…'));
  for (const url of [silent, slow]) {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 30);
    await expect(post(url, controller.signal)).rejects.toThrow(/abort/);
  }
});

test('nobody answers where nobody listens', async () => {
  await expect(post('http://127.0.0.1:1/')).rejects.toThrow(/ECONNREFUSED/);
});

test('hosts of the own network are not called where that is not allowed, however they are written', async () => {
  const url = await serve((_, response) => response.end());
  const { port } = new URL(url);
  const guarded = createHttpSend({ allowPrivateHosts: false });
  const hosts = ['127.0.0.1', 'localhost', '2130706433', '0x7f.1', '[::1]', '[::ffff:127.0.0.1]'];
  for (const host of hosts) {
    const call = guarded({
      method: 'GET',
      url: `http://${host}:${port}/`,
      headers: {},
      signal: new AbortController().signal,
      maxAnswerBytes: 10,
    });
    await expect(call, host).rejects.toThrow(/inside this network/);
  }
});

test.each([
  '10.1.2.3',
  '172.31.0.1',
  '192.168.1.1',
  '169.254.169.254',
  'fe80::1',
  'fd00::1',
  'fec0::1',
  '::',
  '::1',
  '::127.0.0.1',
  '::a00:1',
  '::ffff:10.0.0.1',
  '::ffff:0:7f00:1',
  '64:ff9b::a00:1',
  '64:ff9b:1::a00:1',
  '2002:7f00:1::',
  '2001::1',
])('%s is private', (address) => expect(isPrivateAddress(address)).toBe(true));

test.each(['8.8.8.8', '172.32.0.1', '2001:4860:4860::8888', '::ffff:8.8.8.8', 'example.com'])(
  '%s is not private',
  (address) => expect(isPrivateAddress(address)).toBe(false),
);
