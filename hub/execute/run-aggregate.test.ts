import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedTempFolder } from '../../foundation/testing/temp-folder.ts';
import { identifier, sql, table, value } from '../../lake/sql.ts';
import { projectionsOf } from '../../mapping/projection.ts';
import { createHub } from '../hub.ts';
import { defaultLimits, type HubLimits } from '../limits.ts';
import { inlineProject } from '../testing/inline-project.ts';
import { openHub, type TestHub } from '../testing/open-hub.ts';
import { ledgerRows, ledgerSchemas } from '../testing/ledger.ts';

const directory = sharedTempFolder();
let hub: TestHub;
beforeAll(async () => {
  hub = await openHub({ directory, domains: ledgerSchemas, rows: ledgerRows });
  // Invoice I7 goes on naming the customer that is gone.
  const customers = table('hub', projectionsOf(hub.model).get('Customer')?.table ?? '');
  await hub.lake.write((tx) =>
    tx.run(sql`DELETE FROM ${customers} WHERE ${identifier('id')} = ${value('C9')}`),
  );
});
afterAll(() => hub.close());

/** The groups of the only aggregate in a query, without errors. */
async function groupsOf(query: string, variables: Readonly<Record<string, unknown>> = {}) {
  hub.statements.length = 0;
  const { data, errors } = await hub.ask(query, variables);
  expect(errors).toBeUndefined();
  return Object.values(data ?? {})[0];
}

/** What a query is refused with. */
async function problemsOf(query: string, variables: Readonly<Record<string, unknown>> = {}) {
  const { data, errors } = await hub.ask(query, variables);
  const problems = (errors ?? []).map(({ path, message, extensions }) => ({
    path: path?.join('.'),
    code: extensions['code'],
    message,
  }));
  return { data, problems };
}

