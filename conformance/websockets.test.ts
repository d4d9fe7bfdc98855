import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, type Client } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket, type ClientOptions } from 'ws';
import { createKey } from '../access/api-keys.ts';
import { systemClock } from '../foundation/clock.ts';
import type { PartialConfig } from '../foundation/config/schema.ts';
import { sharedTempFolder, tempFolder } from '../foundation/testing/temp-folder.ts';
import { hashOf } from '../gateway/request/trusted-documents.ts';
import { ProjectFolder } from './testing/project-folder.ts';
import {
  startProject,
  startProjectUntilClosed,
  type TestProject,
} from './testing/start-project.ts';
import { SubscribedSubgraph, subscribedSchema } from './testing/subscribed-subgraph.ts';

const name = '{ customer(id: "C0000042") { name } }';
const named = { data: { customer: { name: "Kunze - O'Keefe" } } };
const follow = 'subscription { reviewAdded { id author { supportTier } } }';
const review = { id: 'R1', stars: 4, author: { id: 'C0000042' } };
const added = { data: { reviewAdded: { id: 'R1', author: { supportTier: 'SILVER' } } } };

async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 1_500 && !isSo(); tries++) await sleep(10);
  expect(isSo()).toBe(true);
}

function addressOf({ server }: TestProject): string {
  return server.url.replace(/^http/, 'ws').concat('/graphql');
}

interface ClientSettings {
  readonly connectionParams?: Record<string, unknown>;
  readonly socket?: ClientOptions;
}

/** A client of graphql-ws, whose closing codes can be waited for. */
function clientOf(project: TestProject, { connectionParams, socket }: ClientSettings = {}) {
  const sockets: WebSocket[] = [];
  class ClientSocket extends WebSocket {
    constructor(address: string, protocols: string) {
      super(address, protocols, socket);
      sockets.push(this);
    }
  }
  const client = createClient({
    url: addressOf(project),
    webSocketImpl: ClientSocket,
    retryAttempts: 0,
    ...(connectionParams && { connectionParams }),
  });
  onTestFinished(() => void client.dispose());
  return { client, sockets };
}

async function ask(client: Client, query: string, more: object = {}): Promise<unknown> {
  for await (const result of client.iterate({ query, ...more })) return result;
  return undefined;
}

/** A socket that says what it wants, and what became of it. */
async function rawSocket(
  project: TestProject,
  options: ClientOptions = {},
  protocol = 'graphql-transport-ws',
): Promise<WebSocket> {
  const socket = new WebSocket(addressOf(project), protocol, options);
  onTestFinished(() => socket.terminate());
  await once(socket, 'open');
  return socket;
}

async function refusalOf(
  project: TestProject,
  options: ClientOptions,
  protocol = 'graphql-transport-ws',
  path = '',
): Promise<readonly [status: number | undefined, text: string]> {
  const socket = new WebSocket(addressOf(project) + path, protocol, options);
  socket.on('error', () => {});
  const [, response] = await once(socket, 'unexpected-response');
  let text = '';
  for await (const chunk of response) text += String(chunk);
  socket.terminate();
  return [response.statusCode, text];
}

async function startSubscribed(
  flags: PartialConfig = {},
): Promise<{ project: TestProject; subgraph: SubscribedSubgraph; files: ProjectFolder }> {
  const subgraph = await SubscribedSubgraph.start();
  onTestFinished(() => subgraph.close());
  const files = ProjectFolder.copyOfRepository(join(tempFolder(), 'project'));
  files.addSubgraph('reviews', subscribedSchema, subgraph.url);
  const project = await startProject({ projectDirectory: files.directory, flags });
  return { project, subgraph, files };
}

it('what is nested too deeply in a message is refused as it is over HTTP', async () => {
  const nesting = await startProject({});
  for (const levels of [600, 100_000]) {
    const socket = await rawSocket(nesting);
    socket.send('{"type":"connection_init"}');
    await once(socket, 'message');
    const nested = '['.repeat(levels) + ']'.repeat(levels);
    const payload = `{"query":"{ __typename }","variables":{"a":${nested}}}`;
    socket.send(`{"id":"1","type":"subscribe","payload":${payload}}`);
    const [text] = await once(socket, 'message');
    expect(JSON.parse(String(text))).toMatchObject({
      type: 'error',
      payload: [{ extensions: { code: 'DOCUMENT_TOO_NESTED' } }],
    });
  }
});

