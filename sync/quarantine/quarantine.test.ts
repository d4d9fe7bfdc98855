import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { sql } from '../../lake/sql.ts';
import { openTestSync, type TestSync } from '../testing/open-sync.ts';

const declarations = {
  sales: `
tables:
  customer:
    source: { folder: { path: drops/sales, format: csv } }
    key: { id: AccountId }
    columns: { account_value: Value, tier: { from: Tier, map: { gold: GOLD } } }
    watermark: { column: At }
    rules: [{ column: account_value, range: { max: 100 } }]
`,
  billing: `
tables:
  invoice:
    source: { folder: { path: drops/billing, format: csv } }
    columns: { customer_id: customer, amount: amount }
`,
};
const head = 'AccountId,Value,Tier,At\n';
const at = '2027-01-01T00:00:00Z';

async function openWithBadRows(): Promise<TestSync> {
  const test = await openTestSync({ declarations });
  test.drop(
    'drops/sales/1.csv',
    `${head}C1,1000,gold,${at}\nC2,x,,${at}\nC3,1,steel,${at}\nC4,1,,${at}\nC5,1,,${at}\nC6,1,,${at}\n`,
  );
  await test.run('sales');
  return test;
}

const rowsOf = ({ rows }: TestSync) =>
  rows(
    sql`SELECT id, account_value, tier FROM sales.customer WHERE id IN ('C1', 'C2', 'C3', 'C99') ORDER BY id`,
  );

async function idsIn({ sync }: TestSync, kind?: 'BAD' | 'WAITING') {
  return (await sync.quarantined({ first: 100, kind })).items.map(({ id }) => id);
}

