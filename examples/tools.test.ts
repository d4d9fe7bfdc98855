import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sharedTempFolder } from '../foundation/testing/temp-folder.ts';
import { eventOf, secret } from '../receiver/testing/deliveries.ts';
import { startCrm } from './crm/start-crm.ts';
import type { RunningTool } from './http/serve-json.ts';
import { startSupportDesk } from './support-desk/start-support-desk.ts';
import { deliver, FakeGateway } from './testing/fake-gateway.ts';
import { recordRequests } from './testing/record-requests.ts';

const folder = sharedTempFolder();
let number = 0;
let gateway: FakeGateway;
let support: RunningTool;
let supportDoor: Awaited<ReturnType<typeof recordRequests>>;
let crm: RunningTool;
let crmFile: string;

beforeEach(async () => {
  number += 1;
  crmFile = join(folder, `crm-${number}.json`);
  gateway = await FakeGateway.start();
  support = await startSupportDesk({
    port: 0,
    webhookSecret: secret,
    dataFile: join(folder, `support-${number}.json`),
  });
  supportDoor = await recordRequests(support.url);
  crm = await startTestCrm();
});

afterEach(async () => {
  supportDoor.close();
  await Promise.all([gateway.close(), support.close(), crm.close()]);
});

function startTestCrm(): Promise<RunningTool> {
  return startCrm({
    port: 0,
    gatewayUrl: gateway.url,
    apiKey: 'key-of-crm',
    webhookSecret: secret,
    supportUrl: supportDoor.url,
    dataFile: crmFile,
  });
}

async function call(
  tool: RunningTool,
  method: string,
  path: string,
  json?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly json: unknown }> {
  const body = json === undefined ? {} : { body: JSON.stringify(json) };
  const response = await fetch(tool.url + path, { method, headers, ...body });
  return { status: response.status, json: await response.json() };
}

const ada = { id: 'C1', name: 'Ada Lovelace', email: 'ada@mail.example' };

function created(data = ada) {
  return eventOf({ version: 1, subject: data.id, data });
}

describe('the CRM', () => {
  it('has the hub make a customer, and keeps what only sales knows itself', async () => {
    const { name, email } = ada;
    const answer = await call(crm, 'POST', '/customers', { name, email, accountValue: 950.5 });
    expect(answer).toEqual({ status: 201, json: { ...ada, accountValue: 950.5 } });
    expect(gateway.customers).toEqual([{ ...ada, version: 1 }]);
    expect(gateway.apiKeys).toEqual(['key-of-crm']);
    expect((await call(crm, 'GET', '/customers/C1')).json).toEqual({ ...ada, accountValue: 950.5 });
    expect((await call(crm, 'GET', '/customers')).json).toEqual([{ ...ada, accountValue: 950.5 }]);
  });

  it('makes one customer of a wish that is sent twice', async () => {
    const wish = { name: ada.name, email: ada.email, accountValue: 1 };
    const key = { 'idempotency-key': 'wish-1' };
    await call(crm, 'POST', '/customers', wish, key);
    await call(crm, 'POST', '/customers', wish, key);
    expect(gateway.customers).toHaveLength(1);
    expect((await call(crm, 'GET', '/customers')).json).toHaveLength(1);
  });

  it('keeps the account value when another tool changes the name, and ignores what is late', async () => {
    await call(crm, 'POST', '/customers', { name: ada.name, email: ada.email, accountValue: 9 });
    const renamed = { ...ada, name: 'Ada King' };
    await deliver(crm, secret, eventOf({ version: 3, data: renamed }));
    await deliver(crm, secret, eventOf({ version: 2, data: { ...ada, name: 'Late' } }));
    expect((await call(crm, 'GET', '/customers/C1')).json).toEqual({ ...renamed, accountValue: 9 });
  });

  it('lets an event that overtook the answer of the hub stand, and adds its own value to it', async () => {
    const renamed = { ...ada, name: 'Ada King' };
    await deliver(crm, secret, eventOf({ version: 2, data: renamed }));
    const { name, email } = ada;
    const answer = await call(crm, 'POST', '/customers', { name, email, accountValue: 9 });
    expect(answer.json).toEqual({ ...renamed, accountValue: 9 });
  });

  it('does not bring back a customer that was deleted before the hub answered', async () => {
    await deliver(crm, secret, eventOf({ version: 2, kind: 'Deleted' }));
    const { name, email } = ada;
    const answer = await call(crm, 'POST', '/customers', { name, email, accountValue: 9 });
    expect(answer.status).toBe(404);
    expect((await call(crm, 'GET', '/customers')).json).toEqual([]);
  });

  it('has its accounts again after a restart', async () => {
    await deliver(crm, secret, created());
    await crm.close();
    crm = await startTestCrm();
    expect((await call(crm, 'GET', '/customers/C1')).json).toEqual({ ...ada, accountValue: 0 });
    expect((await deliver(crm, secret, created())).json).toEqual({ status: 'known' });
    expect(JSON.parse(readFileSync(crmFile, 'utf8'))).toMatchObject({
      versions: { 'Customer/C1': 1 },
      records: { C1: ada },
    });
  });

  it('passes on what the hub does not take, and keeps nothing of it', async () => {
    const answer = await call(crm, 'POST', '/customers', { name: 'Ada', email: 'nowhere' });
    expect(answer).toEqual({ status: 422, json: { error: 'email is no address.' } });
    await gateway.close();
    const { name, email } = ada;
    expect((await call(crm, 'POST', '/customers', { name, email })).status).toBe(502);
    expect((await call(crm, 'GET', '/customers')).json).toEqual([]);
    gateway = await FakeGateway.start();
  });
});

