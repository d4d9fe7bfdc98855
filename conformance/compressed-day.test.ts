import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { tempFolder } from '../foundation/testing/temp-folder.ts';
import { eventRoute } from '../gateway/http/event-route.ts';
import { pushRoute } from '../gateway/http/push-route.ts';
import { startTestFront } from '../gateway/http/testing/start-test-front.ts';
import { sql } from '../lake/sql.ts';
import { DayClock } from './testing/compressed-day/day-clock.ts';
import { DayHub } from './testing/compressed-day/day-hub.ts';
import { dayProject, domains, type Domain } from './testing/compressed-day/day-project.ts';
import { DayReceiver } from './testing/compressed-day/day-receiver.ts';
import { DaySources, type SourceRow } from './testing/compressed-day/day-sources.ts';
import { textRows } from './testing/killed-server/lake-copy.ts';
import { readLog } from './testing/killed-server/logged-changes.ts';
import type { ProjectFolder } from './testing/project-folder.ts';

const secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;

interface Day {
  readonly clock: DayClock;
  readonly hub: DayHub;
  readonly sources: DaySources;
  readonly project: ProjectFolder;
  readonly alerts: DayReceiver;
  /** Hears of everything at once. */
  readonly desk: DayReceiver;
  /** Is down for two hours. */
  readonly store: DayReceiver;
  /** What the gateway answers over HTTP. */
  readonly post: (path: string, type: string, body: string) => Promise<unknown>;
}

async function openDay(): Promise<Day> {
  const folder = tempFolder();
  const clock = new DayClock('2027-03-27T12:00:00Z');
  const project = dayProject(join(folder, 'project'));
  const sources = await DaySources.start();
  const [alerts, desk, store] = [
    await DayReceiver.start(clock),
    await DayReceiver.start(clock),
    await DayReceiver.start(clock),
  ];
  onTestFinished(() => [sources, alerts, desk, store].forEach((one) => one.close()));
  alerts.trust(secret);
  const hub = await DayHub.open({
    projectDirectory: project.directory,
    dataDirectory: join(folder, 'data'),
    environment: { API: sources.url, TOKEN: 'let me in' },
    clock,
    alert: { url: alerts.url, secret },
  });
  onTestFinished(() => hub.close());
  // After a restart it is other services that answer.
  const front = await startTestFront([
    eventRoute({ receive: (events, actor) => hub.events.receive(events, actor) }),
    pushRoute(
      { push: (options) => hub.sync.push(options) },
      { maxBytes: 1_000_000, maxRatio: 200, idleTimeoutMs: 10_000 },
    ),
  ]);
  onTestFinished(() => front.stop());
  const post = async (path: string, type: string, body: string): Promise<unknown> => {
    const headers = { 'content-type': type };
    const request = fetch(`${front.url}${path}`, { method: 'POST', headers, body });
    const response = await clock.whileTimeGoesOn(request);
    const answer: unknown = await response.json();
    if (response.status !== 200) throw new Error(JSON.stringify(answer));
    return answer;
  };
  for (const [name, receiver] of [['desk', desk] as const, ['store', store] as const]) {
    const made = await hub.events.createSubscriber({ name, url: receiver.url }, name);
    receiver.trust(made.value?.secret ?? '');
  }
  return { clock, hub, sources, project, alerts, desk, store, post };
}

/** What a domain's tool has of customers, after so many nights. */
function rowsOf(domain: Domain, night: number, changedAt: string): SourceRow[] {
  // C8 exists from the evening on only.
  return ['C1', 'C2', 'C8'].map((id) => ({
    id,
    [`of_${domain}`]: `${domain} ${night}`,
    ...(domain === 'billing' ? { changedAt } : {}),
  }));
}

