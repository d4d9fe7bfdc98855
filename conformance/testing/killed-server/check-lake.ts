import type { Lake } from '../../../lake/engine.ts';
import { identifier, join, literal, sql, type Sql } from '../../../lake/sql.ts';
import { textRows } from './lake-copy.ts';

/** What in the lake does not agree with what it follows from: projections, heads, and values by which twins are found. */
export async function checkLake(lake: Lake): Promise<readonly string[]> {
  const customers = await projectionOf(lake, 'customer');
  const orders = await projectionOf(lake, 'order');
  const differences = await Promise.all([
    compare(
      lake,
      'the projection of customers',
      sql`SELECT id, name, email, "createdAt", "updatedAt", "createdBy", "salesRep" FROM ${customers}`,
      sql`SELECT i.id, i.name, i.email, i.created_at, i.updated_at, i.created_by, s.sales_rep
        FROM identity.customer AS i LEFT JOIN sales.customer AS s ON s.id = i.id`,
    ),
    compare(
      lake,
      'the projection of orders',
      sql`SELECT id, note, amount FROM ${orders}`,
      sql`SELECT id, note, amount FROM billing.orders`,
    ),
    compare(
      lake,
      'the numbers of rows in projections',
      sql`SELECT _seq FROM ${customers}`,
      sql`SELECT DISTINCT _seq FROM ${customers}`,
    ),
    compare(
      lake,
      'the values by which twins are found',
      sql`SELECT "key", "value" FROM ledger.match`,
      sql`SELECT id, 'Customer/' || lower(email) FROM identity.customer`,
    ),
    compare(
      lake,
      'the heads of identities',
      sql`SELECT "key", "version", "sequence" FROM ledger.head WHERE "sequence" > 0`,
      sql`SELECT "key", max("version"), max("sequence") FROM ledger.change WHERE "version" IS NOT NULL GROUP BY "key"`,
    ),
    compare(
      lake,
      'rows of domains without their customer',
      sql`SELECT s.id FROM sales.customer AS s ANTI JOIN identity.customer AS i ON i.id = s.id`,
      sql`SELECT '' WHERE FALSE`,
    ),
    compare(
      lake,
      'customers with one e-mail address',
      sql`SELECT lower(email) FROM identity.customer GROUP BY ALL HAVING count(*) > 1`,
      sql`SELECT '' WHERE FALSE`,
    ),
  ]);
  return differences.flat();
}

/** The one projection of an entity: those of former graphs are gone. */
async function projectionOf(lake: Lake, entity: string): Promise<Sql> {
  const found = await lake.read(
    sql`SELECT table_name FROM information_schema.tables WHERE table_schema = 'hub' AND starts_with(table_name, ${literal(`${entity}_`)})`,
  );
  const [only, ...others] = textRows(found, ['name']).map(({ name }) => name);
  if (only === undefined || only === null || others.length > 0)
    throw new Error(`There are ${found.rowCount} projections of ${entity}.`);
  return identifier('hub', only);
}

async function compare(lake: Lake, what: string, found: Sql, due: Sql): Promise<readonly string[]> {
  const differences = await lake.read(
    join(
      [
        sql`(SELECT 'too much', CAST(r AS VARCHAR) FROM (${found} EXCEPT ALL ${due}) AS r)`,
        sql`(SELECT 'missing', CAST(r AS VARCHAR) FROM (${due} EXCEPT ALL ${found}) AS r)`,
      ],
      ' UNION ALL ',
    ),
    { lane: 'scan' },
  );
  return textRows(differences, ['side', 'row']).map(({ side, row }) => `${what}: ${side} ${row}`);
}
