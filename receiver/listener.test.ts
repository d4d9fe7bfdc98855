import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createReceiver, memoryStore } from './receiver.ts';
import { deliveryOf, eventOf, secret, signedHeaders } from './testing/deliveries.ts';

const maxBodyBytes = 10_000;
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A tool on a real port; `handed` says what came through. */
async function listen(wrap: (listener: RequestListener) => RequestListener = (same) => same) {
  const handed: string[] = [];
  const receiver = createReceiver({
    secret,
    store: memoryStore(),
    maxBodyBytes,
    on: { '*': ({ subject }) => handed.push(subject) },
  });
  const server = createServer(wrap(receiver.listener)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/events`, port, handed };
}

type Tool = Awaited<ReturnType<typeof listen>>;

function post(
  { url }: Tool,
  { headers, body } = deliveryOf(eventOf({ version: 1 })),
): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: new Headers(headers as Record<string, string>),
    body,
  });
}

/** What comes back on a connection that sends this text and then waits. */
async function sendRaw({ port }: Tool, text: string, { hangUp = false } = {}): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(text);
  if (hangUp) setTimeout(() => socket.destroy(), 50);
  let answer = '';
  socket.on('data', (chunk) => (answer += String(chunk)));
  socket.on('error', () => {});
  await Promise.race([once(socket, 'close'), once(socket, 'end'), once(socket, 'data')]);
  socket.destroy();
  return answer;
}

describe('a listener', () => {
  it('takes a signed event', async () => {
    const tool = await listen();
    const response = await post(tool);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('application/json');
    expect(await response.json()).toEqual({ status: 'applied' });
    expect(tool.handed).toEqual(['C1']);
  });

  it('checks the bytes that came, whatever JSON could be written in their place', async () => {
    const tool = await listen();
    const body = `  ${JSON.stringify(eventOf({ version: 1 }), undefined, 4).replace('Ada', String.raw`\u0041da`)}\n`;
    expect((await post(tool, { headers: signedHeaders(body), body })).status).toBe(200);
    const { headers } = deliveryOf(eventOf({ version: 2 }));
    const rewritten = JSON.stringify(eventOf({ version: 2 }), undefined, 1);
    expect((await post(tool, { headers, body: rewritten })).status).toBe(401);
  });

  it.each(['GET', 'PUT', 'DELETE'])('answers %s with the method that it wants', async (method) => {
    const response = await fetch((await listen()).url, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
    expect(await response.json()).toMatchObject({ error: { code: 'METHOD_NOT_ALLOWED' } });
  });

  it('refuses who does not sign, who signs with something else, and who plays an old request again', async () => {
    const tool = await listen();
    const { body } = deliveryOf(eventOf({ version: 1 }));
    const unsigned = { 'content-type': 'application/cloudevents+json' };
    const forged = { ...signedHeaders(body), 'webhook-signature': `v1,${'A'.repeat(43)}=` };
    const old = signedHeaders(body, { at: new Date(Date.now() - 301_000) });
    expect((await post(tool, { headers: unsigned, body })).status).toBe(400);
    expect((await post(tool, { headers: forged, body })).status).toBe(401);
    const replayed = await post(tool, { headers: old, body });
    expect(replayed.status).toBe(401);
    expect(await replayed.json()).toMatchObject({
      error: {
        code: 'TIMESTAMP_OUT_OF_TOLERANCE',
        message: expect.stringContaining('300 s are allowed'),
        hint: expect.stringContaining('clocks'),
      },
    });
    expect(tool.handed).toEqual([]);
  });

  it('takes a body of the largest size, and answers one that is larger while it is still coming', async () => {
    const tool = await listen();
    const event = eventOf({ version: 1 });
    const rest = maxBodyBytes - JSON.stringify({ ...event, data: { id: '' } }).length;
    const largest = deliveryOf({ ...event, data: { id: 'x'.repeat(rest) } });
    expect(largest.body.length).toBe(maxBodyBytes);
    expect((await post(tool, largest)).status).toBe(200);
    const tooLarge = deliveryOf({ ...event, data: { id: 'x'.repeat(rest + 1) } });
    const response = await post(tool, tooLarge);
    expect(response.status).toBe(413);
    expect(await response.text()).toContain('maxBodyBytes');
  });

  it('refuses a large body that does not say how long it is', async () => {
    const tool = await listen();
    const chunk = `400\r\n${'x'.repeat(1024)}\r\n`;
    const head = 'POST /events HTTP/1.1\r\nHost: tool\r\nTransfer-Encoding: chunked\r\n\r\n';
    expect(await sendRaw(tool, head + chunk.repeat(10))).toContain('BODY_TOO_LARGE');
  });

  it('cuts off a sender that does not stop', async () => {
    const tool = await listen();
    const socket = connect(tool.port, '127.0.0.1');
    socket.on('error', () => {});
    const closed = new Promise((resolve) => socket.on('close', resolve));
    socket.write(`POST /events HTTP/1.1\r\nHost: tool\r\nContent-Length: ${10 ** 9}\r\n\r\n`);
    const pour = setInterval(() => socket.write('x'.repeat(65_536)), 1);
    socket.resume();
    await closed;
    clearInterval(pour);
    expect((await post(tool)).status).toBe(200);
  });

  it('hands nothing over of a body that ends in the middle, and goes on', async () => {
    const tool = await listen();
    const { body, headers } = deliveryOf(eventOf({ version: 1 }));
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}\r\n`);
    const head = `POST /events HTTP/1.1\r\nHost: tool\r\nContent-Length: ${body.length}\r\n`;
    await sendRaw(tool, `${head}${lines.join('')}\r\n${body.slice(0, 100)}`, { hangUp: true });
    expect(tool.handed).toEqual([]);
    expect((await post(tool)).status).toBe(200);
  });

  it('says so when something before it has read the body', async () => {
    const tool = await listen((listener) => (request, response) => {
      request.on('data', () => {});
      request.on('end', () => listener(request, response));
    });
    const response = await post(tool);
    expect(response.status).toBe(500);
    expect(await response.text()).toContain('BODY_ALREADY_READ');
  });
});
