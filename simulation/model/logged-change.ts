import type { Change, ChangeKind, RowTexts } from '../../ledger/change.ts';
import type { Lake } from '../../lake/engine.ts';
import { sql, value, type LakeValue } from '../../lake/sql.ts';

/** A change as it stands in the lake. */
export type LoggedChange = Omit<Change, 'time'> & { readonly timeMicros: bigint };

/** Changes behind a place in the log, read without the product. */
export async function readLoggedChanges(
  lake: Lake,
  after: number,
): Promise<readonly LoggedChange[]> {
  const { columns, rowCount } = await lake.read(
    sql`SELECT c."sequence", c."transaction", epoch_us(c."time"), c.stamp, c.kind, c.entity, c."key", c.domain,
      c."version", c.actor, c.source, c.cause, epoch_us(c.occurred_at), c.merged_into, c."reverses", v."before", v."after"
      FROM ledger.change AS c LEFT JOIN ledger.change_value AS v ON v."sequence" = c."sequence"
      WHERE c."sequence" > ${value(BigInt(after))} ORDER BY c."sequence"`,
  );
  return Array.from({ length: rowCount }, (_, row) => {
    const cell = (position: number): LakeValue => columns[position]?.[row] ?? null;
    const text = (position: number): string | null => textOf(cell(position));
    const number = (position: number): number | null => numberOf(cell(position));
    return {
      sequence: Number(cell(0)),
      transaction: Number(cell(1)),
      timeMicros: BigInt(String(cell(2))),
      stamp: String(cell(3)),
      kind: String(cell(4)) as ChangeKind,
      entity: String(cell(5)),
      key: String(cell(6)),
      domain: String(cell(7)),
      version: number(8),
      actor: String(cell(9)),
      source: String(cell(10)),
      cause: text(11),
      occurredAt: cell(12) === null ? null : new Date(Number(cell(12)) / 1_000),
      mergedInto: text(13),
      reverses: number(14),
      before: rowOf(text(15)),
      after: rowOf(text(16)),
    };
  });
}

function textOf(cell: LakeValue): string | null {
  return cell === null ? null : String(cell);
}

function numberOf(cell: LakeValue): number | null {
  return cell === null ? null : Number(cell);
}

function rowOf(text: string | null): RowTexts | null {
  return text === null ? null : (JSON.parse(text) as RowTexts);
}
