import { describe, expect, it } from 'vitest';
import { ManualTime } from '../../foundation/testing/manual-time.ts';
import { sql } from '../../lake/sql.ts';
import { answerJson, startApi, type TestApi } from '../testing/start-api.ts';
import { openTestSync, type TestSync } from '../testing/open-sync.ts';

const hourMs = 3_600_000;

/** A source whose requests are counted, in the time of the test. */
async function startSource(time: ManualTime): Promise<TestApi & { readonly asked: string[] }> {
  const asked: string[] = [];
  const api = await startApi((_, response) => {
    asked.push(time.now().toISOString().slice(0, 16));
    answerJson(response, [{ id: 'C1' }]);
  });
  return Object.assign(api, { asked });
}

function declare(url: string, schedule: string, more = ''): string {
  return `
tables:
  customer:
    source: { http: { url: '${url}', timeoutMs: 3600000 } }
    columns: {}
    schedule: ${schedule}
    ${more}
`;
}

/** Lets time go on until a moment, with real turns for what happens meanwhile. */
async function liveUntil(time: ManualTime, end: string, stepMs = hourMs / 4): Promise<void> {
  const endMs = Date.parse(end);
  while (time.now().getTime() < endMs) {
    await time.advance(Math.min(stepMs, endMs - time.now().getTime()));
    // Requests and transactions are real, and end within one step of time.
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}

const runsOf = ({ rows }: TestSync) => rows(sql`SELECT state FROM sync.run ORDER BY started_at`);

describe('a schedule', () => {
  it('runs a table when it is due in its zone, and owes nothing for before it was declared', async () => {
    const time = new ManualTime('2027-03-27T12:00:00Z');
    const api = await startSource(time);
    const sales = declare(api.url, `{ cron: '30 2 * * *', timeZone: Europe/Berlin }`);
    const test = await openTestSync({ declarations: { sales }, time });
    await test.sync.start();
    await liveUntil(time, '2027-03-29T12:00:00Z');
    // The night of the 28th has no half past two.
    expect(api.asked).toEqual(['2027-03-28T01:00', '2027-03-29T00:30']);
    const [sync] = (await test.sync.freshness()).filter(
      ({ domain, table }) => domain === 'sales' && table === 'customer',
    );
    expect(sync).toMatchObject({
      state: 'FRESH',
      lastSuccess: new Date('2027-03-29T00:30:00Z'),
      nextRun: new Date('2027-03-30T00:30:00Z'),
      nextRunLocal: '2027-03-30T02:30:00[Europe/Berlin]',
      timeZone: 'Europe/Berlin',
    });
  });

  it('makes up once for all runs that were missed while the server was down', async () => {
    const time = new ManualTime('2027-03-01T12:00:00Z');
    const api = await startSource(time);
    const test = await openTestSync({
      declarations: { sales: declare(api.url, `{ cron: '0 2 * * *' }`) },
      time,
    });
    await test.sync.start();
    await liveUntil(time, '2027-03-02T03:00:00Z');
    await test.sync.stop();
    await liveUntil(time, '2027-03-05T09:00:00Z');
    expect(api.asked).toEqual(['2027-03-02T02:00']);
    await test.restart().start();
    await liveUntil(time, '2027-03-06T03:00:00Z');
    expect(api.asked.slice(1)).toEqual(['2027-03-05T09:00', '2027-03-06T02:00']);
  });

  it('tries a failed run again three times, then waits for its next time', async () => {
    const time = new ManualTime('2027-03-01T01:00:00Z');
    const api = await startSource(time);
    const test = await openTestSync({
      declarations: { sales: declare(api.url, `{ cron: '0 2 * * *' }`) },
      time,
    });
    const asked: string[] = [];
    api.answer = (_, response) => {
      asked.push(time.now().toISOString().slice(8, 16));
      response.writeHead(401).end();
    };
    await test.sync.start();
    await liveUntil(time, '2027-03-02T01:59:00Z', 60_000);
    expect(asked).toEqual(['01T02:00', '01T02:01', '01T02:05', '01T02:21']);
    api.answer = (_, response) => answerJson(response, [{ id: 'C1' }]);
    await liveUntil(time, '2027-03-02T03:00:00Z', 60_000);
    expect((await runsOf(test)).flat()).toEqual([
      'FAILED',
      'FAILED',
      'FAILED',
      'FAILED',
      'SUCCEEDED',
    ]);
  });

  it('does not try a refused run again before its next time', async () => {
    const time = new ManualTime('2027-03-01T01:00:00Z');
    const api = await startSource(time);
    api.answer = (_, response) => answerJson(response, [{ name: 'without an id' }]);
    const test = await openTestSync({
      declarations: { sales: declare(api.url, `{ cron: '0 2 * * *' }`) },
      time,
    });
    await test.sync.start();
    await liveUntil(time, '2027-03-02T03:00:00Z');
    expect((await runsOf(test)).flat()).toEqual(['REFUSED', 'REFUSED']);
  });

  it('takes a full snapshot now and then, which does for the delta of that night', async () => {
    const time = new ManualTime('2027-03-05T12:00:00Z');
    const api = await startSource(time);
    const more = `reconcile: { cron: '0 2 * * 0' }`;
    const test = await openTestSync({
      declarations: { sales: declare(api.url, `{ cron: '0 2 * * *' }`, more) },
      time,
    });
    await test.lake.write((tx) => tx.run(sql`INSERT INTO sales.customer (id) VALUES ('C2')`));
    await test.sync.start();
    await liveUntil(time, '2027-03-06T03:00:00Z');
    expect(await test.rows(sql`SELECT id FROM sales.customer ORDER BY id`)).toEqual([
      ['C1'],
      ['C2'],
    ]);
    await liveUntil(time, '2027-03-07T03:00:00Z');
    expect(api.asked).toEqual(['2027-03-06T02:00', '2027-03-07T02:00']);
    expect(await test.rows(sql`SELECT id FROM sales.customer ORDER BY id`)).toEqual([['C1']]);
  });

  it('that changes with its declaration is followed', async () => {
    const time = new ManualTime('2027-03-01T01:00:00Z');
    const api = await startSource(time);
    const test = await openTestSync({
      declarations: { sales: declare(api.url, `{ cron: '0 2 * * *' }`) },
      time,
    });
    await test.sync.start();
    await liveUntil(time, '2027-03-01T01:30:00Z');
    test.declare('sales', declare(api.url, `{ cron: '0 5 * * *' }`));
    await liveUntil(time, '2027-03-01T06:00:00Z');
    expect(api.asked).toEqual(['2027-03-01T05:00']);
  });

  it('of six domains in six zones runs each of them once in a day, two at once at the most', async () => {
    const time = new ManualTime('2027-06-01T00:00:00Z');
    const zones = [
      'Europe/Berlin',
      'America/New_York',
      'Asia/Kolkata',
      'Australia/Lord_Howe',
      'America/Santiago',
      'UTC',
    ];
    let active = 0;
    let most = 0;
    const asked: string[] = [];
    const api = await startApi(({ url }, response) => {
      most = Math.max(most, ++active);
      asked.push(`${url.pathname} ${time.now().toISOString().slice(11, 16)}`);
      setTimeout(() => {
        active -= 1;
        answerJson(response, [{ id: 'C1' }]);
      }, 5);
    });
    const names = zones.map((_, n) => `d${n}`);
    const part = 'type Customer @key(fields: "id") @table { id: ID! %: String }';
    const domains = {
      identity:
        'type Customer @key(fields: "id") @table @identity(fields: "id name") { id: ID! name: String! }',
      ...Object.fromEntries(names.map((name) => [name, part.replace('%', `of${name}`)])),
    };
    const declarations = Object.fromEntries(
      names.map((name, n) => [
        name,
        declare(`${api.url}/${name}`, `{ cron: '0 2 * * *', timeZone: ${zones[n]} }`),
      ]),
    );
    const test = await openTestSync({ domains, declarations, time });
    await test.sync.start();
    await liveUntil(time, '2027-06-02T00:00:00Z', hourMs / 2);
    expect(asked.toSorted()).toEqual([
      '/d0 00:00',
      '/d1 06:00',
      '/d2 20:30',
      '/d3 15:30',
      '/d4 06:00',
      '/d5 02:00',
    ]);
    expect(most).toBeLessThanOrEqual(2);
    const freshness = await test.sync.freshness();
    expect(freshness.map(({ state }) => state)).toEqual(['LIVE', ...names.map(() => 'FRESH')]);
  });
});

it('a server that stops breaks off what runs, which is owed at the next start', async () => {
  const time = new ManualTime('2027-03-01T01:00:00Z');
  const api = await startSource(time);
  let isAsked = false;
  api.answer = () => (isAsked = true);
  const test = await openTestSync({
    declarations: { sales: declare(api.url, `{ cron: '0 2 * * *' }`) },
    time,
  });
  await test.sync.start();
  await time.until(() => isAsked, 60_000);
  await test.sync.stop();
  expect((await runsOf(test)).flat()).toEqual(['FAILED']);
  api.answer = (_, response) => answerJson(response, [{ id: 'C1' }]);
  await test.restart().start();
  await time.until(async () => (await runsOf(test)).length === 2, 1_000);
  expect((await runsOf(test)).flat()).toEqual(['FAILED', 'SUCCEEDED']);
});
