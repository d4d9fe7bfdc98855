import { describe, expect, it } from 'vitest';
import type { Rows } from '../../lake/engine.ts';
import { RowBudget } from './row-budget.ts';
import { RowsRead } from './rows-read.ts';

const sizes = new Map([
  ['hub.customer_0123456789', 1_000],
  ['hub.invoice_0123456789', 3_000],
]);
const noRows: Rows = { columnNames: [], columns: [], rowCount: 0 };

/** Scans under a limit, and the texts that reached the lake. */
function scans(limit: number) {
  const texts: string[] = [];
  const reader = {
    tableSizes: () => Promise.resolve(sizes),
    read: (text: string) => {
      texts.push(text);
      return Promise.resolve(noRows);
    },
  };
  const budget = new RowBudget(10);
  return { rowsRead: new RowsRead({ reader, limits: { rowsRead: limit }, budget }), budget, texts };
}

const customers = { text: 'SELECT 1 FROM "hub"."customer_0123456789" AS "t"', values: [] };
const both = {
  text: 'SELECT 1 FROM "hub"."customer_0123456789" WHERE id IN (SELECT id FROM "hub"."invoice_0123456789")',
  values: [],
};

describe('the rows that an operation makes the lake look at', () => {
  it('may be as many as the limit, over all its scans', async () => {
    const { rowsRead, texts } = scans(5_000);
    await rowsRead.scan(customers);
    await rowsRead.scan(both);
    expect(texts).toEqual([customers.text, both.text]);
    await expect(rowsRead.scan(customers)).rejects.toMatchObject({ code: 'QUESTION_TOO_LARGE' });
    expect(texts).toHaveLength(2);
  });

  it('are those of every table that a statement names', async () => {
    const { rowsRead, texts } = scans(3_999);
    await expect(rowsRead.scan(both)).rejects.toMatchObject({
      code: 'QUESTION_TOO_LARGE',
      message: expect.stringContaining('4000 rows') as unknown,
    });
    expect(texts).toEqual([]);
  });

  it('are read a few statements at a time', async () => {
    let running = 0;
    let most = 0;
    const reader = {
      tableSizes: () => Promise.resolve(sizes),
      read: async () => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        return noRows;
      },
    };
    const budget = new RowBudget(10);
    const rowsRead = new RowsRead({ reader, limits: { rowsRead: 1_000_000 }, budget });
    await Promise.all(Array.from({ length: 9 }, () => rowsRead.scan(customers)));
    expect(most).toBe(2);
  });

  it('are of so many tables and no more', async () => {
    const { rowsRead, texts } = scans(Number.MAX_SAFE_INTEGER);
    const asked = Array.from({ length: 300 }, () => rowsRead.scan(both));
    const answers = await Promise.allSettled(asked);
    expect(texts).toHaveLength(250);
    expect(answers.at(-1)).toMatchObject({ reason: { code: 'QUESTION_TOO_WIDE' } });
  });

  it('are none any more once the answer is too large', async () => {
    const { rowsRead, budget, texts } = scans(1_000_000);
    expect(() => budget.spend(11, 'customers')).toThrow('customers');
    await expect(rowsRead.scan(customers)).rejects.toMatchObject({ code: 'ANSWER_TOO_LARGE' });
    await expect(rowsRead.window(customers)).rejects.toMatchObject({ code: 'ANSWER_TOO_LARGE' });
    expect(texts).toEqual([]);
  });
});
