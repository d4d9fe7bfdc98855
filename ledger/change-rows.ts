import { DuckDBTimestampTZValue } from '@duckdb/node-api';
import type { RowSource } from '../lake/describe-tables.ts';
import type { Rows } from '../lake/rows.ts';
import { sql, value, type LakeValue, type Sql } from '../lake/sql.ts';
import type { Change, ChangeKind, RowTexts } from './change.ts';

/** Changes with what the rows held, to be completed by a condition. */
const selectChanges = sql`SELECT c."sequence", c."transaction", c."time", c.stamp, c.kind, c.entity, c."key", c.domain, c."version",
  c.actor, c.source, c.cause, c.occurred_at, c.merged_into, c."reverses", v."before", v."after"
  FROM ledger.change AS c LEFT JOIN ledger.change_value AS v ON v."sequence" = c."sequence"`;

/** One change; undefined when there is none. */
export async function readChange(source: RowSource, sequence: number): Promise<Change | undefined> {
  const at = value(BigInt(sequence));
  const rows = await source.read(
    sql`${selectChanges} AND v."sequence" = ${at} WHERE c."sequence" = ${at}`,
  );
  return toChanges(rows)[0];
}

/** Changes of identities behind a position, in their order. */
export function identityChanges(after: number, limit: number): Sql {
  const position = value(BigInt(after));
  return sql`${selectChanges} AND v."sequence" > ${position} WHERE c."sequence" > ${position} AND c."version" IS NOT NULL ORDER BY c."sequence" LIMIT ${value(BigInt(limit))}`;
}

export function toChanges({ columns, rowCount }: Rows): readonly Change[] {
  return Array.from({ length: rowCount }, (_, row) => {
    const cell = (position: number): LakeValue => columns[position]?.[row] ?? null;
    return {
      sequence: Number(cell(0)),
      transaction: Number(cell(1)),
      time: toDate(cell(2)) ?? new Date(0),
      stamp: String(cell(3)),
      kind: String(cell(4)) as ChangeKind,
      entity: String(cell(5)),
      key: String(cell(6)),
      domain: String(cell(7)),
      version: toNumber(cell(8)),
      actor: String(cell(9)),
      source: String(cell(10)),
      cause: toText(cell(11)),
      occurredAt: toDate(cell(12)),
      mergedInto: toText(cell(13)),
      reverses: toNumber(cell(14)),
      before: toTexts(cell(15)),
      after: toTexts(cell(16)),
    };
  });
}

function toDate(cell: LakeValue): Date | null {
  return cell instanceof DuckDBTimestampTZValue ? new Date(Number(cell.micros / 1_000n)) : null;
}

function toNumber(cell: LakeValue): number | null {
  return cell === null ? null : Number(cell);
}

function toText(cell: LakeValue): string | null {
  return cell === null ? null : String(cell);
}

function toTexts(cell: LakeValue): RowTexts | null {
  return cell === null ? null : (JSON.parse(String(cell)) as RowTexts);
}