describe('figures of all rows', () => {
  it('are exact, and pass over missing values', async () => {
    const groups = await groupsOf(`{
      customersAggregate {
        __typename count keys { rep }
        countDistinct { id rep tier worth isActive }
        sum { worth visits followers score }
        min { name worth born seenAt visits }
        max { name worth born seenAt visits }
      }
    }`);
    expect(groups).toEqual([
      {
        __typename: 'CustomerAggregate',
        count: 5,
        keys: null,
        countDistinct: { id: 5, rep: 2, tier: 2, worth: 2, isActive: 2 },
        sum: { worth: 250.5, visits: 6, followers: 9007199254740994, score: -0.5 },
        min: {
          name: 'Ada',
          worth: 50.5,
          born: '1999-12-31',
          seenAt: '2024-03-31T00:30:00Z',
          visits: 1,
        },
        max: {
          name: 'Eve',
          worth: 100,
          born: '2000-02-29',
          seenAt: '2024-10-27T01:30:00Z',
          visits: 3,
        },
      },
    ]);
    expect(hub.statements).toHaveLength(1);
  });

  it('are those of a sample where they are deviations, and interpolated where they lie between values', async () => {
    const groups = await groupsOf(
      `query ($shares: [Float!]!) {
      customersAggregate {
        avg { worth visits }
        median { worth visits score }
        stddev { visits score }
        some: quantiles(at: [0, 0.25, 1]) { visits }
        quantiles(at: $shares) { visits worth }
        none: quantiles(at: []) { visits }
      }
    }`,
      { shares: [0.5] },
    );
    expect(groups).toEqual([
      {
        avg: { worth: 250.5 / 3, visits: 2 },
        median: { worth: 100, visits: 2, score: -0.25 },
        stddev: { visits: 1, score: expect.closeTo(Math.sqrt(6.125), 12) },
        some: { visits: [1, 1.5, 3] },
        quantiles: { visits: [2], worth: [100] },
        none: { visits: [] },
      },
    ]);
  });

  it('are nothing and null over no rows', async () => {
    const groups = await groupsOf(`{
      customersAggregate(where: { name: { eq: "nobody" } }) {
        count countDistinct { id } sum { worth score } avg { visits } median { worth } stddev { visits }
        min { name } max { seenAt } quantiles(at: [0.5]) { worth } none: quantiles(at: []) { worth }
      }
    }`);
    expect(groups).toEqual([
      {
        count: 0,
        countDistinct: { id: 0 },
        sum: { worth: null, score: null },
        avg: { visits: null },
        median: { worth: null },
        stddev: { visits: null },
        min: { name: null },
        max: { seenAt: null },
        quantiles: { worth: null },
        none: { worth: null },
      },
    ]);
  });

  it('are null over values that are all missing, and a deviation over a single one', async () => {
    const groups = await groupsOf(`{
      customersAggregate(where: { rep: { isNull: true }, name: { eq: "Cid" } }) {
        count countDistinct { worth } sum { worth } avg { worth } max { worth } stddev { visits } quantiles(at: [1]) { worth }
      }
    }`);
    expect(groups).toEqual([
      {
        count: 1,
        countDistinct: { worth: 0 },
        sum: { worth: null },
        avg: { worth: null },
        max: { worth: null },
        stddev: { visits: null },
        quantiles: { worth: null },
      },
    ]);
  });

  it('stay exact beyond what a double holds', async () => {
    const { data } = await hub.hub.execute({
      query: '{ vaultsAggregate { sum { gold coins wide } max { gold coins } min { gold } } }',
      wire: { decimals: 'string' },
    });
    expect(data).toEqual({
      vaultsAggregate: [
        {
          sum: { gold: '30000000000000000.01', coins: '18446744073709551616', wide: '3' },
          max: { gold: '9999999999999999.99', coins: '9223372036854775807' },
          min: { gold: '0.04' },
        },
      ],
    });
  });

  it('say which one is too large for a JSON number, and give the others', async () => {
    const { data, problems } = await problemsOf(
      '{ vaultsAggregate { count sum { gold coins wide } } }',
    );
    expect(data).toEqual({
      vaultsAggregate: [{ count: 6, sum: { gold: null, coins: null, wide: 3 } }],
    });
    expect(problems).toMatchObject([
      { path: 'vaultsAggregate.0.sum.gold', code: 'WIRE_DECIMAL_INEXACT' },
      { path: 'vaultsAggregate.0.sum.coins', code: 'WIRE_DECIMAL_INEXACT' },
    ]);
  });

  it('say so when the lake has no room for a sum', async () => {
    const { problems } = await problemsOf('{ vaultsAggregate { sum { widest } } }');
    expect(problems).toMatchObject([{ path: 'vaultsAggregate', code: 'FIGURE_TOO_LARGE' }]);
  });

  it('are null with an error where they are no finite number', async () => {
    const { data, problems } = await problemsOf(
      '{ vaultsAggregate { count sum { odd } avg { odd } stddev { odd } max { odd } quantiles(at: [0, 1]) { odd } } }',
    );
    expect(data).toEqual({
      vaultsAggregate: [
        {
          count: 6,
          sum: { odd: null },
          avg: { odd: null },
          stddev: { odd: null },
          max: { odd: null },
          quantiles: { odd: null },
        },
      ],
    });
    expect(problems.map(({ path, code }) => `${path} ${String(code)}`)).toContain(
      'vaultsAggregate.0.sum.odd WIRE_NOT_FINITE',
    );
  });
});