/** The tools have this now; it comes into the lake when it is night there. */
async function work(day: Day, night: number, changedAt: string): Promise<void> {
  const { sources, project } = day;
  for (const name of ['billing', 'support', 'warranty'] as const)
    sources.rows[name] = rowsOf(name, night, changedAt);
  const drop = (path: string, text: string): void => {
    project.write(`${path}.part`, text);
    renameSync(project.pathOf(`${path}.part`), project.pathOf(path));
  };
  const csv = rowsOf('sales', night, changedAt).map(({ id, of_sales: own }) => `${id},${own}\n`);
  drop(`drops/sales/${night}.csv`, `id,of_sales\n${csv.join('')}`);
  const lines = rowsOf('logistics', night, changedAt).map((row) => `${JSON.stringify(row)}\n`);
  drop(`drops/logistics/${night}.ndjson`, lines.join(''));
}

async function push(day: Day, night: number): Promise<void> {
  const lines = rowsOf('marketing', night, '').map((row) => `${JSON.stringify(row)}\n`);
  await day.post('/sync/marketing', 'application/x-ndjson', lines.join(''));
}

/** A customer is made or changed by another tool. */
async function hear(day: Day, kind: 'Created' | 'Updated', subject: string): Promise<void> {
  const now = day.clock.now.toISOString();
  const event = {
    specversion: '1.0',
    id: `${subject} ${now}`.replaceAll(' ', '-'),
    source: '/crm',
    type: `Customer${kind}`,
    subject,
    time: now,
    data: { name: `${subject} at ${now}`, email: `${subject}@x.example` },
  };
  const type = 'application/cloudevents+json';
  expect(await day.post('/events', type, JSON.stringify(event))).toMatchObject({ status: 'done' });
}

/** How old each domain is in hours, to the half; with a mark where that is older than it may be. */
async function agesOf(hub: DayHub): Promise<string> {
  const freshness = await hub.sync.freshness();
  const cells = domains.map((name) => {
    const { state, lagSeconds } = freshness.find(({ domain }) => domain === name) ?? {};
    const hours = (Math.round((lagSeconds ?? Number.NaN) / 1_800) / 2).toFixed(1);
    return `${hours}${state === 'STALE' ? '!' : ' '}`.padStart(6);
  });
  return cells.join('').trimEnd();
}

async function nextRunsOf(hub: DayHub): Promise<readonly (string | null | undefined)[]> {
  const freshness = await hub.sync.freshness();
  return domains.map((name) => freshness.find(({ domain }) => domain === name)?.nextRunLocal);
}

/** What became of each domain's rows, with the hour of it. */
async function deltasOf({ lake }: DayHub, domain: Domain): Promise<readonly string[]> {
  const log = await readLog(lake);
  return log
    .filter((change) => change.domain === domain)
    .map(({ micros, kind, key, after }) => {
      const hour = hourOf(new Date(micros / 1_000));
      return `${hour} ${kind} ${key} ${after?.[`of_${domain}`] ?? ''}`;
    });
}

function hourOf(time: Date): string {
  return time.toISOString().slice(11, 13);
}

async function runsOf({ lake }: DayHub): Promise<readonly string[]> {
  const rows = await lake.read(
    sql`SELECT domain, state, count(*) FROM sync.run GROUP BY ALL ORDER BY domain, state`,
  );
  return textRows(rows, ['domain', 'state', 'count']).map(
    ({ domain, state, count }) => `${domain} ${state} ${count}`,
  );
}

/** What happens at which time of the day, besides the changes of identities in each hour. */
function happeningsOf(day: Day): Readonly<Record<string, () => unknown>> {
  const { store, sources, hub } = day;
  return {
    '14:00': () => (store.isDown = true),
    '16:00': () => (store.isDown = false),
    '18:10': () => hear(day, 'Created', 'C8'),
    '20:00': () => (sources.isSupportDown = true),
    '23:00': () => (sources.isSupportDown = false),
    '02:10': () => push(day, 1),
    // The process is gone for a while, and with it the night of Santiago, 05:00 in UTC.
    '04:50': () => hub.kill(),
    '05:20': () => hub.start(),
  };
}

