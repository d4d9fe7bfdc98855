import { describe, expect, test } from 'vitest';
import { identifier, sql, type Sql } from '../lake/sql.ts';
import type { DeltaCounts } from './staged-rows.ts';
import { openTestLedger, projectionOf, type TestLedger } from './testing/open-ledger.ts';

const origin = { actor: 'sync', source: 'sync/sales' };
const people = {
  'identity/customer.csv':
    'id,name,email,created_at,updated_at,created_by\nC1,Ann,ann@mail.example,2020-01-01T00:00:00Z,2020-01-01T00:00:00Z,seed\nC2,Bob,bob@mail.example,2020-01-01T00:00:00Z,2020-01-01T00:00:00Z,seed\n',
};

/** Rows of sales: id, value, representative, place, watermark, whether it is removed. */
async function applySales(
  { ledger, model }: TestLedger,
  values: Sql,
  isSnapshot = false,
): Promise<DeltaCounts> {
  return ledger.write(async (tx) => {
    await tx.run(
      sql`CREATE OR REPLACE TEMP TABLE staged AS SELECT * FROM (VALUES ${values}) AS v(id, account_value, sales_rep, "_row", "_watermark", "_deleted")`,
    );
    const staged = { table: identifier('staged'), columns: ['id', 'account_value', 'sales_rep'] };
    return tx.applyDelta({
      model,
      domain: 'sales',
      tableName: 'customer',
      staged,
      origin,
      isSnapshot,
    });
  });
}

