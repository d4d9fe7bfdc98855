import { describe, expect, it } from 'vitest';
import type { Rows } from '../../lake/engine.ts';
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
  return { rowsRead: new RowsRead(reader, { rowsRead: limit }), texts };
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
});
