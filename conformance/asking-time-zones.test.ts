import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedTempFolder } from '../foundation/testing/temp-folder.ts';
import { expectRefusal } from './testing/expect-refusal.ts';
import { writeOddProject } from './testing/odd-project.ts';
import { startProjectUntilClosed, type TestProject } from './testing/start-project.ts';

type Row = Readonly<Record<string, unknown>>;

/** Half an hour before and after clocks were set, in Berlin and in New York. */
const times: readonly string[] = [
  '2026-03-29T00:30:00Z',
  '2026-03-29T01:30:00Z',
  '2026-10-24T23:30:00Z',
  '2026-10-25T00:30:00Z',
  '2026-10-25T01:30:00Z',
  '2026-03-08T06:30:00Z',
  '2026-03-08T07:30:00Z',
  '2026-11-01T04:30:00Z',
  '2026-11-01T05:30:00Z',
  '2026-11-01T06:30:00Z',
];

describe('times when clocks are set', () => {
  const folders = { project: sharedTempFolder(), data: sharedTempFolder() };
  let project: TestProject;

  beforeAll(async () => {
    const { directory } = writeOddProject(folders.project, times);
    project = await startProjectUntilClosed({
      projectDirectory: directory,
      dataDirectory: folders.data,
    });
  });
  afterAll(() => project.server.close());

  const cases: readonly (readonly [string, string, Readonly<Record<string, number>>])[] = [
    [
      'Europe/Berlin',
      'DAY',
      {
        '2026-03-07T23:00:00Z': 2,
        '2026-03-28T23:00:00Z': 2,
        '2026-10-24T22:00:00Z': 3,
        '2026-10-31T23:00:00Z': 3,
      },
    ],
    [
      'America/New_York',
      'DAY',
      {
        '2026-03-08T05:00:00Z': 2,
        '2026-03-28T04:00:00Z': 2,
        '2026-10-24T04:00:00Z': 3,
        '2026-11-01T04:00:00Z': 3,
      },
    ],
    [
      'Europe/Berlin',
      'MONTH',
      { '2026-02-28T23:00:00Z': 4, '2026-09-30T22:00:00Z': 3, '2026-10-31T23:00:00Z': 3 },
    ],
    [
      'America/New_York',
      'WEEK',
      {
        '2026-03-02T05:00:00Z': 2,
        '2026-03-23T04:00:00Z': 2,
        '2026-10-19T04:00:00Z': 3,
        '2026-10-26T04:00:00Z': 3,
      },
    ],
  ];
  it.each(cases)('in %s have a %s each', async (timeZone, bucket, expected) => {
    expect(await buckets(bucket, timeZone)).toEqual(expected);
  });

  it.each(['Europe/Berlin', 'America/New_York', 'UTC'])(
    'in %s have two hours where the clock shows one twice',
    async (timeZone) => {
      const hours = times.map((time) => [time.replace(':30:', ':00:'), 1] as const);
      expect(await buckets('HOUR', timeZone)).toEqual(Object.fromEntries(hours));
    },
  );

  it.each(['Europe/Atlantis', '', 'Z', '+02:00', 'GMT+5', '../UTC', 'localtime', 'posixrules'])(
    'in "%s", which there is not, are refused',
    async (timeZone) => {
      const query =
        'query ($timeZone: String) { ordersAggregate(groupBy: [{ field: at, bucket: DAY, timeZone: $timeZone }]) { count } }';
      expectRefusal(await project.ask(query, { timeZone }), 200, 'TIME_ZONE_UNKNOWN');
    },
  );

  async function buckets(bucket: string, timeZone: string): Promise<Row> {
    const query = `query ($timeZone: String) {
      ordersAggregate(groupBy: [{ field: at, bucket: ${bucket}, timeZone: $timeZone }]) { keys { at } count } }`;
    const { data, errors } = await project.ask(query, { timeZone });
    expect(errors).toBeUndefined();
    const groups = data?.['ordersAggregate'] as readonly {
      readonly keys: { readonly at: string };
      readonly count: number;
    }[];
    return Object.fromEntries(groups.map(({ keys: { at }, count }) => [at, count]));
  }
});
