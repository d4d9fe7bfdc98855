import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, print } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { sharedTempFolder } from '../../foundation/testing/temp-folder.ts';
import { compose } from '../../registry/compose.ts';
import { linkFederation } from '../testing/federation-server.ts';
import { startRawSubgraph, type RawSubgraph } from '../testing/raw-subgraph.ts';
import { serveRemoteSupergraph } from '../testing/remote-supergraph.ts';
import { startProjectUntilClosed, type TestProject } from '../testing/start-project.ts';

type Fields = Readonly<Record<string, unknown>>;

describe('a number that no double has', () => {
  const graph = serveRemoteSupergraph({
    a: {
      sdl: `
        scalar Long
        type Query { long(n: Long): String  float(n: Float): Float  id(n: ID): ID }
      `,
      resolvers: {
        Query: {
          long: (_: unknown, { n }: Fields) => JSON.stringify(n),
          float: (_: unknown, { n }: Fields) => n,
          id: (_: unknown, { n }: Fields) => n,
        },
      },
    },
  });

  it('keeps its digits for a scalar of a subgraph, also as the default of a variable', async () => {
    expect(
      await graph.dataOf(
        'query ($d: Long = 18446744073709551615) { a: long(n: 9007199254740993) b: long(n: $d) c: long(n: 12) id(n: 9007199254740993) float(n: 1.5) }',
      ),
    ).toEqual({
      a: '"9007199254740993"',
      b: '"18446744073709551615"',
      c: '12',
      id: '9007199254740993',
      float: 1.5,
    });
  });
});

