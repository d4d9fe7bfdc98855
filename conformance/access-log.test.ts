import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from 'graphql-ws';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { WebSocket } from 'ws';
import { askGraph } from './testing/ask-graph.ts';
import { collectedLog } from './testing/collected-log.ts';
import { repositoryDirectory, startProject } from './testing/start-project.ts';

const query = 'query Who($id: ID!) { customer(id: $id) { name } }';

async function startLogged() {
  const { log, entries } = collectedLog();
  const { server } = await startProject({ log });
  /** The lines of so many requests, when they are written: which is after the client has its answer. */
  const lines = async (count: number, msg = 'request') => {
    const found = () => entries.filter((entry) => entry.msg === msg);
    await vi.waitUntil(() => found().length >= count);
    return found();
  };
  const ask = (text: string, headers: Readonly<Record<string, string>> = {}) =>
    askGraph(`${server.url}/graphql`, text, { id: 'C0000042' }, headers);
  return { server, ask, lines };
}

describe('the access log', () => {
  it('says of each question its operation and its cost, and how its answer came about', async () => {
    const { ask, lines } = await startLogged();
    for (let n = 0; n < 3; n++) await ask(query);
    const [whole, known, kept] = await lines(3);
    const operation = { operation: 'Who', operationType: 'query', outcome: 'success' };
    expect(whole).toMatchObject({ ...operation, way: 'whole', cost: 1, status: 200 });
    expect(known).toMatchObject({ ...operation, way: 'known', cost: 1 });
    expect(kept).toMatchObject({ ...operation, way: 'kept' });
  });

  it('says which errors an answer has, by their codes', async () => {
    const { ask, lines } = await startLogged();
    await ask('{ nothing }');
    await ask('query Bad($id: ID!) { customer(id: $id) { nothing } }');
    await ask(`{ ${'a '.repeat(20_000)} }`);
    const [first, second, third] = await lines(3);
    expect(first).toMatchObject({ outcome: 'failure', errorCodes: ['GRAPHQL_VALIDATION_FAILED'] });
    expect(second).toMatchObject({ outcome: 'failure' });
    expect(third).toMatchObject({ status: 400, errorCodes: ['DOCUMENT_TOKENS_EXCEEDED'] });
    expect(first).not.toHaveProperty('traceId');
  });

  it.each(['apollographql-client', 'graphql-client'])(
    'says who %s-name says that it is',
    async (header) => {
      const { ask, lines } = await startLogged();
      await ask(query, { [`${header}-name`]: 'Retool', [`${header}-version`]: '3.1' });
      await ask(query);
      const [named, unnamed] = await lines(2);
      expect(named).toMatchObject({ clientName: 'Retool', clientVersion: '3.1' });
      expect(unnamed).not.toHaveProperty('clientName');
    },
  );

  it('lets no client write more than a name into it', async () => {
    const { ask, lines } = await startLogged();
    const escape = '\u009b31m';
    await ask(query, {
      'graphql-client-name': `red${escape}${'x'.repeat(4_000)}`,
      'graphql-client-version': ' \t ',
    });
    const [line] = await lines(1);
    expect(line).toMatchObject({ clientName: expect.stringMatching(/^red31mx{80,100}$/) });
    expect(line).not.toHaveProperty('clientVersion');
  });

  it('has no member that docs/telemetry.md does not explain, and no caller where nobody asked for one', async () => {
    const { server, ask, lines } = await startLogged();
    await ask(query, { 'graphql-client-name': 'Retool', 'graphql-client-version': '3.1' });
    await ask('{ nothing }');
    await fetch(`${server.url}/nowhere`);
    const [answered, refused, lost] = await lines(3);
    const table = readFileSync(join(repositoryDirectory, 'docs/telemetry.md'), 'utf8');
    const members = Object.keys({ ...answered, ...refused, ...lost });
    const ofEveryLine = ['level', 'time', 'msg'];
    expect(
      members.filter((name) => !ofEveryLine.includes(name) && !table.includes(`\`${name}\``)),
    ).toEqual([]);
    expect(answered).toMatchObject({ isComplete: true, caller: { kind: 'anonymous' } });
    expect(lost).not.toHaveProperty('caller');
  });

  it('has a line for each operation that came over a WebSocket', async () => {
    const { server, lines } = await startLogged();
    const client = createClient({
      url: `${server.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: class extends WebSocket {
        constructor(url: string, protocols: string[]) {
          super(url, protocols, { headers: { 'graphql-client-name': 'Node-RED' } });
        }
      },
    });
    onTestFinished(() => void client.dispose());
    const results = client.iterate({ query, variables: { id: 'C0000042' } });
    expect((await results.next()).value).toMatchObject({
      data: { customer: { name: expect.any(String) } },
    });
    await results.next();
    await client.dispose();
    const [line] = await lines(1, 'WebSocket operation');
    expect(line).toMatchObject({
      requestId: expect.stringMatching(/\.1$/),
      path: '/graphql',
      clientName: 'Node-RED',
      operation: 'Who',
      operationType: 'query',
      outcome: 'success',
      cost: 1,
      caller: { kind: 'anonymous' },
    });
  });
});
