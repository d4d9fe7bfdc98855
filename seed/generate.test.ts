import { describe, expect, it } from 'vitest';
import { TributaryError } from '../foundation/errors/tributary-error.ts';
import { generate, type GenerateOptions } from './generate.ts';
import { referenceDay, referenceMicros } from './calendar.ts';
import type { Moment, SeedValue } from './tables.ts';

type Row = Readonly<Record<string, SeedValue>>;

describe('generate', () => {
  it('makes the same data for any batch size', () => {
    const whole = collect({ customers: 500 });
    expect(collect({ customers: 500, batchSize: 1 })).toEqual(whole);
    expect(collect({ customers: 500, batchSize: 333 })).toEqual(whole);
  });

  it('makes other data for another seed', () => {
    const [one, two] = [collect({ customers: 100 }), collect({ customers: 100, seed: 2 })];
    for (const table of Object.keys(one)) expect(two[table]).not.toEqual(one[table]);
  });

  it('only adds rows when there are more customers', () => {
    const few = collect({ customers: 300 });
    const many = collect({ customers: 900 });
    for (const [table, rows] of Object.entries(few)) {
      expect(many[table]?.slice(0, rows.length)).toEqual(rows);
    }
  });

  it('gives batches of the asked size, the last of a table aside', () => {
    const sizes = [...generate({ customers: 1_000, batchSize: 300 })]
      .filter(({ schema }) => schema === 'identity')
      .map(({ rowCount }) => rowCount);
    expect(sizes).toEqual([300, 300, 300, 100]);
    expect([...generate({ customers: 0 })]).toEqual([]);
  });

  it.each([
    { customers: -1 },
    { customers: 1.5 },
    { customers: Number.NaN },
    { customers: 1e12 },
    { customers: 1, seed: -1 },
    { customers: 1, seed: 2 ** 32 },
    { customers: 1, batchSize: 0 },
  ])('refuses %o', (options) => {
    expect(() => generate(options).next()).toThrow(TributaryError);
  });

  it('makes addresses that differ, whatever their case, for 100,000 customers', () => {
    const addresses = new Set<string>();
    for (const { schema, columns } of generate({ customers: 100_000 })) {
      if (schema !== 'identity') continue;
      for (const address of columns['email'] ?? []) addresses.add(String(address).toLowerCase());
    }
    expect(addresses.size).toBe(100_000);
  });
});

describe('the example customer', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])('is whole with seed %i', (seed) => {
    const tables = collect({ customers: 42, seed });
    for (const table of [
      'identity.customer',
      'sales.customer',
      'support.customer',
      'billing.customer',
    ]) {
      const row = tables[table]?.at(-1);
      expect(row).toMatchObject({ id: 'C0000042' });
      expect(Object.values(row ?? {})).not.toContain(null);
    }
    expect(tables['sales.customer']?.at(-1)?.['account_value']).toBeGreaterThan(0);
    const amounts = (tables['billing.invoice'] ?? [])
      .filter((invoice) => invoice['customer_id'] === 'C0000042')
      .map((invoice) => Number(invoice['amount']));
    expect(amounts.length).toBeGreaterThanOrEqual(2);
    expect(Math.min(...amounts)).toBeGreaterThan(0);
  });
});