describe('the support desk', () => {
  it('makes a client of each customer, in the lowest tier, and lets go of those that are deleted', async () => {
    await deliver(support, secret, created());
    const client = { ...ada, tier: 'BRONZE', openTickets: [] };
    expect((await call(support, 'GET', '/customers')).json).toEqual([client]);
    await deliver(support, secret, eventOf({ version: 2, kind: 'Deleted' }));
    expect((await call(support, 'GET', '/customers')).json).toEqual([]);
  });

  it('keeps tier and tickets when the name changes', async () => {
    await deliver(support, secret, created());
    await call(support, 'PUT', '/customers/C1/tier', { tier: 'GOLD' });
    await call(support, 'POST', '/customers/C1/tickets', { about: 'a broken lamp' });
    const renamed = { ...ada, name: 'Ada King' };
    await deliver(support, secret, eventOf({ version: 2, data: renamed }));
    expect((await call(support, 'GET', '/customers/C1')).json).toEqual({
      ...renamed,
      tier: 'GOLD',
      openTickets: ['a broken lamp'],
    });
  });

  it.each([
    [{ ...ada, name: 'Ada\u0007' }, 'control characters'],
    [{ ...ada, email: 'ada@Test.INVALID' }, 'can send no mail'],
  ])(
    'vetoes what it could not work with (case %#), and takes it when it is mended',
    async (data, reason) => {
      const { status, json } = await deliver(support, secret, created(data));
      expect(status).toBe(422);
      expect(json).toEqual({ veto: { reason: expect.stringContaining(reason) } });
      expect((await call(support, 'GET', '/customers')).json).toEqual([]);
      expect((await deliver(support, secret, created())).json).toEqual({ status: 'applied' });
    },
  );

  it.each([
    ['PUT', '/customers/C1/tier', { tier: 'DIAMOND' }, 400],
    ['PUT', '/customers/C9/tier', { tier: 'GOLD' }, 404],
    ['POST', '/customers/C9/tickets', { about: 'x' }, 404],
    ['POST', '/service-level', { ...ada, accountValue: 9 }, 400],
    ['POST', '/service-level', { id: 'C1' }, 400],
    ['POST', '/service-level', [], 400],
    ['POST', '/service-level', 'x'.repeat(70_000), 413],
    ['GET', '/customers/%zz', undefined, 404],
    ['GET', '//', undefined, 404],
    ['DELETE', '/customers/C1', undefined, 404],
  ])(
    'answers %s %s (case %#) with its own store or a refusal',
    async (method, path, json, status) => {
      await deliver(support, secret, created());
      expect((await call(support, method, path, json)).status).toBe(status);
    },
  );
});

