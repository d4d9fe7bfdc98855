import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sql } from '../../lake/sql.ts';
import { openTestSync, whileTimeGoesOn, type TestSync } from '../testing/open-sync.ts';
import { hasPostgres, startPostgres, type TestPostgres } from '../testing/start-postgres.ts';

describe.skipIf(!hasPostgres)('a PostgreSQL table', () => {
  let postgres: TestPostgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres?.close());
  beforeEach(async () => {
    await postgres.query(`
      DROP SCHEMA IF EXISTS "Sales CRM" CASCADE;
      CREATE SCHEMA "Sales CRM";
      CREATE TABLE "Sales CRM"."Account" (
        "AccountId" text PRIMARY KEY, "Value" numeric, "Rep""s" text, gone boolean NOT NULL DEFAULT false,
        changed timestamptz(6) NOT NULL, counter bigserial, local timestamp)`);
  });

  function declare(more = 'watermark: { column: changed, overlap: PT0S }'): string {
    return `
tables:
  customer:
    source: { postgres: { url: '\${env.SALES_DB}', table: Sales CRM.Account } }
    key: { id: AccountId }
    columns: { account_value: Value, sales_rep: 'Rep"s' }
    tombstone: { column: gone, equals: true }
    ${more}
`;
  }
  function open(declaration = declare(), url = postgres.url): Promise<TestSync> {
    return openTestSync({ declarations: { sales: declaration }, environment: { SALES_DB: url } });
  }
  const insert = (values: string) =>
    postgres.query(
      `INSERT INTO "Sales CRM"."Account" ("AccountId", "Value", "Rep""s", gone, changed) VALUES ${values}`,
    );
  const rowsOf = ({ rows }: TestSync) =>
    rows(sql`SELECT id, account_value, sales_rep FROM sales.customer ORDER BY id`);

  it('is read from the last watermark on, and loses no digit', async () => {
    const test = await open();
    await insert(
      `('C1', 1234567890123456.78, 'Ada', false, '2027-01-01T00:00:00.123456Z'), ('C2', 2, NULL, false, '2027-01-01T01:00:00Z')`,
    );
    expect(await test.run('sales')).toMatchObject({
      rowsRead: 2,
      inserted: 2,
      watermark: new Date('2027-01-01T01:00:00Z'),
    });
    expect(await rowsOf(test)).toEqual([
      ['C1', '1234567890123456.78', 'Ada'],
      ['C2', '2.00', null],
    ]);
    await insert(
      `('C3', 3, NULL, false, '2027-01-01T01:00:00Z'), ('C4', 4, NULL, false, '2027-01-01T00:59:59Z')`,
    );
    await postgres.query(
      `UPDATE "Sales CRM"."Account" SET gone = true, changed = '2027-01-02T00:00:00Z' WHERE "AccountId" = 'C1'`,
    );
    // C4 is late; the one with the time of the watermark itself is not lost.
    expect(await test.run('sales')).toMatchObject({
      rowsRead: 3,
      inserted: 1,
      deleted: 1,
      unchanged: 1,
    });
    expect((await rowsOf(test)).map(([id]) => id)).toEqual(['C2', 'C3']);
    expect(await test.run('sales', 'customer', 'snapshot')).toMatchObject({
      inserted: 1,
      deleted: 0,
    });
    expect((await rowsOf(test)).map(([id]) => id)).toEqual(['C2', 'C3', 'C4']);
  });

  it('may give late rows as far back as the overlap reaches', async () => {
    const test = await open(declare('watermark: { column: changed, overlap: PT1H }'));
    await insert(`('C1', 1, NULL, false, '2027-01-01T01:00:00Z')`);
    await test.run('sales');
    await insert(
      `('C2', 2, NULL, false, '2027-01-01T00:00:00Z'), ('C3', 3, NULL, false, '2026-12-31T23:59:59Z')`,
    );
    expect(await test.run('sales')).toMatchObject({ rowsRead: 2, inserted: 1, unchanged: 1 });
  });

  it('may have a counter for its watermark, or times without a zone, which are UTC', async () => {
    const counted = await open(declare('watermark: { column: counter, type: integer }'));
    await insert(`('C1', 1, NULL, false, now()), ('C2', 2, NULL, false, now())`);
    expect(await counted.run('sales')).toMatchObject({ inserted: 2, watermark: null });
    expect(await counted.run('sales')).toMatchObject({ rowsRead: 1, unchanged: 1 });
    const local = await open(declare('watermark: { column: local, overlap: PT0S }'));
    await postgres.query(`UPDATE "Sales CRM"."Account" SET local = '2027-01-01 10:00:00'`);
    expect(await local.run('sales')).toMatchObject({
      inserted: 2,
      watermark: new Date('2027-01-01T10:00:00Z'),
    });
    expect(await local.run('sales')).toMatchObject({ rowsRead: 2, unchanged: 2 });
  });

  it('is reconciled by a full snapshot: what it lacks is removed', async () => {
    const test = await open();
    await insert(
      `('C1', 1, NULL, false, '2027-01-01Z'), ('C2', 2, NULL, false, '2027-01-02Z'), ('C3', 2, NULL, false, '2027-01-03Z')`,
    );
    await test.run('sales');
    await postgres.query(`DELETE FROM "Sales CRM"."Account" WHERE "AccountId" = 'C3'`);
    expect(await test.run('sales')).toMatchObject({ deleted: 0 });
    expect(await test.run('sales', 'customer', 'snapshot')).toMatchObject({
      state: 'SUCCEEDED',
      deleted: 1,
      unchanged: 2,
    });
    expect((await rowsOf(test)).map(([id]) => id)).toEqual(['C1', 'C2']);
    await insert(`('C3', 5, NULL, false, '2027-01-04Z')`);
    expect(await test.run('sales')).toMatchObject({ inserted: 1 });
  });

  it('gives many rows in batches', async () => {
    const test = await open();
    await postgres.query(
      `INSERT INTO "Sales CRM"."Account" ("AccountId", "Value", changed) SELECT 'X' || n, n, '2027-01-01Z' FROM generate_series(1, 25000) AS n`,
    );
    expect(await test.run('sales')).toMatchObject({ rowsRead: 25_000, waiting: 25_000 });
  });

  it.each([
    [
      'a column that is not there',
      declare().replace('Value', 'Valeu'),
      'has no column "Valeu"',
      'Perhaps you meant to reference the column "Account.Value"',
    ],
    [
      'a table that is not there',
      declare().replace('CRM.Account', 'CRM.Acount'),
      'refuses to give rows',
      'does not exist',
    ],
    [
      'times that are read as a counter',
      declare('watermark: { column: changed, type: integer }'),
      'FIRST',
      '',
    ],
  ])('%s fails the run clearly', async (_title, declaration, message, detail) => {
    const test = await open(declaration);
    await insert(`('C1', 1, NULL, false, '2027-01-01Z')`);
    const { state, error } = await test.run('sales');
    if (message === 'FIRST') {
      expect(state).toBe('REFUSED');
      expect(error).toContain('which is no integer');
      return;
    }
    expect(state).toBe('FAILED');
    expect(error).toContain(message);
    expect(error).toContain(detail);
    expect(error).not.toContain('secret');
  });

  it('that nobody serves fails the run, without showing the password', async () => {
    const test = await open(declare(), 'postgres://tester:secret@127.0.0.1:1/postgres');
    const { state, error } = await test.run('sales');
    expect([state, error]).toEqual(['FAILED', expect.stringContaining('does not answer')]);
    expect(error).not.toContain('secret');
  });

  it('that breaks off while it is read changes nothing, and the next run has all', async () => {
    const test = await open();
    await insert(`('C1', 1, NULL, false, '2027-01-01Z')`);
    await postgres.query(`
      CREATE OR REPLACE FUNCTION slowly(t text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(30); RETURN t; END $$;
      CREATE VIEW "Sales CRM".slow AS SELECT "AccountId", "Value", slowly("Rep""s") AS "Rep""s", gone, changed FROM "Sales CRM"."Account"`);
    test.declare('sales', declare().replace('Sales CRM.Account', 'Sales CRM.slow'));
    const running = test.sync.runNow({ domain: 'sales' });
    for (let found = 0; found === 0;) {
      const answer = await postgres.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tributary' AND query LIKE '%slow%'`,
      );
      found = answer.rowCount ?? 0;
    }
    const { runs } = await running;
    expect(runs).toMatchObject([
      { state: 'FAILED', rowsRead: 0, error: expect.stringContaining('does not answer') },
    ]);
    test.declare('sales', declare());
    expect(await test.run('sales')).toMatchObject({ state: 'SUCCEEDED', inserted: 1 });
  });

  it('that takes too long is given up, and so is one that is read when the server stops', async () => {
    const test = await open(declare());
    await insert(`('C1', 1, NULL, false, '2027-01-01Z')`);
    await postgres.query(`
      CREATE OR REPLACE FUNCTION slowly(t text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(30); RETURN t; END $$;
      CREATE VIEW "Sales CRM".slow AS SELECT "AccountId", "Value", slowly("Rep""s") AS "Rep""s", gone, changed FROM "Sales CRM"."Account"`);
    test.declare(
      'sales',
      declare().replace('Sales CRM.Account }', 'Sales CRM.slow, timeoutMs: 5000 }'),
    );
    const late = await whileTimeGoesOn(test.time, test.sync.runNow({ domain: 'sales' }));
    expect(late.runs).toMatchObject([
      { state: 'FAILED', error: expect.stringContaining('longer than 5000 ms') },
    ]);
    const running = test.sync.runNow({ domain: 'sales' });
    await new Promise((resolve) => setTimeout(resolve, 300));
    await test.sync.stop();
    expect((await running).runs).toMatchObject([
      { state: 'FAILED', error: expect.stringContaining('The sync was stopped') },
    ]);
  });
});
