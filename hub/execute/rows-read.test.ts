import { describe, expect, it } from 'vitest';
import { checkRowsRead } from './rows-read.ts';

const reader = {
  tableSizes: () =>
    Promise.resolve(
      new Map([
        ['hub.customer_1', 60],
        ['hub.invoice_1', 40],
        ['sales.customer_1', 999],
      ]),
    ),
};

describe('the rows that a question reads', () => {
  it('are those of all tables together, each as often as it is read', async () => {
    await checkRowsRead(['customer_1', 'invoice_1'], reader, { rowsRead: 100 });
    await expect(
      checkRowsRead(['customer_1', 'invoice_1'], reader, { rowsRead: 99 }),
    ).rejects.toMatchObject({
      code: 'QUESTION_TOO_LARGE',
      message: 'The question would make the lake read 100 rows; 99 are the most that one may.',
      isShownToClients: true,
    });
    await expect(
      checkRowsRead(['customer_1', 'customer_1'], reader, { rowsRead: 100 }),
    ).rejects.toThrow('120 rows');
  });

  it('are none where nothing is known of a table', async () => {
    await checkRowsRead(['new_1'], reader, { rowsRead: 1 });
  });
});