describe('a call from the CRM to the support desk', () => {
  it('holds the base data only, and is answered by support from its own store without calling anybody', async () => {
    const wish = { name: ada.name, email: ada.email, accountValue: 123_456 };
    await call(crm, 'POST', '/customers', wish);
    await deliver(support, secret, created());
    await call(support, 'PUT', '/customers/C1/tier', { tier: 'GOLD' });
    await call(support, 'POST', '/customers/C1/tickets', { about: 'a broken lamp' });
    const callsBefore = gateway.apiKeys.length;
    // Both tools run in this process: whatever either of them fetches is seen here.
    const fetched = vi.spyOn(globalThis, 'fetch');
    const { json } = await call(crm, 'GET', '/customers/C1/service');
    const addresses = fetched.mock.calls.map(([address]) => String(address));
    fetched.mockRestore();
    expect(json).toEqual({
      ...ada,
      accountValue: 123_456,
      service: { tier: 'GOLD', openTickets: ['a broken lamp'] },
    });
    expect(addresses).toEqual([
      `${crm.url}/customers/C1/service`,
      `${supportDoor.url}/service-level`,
      `${support.url}/service-level`,
    ]);
    const [request, ...more] = supportDoor.requests;
    expect(more).toEqual([]);
    expect(JSON.parse(request?.body ?? '')).toEqual(ada);
    expect(JSON.stringify(request)).not.toMatch(/123456|accountValue|key-of-crm/);
    expect(gateway.apiKeys).toHaveLength(callsBefore);
  });

  it('is answered with nothing while support has not heard of the customer', async () => {
    await deliver(crm, secret, created());
    const { status, json } = await call(crm, 'GET', '/customers/C1/service');
    expect({ status, json }).toEqual({
      status: 200,
      json: { ...ada, accountValue: 0, service: null },
    });
  });

  it('says so when support is away', async () => {
    await deliver(crm, secret, created());
    await support.close();
    supportDoor.close();
    expect((await call(crm, 'GET', '/customers/C1/service')).status).toBe(502);
    support = await startSupportDesk({ port: 0, webhookSecret: secret, dataFile: `${crmFile}.2` });
  });
});

describe('the programs', () => {
  const directory = fileURLToPath(new URL('.', import.meta.url));

  /** Gives the process and what it says first. */
  async function start(name: string, environment: NodeJS.ProcessEnv) {
    const file = join(directory, name, 'main.ts');
    const child = spawn(process.execPath, ['--import', 'tsx', file, '--port=0'], {
      cwd: directory,
      env: { PATH: process.env['PATH'], DATA_FILE: join(folder, `${name}.json`), ...environment },
    });
    const ended = once(child, 'exit');
    const said = [child.stdout, child.stderr].map((stream) => once(stream, 'data'));
    const [text] = (await Promise.race(said)) as [Buffer];
    return { child, ended, text: String(text) };
  }

  it.each(['crm', 'support-desk'])('%s starts, says where it is, and ends', async (name) => {
    const { child, ended, text } = await start(name, { WEBHOOK_SECRET: secret, API_KEY: 'key' });
    const [url = text] = /http:\S+/.exec(text) ?? [];
    expect(await (await fetch(`${url}/customers`)).json()).toEqual([]);
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });

  it('say which setting is missing', async () => {
    const { ended, text } = await start('crm', { WEBHOOK_SECRET: secret });
    expect(text).toMatch(/API_KEY is missing: .*tributary key create/);
    expect(await ended).toEqual([1, null]);
  });
});
