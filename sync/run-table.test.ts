import { describe, expect, it } from 'vitest';
import type { RowWriter } from '../ledger/ledger-transaction.ts';
import { sql } from '../lake/sql.ts';
import { projectionOf } from '../ledger/testing/open-ledger.ts';
import { openTestSync, whileTimeGoesOn, type TestSync } from './testing/open-sync.ts';

const folder = 'source: { folder: { path: drops, format: csv } }';
const invoices = (more = '') => `
tables:
  invoice:
    ${folder}
    columns: { customer_id: customer, amount: amount, issued_on: { from: issued, nullIf: ['-'] } }
    watermark: { column: at }
    ${more}
`;
const invoiceHead = 'id,customer,amount,issued,at\n';
const at = '2027-01-01T00:00:00Z';

const customers = (rules: string, more = '') => `
tables:
  customer:
    ${folder}
    columns:
      account_value: { from: value, trim: true, default: 0 }
      sales_rep: rep
      tier: { from: tier, trim: true, map: { gold: GOLD, '1': SILVER } }
    watermark: { column: at }
    rules: ${rules}
    ${more}
`;
const head = 'id,value,rep,tier,at\n';

const rowsOf = ({ rows }: TestSync) =>
  rows(sql`SELECT id, account_value, sales_rep, tier FROM sales.customer ORDER BY id`);

async function badOf({ sync }: TestSync) {
  const { items } = await sync.quarantined({ first: 100, kind: 'BAD' });
  return items.map(({ key, rule, reason }) => [key, rule, reason]);
}