describe('the quarantine', () => {
  it('is listed page by page, the oldest first, by domain and kind', async () => {
    const test = await openWithBadRows();
    test.drop('drops/billing/1.csv', 'id,customer,amount\nI1,C99,1\nI2,C98,1\n');
    await test.run('billing');
    const first = await test.sync.quarantined({ first: 2 });
    expect(first).toMatchObject({ totalCount: 5, items: [{ key: 'C1' }, { key: 'C2' }] });
    const second = await test.sync.quarantined({ first: 3, after: first.endCursor ?? '' });
    expect(second).toMatchObject({
      totalCount: 5,
      items: [{ key: 'C3' }, { key: 'I1' }, { key: 'I2' }],
      endCursor: null,
    });
    expect(
      await test.sync.quarantined({ first: 10, domain: 'billing', kind: 'WAITING' }),
    ).toMatchObject({
      totalCount: 2,
      items: [
        {
          kind: 'WAITING',
          reason: 'customer names no Customer that exists',
          payload: { id: 'I1', customer_id: 'C99' },
        },
        { key: 'I2' },
      ],
    });
    expect(await test.sync.quarantined({ first: 10, domain: 'billing', kind: 'BAD' })).toEqual({
      items: [],
      totalCount: 0,
      endCursor: null,
    });
    expect((await test.sync.quarantined({ first: 0 })).items).toEqual([]);
    expect((await test.sync.quarantined({ first: 10, domain: 'identity' })).items).toEqual([]);
    expect((await test.sync.quarantined({ first: 10, after: 'nothing' })).items).toHaveLength(5);
  });

  it('is not listed for a domain that there is not, unless it has rows of it', async () => {
    const test = await openWithBadRows();
    await expect(test.sync.quarantined({ first: 10, domain: 'nope' })).rejects.toMatchObject({
      code: 'DOMAIN_UNKNOWN',
      message: 'There is no domain "nope".',
      hint: 'The domains are: billing, identity, sales.',
    });
    await expect(test.sync.quarantined({ first: 10, domain: 'Salse' })).rejects.toMatchObject({
      message: 'There is no domain "Salse". Did you mean "sales"?',
    });
    const withoutDomains = test.restart({ model: () => ({ domains: [], entities: new Map() }) });
    expect(await withoutDomains.quarantined({ first: 10, domain: 'sales' })).toMatchObject({
      totalCount: 3,
    });
  });

  it('knows a waiting row by the same id as long as it comes unchanged', async () => {
    const test = await openTestSync({
      declarations: {
        billing: 'tables:\n  invoice: { source: { push: true }, columns: { customer_id: c } }\n',
      },
    });
    const push = async (row: object) => {
      await test.sync.push({
        domain: 'billing',
        mode: 'delta',
        body: Readable.from([`${JSON.stringify({ id: 'I1', ...row })}\n`]),
        origin: { actor: 'a', source: '/billing' },
        signal: new AbortController().signal,
      });
      await test.time.advance(1_000);
      return (await test.sync.quarantined({ first: 9 })).items;
    };
    const first = await push({ c: 'C98' });
    expect(first).toHaveLength(1);
    expect(await push({ c: 'C98' })).toEqual(first);
    const [changed, ...others] = await push({ c: 'C99' });
    expect(others).toEqual([]);
    expect(changed).toMatchObject({ payload: { customer_id: 'C99' } });
    expect(changed?.id).not.toBe(first[0]?.id);
  });

  it('lets bad rows go that are mended, by names of the source or of the lake', async () => {
    const test = await openWithBadRows();
    const [c1 = '', c2 = '', c3 = ''] = await idsIn(test);
    expect(await test.sync.replayQuarantined([c1], { Value: 10 })).toEqual({
      released: 1,
      remaining: 0,
      problems: [],
    });
    expect(
      await test.sync.replayQuarantined([c2, c3], { account_value: '20.5', TIER: 'SILVER' }),
    ).toEqual({ released: 2, remaining: 0, problems: [] });
    expect(await rowsOf(test)).toEqual([
      ['C1', '10.00', 'GOLD'],
      ['C2', '20.50', 'SILVER'],
      ['C3', '20.50', 'SILVER'],
    ]);
    expect(await idsIn(test)).toEqual([]);
    expect(
      await test.rows(
        sql`SELECT DISTINCT actor, source FROM ledger.change WHERE "key" = 'C1' AND domain = 'sales'`,
      ),
    ).toEqual([['sync', 'tributary/quarantine']]);
  });

  it('keeps what is still bad, with the reason of now', async () => {
    const test = await openWithBadRows();
    const ids = await idsIn(test);
    expect(await test.sync.replayQuarantined(ids, { Value: 500, Tier: null })).toEqual({
      released: 0,
      remaining: 3,
      problems: [],
    });
    const { items } = await test.sync.quarantined({ first: 10 });
    expect(items.map(({ id }) => id)).toEqual(ids);
    for (const { reason } of items)
      expect(reason).toBe('account_value is "500", which is not from … to 100');
    // The payload is what the source sent.
    expect(items[0]?.payload).toMatchObject({ Value: '1000' });
  });

  it('tries rows again by the declaration of today', async () => {
    const test = await openWithBadRows();
    const ids = await idsIn(test);
    test.declare('sales', declarations.sales.replace('max: 100', 'max: 1000'));
    expect(await test.sync.replayQuarantined(ids)).toMatchObject({ released: 1, remaining: 2 });
    expect(await rowsOf(test)).toEqual([['C1', '1000.00', 'GOLD']]);
  });

  it('lets a mended row not overwrite a newer state', async () => {
    const test = await openWithBadRows();
    const [c1 = ''] = await idsIn(test);
    await test.lake.write((tx) =>
      tx.run(
        sql`INSERT INTO sales.customer (id, account_value, _watermark) VALUES ('C1', 77, 1900000000000000)`,
      ),
    );
    expect(await test.sync.replayQuarantined([c1], { Value: 1 })).toMatchObject({ released: 1 });
    expect(await rowsOf(test)).toEqual([['C1', '77.00', null]]);
  });

  it('lets a bad row whose identity is unknown wait for it then', async () => {
    const test = await openTestSync({ declarations });
    test.drop('drops/sales/1.csv', `${head}C99,x,,${at}\nC1,1,,${at}\n`);
    await test.run('sales');
    expect(await test.sync.replayQuarantined(await idsIn(test), { Value: 1 })).toEqual({
      released: 0,
      remaining: 1,
      problems: [],
    });
    expect((await test.sync.quarantined({ first: 1 })).items).toMatchObject([
      { kind: 'WAITING', key: 'C99' },
    ]);
  });

  it('tries waiting rows again, with their columns set to other values', async () => {
    const test = await openTestSync({ declarations });
    test.drop('drops/billing/1.csv', 'id,customer,amount\nI1,C99,1\nI2,C98,1\n');
    await test.run('billing');
    expect(await test.sync.replayQuarantined(await idsIn(test))).toEqual({
      released: 0,
      remaining: 2,
      problems: [],
    });
    const [first = '', second = ''] = await idsIn(test);
    expect(await test.sync.replayQuarantined([first], { amount: 'much' })).toMatchObject({
      released: 0,
      remaining: 1,
      problems: [{ code: 'INVALID', field: 'amount' }],
    });
    expect(await test.sync.replayQuarantined([first, second], { Customer_Id: 'C1' })).toEqual({
      released: 2,
      remaining: 0,
      problems: [],
    });
    expect(
      await test.rows(sql`SELECT id, customer_id, amount FROM billing.invoice ORDER BY id`),
    ).toEqual([
      ['I1', 'C1', '1.00'],
      ['I2', 'C1', '1.00'],
    ]);
  });

  it('names what there is not', async () => {
    const test = await openWithBadRows();
    const [c1 = ''] = await idsIn(test);
    const answer = await test.sync.replayQuarantined([c1, '999', "1'; DROP TABLE x"], { Valeu: 1 });
    expect(answer).toMatchObject({ released: 0, remaining: 1 });
    expect(answer.problems.map(({ code, field }) => [code, field])).toEqual([
      ['NOT_FOUND', 'ids'],
      ['NOT_FOUND', 'ids'],
      ['INVALID', 'Valeu'],
    ]);
    test.declare('sales', 'tables: {}');
    expect((await test.sync.replayQuarantined([c1])).problems).toMatchObject([
      { code: 'INVALID', field: 'ids' },
    ]);
    expect(await test.sync.replayQuarantined([])).toEqual({
      released: 0,
      remaining: 0,
      problems: [],
    });
  });

  it('gives rows up', async () => {
    const test = await openWithBadRows();
    const [first = '', ...others] = await idsIn(test);
    expect(await test.sync.discardQuarantined([first, '999', 'x'])).toEqual({
      discarded: 1,
      problems: [
        { code: 'NOT_FOUND', message: 'There is no row 999 in quarantine.', field: 'ids' },
        { code: 'NOT_FOUND', message: 'There is no row x in quarantine.', field: 'ids' },
      ],
    });
    expect(await idsIn(test)).toEqual(others);
    expect(await test.sync.discardQuarantined([])).toEqual({ discarded: 0, problems: [] });
  });
});