describe('rows of a domain', () => {
  test('come into the table, the projection and the log', async () => {
    const opened = await openTestLedger({ rows: people });
    const counts = await applySales(
      opened,
      sql`('C1', 12.50::DECIMAL(18,2), 'Rep', 1, 10, FALSE), ('C2', NULL, NULL, 2, 11, FALSE)`,
    );
    expect(counts).toMatchObject({ inserted: 2, updated: 0, unchanged: 0 });
    expect(
      await opened.rows(
        sql`SELECT id, "accountValue", "salesRep" FROM (${projectionOf(opened.model, 'Customer')})`,
      ),
    ).toEqual([
      ['C1', '12.50', 'Rep'],
      ['C2', null, 'nobody'],
    ]);
    expect(
      await opened.rows(
        sql`SELECT c."sequence", kind, domain, "key", "version", "before", "after" FROM ledger.change c JOIN ledger.change_value v USING ("sequence") ORDER BY 1`,
      ),
    ).toEqual([
      [
        '1',
        'create',
        'sales',
        'C1',
        null,
        null,
        '{"id":"C1","account_value":"12.50","sales_rep":"Rep"}',
      ],
      [
        '2',
        'create',
        'sales',
        'C2',
        null,
        null,
        '{"id":"C2","account_value":null,"sales_rep":null}',
      ],
    ]);
    expect(await opened.ledger.read({ after: 0, limit: 5 })).toEqual({ changes: [], position: 2 });
  });

  test('are taken by how new they are: the newest of a key, equal times once more, older ones never', async () => {
    const opened = await openTestLedger({ rows: people });
    await applySales(
      opened,
      sql`('C1', 1.00::DECIMAL(18,2), 'old', 1, 10, FALSE), ('C1', 2.00, 'new', 2, 20, FALSE), ('C1', 3.00, 'equal', 3, 20, FALSE)`,
    );
    const now = (): Promise<unknown> =>
      opened.rows(sql`SELECT sales_rep, "_watermark" FROM sales.customer`);
    expect(await now()).toEqual([['equal', '20']]);
    expect(
      await applySales(opened, sql`('C1', 9.00::DECIMAL(18,2), 'late', 1, 19, FALSE)`),
    ).toMatchObject({ stale: 1 });
    expect(
      await applySales(opened, sql`('C1', 3.00::DECIMAL(18,2), 'equal', 1, 20, FALSE)`),
    ).toMatchObject({ unchanged: 1 });
    expect(
      await applySales(opened, sql`('C1', 3.00::DECIMAL(18,2), 'boundary', 1, 20, FALSE)`),
    ).toMatchObject({ updated: 1 });
    expect(
      await applySales(opened, sql`('C1', 3.00::DECIMAL(18,2), 'boundary', 1, 30, FALSE)`),
    ).toMatchObject({ unchanged: 1 });
    expect(await now()).toEqual([['boundary', '30']]);
  });

  test('that are removed stay so for older states, and come back with newer ones', async () => {
    const opened = await openTestLedger({ rows: people });
    await applySales(opened, sql`('C1', 1.00::DECIMAL(18,2), 'Rep', 1, 10, FALSE)`);
    expect(
      await applySales(opened, sql`('C1', NULL::DECIMAL(18,2), NULL, 1, 20, TRUE)`),
    ).toMatchObject({ deleted: 1 });
    expect(
      await opened.rows(
        sql`SELECT "accountValue", "salesRep" FROM (${projectionOf(opened.model, 'Customer')}) WHERE id = 'C1'`,
      ),
    ).toEqual([[null, 'nobody']]);
    expect(
      await applySales(opened, sql`('C1', 1.00::DECIMAL(18,2), 'Rep', 1, 15, FALSE)`),
    ).toMatchObject({ stale: 1 });
    expect(
      await applySales(opened, sql`('C1', 5.00::DECIMAL(18,2), 'Rep', 1, 25, FALSE)`),
    ).toMatchObject({ inserted: 1 });
  });

  test('of a full snapshot are all there are', async () => {
    const opened = await openTestLedger({ rows: people });
    await applySales(
      opened,
      sql`('C1', 1.00::DECIMAL(18,2), 'Rep', 1, 10, FALSE), ('C2', 2.00, 'Rep', 2, 10, FALSE)`,
    );
    expect(
      await applySales(opened, sql`('C2', 2.00::DECIMAL(18,2), 'Rep', 1, 10, FALSE)`, true),
    ).toMatchObject({ deleted: 1, unchanged: 1 });
    expect(await opened.rows(sql`SELECT id FROM sales.customer`)).toEqual([['C2']]);
  });

  test('wait for their customer, the newest of them, and come with it', async () => {
    const opened = await openTestLedger({ rows: people });
    expect(
      await applySales(opened, sql`('C9', 1.00::DECIMAL(18,2), 'newer', 1, 20, FALSE)`),
    ).toMatchObject({ waiting: 1, inserted: 0 });
    await applySales(opened, sql`('C9', 1.00::DECIMAL(18,2), 'older', 1, 10, FALSE)`);
    expect(
      await opened.rows(
        sql`SELECT "key", kind, reason, waits_entity, waits_key, watermark FROM quarantine."row"`,
      ),
    ).toEqual([['C9', 'WAITING', 'no Customer has this key', 'Customer', 'C9', '20']]);
    await opened.ledger.submit({
      kind: 'create',
      entity: 'Customer',
      origin,
      key: { id: 'C9' },
      fields: { name: 'Nine', email: 'nine@mail.example' },
    });
    expect(
      await opened.rows(
        sql`SELECT "salesRep" FROM (${projectionOf(opened.model, 'Customer')}) WHERE id = 'C9'`,
      ),
    ).toEqual([['newer']]);
    expect(await opened.rows(sql`SELECT count(*) FROM quarantine."row"`)).toEqual([['0']]);
  });

  test('leave nothing behind when their transaction fails', async () => {
    const opened = await openTestLedger({ rows: people });
    const failing = opened.ledger.write(async (tx) => {
      await tx.run(
        sql`CREATE TEMP TABLE staged AS SELECT 'C1' AS id, 1.00::DECIMAL(18,2) AS account_value, 'Rep' AS sales_rep, 1 AS "_row", 1 AS "_watermark", FALSE AS "_deleted"`,
      );
      await tx.applyDelta({
        model: opened.model,
        domain: 'sales',
        tableName: 'customer',
        staged: { table: identifier('staged'), columns: ['id', 'account_value', 'sales_rep'] },
        origin,
      });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(opened.ledger.head).toBe(0);
    expect(
      await applySales(opened, sql`('C1', 1.00::DECIMAL(18,2), 'Rep', 1, 10, FALSE)`),
    ).toMatchObject({ inserted: 1 });
    expect(opened.ledger.head).toBe(1);
  });
});

describe('rows of a customer that was merged into another', () => {
  const sales = sql`SELECT id, account_value, "_watermark", "_source_key" FROM sales.customer`;

  async function openMerged(): Promise<TestLedger> {
    const opened = await openTestLedger({ rows: people });
    const merge = { winner: { id: 'C1' }, loser: { id: 'C2' } } as const;
    await opened.ledger.submit({ kind: 'merge', entity: 'Customer', origin, ...merge });
    return opened;
  }

  test('that are removed stay so for older states', async () => {
    const opened = await openMerged();
    await applySales(opened, sql`('C2', 1::DECIMAL(18,2), 'Rep', 1, 10, FALSE)`);
    await applySales(opened, sql`('C2', NULL, NULL, 1, 20, TRUE)`);
    const late = sql`('C2', 2::DECIMAL(18,2), 'Rep', 1, 15, FALSE)`;
    expect(await applySales(opened, late)).toMatchObject({ stale: 1 });
    expect(await opened.rows(sales)).toEqual([]);
  });

  test('stay when the customer it was merged into has none, or none any more', async () => {
    const opened = await openMerged();
    await applySales(opened, sql`('C2', 1::DECIMAL(18,2), 'Rep', 1, 10, FALSE)`);
    await applySales(opened, sql`('C1', NULL, NULL, 1, 20, TRUE)`);
    expect(await opened.rows(sales)).toEqual([['C1', '1.00', '10', 'C2']]);
  });

  test.each([
    ['where one stands', sql`('C2', 1::DECIMAL(18,2), 'Rep', 1, 10, FALSE)`],
    ['where none stands', sql`('C2', NULL, NULL, 1, 10, TRUE)`],
  ])('are as new as they come beside a removal of its own row, %s', async (_, before) => {
    const opened = await openMerged();
    await applySales(opened, before);
    await applySales(
      opened,
      sql`('C1', 7::DECIMAL(18,2), 'Own', 1, 11, FALSE), ('C1', NULL, NULL, 2, 12, TRUE), ('C2', 2::DECIMAL(18,2), 'Rep', 3, 13, FALSE)`,
    );
    expect(await opened.rows(sales)).toEqual([['C1', '2.00', '13', 'C2']]);
  });

  test('do not lose their place to those of another that was merged into it as well', async () => {
    const opened = await openMerged();
    const third = { key: { id: 'C3' }, fields: { name: 'Cleo', email: 'cleo@mail.example' } };
    await opened.ledger.submit({ kind: 'create', entity: 'Customer', origin, ...third });
    const merge = { winner: { id: 'C1' }, loser: { id: 'C3' } } as const;
    await opened.ledger.submit({ kind: 'merge', entity: 'Customer', origin, ...merge });
    await applySales(opened, sql`('C2', 1::DECIMAL(18,2), 'Rep', 1, 10, FALSE)`);
    await applySales(
      opened,
      sql`('C2', 2::DECIMAL(18,2), 'Rep', 1, 11, FALSE), ('C3', 3::DECIMAL(18,2), 'Rep', 2, 12, FALSE)`,
    );
    expect(await opened.rows(sales)).toEqual([['C1', '2.00', '11', 'C2']]);
  });

  test('do not take its own row along when they go while it comes', async () => {
    const opened = await openMerged();
    await applySales(opened, sql`('C2', 1::DECIMAL(18,2), 'Rep', 1, 10, FALSE)`);
    await applySales(
      opened,
      sql`('C1', 3::DECIMAL(18,2), 'Own', 1, 5, FALSE), ('C2', NULL, NULL, 2, 20, TRUE)`,
    );
    expect(await opened.rows(sales)).toEqual([['C1', '3.00', '5', null]]);
  });

  test('know their own key when they have waited for it', async () => {
    const opened = await openMerged();
    const { ledger } = opened;
    await ledger.submit({ kind: 'delete', entity: 'Customer', origin, key: { id: 'C1' } });
    await applySales(opened, sql`('C2', 1::DECIMAL(18,2), 'Rep', 1, 10, FALSE)`);
    const back = { key: { id: 'C1' }, fields: { name: 'Ann', email: 'ann@mail.example' } };
    await ledger.submit({ kind: 'create', entity: 'Customer', origin, ...back });
    expect(await opened.rows(sales)).toEqual([['C1', '1.00', '10', 'C2']]);
  });
});

describe('entities that are rows of a domain', () => {
  test('begin, change and end with them, and lead to customers that exist', async () => {
    const opened = await openTestLedger({ rows: people });
    const apply = (values: Sql): Promise<DeltaCounts> =>
      opened.ledger.write(async (tx) => {
        await tx.run(
          sql`CREATE OR REPLACE TEMP TABLE staged AS SELECT * FROM (VALUES ${values}) AS v(id, customer_id, amount, "_row", "_watermark", "_deleted")`,
        );
        return tx.applyDelta({
          model: opened.model,
          domain: 'billing',
          tableName: 'invoice',
          staged: { table: identifier('staged'), columns: ['id', 'customer_id', 'amount'] },
          origin,
        });
      });
    const invoices = (): Promise<unknown> => opened.rows(projectionOf(opened.model, 'Invoice'));
    expect(
      await apply(
        sql`('I1', 'C1', 5.00::DECIMAL(18,2), 1, 1, FALSE), ('I2', 'C9', 6.00, 2, 1, FALSE)`,
      ),
    ).toMatchObject({ inserted: 1, waiting: 1 });
    expect(await invoices()).toEqual([['I1', '5.00', 'C1']]);
    expect(await apply(sql`('I1', 'C2', 5.50::DECIMAL(18,2), 1, 2, FALSE)`)).toMatchObject({
      updated: 1,
    });
    expect(await invoices()).toEqual([['I1', '5.50', 'C2']]);
    await opened.ledger.submit({
      kind: 'create',
      entity: 'Customer',
      origin,
      key: { id: 'C9' },
      fields: { name: 'Nine', email: 'nine@mail.example' },
    });
    expect(await invoices()).toEqual([
      ['I1', '5.50', 'C2'],
      ['I2', '6.00', 'C9'],
    ]);
    expect(await apply(sql`('I1', NULL::VARCHAR, NULL::DECIMAL(18,2), 1, 3, TRUE)`)).toMatchObject({
      deleted: 1,
    });
    expect(await invoices()).toEqual([['I2', '6.00', 'C9']]);
  });
});
