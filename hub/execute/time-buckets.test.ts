import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedTempFolder } from '../../foundation/testing/temp-folder.ts';
import { identifier, sql, table, value } from '../../lake/sql.ts';
import { projectionsOf } from '../../mapping/projection.ts';
import { openHub, type TestHub } from '../testing/open-hub.ts';

const schemas = {
  calls: `
    scalar DateTime scalar Date
    type Call @key(fields: "id") @table @identity(fields: "id at day") { id: ID! at: DateTime day: Date }
    type Query { call(id: ID!): Call }`,
};

/** Moments around the days on which clocks change, and days around the turns of years. */
const moments = [
  // Europe/Berlin: 02:00 becomes 03:00 at 01:00Z, and 03:00 becomes 02:00.
  ...[
    '2024-03-30T22:59:59Z',
    '2024-03-30T23:00:00Z',
    '2024-03-31T00:59:00Z',
    '2024-03-31T01:00:00Z',
  ],
  ...[
    '2024-10-26T22:00:00Z',
    '2024-10-27T00:30:00Z',
    '2024-10-27T01:30:00Z',
    '2024-10-27T23:00:00Z',
  ],
  // America/New_York: at 07:00Z and at 06:00Z.
  ...[
    '2024-03-10T06:59:59Z',
    '2024-03-10T07:00:00Z',
    '2024-11-03T05:15:00Z',
    '2024-11-03T06:15:00Z',
  ],
  // Pacific/Chatham: 03:45 becomes 02:45 at 14:00Z, and 02:45 becomes 03:45.
  ...[
    '2024-04-06T13:50:00Z',
    '2024-04-06T14:10:00Z',
    '2024-04-06T14:50:00Z',
    '2024-09-28T14:05:00Z',
  ],
  // Asia/Kolkata: half an hour off.
  ...['2024-06-30T18:29:59Z', '2024-06-30T18:30:00Z'],
  // America/Havana: midnight comes twice; America/Sao_Paulo: it does not come at all.
  ...[
    '2023-11-05T04:30:00Z',
    '2023-11-05T05:30:00Z',
    '2018-11-04T02:59:59Z',
    '2018-11-04T03:00:00Z',
  ],
  ...[
    '1969-12-31T23:59:59.999999Z',
    '1960-01-01T00:00:00Z',
    '1890-06-15T12:34:56Z',
    '2024-12-30T00:00:00Z',
  ],
];
const zones = [
  ...['UTC', 'Europe/Berlin', 'America/New_York', 'Pacific/Chatham', 'Asia/Kolkata'],
  ...['America/Havana', 'America/Sao_Paulo'],
];
const buckets = ['YEAR', 'QUARTER', 'MONTH', 'WEEK', 'DAY', 'HOUR'] as const;

const directory = sharedTempFolder();
let hub: TestHub;
beforeAll(async () => {
  const rows = moments.map((moment, index) => `M${index},${moment},${moment.slice(0, 10)}`);
  hub = await openHub({
    directory,
    domains: schemas,
    rows: { 'calls/call.csv': ['id,at,day', ...rows, 'none,,', ''].join('\n') },
  });
});
afterAll(() => hub.close());

interface Group {
  readonly count: number;
  readonly keys: { readonly at: string | null };
}

async function groupsOf(bucket: string, timeZone: string): Promise<readonly Group[]> {
  const { data, errors } = await hub.ask(
    `query ($zone: String) {
      callsAggregate(groupBy: [{ field: at, bucket: ${bucket}, timeZone: $zone }]) { keys { at } count }
    }`,
    { zone: timeZone },
  );
  expect(errors).toBeUndefined();
  return data?.['callsAggregate'] as readonly Group[];
}

/** What a clock of the zone shows: `2024-03-31 02:30:00`, and how far it is ahead of UTC in milliseconds. */
function clockOf(
  moment: number,
  timeZone: string,
): { readonly text: string; readonly ahead: number } {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone,
    hourCycle: 'h23',
    era: 'short',
    ...{ year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
  }).formatToParts(moment);
  const of = (type: string): string => parts.find((part) => part.type === type)?.value ?? '';
  // Astronomers count 1 BC as the year 0.
  const year = of('era').startsWith('B') ? 1 - Number(of('year')) : Number(of('year'));
  const shown = new Date(0);
  shown.setUTCFullYear(year, Number(of('month')) - 1, Number(of('day')));
  shown.setUTCHours(Number(of('hour')), Number(of('minute')), Number(of('second')));
  const whole = Math.floor(moment / 1000) * 1000;
  return { text: shown.toISOString(), ahead: shown.getTime() - whole };
}

/** The name of the bucket in which a clock is. */
function bucketOf(text: string, bucket: (typeof buckets)[number]): string {
  const month = Number(text.slice(5, 7));
  switch (bucket) {
    case 'YEAR':
      return text.slice(0, 4);
    case 'QUARTER':
      return `${text.slice(0, 4)} ${Math.ceil(month / 3)}`;
    case 'MONTH':
      return text.slice(0, 7);
    case 'WEEK': {
      const day = new Date(`${text.slice(0, 10)}T00:00:00Z`);
      day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7));
      return day.toISOString().slice(0, 10);
    }
    case 'DAY':
      return text.slice(0, 10);
    case 'HOUR':
      return text.slice(0, 13);
  }
}

const earliest = Date.parse('1900-01-01T00:00:00Z');