describe('groups', () => {
  it('have a key each, missing values one of their own, and come in the order of their keys', async () => {
    const groups = await groupsOf(`{
      customersAggregate(groupBy: [{ field: rep }, { field: tier }]) {
        keys { __typename rep tier } count sum { worth }
      }
    }`);
    const keys = { __typename: 'CustomerAggregateKeys' };
    expect(groups).toEqual([
      { keys: { ...keys, rep: 'Ann', tier: 'HIGH' }, count: 1, sum: { worth: 100 } },
      { keys: { ...keys, rep: 'Ann', tier: 'LOW' }, count: 1, sum: { worth: 50.5 } },
      { keys: { ...keys, rep: 'Bea', tier: 'LOW' }, count: 1, sum: { worth: 100 } },
      { keys: { ...keys, rep: null, tier: 'HIGH' }, count: 1, sum: { worth: null } },
      { keys: { ...keys, rep: null, tier: null }, count: 1, sum: { worth: null } },
    ]);
  });

  it('are sorted by figures and keys, selected or not, with ties in the order of their keys', async () => {
    const names = async (orderBy: string): Promise<unknown> => {
      const groups = await groupsOf(
        `{ customersAggregate(groupBy: [{ field: rep }], orderBy: ${orderBy}) { keys { rep } } }`,
      );
      return (groups as readonly { keys: { rep: string | null } }[]).map(({ keys }) => keys.rep);
    };
    expect(await names('[{ sum: { worth: DESC } }]')).toEqual(['Ann', 'Bea', null]);
    expect(await names('[{ sum: { worth: ASC_NULLS_FIRST } }]')).toEqual([null, 'Bea', 'Ann']);
    expect(await names('[{ count: ASC }]')).toEqual(['Bea', 'Ann', null]);
    expect(await names('[{ count: DESC }, { keys: { rep: DESC_NULLS_FIRST } }]')).toEqual([
      null,
      'Ann',
      'Bea',
    ]);
    expect(
      await names('[{ keys: { rep: DESC } }, { keys: { rep: ASC } }, {}, { keys: null }]'),
    ).toEqual(['Bea', 'Ann', null]);
    expect(await names('[{ median: { visits: DESC } }, { countDistinct: { tier: ASC } }]')).toEqual(
      [null, 'Ann', 'Bea'],
    );
  });

  it('are filtered by their figures, selected or not', async () => {
    const count = async (having: string): Promise<unknown> => {
      const groups = await groupsOf(
        `{ customersAggregate(groupBy: [{ field: rep }], having: ${having}) { keys { rep } } }`,
      );
      return (groups as readonly { keys: { rep: string | null } }[]).map(({ keys }) => keys.rep);
    };
    expect(await count('{ count: { gte: 2 } }')).toEqual(['Ann', null]);
    expect(await count('{ sum: { worth: { gt: 100.001 } } }')).toEqual(['Ann']);
    expect(await count('{ not: { sum: { worth: { gt: 100 } } } }')).toEqual(['Bea', null]);
    expect(await count('{ sum: { worth: { isNull: true } } }')).toEqual([null]);
    expect(
      await count('{ or: [{ max: { name: { startsWith: "D" } } }, { count: { eq: 5 } }] }'),
    ).toEqual(['Bea']);
    expect(await count('{ or: [] }')).toEqual([]);
  });

  it('are filtered also where all rows are one', async () => {
    expect(
      await groupsOf('{ customersAggregate(having: { count: { gt: 100 } }) { count } }'),
    ).toEqual([]);
    expect(
      await groupsOf('{ customersAggregate(having: { count: { gt: 1 } }) { __typename } }'),
    ).toEqual([{ __typename: 'CustomerAggregate' }]);
  });

  it('are cut by limit and offset', async () => {
    const groups = async (cut: string) =>
      groupsOf(`{ customersAggregate(groupBy: [{ field: name }], ${cut}) { keys { name } } }`);
    expect(await groups('limit: 2')).toEqual([
      { keys: { name: 'Ada' } },
      { keys: { name: 'Bob' } },
    ]);
    expect(await groups('limit: 2, offset: 4')).toEqual([{ keys: { name: 'Eve' } }]);
    expect(await groups('offset: 4')).toEqual([{ keys: { name: 'Eve' } }]);
    expect(await groups('limit: 0')).toEqual([]);
    expect(
      await groups('limit: null, offset: null, having: null, orderBy: null, where: null'),
    ).toHaveLength(5);
    expect(await groupsOf('{ customersAggregate(offset: 1) { count } }')).toEqual([]);
  });

  it('of ids and texts that are kept as numbers come in the order of their texts', async () => {
    const groups = await groupsOf('{ vaultsAggregate(groupBy: [{ field: id }]) { keys { id } } }');
    expect((groups as readonly { keys: { id: string } }[]).map(({ keys }) => keys.id)).toEqual([
      '1',
      '10',
      '2',
      '3',
      '4',
      '5',
    ]);
  });

  it('without any in the lake are none', async () => {
    expect(
      await groupsOf(
        '{ customersAggregate(where: { or: [] }, groupBy: [{ field: rep }]) { count } }',
      ),
    ).toEqual([]);
  });
});

