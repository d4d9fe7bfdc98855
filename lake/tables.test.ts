import { describe, expect, it } from 'vitest';
import type { ColumnDefinition, SqlType, TableDefinition } from '../mapping/model.ts';
import { checkTables } from './check-tables.ts';
import { describeTables } from './describe-tables.ts';
import type { Lake } from './engine.ts';
import { sql, type Sql } from './sql.ts';
import { addColumn, ensureTables } from './tables.ts';
import { openTempLake } from './testing/temp-lake.ts';

const text: SqlType = { kind: 'VARCHAR' };
const price: SqlType = { kind: 'DECIMAL', precision: 18, scale: 2 };

const invoice: TableDefinition = {
  schema: 'billing',
  name: 'invoice',
  columns: [
    column('id', text),
    column('customer_id', text),
    column('amount', price),
    column('sent_at', { kind: 'TIMESTAMPTZ' }),
    column('tags', { kind: 'LIST', of: text }),
    column('note', text, { mayBeMissing: true }),
  ],
  primaryKey: ['id'],
  indexes: [['customer_id'], ['customer_id', 'id']],
  isNumbered: false,
};

const customer: TableDefinition = {
  schema: 'identity',
  name: 'customer',
  columns: [column('id', text), column('name', text)],
  primaryKey: ['id'],
  indexes: [],
  isNumbered: true,
};

describe('ensureTables', () => {
  it('creates what is defined, and nothing the second time', async () => {
    const lake = await openTempLake();
    for (let round = 0; round < 2; round++) {
      expect(await lake.write((tx) => ensureTables(tx, [invoice, customer]))).toEqual([]);
    }
    const table = (await describeTables(lake)).find(invoice);
    expect(table?.columns.map(({ name, typeText }) => [name, typeText])).toEqual([
      ['id', 'VARCHAR'],
      ['customer_id', 'VARCHAR'],
      ['amount', 'DECIMAL(18,2)'],
      ['sent_at', 'TIMESTAMP WITH TIME ZONE'],
      ['tags', 'VARCHAR[]'],
      ['note', 'VARCHAR'],
      // What syncs keep of a row.
      ['_watermark', 'BIGINT'],
      ['_source_key', 'VARCHAR'],
    ]);
    expect(checkTables(await describeTables(lake), [invoice, customer])).toEqual([]);
    const indexes = await lake.read(
      sql`SELECT index_name FROM duckdb_indexes() WHERE schema_name = 'billing' ORDER BY ALL`,
    );
    expect(indexes.columns).toEqual([['invoice(customer_id)', 'invoice(customer_id,id)']]);
  });

  it('makes the key unique, and finds rows by key and by index', async () => {
    const lake = await openTempLake();
    await lake.write((tx) => ensureTables(tx, [invoice]));
    const insert = sql`INSERT INTO billing.invoice (id, customer_id) SELECT 'i' || n, 'c' || n % 10 FROM range(1000) AS r(n)`;
    await lake.write((tx) => tx.run(insert));
    await expect(lake.write((tx) => tx.run(insert))).rejects.toThrow('Duplicate key');
    expect(
      await answer(lake, sql`SELECT count(*) FROM billing.invoice WHERE customer_id = 'c3'`),
    ).toBe(100n);
  });

  it('compresses looked-up strings as a dictionary, also after a checkpoint', async () => {
    const lake = await openTempLake();
    await lake.write((tx) => ensureTables(tx, [invoice]));
    await lake.write((tx) =>
      tx.run(
        sql`INSERT INTO billing.invoice (id, customer_id, note) SELECT 'i' || n, 'c' || n % 1000, 'n' || n FROM range(20000) AS r(n)`,
      ),
    );
    await lake.checkpoint();
    const { columns } = await lake.read(
      sql`SELECT DISTINCT column_name FROM pragma_storage_info('billing.invoice') WHERE compression = 'Dictionary' AND NOT starts_with(column_name, '_') ORDER BY ALL`,
    );
    expect(columns).toEqual([['customer_id', 'id']]);
  });

  it('numbers rows in the order in which they come, inserted or appended', async () => {
    const lake = await openTempLake();
    await lake.write((tx) => ensureTables(tx, [customer]));
    await lake.write(async (tx) => {
      await tx.run(sql`INSERT INTO identity.customer (id, name) VALUES ('b', 'B'), ('a', 'A')`);
      await tx.append('identity', 'customer', { columnNames: ['id'], columns: [['z', 'y']] });
    });
    await lake.write((tx) => tx.run(sql`INSERT INTO identity.customer (id) VALUES ('c')`));
    const { columns } = await lake.read(sql`SELECT id, _seq FROM identity.customer ORDER BY _seq`);
    expect(columns).toEqual([
      ['b', 'a', 'z', 'y', 'c'],
      [1n, 2n, 3n, 4n, 5n],
    ]);
  });

  it('numbers the rows of a table that was there before, and those that come later', async () => {
    const lake = await openTempLake();
    const odd = { ...customer, name: `cus"to'mer` };
    await lake.write(async (tx) => {
      await tx.run(sql`CREATE SCHEMA identity`);
      await tx.run(
        sql`CREATE TABLE identity."cus""to'mer" AS SELECT 'c' || n AS id, NULL::VARCHAR AS name FROM range(3) AS r(n)`,
      );
      expect(await ensureTables(tx, [odd])).toEqual([]);
      await tx.append('identity', odd.name, { columnNames: ['id'], columns: [['c3']] });
    });
    const numbers = await lake.read(sql`SELECT _seq FROM identity."cus""to'mer" ORDER BY id`);
    expect(numbers.columns).toEqual([[1n, 2n, 3n, 4n]]);
  });

  it('tells which columns an existing table lacks, adds them when told, and then their indexes', async () => {
    const lake = await openTempLake();
    const before = { ...invoice, columns: invoice.columns.slice(0, 1), indexes: [] };
    await lake.write((tx) => ensureTables(tx, [before]));
    await lake.write((tx) => tx.run(sql`INSERT INTO billing.invoice (id) VALUES ('1')`));
    await lake.write(async (tx) => {
      const missing = await ensureTables(tx, [invoice]);
      expect(missing.map((lacking) => lacking.column.name)).toEqual([
        'customer_id',
        'amount',
        'sent_at',
        'tags',
        'note',
      ]);
      for (const lacking of missing) await addColumn(tx, lacking);
      expect(await ensureTables(tx, [invoice])).toEqual([]);
    });
    expect(
      await answer(lake, sql`SELECT count(*) FROM duckdb_indexes() WHERE schema_name = 'billing'`),
    ).toBe(2n);
    expect(await answer(lake, sql`SELECT amount FROM billing.invoice`)).toBeNull();
    expect(checkTables(await describeTables(lake), [invoice])).toEqual([]);
  });

  it('takes another spelling of a name for the same table and column', async () => {
    const lake = await openTempLake();
    await lake.write(async (tx) => {
      await tx.run(sql`CREATE SCHEMA identity`);
      await tx.run(sql`CREATE TABLE identity.Customer (ID VARCHAR, Name VARCHAR, _seq BIGINT)`);
      expect(await ensureTables(tx, [customer])).toEqual([]);
    });
    expect(checkTables(await describeTables(lake), [customer])).toEqual([]);
  });
});

