import { sql, value } from '../../lake/sql.ts';
import type { SourceRow } from '../actors/domain-source.ts';
import type { TableName } from '../model/staged-row.ts';
import { mustEqual, mustHold } from '../world/broken-rule.ts';
import type { Company } from '../world/company.ts';
import type { World } from '../world/world.ts';

/** Whether every state that a source has come to stands in the lake, or waits there with good reason. */
export async function checkSources(company: Company, world: World): Promise<void> {
  const bad = await readBad(world);
  const watermarks = await readWatermarks(world);
  const sources = [
    ['billing.customer', company.customers.rows, isGoodCustomer, 'changed'],
    ['billing.invoice', company.invoices.rows, isGoodInvoice, 'changed'],
    ['sales.customer', company.sales.rows, isGoodSale, 'revision'],
  ] as const;
  for (const [table, rows, isGood, column] of sources) {
    for (const row of rows.values()) checkRow(table, row, { isGood: isGood(row), bad, world });
    const newest = [...rows.values()]
      .map((row) => microsOf(row[column]))
      .toSorted(compare)
      .at(-1);
    const watermark = watermarks.get(table);
    mustHold(
      watermark === undefined || (newest !== undefined && watermark <= newest),
      'A watermark is not ahead of what was read.',
      () => `${table}: ${String(watermark)} after ${String(newest)}`,
    );
  }
}

function checkRow(
  table: TableName,
  row: SourceRow,
  {
    isGood,
    bad,
    world,
  }: { readonly isGood: boolean; readonly bad: ReadonlySet<string>; readonly world: World },
): void {
  if (row['isTied'] === 'yes') return;
  const { domains } = world;
  const name = `${table}/${row.id}`;
  mustEqual(
    [name, bad.has(name)],
    [name, !isGood && row['gone'] !== 'yes'],
    'A row is in quarantine as bad while the newest state of it is bad.',
  );
  if (!isGood && row['gone'] !== 'yes') return;
  const held = [...domains.rowsOf(table)].find(
    ([key, { source }]) => (source ?? key) === row.id,
  )?.[1];
  // What lost its place to the row of another stays in quarantine as it was, also when a newer state waits.
  const kept = domains.kept
    .filter((one) => one.table === table && one.source === row.id)
    .toSorted((a, b) => compare(b.watermark ?? 0n, a.watermark ?? 0n))
    .at(0);
  const found = held ?? kept;
  if (row['gone'] === 'yes') {
    mustHold(
      held === undefined && kept?.kind !== 'WAITING',
      'A row that is gone is gone in the lake.',
      () => name,
    );
    return;
  }
  mustHold(found !== undefined, 'Each good row of a source is in the lake.', () =>
    JSON.stringify(row),
  );
  for (const column of ['vat_number', 'amount', 'account_value', 'sales_rep'])
    if (column in row)
      mustEqual(
        [name, column, numberOr(found?.values[column])],
        [name, column, numberOr(row[column])],
        'The lake has the newest state of each row of a source.',
      );
}

function isGoodCustomer(): boolean {
  return true;
}

function isGoodInvoice(row: SourceRow): boolean {
  return row['amount'] !== null;
}

function isGoodSale(row: SourceRow): boolean {
  return Number(row['account_value']) >= 0;
}

async function readBad({ lake }: World): Promise<ReadonlySet<string>> {
  const found = await lake.read(
    sql`SELECT domain || '.' || "table" || '/' || "key" FROM quarantine."row" WHERE kind = 'BAD' AND ${value(true)}`,
  );
  return new Set((found.columns[0] ?? []).map(String));
}

async function readWatermarks({ lake }: World): Promise<ReadonlyMap<string, bigint>> {
  const { columns, rowCount } = await lake.read(
    sql`SELECT domain || '.' || "table", watermark FROM sync.state WHERE watermark IS NOT NULL AND ${value(true)}`,
  );
  return new Map(
    Array.from({ length: rowCount }, (_, row) => [
      String(columns[0]?.[row]),
      BigInt(String(columns[1]?.[row])),
    ]),
  );
}

function microsOf(watermark: string | number | null | undefined): bigint {
  return typeof watermark === 'number'
    ? BigInt(watermark)
    : BigInt(Date.parse(String(watermark))) * 1_000n;
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function numberOr(text: string | number | null | undefined): string | number | null {
  if (text === null || text === undefined) return null;
  return Number.isNaN(Number(text)) ? text : Number(text);
}