describe('over a WebSocket', () => {
  const dataDirectory = sharedTempFolder();
  let project: TestProject;

  beforeAll(async () => {
    project = await startProjectUntilClosed({
      dataDirectory,
      flags: {
        cors: { origins: ['https://app.example'] },
        webSockets: { maxOperations: 3, maxMessageBytes: 20_000 },
      },
    });
  });

  afterAll(() => project?.server.close());

  it('a question is answered, with its variables, and by the hash of its document', async () => {
    const { client } = clientOf(project);
    expect(await ask(client, name)).toEqual(named);
    const query = 'query ($id: ID!) { customer(id: $id) { name } }';
    const variables = { id: 'C0000042' };
    const extensions = { persistedQuery: { version: 1, sha256Hash: hashOf(query) } };
    expect(await ask(client, query, { variables, extensions })).toEqual(named);
    expect(await ask(client, '', { variables, extensions })).toEqual(named);
  });

  it('a change is made, and the subscription of events of this process hears of it', async () => {
    const { client } = clientOf(project);
    const events = client.iterate({
      query: 'subscription { customerEvents(includeOwn: true) { type data } }',
    });
    const next = events.next();
    const change = `mutation { createCustomer(input: { id: "C-WS", name: "Ws", email: "ws@mail.example" }) { customer { id } } }`;
    await sleep(200);
    expect(await ask(client, change)).toEqual({
      data: { createCustomer: { customer: { id: 'C-WS' } } },
    });
    expect((await next).value).toMatchObject({
      data: { customerEvents: { type: 'CustomerCreated', data: { id: 'C-WS', name: 'Ws' } } },
    });
    await events.return?.(undefined);
  });

  it.each([
    ['does not parse', '{ customer(', 'GRAPHQL_PARSE_FAILED'],
    [
      'asks for what is not there',
      '{ customer(id: "C0000042") { nam } }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['lacks a variable', 'query ($id: ID!) { customer(id: $id) { id } }', 'BAD_USER_INPUT'],
    ['is nested too deep', `${'{ a '.repeat(600)}${'}'.repeat(600)}`, 'DOCUMENT_TOO_NESTED'],
    [
      'has a condition that could leave nothing of a subscription',
      'subscription ($is: Boolean = false) { customerEvents @include(if: $is) { id } }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'has a wrong cursor',
      'subscription { customerEvents(after: "x") { id } }',
      'EVENT_CURSOR_INVALID',
    ],
  ])('what %s is refused, and others go on', async (_, query, code) => {
    const { client } = clientOf(project);
    await expect(ask(client, query)).rejects.toMatchObject([{ extensions: { code } }]);
    expect(await ask(client, name)).toEqual(named);
  });

  it('no more operations run than may, and the others go on', async () => {
    const { client } = clientOf(project);
    const query = 'subscription { customerEvents { id } }';
    const running = [1, 2, 3].map(() => client.iterate({ query }));
    for (const events of running) void events.next().catch(() => undefined);
    await sleep(200);
    await expect(ask(client, name)).rejects.toMatchObject([
      { extensions: { code: 'OPERATIONS_EXHAUSTED' } },
    ]);
    await running[0]?.return?.(undefined);
    await sleep(50);
    expect(await ask(client, name)).toEqual(named);
  });

  it.each([
    ['no JSON', '{', 4400],
    ['another type', '{"type":"other"}', 4400],
    [
      'a subscription before a greeting',
      '{"id":"1","type":"subscribe","payload":{"query":"{a}"}}',
      4401,
    ],
    [
      'a message that is too large',
      JSON.stringify({ type: 'ping', payload: { a: 'x'.repeat(30_000) } }),
      1009,
    ],
  ])('%s closes the connection with its code', async (_, message, code) => {
    const socket = await rawSocket(project);
    socket.send(message);
    expect((await once(socket, 'close'))[0]).toBe(code);
    expect(await ask(clientOf(project).client, name)).toEqual(named);
  });

  it.each<readonly [string, ClientOptions, string, string, number, string]>([
    [
      'a page of another origin',
      { origin: 'https://evil.example' },
      'graphql-transport-ws',
      '',
      403,
      'ORIGIN_NOT_ALLOWED',
    ],
    [
      'a page without an origin',
      { headers: { 'sec-fetch-site': 'cross-site' } },
      'graphql-transport-ws',
      '',
      403,
      'CROSS_SITE_REQUEST',
    ],
    [
      'a host that is not ours',
      { headers: { host: 'evil.example' } },
      'graphql-transport-ws',
      '',
      403,
      'HOST_NOT_ALLOWED',
    ],
    ['a client of another protocol', {}, 'graphql-ws', '', 400, 'WEBSOCKET_PROTOCOL_UNKNOWN'],
    ['a client at another path', {}, 'graphql-transport-ws', 's', 404, 'PATH_NOT_FOUND'],
    [
      'a wrong key',
      { headers: { 'x-api-key': 'trib_wrong' } },
      'graphql-transport-ws',
      '',
      401,
      'UNAUTHENTICATED',
    ],
  ])('%s is refused before there is one', async (_, options, protocol, path, status, code) => {
    const [answered, text] = await refusalOf(project, options, protocol, path);
    expect([answered, text]).toEqual([status, expect.stringContaining(code)]);
  });

  it('a page of an allowed origin, and one of our own, are let in', async () => {
    for (const origin of ['https://app.example', project.server.url]) {
      const { client } = clientOf(project, { socket: { origin } });
      expect(await ask(client, name)).toEqual(named);
    }
  });

  it('a client that would like HTTP/2 is still answered by HTTP/1.1', async () => {
    const socket = connect(project.server.port, '127.0.0.1');
    const body = JSON.stringify({ query: name });
    socket.write(
      `POST /graphql HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n` +
        `HTTP2-Settings: AAMAAABkAAQAAP__\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    let answer = '';
    for await (const chunk of socket.setEncoding('utf8')) {
      answer += chunk;
      if (answer.includes("O'Keefe")) break;
    }
    expect(answer).toContain('HTTP/1.1 200');
  });
});

describe('who is asking over a WebSocket', () => {
  const dataDirectory = sharedTempFolder();
  let project: TestProject;
  let token: string;

  beforeAll(async () => {
    project = await startProjectUntilClosed({
      dataDirectory,
      flags: { server: { host: '0.0.0.0' } },
    });
    ({ token } = await createKey({ directory: dataDirectory, name: 'tool', clock: systemClock }));
  });

  afterAll(() => project?.server.close());

  it.each<readonly [string, (token: string) => ClientSettings]>([
    ['a header', (key) => ({ socket: { headers: { 'x-api-key': key } } })],
    ['a bearer token', (key) => ({ socket: { headers: { authorization: `Bearer ${key}` } } })],
    ['a parameter', (key) => ({ connectionParams: { 'X-API-Key': key } })],
    ['a parameter of the other name', (key) => ({ connectionParams: { apiKey: key } })],
    ['a token as a parameter', (key) => ({ connectionParams: { Authorization: `Bearer ${key}` } })],
    [
      'headers as a parameter',
      (key) => ({ connectionParams: { headers: { authorization: `Bearer ${key}` } } }),
    ],
  ])('is said by %s', async (_, settingsOf) => {
    const { client } = clientOf(project, settingsOf(token));
    const change = `mutation ($email: String!) { createCustomer(input: { name: "Ada", email: $email }) { customer { createdBy } } }`;
    const variables = { email: `${Math.random()}@mail.example` };
    expect(await ask(client, change, { variables })).toEqual({
      data: { createCustomer: { customer: { createdBy: 'tool' } } },
    });
  });

  it.each<readonly [string, ClientSettings]>([
    ['nothing', {}],
    ['a wrong key', { connectionParams: { 'x-api-key': 'trib_wrong' } }],
    ['a wrong form', { connectionParams: { authorization: 'wrong' } }],
  ])('is not known by %s', async (_, settings) => {
    const { client } = clientOf(project, settings);
    await expect(ask(client, name)).rejects.toMatchObject({
      code: 4403,
      reason: expect.stringContaining('UNAUTHENTICATED'),
    });
  });
});

describe('a WebSocket', () => {
  it('follows a remote subgraph, and frees it when the client completes or hangs up', async () => {
    const { project, subgraph } = await startSubscribed();
    const first = clientOf(project);
    const second = clientOf(project);
    const one = first.client.iterate({ query: follow });
    const other = second.client.iterate({ query: follow });
    const [nextOne, nextOther] = [one.next(), other.next()];
    await until(() => subgraph.openStreams === 2);
    subgraph.emit(review);
    expect([(await nextOne).value, (await nextOther).value]).toEqual([added, added]);
    await one.return?.(undefined);
    await until(() => subgraph.openStreams === 1);
    expect(await ask(first.client, name)).toEqual(named);
    second.sockets[0]?.terminate();
    await until(() => subgraph.openStreams === 0);
  });

  it('outlives a reload of the graph, and ends with an error what the next one does not have', async () => {
    const { project, subgraph, files } = await startSubscribed();
    const { client } = clientOf(project);
    const stays = client.iterate({ query: follow });
    const goes = client.iterate({ query: 'subscription { reviewAdded { author { rating } } }' });
    const first = stays.next();
    const ended = expect(goes.next()).rejects.toMatchObject([
      { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
    ]);
    await until(() => subgraph.openStreams === 2);
    files.edit('subgraphs/reviews/schema.graphql', '  rating: Float\n', '');
    await project.server.reload();
    await ended;
    expect((await goes.next()).done).toBe(true);
    subgraph.emit(review);
    expect((await first).value).toEqual(added);
  });

  it('whose client reads nothing is cut off, and the subgraph waited for it', async () => {
    const { project, subgraph } = await startSubscribed({ events: { heartbeatMs: 1_500 } });
    const { client, sockets } = clientOf(project);
    const events = client.iterate({ query: 'subscription { reviewAdded { body } }' });
    void events.next().catch(() => undefined);
    await until(() => subgraph.openStreams === 1);
    sockets[0]?.pause();
    const count = 400;
    for (let index = 0; index < count; index++) {
      subgraph.emit({ id: `R${index}`, body: 'x'.repeat(200_000) });
    }
    await until(() => subgraph.openStreams === 0);
    expect(subgraph.taken).toBeLessThan(count);
  });

  it('that answers pings stays, and one that is idle is closed', async () => {
    const flags = { events: { heartbeatMs: 30 }, webSockets: { idleTimeoutMs: 300 } };
    const project = await startProject({ flags });
    const socket = await rawSocket(project);
    socket.send('{"type":"connection_init"}');
    await once(socket, 'message');
    for (let count = 0; count < 4; count++) await once(socket, 'ping');
    const [code, reason] = await once(socket, 'close');
    expect([code, String(reason)]).toEqual([1000, 'Idle']);
  });

  it('that answers no ping is cut off', async () => {
    const project = await startProject({ flags: { events: { heartbeatMs: 50 } } });
    const socket = await rawSocket(project, { autoPong: false });
    socket.send('{"type":"connection_init"}');
    expect((await once(socket, 'close'))[0]).toBe(1006);
  });

  it('is not opened beyond the limit, until another is closed', async () => {
    const project = await startProject({ flags: { webSockets: { maxConnections: 1 } } });
    const socket = await rawSocket(project);
    const [status, text] = await refusalOf(project, {});
    expect([status, text]).toEqual([503, expect.stringContaining('WEBSOCKETS_EXHAUSTED')]);
    socket.close();
    await once(socket, 'close');
    expect((await rawSocket(project)).readyState).toBe(WebSocket.OPEN);
  });

  it('is told when the server stops, which does not wait for it', async () => {
    const { project, subgraph } = await startSubscribed();
    const { client, sockets } = clientOf(project);
    const events = client.iterate({ query: follow });
    const next = events.next().catch((error: unknown) => error);
    await until(() => subgraph.openStreams === 1);
    const closed = once(sockets[0] as WebSocket, 'close');
    await project.server.close();
    expect((await closed)[0]).toBe(1001);
    await next;
    await until(() => subgraph.openStreams === 0);
  });
});