describe('checkTables', () => {
  it('reports a missing column with the nearest name, at its place, unless a default stands in', async () => {
    const lake = await openTempLake();
    await lake.write(async (tx) => {
      await tx.run(sql`CREATE SCHEMA billing`);
      await tx.run(
        sql`CREATE TABLE billing.invoice (id VARCHAR, customerid VARCHAR, amount DECIMAL(18,2), sent_at TIMESTAMPTZ, tags VARCHAR[])`,
      );
    });
    const problems = checkTables(await describeTables(lake), [invoice]);
    expect(problems).toMatchObject([
      {
        code: 'MAPPING_COLUMN_MISSING',
        message:
          'Invoice.customer_id reads the column customer_id of billing.invoice, which the table does not have. Did you mean "customerid"?',
        at: { file: 'schema.graphql', line: 7 },
      },
    ]);
  });

  it('says how a new column is added, and does not name columns that are ours', async () => {
    const lake = await openTempLake();
    await lake.write(async (tx) => {
      await tx.run(sql`CREATE SCHEMA billing`);
      await tx.run(
        sql`CREATE TABLE billing.invoice (id VARCHAR, amount DECIMAL(18,2), sent_at TIMESTAMPTZ, tags VARCHAR[], _source_key VARCHAR, _watermark BIGINT)`,
      );
    });
    const [problem] = checkTables(await describeTables(lake), [invoice]);
    expect(problem?.message).toMatch(/ Known: amount, id, sent_at, tags\.$/);
    expect(problem?.hint).toMatch(/@column\(default: null\).*the next sync or the seed file/);
  });

  it('reports a column of another type, and of a type that no mapping can read', async () => {
    const lake = await openTempLake();
    await lake.write(async (tx) => {
      await tx.run(sql`CREATE SCHEMA billing`);
      await tx.run(
        sql`CREATE TABLE billing.invoice (id UUID, customer_id VARCHAR, amount DECIMAL(18,4), sent_at TIMESTAMPTZ, tags VARCHAR[])`,
      );
    });
    const problems = checkTables(await describeTables(lake), [invoice]);
    expect(problems.map(({ code, message }) => [code, message])).toEqual([
      [
        'MAPPING_COLUMN_TYPE',
        'Invoice.id reads the column id of billing.invoice as VARCHAR, but the lake holds UUID.',
      ],
      [
        'MAPPING_COLUMN_TYPE',
        'Invoice.amount reads the column amount of billing.invoice as DECIMAL(18,2), but the lake holds DECIMAL(18,4).',
      ],
    ]);
  });

  it('leaves a type alone that only an expression reads', async () => {
    const lake = await openTempLake();
    await lake.write(async (tx) => {
      await tx.run(sql`CREATE SCHEMA identity`);
      await tx.run(sql`CREATE TABLE identity.customer (id VARCHAR, name INTEGER)`);
    });
    const read = customer.columns.map((each) => ({ ...each, isTypeDeclared: false }));
    expect(checkTables(await describeTables(lake), [{ ...customer, columns: read }])).toEqual([]);
  });

  it('reports a missing table with the nearest name of its domain', async () => {
    const lake = await openTempLake();
    await lake.write((tx) => ensureTables(tx, [{ ...invoice, name: 'invoices' }]));
    expect(checkTables(await describeTables(lake), [invoice])).toMatchObject([
      { code: 'LAKE_TABLE_MISSING', message: expect.stringContaining('Did you mean "invoices"?') },
    ]);
  });
});

function column(
  name: string,
  sqlType: SqlType,
  { mayBeMissing = false }: { mayBeMissing?: boolean } = {},
): ColumnDefinition {
  const location = { file: 'schema.graphql', line: 7, column: 3 };
  return { name, sqlType, mayBeMissing, isTypeDeclared: true, field: `Invoice.${name}`, location };
}

async function answer(lake: Lake, statement: Sql): Promise<unknown> {
  return (await lake.read(statement)).columns[0]?.[0];
}