describe('neighbours', () => {
  it('count once in each group, however many rows lead to them', async () => {
    const groups = await groupsOf(`{
      invoicesAggregate(groupBy: [{ customer: { field: rep } }]) {
        keys { customer { rep } }
        count
        sum { amount customer { worth visits } approver { worth } }
        avg { customer { worth } }
        median { customer { visits } }
        countDistinct { customer { id } }
        min { customer { name } }
        quantiles(at: [0]) { customer { worth } }
      }
    }`);
    expect(groups).toEqual([
      {
        keys: { customer: { rep: 'Ann' } },
        count: 4,
        sum: { amount: 35.5, customer: { worth: 150.5, visits: 3 }, approver: { worth: 50.5 } },
        avg: { customer: { worth: 75.25 } },
        median: { customer: { visits: 1.5 } },
        countDistinct: { customer: { id: 2 } },
        min: { customer: { name: 'Ada' } },
        quantiles: { customer: { worth: [50.5] } },
      },
      {
        keys: { customer: { rep: 'Bea' } },
        count: 1,
        sum: { amount: 7.25, customer: { worth: 100, visits: null }, approver: { worth: null } },
        avg: { customer: { worth: 100 } },
        median: { customer: { visits: null } },
        countDistinct: { customer: { id: 1 } },
        min: { customer: { name: 'Dot' } },
        quantiles: { customer: { worth: [100] } },
      },
      {
        keys: { customer: { rep: null } },
        count: 3,
        sum: { amount: 6, customer: { worth: null, visits: 3 }, approver: { worth: null } },
        avg: { customer: { worth: null } },
        median: { customer: { visits: 3 } },
        countDistinct: { customer: { id: 1 } },
        min: { customer: { name: 'Cid' } },
        quantiles: { customer: { worth: null } },
      },
    ]);
    expect(hub.statements).toHaveLength(1);
  });

  it('count once over all rows, through two relations, with filters and orders by them', async () => {
    const groups = await groupsOf(`{
      linesAggregate { count sum { quantity invoice { amount customer { worth } } } }
      high: linesAggregate(
        where: { invoice: { customer: { tier: { eq: HIGH } } } }
        groupBy: [{ invoice: { customer: { field: tier } } }, { field: quantity }]
        having: { sum: { invoice: { customer: { worth: { gte: 100 } } } } }
        orderBy: [{ sum: { invoice: { amount: DESC } } }]
      ) { keys { quantity invoice { customer { tier } } } sum { invoice { amount } } }
    }`);
    expect(groups).toEqual([
      { count: 4, sum: { quantity: 7, invoice: { amount: 35.5, customer: { worth: 150.5 } } } },
    ]);
    const { data } = await hub.ask(`{
      linesAggregate(
        where: { invoice: { customer: { tier: { eq: HIGH } } } }
        groupBy: [{ invoice: { customer: { field: tier } } }, { field: quantity }]
        having: { sum: { invoice: { customer: { worth: { gte: 100 } } } } }
        orderBy: [{ sum: { invoice: { amount: DESC } } }]
      ) { keys { quantity invoice { customer { tier } } } sum { invoice { amount } } }
    }`);
    const invoice = { customer: { tier: 'HIGH' } };
    expect(data?.['linesAggregate']).toEqual([
      { keys: { quantity: 2, invoice }, sum: { invoice: { amount: 20.5 } } },
      { keys: { quantity: 1, invoice }, sum: { invoice: { amount: 10 } } },
    ]);
  });

  it('count once in each hour of a zone, and with the rows without a time', async () => {
    const groups = await groupsOf(`{
      invoicesAggregate(groupBy: [{ field: at, bucket: HOUR, timeZone: "Europe/Berlin" }]) {
        keys { at } count sum { customer { worth } }
      }
    }`);
    const group = (at: string | null, worth: number | null) => ({
      keys: { at },
      count: 1,
      sum: { customer: { worth } },
    });
    expect(groups).toEqual([
      group('1969-12-31T23:00:00Z', null),
      group('2024-03-31T00:00:00Z', 100),
      group('2024-03-31T01:00:00Z', 100),
      group('2024-10-26T23:00:00Z', 100),
      group('2024-10-27T00:00:00Z', 50.5),
      group('2024-10-27T01:00:00Z', 100),
      group('2024-12-31T18:00:00Z', null),
      group(null, null),
    ]);
  });

  it('that are missing are nothing over no rows', async () => {
    expect(
      await groupsOf(
        '{ invoicesAggregate(where: { or: [] }) { count sum { amount customer { worth } } } }',
      ),
    ).toEqual([{ count: 0, sum: { amount: null, customer: { worth: null } } }]);
  });
});