/** Every ten minutes of the day, which begins at noon. */
function* timesOfDay(): Generator<string> {
  for (let minute = 12 * 60 + 10; minute <= 36 * 60; minute += 10) {
    const [hours, minutes] = [Math.floor(minute / 60) % 24, minute % 60];
    yield `${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`;
  }
}

it('a day of six domains in six time zones, with identities, outages and a restart', async () => {
  const day = await openDay();
  const { clock, hub, sources, alerts } = day;

  // What the night before had brought.
  await work(day, 0, '2027-03-27T11:00:00.000Z');
  for (const domain of domains.filter((name) => name !== 'marketing')) {
    const { runs } = await clock.whileTimeGoesOn(hub.sync.runNow({ domain }));
    expect(runs).toMatchObject([{ state: 'SUCCEEDED', inserted: 2, waiting: 1 }]);
  }
  await push(day, 0);
  await work(day, 1, '2027-03-27T23:00:00.000Z');
  expect(await nextRunsOf(hub)).toEqual([
    '2027-03-28T03:00:00[Europe/Berlin]',
    '2027-03-28T02:00:00[America/New_York]',
    '2027-03-28T02:00:00[Asia/Kolkata]',
    '2027-03-28T02:00:00[Australia/Lord_Howe]',
    null,
    '2027-03-28T02:00:00[America/Santiago]',
  ]);

  const happenings = happeningsOf(day);
  const ages: string[] = [];
  let changes = 0;
  for (const time of timesOfDay()) {
    await clock.until(time);
    await happenings[time]?.();
    if (time.endsWith(':40')) {
      changes += 1;
      await hear(day, changes % 2 === 1 ? 'Created' : 'Updated', `N${Math.ceil(changes / 2)}`);
    }
    if (time.endsWith(':30')) ages.push(`${time}  ${await agesOf(hub)}`);
  }

  //       sales billing support logistics marketing warranty
  //            Berlin    New York    Kolkata    Lord Howe    by push    Santiago
  expect(ages).toEqual([
    '12:30    0.5   1.5   0.5   0.5   0.5   0.5',
    '13:30    1.5   2.5   1.5   1.5   1.5   1.5',
    '14:30    2.5   3.5   2.5   2.5   2.5   2.5',
    '15:30    3.5   4.5   3.5   0.5   3.5   3.5',
    '16:30    4.5   5.5   4.5   1.5   4.5   4.5',
    '17:30    5.5   6.5   5.5   2.5   5.5   5.5',
    '18:30    6.5   7.5   6.5   3.5   6.5   6.5',
    '19:30    7.5   8.5   7.5   4.5   7.5   7.5',
    '20:30    8.5   9.5   8.5   5.5   8.5   8.5',
    '21:30    9.5  10.5   9.5!  6.5   9.5   9.5',
    '22:30   10.5  11.5  10.5!  7.5  10.5  10.5',
    '23:30   11.5  12.5  11.5!  8.5  11.5  11.5',
    '00:30   12.5  13.5   1.0   9.5  12.5  12.5',
    '01:30    0.5  14.5   2.0  10.5  13.5  13.5',
    '02:30    1.5  15.5   3.0  11.5   0.5  14.5',
    '03:30    2.5  16.5   4.0  12.5   1.5  15.5',
    '04:30    3.5  17.5   5.0  13.5   2.5  16.5',
    '05:30    4.5  18.5   6.0  14.5   3.5   0.0',
    '06:30    5.5   7.5   7.0  15.5   4.5   1.0',
    '07:30    6.5   8.5   8.0  16.5   5.5   2.0',
    '08:30    7.5   9.5   9.0  17.5   6.5   3.0',
    '09:30    8.5  10.5  10.0! 18.5   7.5   4.0',
    '10:30    9.5  11.5  11.0! 19.5   8.5   5.0',
    '11:30   10.5  12.5  12.0! 20.5   9.5   6.0',
  ]);

  // The row of C8 waited for it, and came into the lake with it.
  const nights: Readonly<Record<Domain, string>> = {
    sales: '01',
    billing: '06',
    support: '23',
    logistics: '15',
    marketing: '02',
    warranty: '05',
  };
  for (const domain of domains) {
    const night = nights[domain];
    const [before, after] = [`${domain} 0`, `${domain} 1`];
    const first = [`12 create C1 ${before}`, `12 create C2 ${before}`];
    const own =
      domain === 'logistics'
        ? [`${night} update C1 ${after}`, `${night} update C2 ${after}`, `18 create C8 ${after}`]
        : [
            `18 create C8 ${before}`,
            ...['C1', 'C2', 'C8'].map((id) => `${night} update ${id} ${after}`),
          ];
    expect(await deltasOf(hub, domain)).toEqual([...first, ...own]);
  }
  expect(await runsOf(hub)).toEqual([
    'billing SUCCEEDED 2',
    'logistics SUCCEEDED 2',
    'marketing SUCCEEDED 2',
    'sales SUCCEEDED 2',
    'support FAILED 6',
    'support SUCCEEDED 2',
    'warranty SUCCEEDED 2',
  ]);
  expect(await nextRunsOf(hub)).toEqual([
    '2027-03-29T02:00:00[Europe/Berlin]',
    '2027-03-29T02:00:00[America/New_York]',
    '2027-03-29T02:00:00[Asia/Kolkata]',
    '2027-03-29T02:00:00[Australia/Lord_Howe]',
    null,
    '2027-03-29T02:00:00[America/Santiago]',
  ]);
  // Only what is new, less the overlap.
  const since = `updatedSince=${encodeURIComponent('2027-03-27T10:55:00.000Z')}`;
  expect(sources.requests.filter((request) => request.startsWith('/billing'))).toEqual([
    '/billing',
    '/billing?cursor=2',
    `/billing?${since}`,
    `/billing?${since}&cursor=2`,
  ]);
  // Real answers may come later than virtual time-outs, so that some are asked for once more.
  expect(
    sources.requests.filter((request) => request === '/support').length,
  ).toBeGreaterThanOrEqual(3 * 4 + 2);

  const told = alerts.received.map(
    ({ at, event }) => `${hourOf(at)} ${event.type} ${event.subject}`,
  );
  expect(told).toEqual([
    '21 DomainStale support.customer',
    '23 DomainFresh support.customer',
    '08 DomainStale support.customer',
  ]);
  await expectDelivered(day);
});

