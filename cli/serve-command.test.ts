import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { askGraph } from '../conformance/testing/ask-graph.ts';
import { ProjectFolder } from '../conformance/testing/project-folder.ts';
import { startProject } from '../conformance/testing/start-project.ts';
import { tempFolder } from '../foundation/testing/temp-folder.ts';
import { runCli, startCli } from './testing/run-cli.ts';

const answersAt = /answers at (\S+)/;
const tier = '{ customer(id: "C0000042") { supportTier } }';
const silver = { status: 200, data: { customer: { supportTier: 'SILVER' } } };

describe('tributary serve', () => {
  it('answers where it says, writes a JSON log, and ends well on SIGTERM', async () => {
    const serve = startCli(['serve', '--data', tempFolder(), '--port', '0']);
    const url = await serve.said(answersAt);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/graphql$/);
    expect(await askGraph(url, tier)).toEqual(silver);
    serve.signal('SIGTERM');
    const { code, stdout } = await serve.result();
    expect(code).toBe(0);
    const entries = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(entries).toContainEqual(expect.objectContaining({ level: 'info', msg: 'ready' }));
  });

  it('finishes a request that is under way when SIGTERM comes', async () => {
    const project = ProjectFolder.copyOfRepository(tempFolder());
    project.write(
      'subgraphs/sales/resolvers.ts',
      `import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
       export default { Customer: { creditLimit: async () => { await setTimeout(1500); return 7; } } };`,
    );
    const serve = startCli([
      'serve',
      ...['--project', project.directory, '--data', tempFolder(), '--port', '0'],
    ]);
    const url = await serve.said(answersAt);
    const began = askGraph(url, '{ customer(id: "C0000042") { creditLimit } }');
    await setTimeout(700);
    serve.signal('SIGTERM');
    expect(await began).toEqual({ status: 200, data: { customer: { creditLimit: 7 } } });
    expect((await serve.result()).code).toBe(0);
  });

  it('names the process that has the lake open', async () => {
    const data = tempFolder();
    const serve = startCli(['serve', '--data', data, '--port', '0']);
    const url = await serve.said(answersAt);
    for (const args of [
      ['serve', '--port', '0'],
      // The same command once more: its port is taken as well, by the same process.
      ['serve', '--port', new URL(url).port],
      ['subgraph', 'sales', '--port', new URL(url).port],
      ['seed', '--customers', '1', '--replace'],
    ]) {
      const { code, stderr } = await runCli([...args, '--data', data]);
      expect(code).toBe(1);
      expect(stderr).toContain(`process ${serve.pid}`);
      expect(stderr).toContain('[LAKE_LOCKED]');
    }
    expect(await askGraph(url, tier)).toEqual(silver);
  });

  it.each(['serve', 'subgraph sales'])(
    'says so when its port is taken, before it has made or opened a lake: %s',
    async (command) => {
      const { port } = await listen();
      const data = join(tempFolder(), 'data');
      const args = [...command.split(' '), '--data', data, '--port', String(port)];
      const { code, stderr } = await runCli(args);
      expect(code).toBe(1);
      expect(stderr).toContain(`Port ${port} on 127.0.0.1 is already in use.`);
      expect(stderr).toContain('[PORT_IN_USE]');
      expect(existsSync(data)).toBe(false);
    },
  );

  it('says so when it may not listen at its address, before it has made a lake', async () => {
    const data = join(tempFolder(), 'data');
    const args = ['serve', '--data', data, '--host', '192.0.2.1', '--port', '0'];
    const { code, stderr } = await runCli(args);
    expect(code).toBe(1);
    expect(stderr).toMatch(/192\.0\.2\.1[^]*\[CANNOT_LISTEN\]/);
    expect(existsSync(data)).toBe(false);
  });

  it('leaves the lake free when another program takes the port while it starts', async () => {
    const { port } = await listen();
    const dataDirectory = tempFolder();
    const started = startProject({ dataDirectory, flags: { server: { port } } });
    await expect(started).rejects.toMatchObject({ code: 'PORT_IN_USE' });
    const { ask } = await startProject({ dataDirectory });
    expect(await ask(tier)).toEqual(silver);
  });

  it('goes on after it was killed, on the lake that it left', async () => {
    const data = tempFolder();
    const killed = startCli(['serve', '--data', data, '--port', '0']);
    await killed.said(answersAt);
    killed.signal('SIGKILL');
    await killed.result();
    const serve = startCli(['serve', '--data', data, '--port', '0']);
    expect(await askGraph(await serve.said(answersAt), tier)).toEqual(silver);
  });
});

describe('tributary subgraph', () => {
  it('serves one subgraph alone, as a federation server', async () => {
    const subgraph = startCli(['subgraph', 'sales', '--port', '0', '--data', tempFolder()]);
    const url = await subgraph.said(answersAt);
    const { data } = await askGraph(
      url,
      `query ($keys: [_Any!]!) { _service { sdl } _entities(representations: $keys) { ... on Customer { salesRep } } }`,
      { keys: [{ __typename: 'Customer', id: 'C0000042' }] },
    );
    expect(data).toMatchObject({
      _service: { sdl: expect.stringContaining('accountValue') },
      _entities: [{ salesRep: 'Maximilian Goyette' }],
    });
    const { errors } = await askGraph(url, '{ _service { sdl } customer(id: "C0000042") { id } }');
    expect(errors?.[0]?.message).toContain('customer');
    subgraph.signal('SIGINT');
    expect((await subgraph.result()).code).toBe(0);
  });

  it('refuses a name that the project does not have', async () => {
    const { code, stderr } = await runCli([
      'subgraph',
      ...['sale', '--port', '0', '--data', tempFolder()],
    ]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/\bsale\b[^]*\bsales\b[^]*\[SUBGRAPH_UNKNOWN\]/);
  });
});

describe('tributary key', () => {
  it('makes, lists and revokes keys while the server runs', async () => {
    const data = tempFolder();
    const serve = startCli(['serve', '--data', data, '--port', '0']);
    const url = await serve.said(answersAt);
    const key = (...args: readonly string[]) => runCli(['key', ...args, '--data', data]);
    const created = await key('create', '--name', 'Retool');
    expect(created.code).toBe(0);
    const token = created.stdout.trimEnd();
    expect(token).toMatch(/^\S+$/);
    expect(await askGraph(url, tier, {}, { 'x-api-key': token })).toEqual(silver);
    expect(await askGraph(url, tier, {}, { authorization: `Bearer ${token}` })).toEqual(silver);

    const list = await key('list');
    const [id = '', , state, name] = list.stdout.trimEnd().split('\t');
    expect({ state, name }).toEqual({ state: 'active', name: 'Retool' });
    expect(list.stdout).not.toContain(token);

    expect((await key('revoke', id)).code).toBe(0);
    const { status } = await askGraph(url, tier, {}, { 'x-api-key': token });
    expect(status).toBe(401);
    expect((await key('list')).stdout).toContain('revoked');
    expect(await key('revoke', 'nobody')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('[KEY_NOT_FOUND]'),
    });
  });
});

/** Takes a port until the test ends. */
async function listen(): Promise<AddressInfo> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return server.address() as AddressInfo;
}