describe('the data of 20,000 customers', () => {
  const customers = 20_000;
  const tables = collect({ customers });
  const rows = (table: string) => tables[table] ?? [];
  const invoices = rows('billing.invoice');
  const share = (table: string, predicate: (row: Row) => boolean) =>
    rows(table).filter(predicate).length / rows(table).length;

  it('has ids that count from 1', () => {
    expect(rows('identity.customer')[0]?.['id']).toBe('C0000001');
    expect(rows('identity.customer').at(-1)?.['id']).toBe('C0020000');
    expect(invoices[0]?.['id']).toBe('I00000001');
    expect(invoices.at(-1)?.['id']).toBe(`I${String(invoices.length).padStart(8, '0')}`);
  });

  it.each(['sales.customer', 'support.customer', 'billing.customer'])(
    'has nine customers in ten in %s',
    (table) => {
      expect(rows(table).length / customers).toBeCloseTo(0.9, 1.7);
    },
  );

  it('leaves customers out of each domain independently', () => {
    const known = new Set(rows('sales.customer').map((row) => row['id']));
    const unknownToSales = (row: Row) => !known.has(row['id'] ?? null);
    expect(share('support.customer', unknownToSales)).toBeCloseTo(0.1, 1.7);
    expect(share('billing.customer', unknownToSales)).toBeCloseTo(0.1, 1.7);
  });

  it.each([
    ['sales.customer', 'account_value'],
    ['sales.customer', 'sales_rep'],
    ['support.customer', 'support_tier'],
    ['support.customer', 'lifetime_tickets'],
    ['billing.customer', 'vat_number'],
    ['billing.customer', 'payment_terms'],
  ])('has one null in twenty in %s.%s', (table, column) => {
    expect(share(table, (row) => row[column] === null)).toBeCloseTo(0.05, 2);
  });

  it('has no nulls in identities and invoices', () => {
    for (const row of [...rows('identity.customer'), ...invoices]) {
      expect(Object.values(row)).not.toContain(null);
    }
  });

  it('has about three invoices a customer, and eight at the most', () => {
    expect(invoices.length / customers).toBeCloseTo(3, 0.8);
    const counts = countBy(invoices, 'customer_id');
    expect(Math.max(...counts.values())).toBe(8);
    const known = new Set(rows('billing.customer').map((row) => row['id']));
    expect([...counts.keys()].every((id) => known.has(id))).toBe(true);
  });

  it('has whole cents that are exact as JSON numbers, some of them zero, negative and very large', () => {
    const amounts = invoices.map((row) => Number(row['amount']));
    const values = rows('sales.customer').map((row) => Number(row['account_value']));
    for (const cents of [...amounts, ...values]) expect(Number.isSafeInteger(cents)).toBe(true);
    for (const all of [amounts, values]) {
      expect(all).toContain(0);
      expect(Math.max(...all)).toBeGreaterThan(10_000_000_000);
    }
    expect(amounts.filter((cents) => cents < 0).length / amounts.length).toBeCloseTo(0.04, 2);
    expect(amounts.some((cents) => cents % 100 !== 0)).toBe(true);
    expect(Math.min(...values)).toBe(0);
  });

  it('has dates that agree with each other and with the status', () => {
    const terms = new Map(rows('billing.customer').map((row) => [row['id'], row['payment_terms']]));
    const daysToPay = new Map([
      ['DUE_ON_RECEIPT', 0],
      ['NET_15', 15],
      ['NET_30', 30],
      ['NET_60', 60],
    ]);
    for (const { customer_id: customer, issued_on, due_on, status, amount } of invoices) {
      const [issuedOn, dueOn] = [Number(issued_on), Number(due_on)];
      const expectedDays = daysToPay.get(String(terms.get(customer ?? null) ?? 'NET_30'));
      expect(dueOn - issuedOn).toBe(expectedDays);
      expect(issuedOn).toBeLessThanOrEqual(referenceDay);
      if (status === 'OVERDUE') expect(dueOn).toBeLessThan(referenceDay);
      if (status === 'OPEN') expect(dueOn).toBeGreaterThanOrEqual(referenceDay);
      if (status === 'DRAFT') expect(referenceDay - issuedOn).toBeLessThan(7);
      if (status === 'OVERDUE' || status === 'OPEN') expect(amount).toBeGreaterThan(0);
    }
    expect(new Set(countBy(invoices, 'status').keys())).toEqual(
      new Set(['DRAFT', 'OPEN', 'PAID', 'OVERDUE', 'VOID']),
    );
  });

  it('has time stamps in order, in many zones, none after the reference day', () => {
    const offsets = new Set<number>();
    for (const { created_at, updated_at } of rows('identity.customer')) {
      const [created, updated] = [created_at as Moment, updated_at as Moment];
      expect(updated.epochMicros).toBeGreaterThanOrEqual(created.epochMicros);
      expect(updated.epochMicros).toBeLessThanOrEqual(referenceMicros);
      offsets.add(created.offsetMinutes);
    }
    expect(offsets.size).toBeGreaterThanOrEqual(10);
  });

  it('has names in many scripts, with quotes, apostrophes and commas', () => {
    const names = rows('identity.customer').map((row) => String(row['name']));
    for (const pattern of [
      /\p{Script=Arabic}/u,
      /\p{Script=Cyrillic}/u,
      /\p{Script=Han}/u,
      /\p{Script=Hangul}/u,
      /\p{Script=Hebrew}/u,
      /\p{Script=Devanagari}/u,
      /[ąčéñøşůž]/u,
      /"/,
      /'/,
      /,/,
    ]) {
      expect(names.filter((name) => pattern.test(name)).length).toBeGreaterThan(10);
    }
    expect(names.every((name) => name.trim() === name && name !== '')).toBe(true);
    expect(new Set(names).size).toBeGreaterThan(14_000);
  });

  it('has addresses of reserved domains only, some with a tag', () => {
    const address = /^[a-z]+(\.[a-z]+)?\d+(\+[a-z]+)?@(example\.(com|org|net)|[a-z]+\.example)$/;
    expect(share('identity.customer', (row) => !address.test(String(row['email'])))).toBe(0);
    expect(share('identity.customer', (row) => String(row['email']).includes('+'))).toBeCloseTo(
      0.04,
      2,
    );
  });

  it('has skewed sales representatives and support tiers', () => {
    const reps = [...countBy(rows('sales.customer'), 'sales_rep')]
      .filter(([rep]) => rep !== null)
      .map(([, count]) => count)
      .toSorted((left, right) => right - left);
    expect(reps).toHaveLength(40);
    expect(reps[0] ?? 0).toBeGreaterThan(20 * (reps.at(-1) ?? 0));
    const tiers = countBy(rows('support.customer'), 'support_tier');
    const counts = ['BRONZE', 'SILVER', 'GOLD', 'PLATINUM'].map((tier) => tiers.get(tier) ?? 0);
    expect(counts).toEqual(counts.toSorted((left, right) => right - left));
    expect(counts.every((count) => count > 100)).toBe(true);
  });
});

function collect(options: GenerateOptions): Record<string, Row[]> {
  const tables: Record<string, Row[]> = {};
  for (const { schema, table, rowCount, columns } of generate(options)) {
    const rows = (tables[`${schema}.${table}`] ??= []);
    for (let index = 0; index < rowCount; index++) {
      rows.push(
        Object.fromEntries(
          Object.entries(columns).map(([name, values]) => [name, values[index] ?? null]),
        ),
      );
    }
  }
  return tables;
}

function countBy(rows: readonly Row[], column: string): Map<SeedValue, number> {
  const counts = new Map<SeedValue, number>();
  for (const row of rows) {
    const value = row[column] ?? null;
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return counts;
}
