import type { Lake } from '../../../lake/engine.ts';
import { identifier, join, sql } from '../../../lake/sql.ts';
import { textRows } from './lake-copy.ts';

/** A row's columns as texts. */
export type Texts = Readonly<Record<string, string | null>>;

/** An entry of the log, read without the product's own reader. */
export interface LoggedChange {
  readonly sequence: number;
  readonly transaction: number;
  readonly micros: number;
  readonly kind: string;
  readonly entity: string;
  readonly key: string;
  readonly domain: string;
  readonly version: number | null;
  readonly actor: string;
  readonly mergedInto: string | null;
  readonly before: Texts | null;
  readonly after: Texts | null;
}

const names = [
  'sequence',
  'transaction',
  'micros',
  'kind',
  'entity',
  'key',
  'domain',
  'version',
  'actor',
  'merged_into',
  'before',
  'after',
] as const;

/** The whole log in its order. */
export async function readLog(lake: Lake): Promise<readonly LoggedChange[]> {
  const rows = await lake.read(
    sql`SELECT c."sequence", c."transaction", epoch_us(c."time"), c.kind, c.entity, c."key", c.domain, c."version",
      c.actor, c.merged_into, v."before", v."after"
      FROM ledger.change AS c LEFT JOIN ledger.change_value AS v USING ("sequence") ORDER BY c."sequence"`,
    { lane: 'scan' },
  );
  return textRows(rows, names).map((row) => ({
    sequence: Number(row.sequence),
    transaction: Number(row.transaction),
    micros: Number(row.micros),
    kind: row.kind ?? '',
    entity: row.entity ?? '',
    key: row.key ?? '',
    domain: row.domain ?? '',
    version: row.version === null ? null : Number(row.version),
    actor: row.actor ?? '',
    mergedInto: row.merged_into,
    before: toTexts(row.before),
    after: toTexts(row.after),
  }));
}

/** The tables of domains that the log tells of, by `domain/key`. */
export async function readTables(lake: Lake): Promise<ReadonlyMap<string, Texts>> {
  const found = new Map<string, Texts>();
  for (const { domain, table, columns } of tables) {
    const cells = join(
      columns.map((column) => sql`CAST(${identifier(column)} AS VARCHAR)`),
      ', ',
    );
    const rows = await lake.read(sql`SELECT ${cells} FROM ${identifier(domain, table)}`);
    for (const row of textRows(rows, columns)) found.set(`${domain}/${row['id']}`, canonical(row));
  }
  return found;
}

const tables: readonly {
  readonly domain: string;
  readonly table: string;
  readonly columns: readonly string[];
}[] = [
  {
    domain: 'identity',
    table: 'customer',
    columns: ['id', 'name', 'email', 'created_at', 'updated_at', 'created_by'],
  },
  { domain: 'sales', table: 'customer', columns: ['id', 'sales_rep'] },
  { domain: 'billing', table: 'orders', columns: ['id', 'note', 'amount'] },
];

function toTexts(json: string | null): Texts | null {
  return json === null ? null : canonical(JSON.parse(json) as Texts);
}

/** The one text that a time has, however it was written. */
function canonical(row: Texts): Texts {
  return Object.fromEntries(
    Object.entries(row).map(([name, text]) => [
      name,
      name.endsWith('_at') && text !== null ? timeText(text) : text,
    ]),
  );
}

function timeText(text: string): string {
  const [, seconds = '', fraction = ''] =
    /^(\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d)(?:\.(\d+))?(?:\+00|Z)$/.exec(text) ?? [];
  return `${seconds.replace(' ', 'T')}.${fraction.padEnd(6, '0')}Z`;
}
