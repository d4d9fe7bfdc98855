import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { controlRoutes } from '../control/control-routes.ts';
import { startControl } from '../control/start-control.ts';
import { createLog } from '../foundation/log.ts';
import { tempFolder } from '../foundation/testing/temp-folder.ts';
import { MemoryEvents } from '../motion/testing/memory-events.ts';
import { freshnessOf, MemorySync } from '../motion/testing/memory-sync.ts';
import type { QuarantinedRow } from '../sync/sync-service.ts';
import { runCli, type CliResult } from './testing/run-cli.ts';

interface TestServer {
  readonly sync: MemorySync;
  readonly events: MemoryEvents;
  readonly run: (...args: string[]) => Promise<CliResult>;
}

/** The part of a server that commands reach, with syncs and events that the test plays. */
async function startServer(): Promise<TestServer> {
  const directory = tempFolder();
  const sync = new MemorySync();
  const events = new MemoryEvents();
  const exportTo = (): Promise<never> => Promise.reject(new Error('There is no lake.'));
  const control = await startControl({
    directory,
    routes: controlRoutes({ events, sync, exportTo }),
    log: createLog({ level: 'silent' }),
  });
  onTestFinished(() => control.close());
  return { sync, events, run: (...args) => runCli([...args, '--data', directory]) };
}

const bad: QuarantinedRow = {
  id: '7',
  domain: 'sales',
  table: 'customer',
  key: 'C1',
  kind: 'BAD',
  reason: 'account_value is "a lot"\u001b[2J',
  rule: 'account_value',
  payload: { id: 'C1', account_value: 'a lot' },
  since: new Date('2026-01-31T02:00:00.500Z'),
};

describe.each([
  'sync',
  'freshness',
  'quarantine list',
  'quarantine replay 1',
  'quarantine discard 1',
  'subscribers',
])('tributary %s', (command) => {
  it('says so when no server runs', async () => {
    const data = tempFolder();
    writeFileSync(join(data, 'lake.duckdb'), '');
    const { code, stdout, stderr } = await runCli([...command.split(' '), '--data', data]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(`No server runs with the data directory ${data}.`);
    expect(stderr).toContain('[SERVER_NOT_RUNNING]');
  });

  it('says so when the folder is none with a lake', async () => {
    const data = join(tempFolder(), 'typo');
    const { code, stdout, stderr } = await runCli([...command.split(' '), '--data', data]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(`There is no lake in ${data}.`);
    expect(stderr).toMatch(/--data[^]*\[LAKE_MISSING\]/);
  });
});

describe('tributary freshness', () => {
  it('shows the tables of all domains, and JSON on request', async () => {
    const { sync, run } = await startServer();
    sync.tables.push(
      freshnessOf('identity', {
        state: 'LIVE',
        watermark: null,
        lastSuccess: null,
        lagSeconds: null,
        nextRun: null,
        nextRunLocal: null,
      }),
      freshnessOf('sales', { lagSeconds: 3_660 }),
    );
    const { code, stdout } = await run('freshness');
    expect(code).toBe(0);
    expect(stdout.split('\n').map((line) => line.split(/\s{2,}/))).toEqual([
      [
        'DOMAIN',
        'TABLE',
        'STATE',
        'LAG',
        'WATERMARK',
        'LAST SUCCESS',
        'ROWS',
        'QUARANTINED',
        'NEXT RUN',
        'LAST ERROR',
      ],
      ['identity', 'customer', 'LIVE', '-', '-', '-', '1000', '2', '-', '-'],
      [
        ...[
          'sales',
          'customer',
          'FRESH',
          '1 h 1 min',
          '2026-01-31 01:00:00Z',
          '2026-01-31 01:00:00Z',
        ],
        ...['1000', '2', '2026-02-01T02:00:00[Europe/Berlin]', '-'],
      ],
      [''],
    ]);
    const json = await run('freshness', '--json');
    expect(JSON.parse(json.stdout)).toEqual(JSON.parse(JSON.stringify(sync.tables)));
  });
});

describe('tributary sync', () => {
  it('runs all domains that have a sync, or one, or a table of it', async () => {
    const { sync, run } = await startServer();
    sync.tables.push(
      freshnessOf('identity', { state: 'LIVE' }),
      freshnessOf('billing', { state: 'UNSYNCED' }),
      freshnessOf('sales'),
      freshnessOf('sales', { table: 'lead' }),
      freshnessOf('support', { state: 'NEVER' }),
    );
    const asked: unknown[] = [];
    const { runNow } = sync;
    sync.runNow = (options) => {
      asked.push(JSON.parse(JSON.stringify(options)));
      return runNow(options);
    };
    const all = await run('sync');
    expect(all).toMatchObject({ code: 0, stderr: '' });
    expect(all.stdout).toMatch(
      /^DOMAIN +TABLE +STATE +READ [^\n]*\nsales +customer +SUCCEEDED +3 [^\n]*\nsupport /,
    );
    await run('sync', 'sales', 'lead', '--snapshot');
    expect(asked).toEqual([
      { domain: 'sales', mode: 'delta' },
      { domain: 'support', mode: 'delta' },
      { domain: 'sales', table: 'lead', mode: 'snapshot' },
    ]);
  });

  it('ends with code 1 when a run failed, or none was made', async () => {
    const { sync, run } = await startServer();
    expect(await run('sync')).toEqual({
      code: 0,
      stdout: '',
      stderr: 'No domain has a sync that fetches rows.\n',
    });
    expect(await run('sync', 'nowhere')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'domain: There is no such domain. [NOT_FOUND]\n',
    });
    const { runNow } = sync;
    sync.runNow = async (options) => {
      const { runs } = await runNow(options);
      const failed = (runs ?? []).map((report) => ({
        ...report,
        state: 'FAILED' as const,
        error: 'the source\nsaid no',
      }));
      return { runs: failed, problems: [] };
    };
    const { code, stdout, stderr } = await run('sync', 'sales');
    expect(code).toBe(1);
    expect(stdout).toContain('FAILED');
    expect(stderr).toBe('sales.customer: the source said no\n');
  });
});

describe('tributary sync of all domains', () => {
  it('passes over those whose tools push their rows', async () => {
    const { sync, run } = await startServer();
    sync.tables.push(freshnessOf('pushed'), freshnessOf('sales'));
    expect(await run('sync')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/\nsales /),
      stderr: '',
    });
    expect(await run('sync', 'pushed')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('nothing to fetch'),
    });
    sync.tables.splice(1);
    expect(await run('sync')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('fetches rows'),
    });
  });
});

