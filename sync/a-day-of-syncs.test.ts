import { expect, it } from 'vitest';
import { ManualTime } from '../foundation/testing/manual-time.ts';
import { sql } from '../lake/sql.ts';
import { answerJson, startApi } from './testing/start-api.ts';
import { openTestSync, type TestSync } from './testing/open-sync.ts';

function declare(url: string, schedule: string): string {
  return `
tables:
  customer:
    source: { http: { url: '${url}', timeoutMs: 3600000 } }
    schedule: ${schedule}
`;
}

async function statesOf({ rows }: TestSync): Promise<readonly string[]> {
  const [row] = await rows(sql`SELECT string_agg(state, ' ' ORDER BY started_at) FROM sync.run`);
  return row?.[0]?.split(' ') ?? [];
}

it('six domains in six zones are each synced once in a day, two at once at the most', async () => {
  const time = new ManualTime('2027-05-31T22:00:00Z');
  const zones = {
    'Europe/Berlin': 0,
    'America/New_York': 6,
    'Asia/Kolkata': 20,
    'Australia/Lord_Howe': 15,
    'America/Santiago': 6,
    UTC: 2,
  };
  let active = 0;
  let most = 0;
  const asked: string[] = [];
  const api = await startApi(({ url }, response) => {
    most = Math.max(most, ++active);
    asked.push(url.pathname);
    setTimeout(() => {
      active -= 1;
      answerJson(response, [{ id: 'C1', [`of${url.pathname.slice(1)}`]: 'x' }]);
    }, 5);
  });
  const names = Object.keys(zones).map((_, n) => `d${n}`);
  const identity =
    'type Customer @key(fields: "id") @table @identity(fields: "id name") { id: ID! name: String! }';
  const own = names.map((name) => [
    name,
    `type Customer @key(fields: "id") @table { id: ID! of${name}: String @column(name: "of${name}") }`,
  ]);
  const declarations = Object.keys(zones).map((zone, n) => [
    names[n],
    declare(`${api.url}/${names[n]}`, `{ cron: '0 2 * * *', timeZone: ${zone} }`),
  ]);
  const test = await openTestSync({
    domains: { identity, ...Object.fromEntries(own) },
    declarations: Object.fromEntries(declarations),
    time,
  });
  await test.sync.start();
  const seenBy: Record<string, number> = {};
  for (const hour of [22, 23, ...Array.from({ length: 22 }, (_, n) => n)]) {
    for (let minute = 0; minute < 60; minute += 15) {
      await time.advance(15 * 60_000);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    // Time stands still until what is due within the hour is over.
    const due = Object.values(zones).filter((other) => other === hour).length;
    const before = Object.values(seenBy).length;
    const isDone = async () =>
      asked.length >= before + due && (await statesOf(test)).length === asked.length;
    while (!(await isDone())) {
      await time.advance(1_000);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    for (const name of asked) seenBy[name] ??= hour;
  }
  expect(asked.toSorted()).toEqual(names.map((name) => `/${name}`));
  expect(Object.entries(zones).map(([, hour], n) => [hour, seenBy[`/d${n}`]])).toEqual(
    Object.values(zones).map((hour) => [hour, hour]),
  );
  expect(most).toBeLessThanOrEqual(2);
  const freshness = await test.sync.freshness();
  expect(freshness.map(({ state, rows }) => [state, rows])).toEqual([
    ['LIVE', 9],
    ...names.map(() => ['FRESH', 1]),
  ]);
});

it('a server that stops breaks off what runs, which is owed at the next start', async () => {
  const time = new ManualTime('2027-03-01T01:00:00Z');
  let isAsked = false;
  const api = await startApi(() => (isAsked = true));
  const test = await openTestSync({
    declarations: { sales: declare(api.url, `{ cron: '0 2 * * *' }`) },
    time,
  });
  await test.sync.start();
  await time.until(() => isAsked, 60_000);
  await test.sync.stop();
  expect(await statesOf(test)).toEqual(['FAILED']);
  api.answer = (_, response) => answerJson(response, [{ id: 'C1' }]);
  const again = test.restart();
  await again.start();
  await time.until(async () => (await statesOf(test)).length === 2, 1_000);
  expect(await statesOf(test)).toEqual(['FAILED', 'SUCCEEDED']);
  expect((await again.freshness()).find(({ domain }) => domain === 'sales')).toMatchObject({
    state: 'FRESH',
    lastError: null,
  });
});