/** Each tool got each change of an identity once, in its order, and soon; the one that was down, when it was up again. */
async function expectDelivered({ hub, desk, store }: Day): Promise<void> {
  const changes = (await readLog(hub.lake)).filter(({ version }) => version !== null);
  expect(changes).toHaveLength(25);
  for (const { received } of [desk, store]) {
    const came = received.map(({ event }) => [event.id, event.subject, event.entityversion]);
    expect(came.toSorted(([a], [b]) => Number(a) - Number(b))).toEqual(
      changes.map(({ sequence, key, version }) => [String(sequence), key, version]),
    );
    const versions = new Map<string, number>();
    for (const { event } of received) {
      expect(event.entityversion).toBeGreaterThan(versions.get(event.subject) ?? 0);
      versions.set(event.subject, event.entityversion);
    }
  }
  const delaysMs = desk.received.map(({ at, event }) => at.getTime() - Date.parse(event.time));
  expect(Math.max(...delaysMs)).toBeLessThan(5_000);
  const late = store.received.filter(
    ({ at, event }) => at.getTime() - Date.parse(event.time) > 5_000,
  );
  expect(late.map(({ at, event }) => [event.time.slice(11, 16), hourOf(at)])).toEqual([
    ['14:40', '16'],
    ['15:40', '16'],
  ]);
  expect(store.failed).toBeGreaterThan(10);
}