describe('tributary quarantine', () => {
  it('lists rows, and JSON with their values on request', async () => {
    const { sync, run } = await startServer();
    sync.rows.push(
      bad,
      { ...bad, id: '8', kind: 'WAITING' },
      { ...bad, id: '9', domain: 'support' },
    );
    const { code, stdout, stderr } = await run(
      'quarantine',
      'list',
      '--domain',
      'sales',
      '--first',
      '1',
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '1 of 2 rows. Go on with --after 7.\n' });
    expect(stdout).toBe(
      'ID  DOMAIN  TABLE     KEY  KIND  SINCE                 REASON\n' +
        '7   sales   customer  C1   BAD   2026-01-31 02:00:00Z  account_value is "a lot" [2J\n',
    );
    const json = await run('quarantine', 'list', '--kind', 'WAITING', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({
      totalCount: 1,
      items: [{ id: '8', payload: { account_value: 'a lot' } }],
    });
  });

  it('replays rows with other values, and discards them', async () => {
    const { sync, run } = await startServer();
    sync.rows.push(bad, { ...bad, id: '8' });
    const fixed = await run(
      ...'quarantine replay 7 8 --set account_value=5 --set note=a=b'.split(' '),
    );
    expect(fixed).toEqual({ code: 0, stdout: '', stderr: '2 released, 0 remain.\n' });
    expect(sync.fixes).toEqual([{ account_value: '5', note: 'a=b' }]);
    sync.replayQuarantined = () =>
      Promise.resolve({
        released: 0,
        remaining: 1,
        problems: [{ code: 'INVALID', message: 'It is no number.', field: 'account_value' }],
      });
    expect(await run('quarantine', 'replay', '7')).toEqual({
      code: 1,
      stdout: '',
      stderr: '0 released, 1 remain.\naccount_value: It is no number. [INVALID]\n',
    });
    expect(await run('quarantine', 'discard', '7', '8')).toMatchObject({
      code: 0,
      stderr: '2 discarded.\n',
    });
  });

  it('says which rows there are to whom names others', async () => {
    const { sync, run } = await startServer();
    const missing = 'ids: There is no row 99 in quarantine. [NOT_FOUND]\n';
    expect(await run('quarantine', 'discard', '99')).toEqual({
      code: 1,
      stdout: '',
      stderr: `0 discarded.\n${missing}The quarantine is empty.\n`,
    });
    sync.rows.push(...Array.from({ length: 12 }, (_, n) => ({ ...bad, id: String(n + 1) })));
    const list = '`tributary quarantine list` shows them.';
    expect(await run('quarantine', 'discard', '99', '12')).toEqual({
      code: 1,
      stdout: '',
      stderr: `1 discarded.\n${missing}In quarantine are 11 rows, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and others: ${list}\n`,
    });
    sync.rows.splice(1);
    expect((await run('quarantine', 'replay', '99')).stderr).toBe(
      `0 released, 0 remain.\n${missing}In quarantine is 1 row, 1: ${list}\n`,
    );
  });
});

describe('tributary subscribers', () => {
  it('lists them without their secrets', async () => {
    const { events, run } = await startServer();
    expect(await run('subscribers')).toEqual({
      code: 0,
      stdout: '',
      stderr: 'No tool gets events yet; see docs/connect-a-tool.md.\n',
    });
    await events.createSubscriber({ name: 'crm', url: 'https://crm.example.com/hook' }, 'retool');
    const { code, stdout } = await run('subscribers');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ID +NAME +OWNER +STATE [^\n]*\ns1 +crm +retool +ACTIVE /);
    const json = await run('subscribers', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject([
      { id: 's1', url: 'https://crm.example.com/hook' },
    ]);
    expect(stdout + json.stdout).not.toContain('whsec');
  });
});