describe('a row that is bad', () => {
  it.each([
    ['C1,12x,,,', '[]', 'account_value: type', 'account_value is "12x", which is no DECIMAL(18,2)'],
    [
      'C1,1.005,,,',
      '[]',
      'account_value: type',
      'account_value is "1.005", which has more digits than DECIMAL(18,2) keeps',
    ],
    [
      'C1,12345678901234567,,,',
      '[]',
      'account_value: type',
      'account_value is "12345678901234567", which is no DECIMAL(18,2)',
    ],
    ['C1,1,,PLATINUM,', '[]', 'tier: in', 'tier is "PLATINUM", which is none of GOLD, SILVER'],
    [
      'C1,-1,,,',
      '[{ column: account_value, range: { min: 0 } }]',
      'account_value: range',
      'account_value is "-1", which is not from 0 to …',
    ],
    [
      'C1,11,,,',
      '[{ column: account_value, range: { min: 0, max: 10.5 } }]',
      'account_value: range',
      'account_value is "11", which is not from 0 to 10.5',
    ],
    [
      'C1,1,,,',
      '[{ column: sales_rep, notNull: true }]',
      'sales_rep: notNull',
      'sales_rep has no value',
    ],
    [
      'C1,1,ada,,',
      `[{ column: sales_rep, pattern: '^[A-Z]' }]`,
      'sales_rep: pattern',
      'sales_rep is "ada", which does not match ^[A-Z]',
    ],
    [
      'C1,1,Ada,,',
      '[{ column: sales_rep, in: [Bob, Cleo] }]',
      'sales_rep: in',
      'sales_rep is "Ada", which is none of Bob, Cleo',
    ],
    [
      'C1,1,C99,,',
      '[{ column: sales_rep, reference: Customer }]',
      'sales_rep: reference',
      'sales_rep is "C99", and there is no Customer with that id',
    ],
    [',1,,,', '[]', 'key', 'id is missing, which is the key'],
    ['C1,1,,,soon', '[]', 'watermark', 'at is "soon", which is no timestamp'],
    [
      'C1,1,,,2099-01-01',
      '[]',
      'watermark',
      'at is "2099-01-01", which is more than a day ahead of now',
    ],
  ])('%s under %s goes to quarantine', async (line, rules, rule, reason) => {
    const test = await openTestSync({ declarations: { sales: customers(rules) } });
    const rep = rule === 'sales_rep: reference' ? 'C9' : 'Bob';
    const bad = line.split(',').length === 5 && line.endsWith(',') ? `${line}${at}` : line;
    test.drop('drops/1.csv', `${head}${bad}\nC2,2,${rep},gold,${at}\nC3,,${rep},1,${at}\n`);
    const run = await test.run('sales');
    expect(run).toMatchObject({ rowsRead: 3, quarantined: 1 });
    expect(run.watermark).toEqual(new Date(at));
    const [item] = (await test.sync.quarantined({ first: 10 })).items;
    expect(item).toMatchObject({ domain: 'sales', table: 'customer', kind: 'BAD', rule, reason });
    expect(item?.payload).toMatchObject({
      id: bad.startsWith('C1') ? 'C1' : null,
      rep: bad.split(',')[2] || null,
    });
    const names = (await rowsOf(test)).map(([id]) => id);
    expect(names).not.toContain('C1');
    if (!rule.startsWith('sales_rep')) expect(names).toEqual(['C2', 'C3']);
  });

  it('is not one when its value is only written in another way', async () => {
    const test = await openTestSync({ declarations: { sales: customers('[]') } });
    test.drop(
      'drops/1.csv',
      `${head}C1, 1.5000 ,,  gold ,${at}\nC2,1e3,,1,2027-01-01 01:00:00+01\n`,
    );
    expect(await test.run('sales')).toMatchObject({ inserted: 2, quarantined: 0 });
    expect(await rowsOf(test)).toEqual([
      ['C1', '1.50', null, 'GOLD'],
      ['C2', '1000.00', null, 'SILVER'],
    ]);
  });

  it('by a unique value is the later one of two, and one that the lake has for another key', async () => {
    const declarations = { sales: customers('[{ column: sales_rep, unique: true }]') };
    const test = await openTestSync({ declarations });
    test.drop(
      'drops/1.csv',
      `${head}C1,1,Ada,,${at}\nC2,1,Ada,,2027-01-02\nC3,1,Bob,,${at}\nC4,1,,,${at}\nC5,1,,,${at}\n`,
    );
    expect(await test.run('sales')).toMatchObject({ inserted: 4, quarantined: 1 });
    expect(await badOf(test)).toEqual([
      ['C2', 'sales_rep: unique', 'sales_rep is "Ada", which another row has already'],
    ]);
    // Bob is free as soon as his row has another value, in the same delivery; Ada is not.
    test.drop(
      'drops/2.csv',
      `${head}C3,1,Cleo,,2027-01-03\nC6,1,Bob,,2027-01-03\nC7,1,Ada,,2027-01-03\n`,
    );
    expect(await test.run('sales')).toMatchObject({ inserted: 1, updated: 1, quarantined: 1 });
    expect((await badOf(test)).map(([key]) => key)).toEqual(['C2', 'C7']);
  });

  it('by what the schema never lacks is one without a rule; a reference that the mapping knows waits', async () => {
    const rules = 'rules: [{ column: customer_id, reference: Customer }]';
    const test = await openTestSync({ declarations: { billing: invoices(rules) } });
    test.drop(
      'drops/1.csv',
      `${invoiceHead}I1,C1,5,-,${at}\nI2,,5,-,${at}\nI3,C99,5,2027-02-30,${at}\nI4,C99,5,2027-02-28,${at}\n`,
    );
    expect(await test.run('billing')).toMatchObject({ inserted: 1, waiting: 1, quarantined: 2 });
    expect(await badOf(test)).toEqual([
      ['I2', 'customer_id: notNull', 'customer_id has no value'],
      ['I3', 'issued_on: type', 'issued_on is "2027-02-30", which is no DATE'],
    ]);
    await test.ledger.submit({
      kind: 'create',
      entity: 'Customer',
      origin: { actor: 'crm', source: 'crm' },
      key: { id: 'C99' },
      fields: { name: 'Ann' },
    });
    expect(await test.rows(sql`SELECT id, issued_on FROM billing.invoice ORDER BY id`)).toEqual([
      ['I1', null],
      ['I4', '2027-02-28'],
    ]);
  });

  it('stands in quarantine once, however often it comes, until it comes in a good state', async () => {
    const test = await openTestSync({ declarations: { sales: customers('[]') } });
    const bad = `${head}C1,x,,,${at}\n,x,,,${at}\nC2,1,,,${at}\nC3,1,,,${at}\n`;
    test.drop('drops/1.csv', bad);
    await test.run('sales');
    const before = (await test.sync.quarantined({ first: 10 })).items;
    expect(before).toHaveLength(2);
    test.drop('drops/2.csv', `${bad}C4,1,,,${at}\n`);
    await test.run('sales');
    expect((await test.sync.quarantined({ first: 10 })).items).toEqual(before);
    // A newer bad state takes its place; an older one does not; a good one clears it away.
    test.drop(
      'drops/3.csv',
      `${head}C1,y,,,2027-01-02\nC1,z,,,2026-12-01\nC2,1,,,${at}\nC3,1,,,${at}\n`,
    );
    await test.run('sales');
    expect(await badOf(test)).toMatchObject([
      [null, 'key', 'id is missing, which is the key'],
      ['C1', 'account_value: type', expect.stringContaining('"y"')],
    ]);
    test.drop('drops/4.csv', `${head}C1,7,,,2027-01-01T12:00:00Z\n`);
    await test.run('sales');
    expect((await badOf(test)).map(([key]) => key)).toEqual([null, 'C1']);
    test.drop('drops/5.csv', `${head}C1,7,,,2027-01-02\n`);
    await test.run('sales');
    expect((await badOf(test)).map(([key]) => key)).toEqual([null]);
  });

  it('that is older than a good one of the same key is not kept', async () => {
    const test = await openTestSync({ declarations: { sales: customers('[]') } });
    test.drop('drops/1.csv', `${head}C1,x,,,${at}\nC1,1,,,2027-01-02\n`);
    await test.run('sales');
    test.drop('drops/2.csv', `${head}C1,y,,,2027-01-01T13:00:00Z\nC2,1,,,${at}\n`);
    await test.run('sales');
    expect(await badOf(test)).toEqual([]);
  });
});