describe('figures of the related rows of each row', () => {
  it('take one statement, and are there for rows without any', async () => {
    hub.statements.length = 0;
    const { data, errors } = await hub.ask(`{
      customers {
        nodes {
          id
          invoicesAggregate { __typename count keys { id } sum { amount } max { amount } countDistinct { id } }
          big: invoicesAggregate(where: { amount: { gt: 8 } }) { count sum { amount } }
        }
      }
    }`);
    expect(errors).toBeUndefined();
    const nothing = { sum: { amount: null }, max: { amount: null }, countDistinct: { id: 0 } };
    const own = { __typename: 'InvoiceAggregate', keys: null };
    const nodes = [
      {
        id: 'C1',
        invoicesAggregate: {
          ...own,
          count: 3,
          sum: { amount: 30.5 },
          max: { amount: 20.5 },
          countDistinct: { id: 3 },
        },
        big: { count: 2, sum: { amount: 30.5 } },
      },
      {
        id: 'C2',
        invoicesAggregate: {
          ...own,
          count: 1,
          sum: { amount: 5 },
          max: { amount: 5 },
          countDistinct: { id: 1 },
        },
        big: { count: 0, sum: { amount: null } },
      },
      {
        id: 'C3',
        invoicesAggregate: {
          ...own,
          count: 1,
          sum: { amount: 3 },
          max: { amount: 3 },
          countDistinct: { id: 1 },
        },
        big: { count: 0, sum: { amount: null } },
      },
      {
        id: 'C4',
        invoicesAggregate: {
          ...own,
          count: 1,
          sum: { amount: 7.25 },
          max: { amount: 7.25 },
          countDistinct: { id: 1 },
        },
        big: { count: 0, sum: { amount: null } },
      },
      {
        id: 'C5',
        invoicesAggregate: { ...own, count: 0, ...nothing },
        big: { count: 0, sum: { amount: null } },
      },
    ];
    expect(data?.['customers']).toEqual({ nodes });
    const grouping = hub.statements.filter((text) => text.includes('GROUP BY'));
    expect(grouping).toHaveLength(2);
  });

  it('count their neighbours once for each row', async () => {
    const { data, errors } = await hub.ask(`{
      customers(first: 2) { nodes { invoicesAggregate { sum { amount approver { worth } customer { worth } } } } }
    }`);
    expect(errors).toBeUndefined();
    expect(data?.['customers']).toEqual({
      nodes: [
        {
          invoicesAggregate: {
            sum: { amount: 30.5, approver: { worth: 50.5 }, customer: { worth: 100 } },
          },
        },
        {
          invoicesAggregate: {
            sum: { amount: 5, approver: { worth: 50.5 }, customer: { worth: 50.5 } },
          },
        },
      ],
    });
  });
});