describe('a number in JSON that no double has', () => {
  const long = '12345678901234567890';
  const fine = '0.1234567890123456789';
  const directory = sharedTempFolder();
  const subgraphs: RawSubgraph[] = [];
  let project: TestProject;

  beforeAll(async () => {
    const thing = `{"__typename":"Thing","id":"1","numbered":${long},"long":${long},"longs":[1,${fine},1e400],"any":{"in":[${long}]},"float":${fine},"text":"${long}"}`;
    const things = await startRawSubgraph(`{"data":{"thing":${thing},"echo":"heard"}}`);
    const notes = await startRawSubgraph('{"data":{"_entities":[{"note":"noted"}]}}');
    subgraphs.push(things, notes);
    const sdls = [
      `scalar Long scalar Any
       input Range { from: Long to: [Long] float: Float }
       type Query { thing: Thing  echo(n: Long, range: Range, any: Any, float: Float, id: ID): String }
       type Thing @key(fields: "id") { id: ID! numbered: ID long: Long longs: [Long] any: Any float: Float text: String }`,
      `scalar Long
       type Thing @key(fields: "id") { id: ID! long: Long @external note: String @requires(fields: "long") }`,
    ];
    const { supergraphSdl } = compose({
      subgraphs: subgraphs.map(({ url }, index) => {
        return { name: `s${index}`, url, sdl: linkFederation(sdls[index] ?? '') };
      }),
    });
    const supergraphFile = join(directory, 'supergraph.graphql');
    writeFileSync(supergraphFile, supergraphSdl);
    project = await startProjectUntilClosed({
      projectDirectory: directory,
      dataDirectory: join(directory, 'data'),
      supergraphFile,
    });
  });
  afterAll(async () => {
    await project.server.close();
    for (const subgraph of subgraphs) await subgraph.close();
  });

  async function ask(query: string, variables = '{}'): Promise<string> {
    for (const { received } of subgraphs) received.length = 0;
    const response = await fetch(`${project.server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: `{"query":${JSON.stringify(query)},"variables":${variables}}`,
    });
    return response.text();
  }

  it('of a variable comes to the subgraph with its digits, where its type is a scalar of its own', async () => {
    const query = `query Q($n: Long, $range: Range, $any: Any, $float: Float) {
      echo(n: $n, range: $range, any: $any, float: $float)
    }`;
    const variables = (float: string): string =>
      `{"n":${long},"range":{"from":-${fine},"to":[1,${long}],"float":${float}},"any":{"in":[${long}]},"float":${float}}`;
    // The second and the third time the operation is known already.
    for (let time = 0; time < 3; time++) {
      expect(JSON.parse(await ask(query, variables(fine)))).toEqual({ data: { echo: 'heard' } });
      expect(subgraphs[0]?.received).toHaveLength(1);
      const sent = variables(String(Number(fine)));
      for (const member of sent.slice(1, -1).split(/,(?="(?:range|any)")/))
        expect(subgraphs[0]?.received[0]).toContain(member);
    }
  });

  it('of a variable comes to the subgraph with its digits also by GET', async () => {
    const { received = [] } = subgraphs[0] ?? {};
    received.length = 0;
    const query = encodeURIComponent('query ($n: Long) { echo(n: $n) }');
    const variables = encodeURIComponent(`{"n":${long}}`);
    const response = await fetch(
      `${project.server.url}/graphql?query=${query}&variables=${variables}`,
      { headers: { 'apollo-require-preflight': 'true' } },
    );
    expect(await response.json()).toEqual({ data: { echo: 'heard' } });
    expect(received[0]).toContain(`{"n":${long}}`);
  });

  it.each([
    `{ echo(any: { in: ${long} }) }`,
    `{ echo(any: { in: [{ at: 9007199254740993 }, { at: ${fine} }] }) }`,
    `{ echo(any: { in: 1e400, out: -0.0 }) }`,
    `query ($any: Any = { in: ${long} }) { echo(any: $any) }`,
    `{ echo(any: [{ in: BIG }, SMALL], range: { float: 0.5 }) }`,
    `{ echo(any: { in: { text: "\\"1e400\\" BIG", many: 7 } }) }`,
  ])('of a literal comes to the subgraph as it is written: %s', async (query) => {
    for (let time = 0; time < 2; time++) {
      expect(JSON.parse(await ask(query))).toEqual({ data: { echo: 'heard' } });
      const { query: sent } = JSON.parse(subgraphs[0]?.received[0] ?? '') as { query: string };
      expect(print(parse(sent))).toBe(print(parse(query)));
    }
  });

  it('of a variable that is a Float is what it is to JSON, and of an ID its digits', async () => {
    await ask(
      'query ($id: ID, $float: Float) { echo(id: $id, float: $float) }',
      `{"id":${long},"float":${long}}`,
    );
    expect(subgraphs[0]?.received[0]).toContain(`{"id":"${long}","float":${Number(long)}}`);
  });

  it('of a subgraph comes to the client with its digits, where its type is a scalar of its own', async () => {
    for (let time = 0; time < 3; time++) {
      expect(await ask('{ thing { long longs any float text } }')).toBe(
        `{"data":{"thing":{"long":${long},"longs":[1,${fine},1e400],"any":{"in":[${long}]},"float":${String(Number(fine))},"text":"${long}"}}}\n`,
      );
    }
  });

  it('is as exact over a WebSocket', async () => {
    const asked = { query: 'query ($n: Long) { echo(n: $n) thing { long longs any float text } }' };
    const payload = `${JSON.stringify(asked).slice(0, -1)},"variables":{"n":${long}}}`;
    for (const { received } of subgraphs) received.length = 0;
    for (let time = 0; time < 3; time++) {
      expect(await askOverWebSocket(project, payload)).toEqual([
        `{"id":"1","type":"next","payload":{"data":{"echo":"heard","thing":{"long":${long},"longs":[1,${fine},1e400],"any":{"in":[${long}]},"float":${String(Number(fine))},"text":"${long}"}}}}`,
        '{"id":"1","type":"complete"}',
      ]);
      expect(subgraphs[0]?.received[time]).toContain(`{"n":${long}}`);
    }
  });

  it('of a subgraph is the text of an ID', async () => {
    expect(JSON.parse(await ask('{ thing { numbered } }'))).toEqual({
      data: { thing: { numbered: long } },
    });
  });

  it('of a subgraph comes to another one that requires it', async () => {
    expect(JSON.parse(await ask('{ thing { note } }'))).toEqual({
      data: { thing: { note: 'noted' } },
    });
    expect(subgraphs[1]?.received[0]).toContain(`"long":${long}`);
  });
});

describe.each(['http', 'ws'])('a number of an event that comes by %s', (scheme) => {
  const long = '12345678901234567890';
  const fine = '0.1234567890123456789';
  const directory = sharedTempFolder();
  const subgraphs: RawSubgraph[] = [];
  let project: TestProject;

  beforeAll(async () => {
    const thing = `{"__typename":"Thing","id":"1","numbered":${long},"long":${long},"any":{"in":[${fine}]},"float":${fine}}`;
    const things = await startRawSubgraph(`{"data":{"changed":${thing}}}`);
    const notes = await startRawSubgraph('{"data":{"_entities":[{"note":"noted"}]}}');
    subgraphs.push(things, notes);
    const sdls = [
      `scalar Long scalar Any
       type Query { thing: Thing }
       type Subscription { changed(n: Long): Thing }
       type Thing @key(fields: "id") { id: ID! numbered: ID long: Long any: Any float: Float }`,
      `scalar Long
       type Thing @key(fields: "id") { id: ID! long: Long @external note: String @requires(fields: "long") }`,
    ];
    const { supergraphSdl } = compose({
      subgraphs: subgraphs.map(({ url }, index) => {
        return { name: `s${index}`, url, sdl: linkFederation(sdls[index] ?? '') };
      }),
    });
    const supergraphFile = join(directory, 'supergraph.graphql');
    writeFileSync(supergraphFile, supergraphSdl);
    project = await startProjectUntilClosed({
      projectDirectory: directory,
      dataDirectory: join(directory, 'data'),
      supergraphFile,
      flags: {
        subgraphs: { subscriptionUrls: [`s0=${things.url.replace('http:', `${scheme}:`)}`] },
      },
    });
  });
  afterAll(async () => {
    await project.server.close();
    for (const subgraph of subgraphs) await subgraph.close();
  });

  const query = 'subscription ($n: Long) { changed(n: $n) { long any float numbered note } }';
  const event = `{"data":{"changed":{"long":${long},"any":{"in":[${fine}]},"float":${Number(fine)},"numbered":"${long}","note":"noted"}}}`;
  const question = `{"query":${JSON.stringify(query)},"variables":{"n":${long}}}`;

  it('has its digits in a stream of server-sent events, and so have those of variables and of what is required', async () => {
    for (const { received } of subgraphs) received.length = 0;
    const response = await fetch(`${project.server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: question,
    });
    expect(await response.text()).toContain(`data: ${event}\n`);
    expect(subgraphs[0]?.received[0]).toContain(`"variables":{"n":${long}}`);
    expect(subgraphs[1]?.received[0]).toContain(`"long":${long}`);
  });

  it('has its digits over a WebSocket, and so have those of variables and of what is required', async () => {
    for (const { received } of subgraphs) received.length = 0;
    const messages = await askOverWebSocket(project, question);
    expect(messages).toEqual([
      `{"id":"1","type":"next","payload":${event}}`,
      '{"id":"1","type":"complete"}',
    ]);
    expect(subgraphs[0]?.received[0]).toContain(`"variables":{"n":${long}}`);
    expect(subgraphs[1]?.received[0]).toContain(`"long":${long}`);
  });
});

/** The texts of the messages until the operation is complete. */
async function askOverWebSocket({ server }: TestProject, payload: string): Promise<string[]> {
  const address = `${server.url.replace('http:', 'ws:')}/graphql`;
  const socket = new WebSocket(address, 'graphql-transport-ws');
  const messages: string[] = [];
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.once('open', () => socket.send('{"type":"connection_init"}'));
    socket.on('message', (message: Buffer) => {
      const text = message.toString('utf8');
      if (text.includes('connection_ack')) {
        socket.send(`{"id":"1","type":"subscribe","payload":${payload}}`);
        return;
      }
      messages.push(text);
      if (/"type":"(complete|error)"/.test(text)) resolve();
    });
  });
  socket.terminate();
  return messages;
}