describe('a run with more bad rows than its threshold', () => {
  const text = `${head}C1,x,,,2027-01-05\nC2,1,,,2027-01-05\nC3,1,,,2027-01-05\nC4,1,,,2027-01-05\n`;

  it.each([
    ['25%', 'SUCCEEDED'],
    ['24%', 'REFUSED'],
    ['1', 'SUCCEEDED'],
    ['0', 'REFUSED'],
  ])('of %s is %s, and changes nothing when it is refused', async (threshold, state) => {
    const declarations = { sales: customers('[]', `threshold: ${threshold}`) };
    const test = await openTestSync({ declarations });
    test.drop('drops/1.csv', text);
    const run = await test.run('sales');
    expect(run.state).toBe(state);
    if (state !== 'REFUSED') return;
    expect(run).toMatchObject({ rowsRead: 4, inserted: 0, quarantined: 0, watermark: null });
    expect(run.error).toContain(
      `1 of 4 rows are bad, and ${threshold} at most may be. By rule: 1 of "account_value: type". The first: C1: account_value is "x"`,
    );
    expect(await rowsOf(test)).toEqual([]);
    expect(await badOf(test)).toEqual([]);
    const freshness = await test.sync.freshness();
    expect(freshness.find(({ domain }) => domain === 'sales')).toMatchObject({
      state: 'NEVER',
      lastError: run.error,
    });
    // The file is taken when it is mended.
    test.drop('drops/1.csv', text.replace(',x,', ',1,'));
    expect(await test.run('sales')).toMatchObject({ state: 'SUCCEEDED', inserted: 4 });
  });
});