describe('buckets of times', () => {
  it.each(zones.flatMap((zone) => buckets.map((bucket) => [bucket, zone] as const)))(
    'of a %s in %s hold what a clock there says',
    async (bucket, zone) => {
      const groups = (await groupsOf(bucket, zone)).filter(
        ({ keys }) => keys.at === null || Date.parse(keys.at) > earliest,
      );
      const expected = new Map<string, number>();
      for (const moment of moments.map((text) => Date.parse(text))) {
        if (moment < earliest) continue;
        const { text, ahead } = clockOf(moment, zone);
        // An hour that comes twice is two.
        const name =
          bucket === 'HOUR' ? `${bucketOf(text, bucket)} ${ahead}` : bucketOf(text, bucket);
        expected.set(name, (expected.get(name) ?? 0) + 1);
      }
      const found = groups.map(({ keys, count }) => {
        if (keys.at === null) return ['none', count] as const;
        const start = Date.parse(keys.at);
        const { text, ahead } = clockOf(start, zone);
        const name = bucketOf(text, bucket);
        // It begins there: a moment before, it was another bucket, or the same hour of the clock the first time.
        const before = clockOf(start - 1000, zone);
        expect([bucketOf(before.text, bucket), before.ahead]).not.toEqual([name, ahead]);
        if (bucket !== 'HOUR') expect(bucketOf(before.text, bucket)).not.toBe(name);
        return [bucket === 'HOUR' ? `${name} ${ahead}` : name, count] as const;
      });
      expect(new Map(found)).toEqual(new Map([...expected, ['none', 1]]));
      expect(found).toHaveLength(expected.size + 1);
    },
  );

  it('are in UTC unless a zone is given, and begin before 1970 too', async () => {
    const { data, errors } = await hub.ask(`{
      callsAggregate(where: { at: { lt: "1970-01-01T00:00:00Z" } }, groupBy: [{ field: at, bucket: DAY }]) { keys { at } }
      hours: callsAggregate(where: { at: { lt: "1970-01-01T00:00:00Z" } }, groupBy: [{ field: at, bucket: HOUR, timeZone: "asia/kolkata" }]) { keys { at } }
    }`);
    expect(errors).toBeUndefined();
    const days = ['1890-06-15T00:00:00Z', '1960-01-01T00:00:00Z', '1969-12-31T00:00:00Z'];
    expect(data?.['callsAggregate']).toEqual(days.map((at) => ({ keys: { at } })));
    expect(data?.['hours']).toContainEqual({ keys: { at: '1959-12-31T23:30:00Z' } });
  });

  it('may be named by a variable and by any name that the zone has had', async () => {
    const berlin = await groupsOf('DAY', 'europe/BERLIN');
    expect(berlin).toEqual(await groupsOf('DAY', 'Europe/Berlin'));
    expect(await groupsOf('DAY', 'Asia/Calcutta')).toEqual(await groupsOf('DAY', 'Asia/Kolkata'));
  });

  it('of a time that is infinite are no groups of missing values', async () => {
    const calls = table('hub', projectionsOf(hub.model).get('Call')?.table ?? '');
    const setTime = (text: string | null) =>
      hub.lake.write((tx) =>
        tx.run(
          sql`UPDATE ${calls} SET ${identifier('at')} = CAST(${value(text)} AS TIMESTAMPTZ) WHERE ${identifier('id')} = ${value('M0')}`,
        ),
      );
    await setTime('infinity');
    for (const zone of ['UTC', 'Europe/Berlin']) {
      for (const bucket of ['HOUR', 'DAY']) {
        const { data, errors } = await hub.ask(
          `{ callsAggregate(groupBy: [{ field: at, bucket: ${bucket}, timeZone: "${zone}" }], orderBy: [{ keys: { at: DESC } }], limit: 1) { keys { at } count } }`,
        );
        expect(data).toEqual({ callsAggregate: [{ keys: { at: null }, count: 1 }] });
        expect(
          errors?.map(({ path, extensions }) => [path?.join('.'), extensions['code']]),
        ).toEqual([['callsAggregate.0.keys.at', 'WIRE_TIME_RANGE']]);
      }
    }
    await setTime(moments[0] ?? null);
  });

  it('come with every zone that Node knows', async () => {
    const names = [
      ...Intl.supportedValuesOf('timeZone'),
      'US/Eastern',
      'Asia/Kolkata',
      'EST',
      'Etc/GMT+5',
      'GMT',
    ];
    for (const name of names) expect(await groupsOf('YEAR', name)).not.toHaveLength(0);
  });
});

describe('buckets of dates', () => {
  it.each(buckets.filter((bucket) => bucket !== 'HOUR'))(
    'of a %s hold the days of the calendar',
    async (bucket) => {
      const { data, errors } = await hub.ask(
        `{ callsAggregate(groupBy: [{ field: day, bucket: ${bucket} }]) { keys { day } count } }`,
      );
      expect(errors).toBeUndefined();
      const expected = new Map<string, number>();
      for (const moment of moments) {
        const name = bucketOf(`${moment.slice(0, 10)}T00:00:00.000Z`, bucket);
        expected.set(name, (expected.get(name) ?? 0) + 1);
      }
      const groups = data?.['callsAggregate'] as readonly {
        keys: { day: string | null };
        count: number;
      }[];
      const found = groups.map(
        ({ keys, count }) =>
          [keys.day && bucketOf(`${keys.day}T00:00:00.000Z`, bucket), count] as const,
      );
      expect(new Map(found)).toEqual(new Map<string | null, number>([...expected, [null, 1]]));
      for (const { keys } of groups)
        expect(keys.day ?? '2024-01-01').toMatch(/^\d{4}-\d{2}-\d{2}$/);
    },
  );
});
