import { identifier, join, sql, value, type LakeValue } from '../../lake/sql.ts';
import type { WriteTransaction } from '../../lake/write-transaction.ts';
import type { DeltaOptions } from '../../ledger/staged-rows.ts';

export const stagedTables = ['billing.customer', 'billing.invoice', 'sales.customer'] as const;
export type TableName = (typeof stagedTables)[number];

/** A row of a delta, its values as texts. */
export interface StagedRow {
  readonly values: Readonly<Record<string, string | null>>;
  /** Of equally new rows the highest wins. */
  readonly place: bigint;
  readonly watermark: bigint | null;
  readonly isDeleted: boolean;
}

/** What a delta is about to take over. */
export interface StagedDelta {
  readonly table: TableName;
  readonly rows: readonly StagedRow[];
}

export async function readStaged(
  tx: Pick<WriteTransaction, 'read'>,
  { domain, tableName, staged }: DeltaOptions,
): Promise<StagedDelta> {
  const names = staged.columns;
  const texts = names.map((name) => sql`CAST(${identifier(name)} AS VARCHAR)`);
  const { columns, rowCount } = await tx.read(
    sql`SELECT ${join(texts, ', ')}, "_row", "_watermark", "_deleted" FROM ${staged.table} AS s WHERE ${value(true)} ORDER BY "_row"`,
  );
  const rows = Array.from({ length: rowCount }, (_, row): StagedRow => {
    const cell = (position: number): LakeValue => columns[position]?.[row] ?? null;
    const count = names.length;
    return {
      values: Object.fromEntries(names.map((name, at) => [name, textOf(cell(at))])),
      place: BigInt(String(cell(count))),
      watermark: cell(count + 1) === null ? null : BigInt(String(cell(count + 1))),
      isDeleted: cell(count + 2) === true,
    };
  });
  return { table: `${domain}.${tableName}` as TableName, rows };
}

function textOf(cell: LakeValue): string | null {
  return cell === null ? null : String(cell);
}