describe('a run that breaks off', () => {
  /** A writer whose transactions fail, by their number, before or after their commit. */
  function breaking(writer: RowWriter, breaksAt: number, when: 'before' | 'after'): RowWriter {
    let writes = 0;
    return {
      async write(job) {
        writes += 1;
        if (writes === breaksAt && when === 'before')
          return writer.write(async (tx) => {
            await job(tx);
            throw new Error('the power failed');
          });
        const result = await writer.write(job);
        if (writes === breaksAt) throw new Error('the power failed');
        return result;
      },
    };
  }

  it.each([1, 2, 3, 4, 5].flatMap((n) => [[n, 'before'] as const, [n, 'after'] as const]))(
    'at its transaction %i, %s the commit, is repeated without loss or double',
    async (breaksAt, when) => {
      const declarations = { billing: invoices() };
      const settings = { chunkRows: 3 };
      const test = await openTestSync({ declarations, settings });
      // In no order at all: what is newest comes first.
      const lines = Array.from({ length: 12 }, (_, n) => {
        const day = String(((n * 7) % 12) + 1).padStart(2, '0');
        return n === 4
          ? `I${n},C1,bad,-,2027-01-${day}`
          : `I${n},C${(n % 9) + 1},${n},-,2027-01-${day}`;
      });
      test.drop('drops/1.csv', `${invoiceHead}${lines.join('\n')}\n`);
      const broken = test.restart({ rows: breaking(test.ledger, breaksAt, when) });
      const first = await whileTimeGoesOn(test.time, broken.runNow({ domain: 'billing' }));
      const [report] = first.runs ?? [];
      const hasBroken = breaksAt < 5;
      expect(report).toMatchObject({ state: hasBroken ? 'FAILED' : 'SUCCEEDED' });
      if (hasBroken) expect(report?.error).toContain('the power failed');
      // The watermark is that of the rows that were committed, and of none beyond them.
      const state = await test.rows(sql`SELECT watermark FROM sync.state WHERE domain = 'billing'`);
      const newest = await test.rows(
        sql`SELECT max(w) FROM (SELECT _watermark AS w FROM billing.invoice UNION ALL SELECT watermark FROM quarantine."row")`,
      );
      expect(state[0]?.[0] ?? null).toEqual(newest[0]?.[0] ?? null);
      await test.run('billing');
      const count = await test.rows(sql`SELECT count(*), sum(amount) FROM billing.invoice`);
      expect(count).toEqual([['11', '62.00']]);
      expect(await badOf(test)).toHaveLength(1);
      const changes = await test.rows(
        sql`SELECT count(*), count(DISTINCT "key") FROM ledger.change WHERE domain = 'billing'`,
      );
      expect(changes).toEqual([['11', '11']]);
      expect(await test.rows(sql`SELECT name FROM sync.file`)).toEqual([['1.csv']]);
      expect(await test.rows(projectionOf(test.model, 'Invoice'))).toHaveLength(11);
    },
  );

  it.each([1, 2, 3, 4].flatMap((n) => [[n, 'before'] as const, [n, 'after'] as const]))(
    'at transaction %i of a snapshot, %s its commit, is repeated until all that it lacks is gone',
    async (breaksAt, when) => {
      const settings = { chunkRows: 3 };
      const test = await openTestSync({
        declarations: { billing: invoices('removals: 100%') },
        settings,
      });
      const lines = (numbers: readonly number[]): string =>
        numbers.map((n) => `I${n},C1,${n},-,${at}\n`).join('');
      test.drop('drops/1.csv', `${invoiceHead}${lines([1, 2, 3, 4, 5, 6, 7, 8])}`);
      await test.run('billing');
      test.drop('drops/2.snapshot.csv', `${invoiceHead}${lines([1, 2, 3, 9])}`);
      const broken = test.restart({ rows: breaking(test.ledger, breaksAt, when) });
      const { runs } = await broken.runNow({ domain: 'billing' });
      expect(runs).toMatchObject([{ state: 'FAILED' }]);
      expect(await test.run('billing')).toMatchObject({ state: 'SUCCEEDED' });
      const ids = await test.rows(sql`SELECT id FROM billing.invoice ORDER BY id`);
      expect(ids.flat()).toEqual(['I1', 'I2', 'I3', 'I9']);
      expect(await test.rows(projectionOf(test.model, 'Invoice'))).toHaveLength(4);
      expect(await test.run('billing')).toMatchObject({ rowsRead: 0 });
    },
  );

  it('because the writer’s connection was replaced leaves nothing, and is repeated', async () => {
    const test = await openTestSync({ declarations: { billing: invoices() } });
    test.drop('drops/1.csv', `${invoiceHead}I1,C1,1,-,${at}\n`);
    const losing: RowWriter = {
      async write(job) {
        // As a fresh connection has them: no temporary tables.
        const { columns } = await test.lake.write((tx) =>
          tx.read(sql`SELECT table_name FROM duckdb_tables() WHERE temporary`),
        );
        for (const name of columns[0] ?? [])
          await test.lake.write((tx) =>
            tx.run({ text: `DROP TABLE temp.main."${String(name)}"`, values: [] }),
          );
        return test.ledger.write(job);
      },
    };
    const { runs } = await test.restart({ rows: losing }).runNow({ domain: 'billing' });
    expect(runs).toMatchObject([{ state: 'FAILED', inserted: 0 }]);
    // What the lake says of a statement has SQL in it, which callers do not see.
    expect(runs?.[0]?.error).toBe(
      `The lake could not take the rows. The log has the reason, under the run ${runs?.[0]?.id}.`,
    );
    expect(await test.run('billing')).toMatchObject({ state: 'SUCCEEDED', inserted: 1 });
  });
});

describe('reports', () => {
  it('are kept, and name domains and tables that are not synced', async () => {
    const test = await openTestSync({ declarations: { billing: invoices() } });
    await test.run('billing');
    expect(await test.rows(sql`SELECT id, domain, "table", state FROM sync.run`)).toEqual([
      ['run-1', 'billing', 'invoice', 'SUCCEEDED'],
    ]);
    expect(await test.sync.runNow({ domain: 'biling' })).toEqual({
      runs: null,
      problems: [
        {
          code: 'NOT_FOUND',
          field: 'domain',
          message:
            'There is no domain "biling". Did you mean "billing"? The domains are: billing, identity, sales.',
        },
      ],
    });
    expect(await test.sync.runNow({ domain: 'sales' })).toEqual({
      runs: null,
      problems: [
        {
          code: 'NOT_FOUND',
          field: 'domain',
          message:
            'No table of sales is synced: there is no sync.yaml for it. Domains with syncs: billing.',
        },
      ],
    });
    expect(await test.sync.runNow({ domain: 'billing', table: 'invoces' })).toMatchObject({
      runs: null,
      problems: [
        {
          code: 'NOT_FOUND',
          field: 'table',
          message: 'billing.invoces is not synced. Did you mean "invoice"?',
        },
      ],
    });
    test.declare('billing', 'tables: { invoice: { source: { push: true } } }');
    expect(await test.sync.runNow({ domain: 'billing' })).toMatchObject({
      runs: null,
      problems: [{ code: 'INVALID', field: 'domain' }],
    });
  });
});