describe('an aggregate is refused', () => {
  it.each([
    ['groupBy: [{}]', 'GROUP_KEY_EMPTY'],
    ['groupBy: [{ field: null }]', 'GROUP_KEY_EMPTY'],
    ['groupBy: [{ customer: {} }]', 'GROUP_KEY_EMPTY'],
    ['groupBy: [{ field: id, customer: { field: rep } }]', 'GROUP_KEY_AMBIGUOUS'],
    ['groupBy: [{ customer: { field: rep }, approver: { field: rep } }]', 'GROUP_KEY_AMBIGUOUS'],
    ['groupBy: [{ field: id }, { field: id }]', 'GROUP_KEY_REPEATED'],
    ['groupBy: [{ field: at, bucket: YEAR }, { field: at, bucket: DAY }]', 'GROUP_KEY_REPEATED'],
    ['groupBy: [{ field: id, bucket: YEAR }]', 'GROUP_BUCKET_INVALID'],
    ['groupBy: [{ field: day, bucket: HOUR }]', 'GROUP_BUCKET_INVALID'],
    ['groupBy: [{ field: day, bucket: DAY, timeZone: "Europe/Berlin" }]', 'GROUP_BUCKET_INVALID'],
    ['groupBy: [{ field: at, timeZone: "Europe/Berlin" }]', 'GROUP_BUCKET_INVALID'],
    ['groupBy: [{ customer: { field: rep }, bucket: DAY }]', 'GROUP_BUCKET_INVALID'],
    ['groupBy: [{ field: at, bucket: DAY, timeZone: "Europe/Berlim" }]', 'TIME_ZONE_UNKNOWN'],
    ['groupBy: [{ field: at, bucket: DAY, timeZone: "" }]', 'TIME_ZONE_UNKNOWN'],
    ['groupBy: [{ field: at, bucket: DAY, timeZone: "+02:00" }]', 'TIME_ZONE_UNKNOWN'],
    [
      `groupBy: [{ field: at, bucket: DAY, timeZone: "UTC'; DROP TABLE x; --" }]`,
      'TIME_ZONE_UNKNOWN',
    ],
    ['limit: -1', 'GROUP_LIMIT_INVALID'],
    ['limit: 10001', 'GROUP_LIMIT_INVALID'],
    ['offset: -1', 'PAGE_OFFSET_INVALID'],
    ['orderBy: [{ count: ASC, keys: { id: ASC } }]', 'ORDER_TERM_AMBIGUOUS'],
    ['orderBy: [{ sum: { amount: ASC, customer: { worth: ASC } } }]', 'ORDER_TERM_AMBIGUOUS'],
    ['orderBy: [{ keys: { id: ASC } }]', 'GROUP_ORDER_KEY_MISSING'],
    [
      'groupBy: [{ field: id }], orderBy: [{ keys: { customer: { id: ASC } } }]',
      'GROUP_ORDER_KEY_MISSING',
    ],
  ])('with %s', async (given, code) => {
    const { data, problems } = await problemsOf(`{ invoicesAggregate(${given}) { count } }`);
    expect(data).toBeNull();
    expect(problems).toMatchObject([{ path: 'invoicesAggregate', code }]);
  });

  it('with a key that is not grouped by', async () => {
    const { problems } = await problemsOf(
      '{ a: invoicesAggregate(groupBy: [{ field: id }]) { keys { id customer { rep } } } }',
    );
    expect(problems).toEqual([
      {
        path: 'a',
        code: 'AGGREGATE_KEY_NOT_GROUPED',
        message:
          'invoicesAggregate selects the key customer.rep, which the groups do not have in common.',
      },
    ]);
  });

  it('with shares that are none', async () => {
    for (const at of [[-0.1], [1.1], Array.from({ length: 101 }, () => 0.5)]) {
      const { problems } = await problemsOf(
        'query ($at: [Float!]!) { invoicesAggregate { quantiles(at: $at) { amount } } }',
        { at },
      );
      expect(problems).toMatchObject([{ code: 'QUANTILES_INVALID' }]);
    }
  });

  it('with more keys and terms than there may be', async () => {
    const groupBy = Array.from({ length: 9 }, () => ({ field: 'id' }));
    const orderBy = Array.from({ length: 11 }, () => ({ count: 'ASC' }));
    const query =
      'query ($g: [InvoiceGroupBy!], $o: [InvoiceAggregateOrder!]) { invoicesAggregate(groupBy: $g, orderBy: $o) { count } }';
    expect((await problemsOf(query, { g: groupBy })).problems).toMatchObject([
      { code: 'GROUP_KEYS_TOO_MANY' },
    ]);
    expect((await problemsOf(query, { o: orderBy })).problems).toMatchObject([
      { code: 'ORDER_TOO_LONG' },
    ]);
  });

  it('with a hint of the nearest time zone', async () => {
    const { errors } = await hub.ask(
      '{ invoicesAggregate(groupBy: [{ field: at, bucket: DAY, timeZone: "Europe/Berlim" }]) { count } }',
    );
    expect(errors?.[0]?.extensions['hint']).toContain('Did you mean "Europe/Berlin"?');
  });
});

describe('an aggregate beyond a limit is refused', () => {
  async function codesOf(limits: Partial<HubLimits>, query: string): Promise<readonly unknown[]> {
    const { hubSchema } = inlineProject(ledgerSchemas);
    const small = createHub({ hubSchema, lake: hub.lake, limits: { ...defaultLimits, ...limits } });
    const { errors } = await small.execute({ query, wire: { decimals: 'number' } });
    return (errors ?? []).map(({ extensions }) => extensions['code']);
  }

  it('of groups, unless it has one of its own', async () => {
    const query = '{ customersAggregate(groupBy: [{ field: id }]) { count } }';
    expect(await codesOf({ groups: 4 }, query)).toEqual(['TOO_MANY_GROUPS']);
    expect(await codesOf({ groups: 5 }, query)).toEqual([]);
    const cut = '{ customersAggregate(groupBy: [{ field: id }], limit: 4) { count } }';
    expect(await codesOf({ groups: 4 }, cut)).toEqual([]);
  });

  it('of rows in an answer', async () => {
    const query = '{ customersAggregate(groupBy: [{ field: id }]) { count } }';
    expect(await codesOf({ rowsInAnswer: 4 }, query)).toEqual(['ANSWER_TOO_LARGE']);
    expect(await codesOf({ rowsInAnswer: 5 }, query)).toEqual([]);
  });

  it('of rows that are read', async () => {
    const query = '{ invoicesAggregate { sum { amount customer { worth } } } }';
    expect(await codesOf({ rowsRead: 10 }, query)).toEqual(['QUESTION_TOO_LARGE']);
    expect(await codesOf({ rowsRead: 100 }, query)).toEqual([]);
  });
});
