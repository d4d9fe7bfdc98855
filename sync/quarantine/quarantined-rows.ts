import { isOneOf } from '../../lake/is-one-of.ts';
import type { Lake, WriteTransaction } from '../../lake/engine.ts';
import { identifier, join, sql, value, type LakeValue, type Sql } from '../../lake/sql.ts';
import type { Rows } from '../../lake/rows.ts';
import type { Problem } from '../../ledger/identity-command.ts';
import type { QuarantinedRow, SyncService } from '../sync-service.ts';
import { toDate } from '../sync-state.ts';

type ListOptions = Parameters<SyncService['quarantined']>[0];

/** The oldest first; the id of the last one is where to go on. */
export async function listQuarantined(
  lake: Lake,
  { domain, kind, first, after }: ListOptions,
): ReturnType<SyncService['quarantined']> {
  const wanted = [
    ...(domain === undefined ? [] : [sql`domain = ${value(domain)}`]),
    ...(kind === undefined ? [] : [sql`kind = ${value(kind)}`]),
  ];
  const counted = await lake.read(
    sql`SELECT count(*) FROM quarantine."row" WHERE ${allOf(wanted)}`,
  );
  const start = after === undefined ? [] : [sql`id > ${value(idOf(after) ?? 0n)}`];
  const limit = Math.max(0, Math.trunc(first));
  const found = await lake.read(
    sql`SELECT ${rowColumns} FROM quarantine."row" WHERE ${allOf([...wanted, ...start])} ORDER BY id LIMIT ${value(limit + 1)}`,
  );
  const items = toRows(found).slice(0, limit);
  const endCursor = found.rowCount > limit ? (items.at(-1)?.id ?? null) : null;
  return { items, totalCount: Number(counted.columns[0]?.[0]), endCursor };
}

export async function findQuarantined(
  lake: Pick<WriteTransaction, 'read'>,
  ids: readonly string[],
): Promise<readonly QuarantinedRow[]> {
  const isOne = hasOneOf(ids);
  if (isOne === undefined) return [];
  return toRows(
    await lake.read(sql`SELECT ${rowColumns} FROM quarantine."row" WHERE ${isOne} ORDER BY id`),
  );
}

/** Why nothing was done with those of the ids that no row of these has. */
export function missingRows(
  ids: readonly string[],
  found: readonly QuarantinedRow[],
): readonly Problem[] {
  const known = new Set(found.map(({ id }) => id));
  return [...new Set(ids)]
    .filter((id) => !known.has(String(idOf(id))))
    .map((id) => ({
      code: 'NOT_FOUND',
      message: `There is no row ${id.slice(0, 40)} in quarantine.`,
      field: 'ids',
    }));
}

/** Gives the number of those that there were. */
export async function removeQuarantined(
  tx: Pick<WriteTransaction, 'run'>,
  ids: readonly string[],
): Promise<number> {
  const isOne = hasOneOf(ids);
  return isOne === undefined ? 0 : tx.run(sql`DELETE FROM quarantine."row" WHERE ${isOne}`);
}

function idOf(text: string): bigint | undefined {
  return /^\d{1,18}$/.test(text) ? BigInt(text) : undefined;
}

function hasOneOf(ids: readonly string[]): Sql | undefined {
  const numbers = [...new Set(ids.map(idOf))].filter((id) => id !== undefined);
  if (numbers.length === 0) return undefined;
  return isOneOf(
    sql`id`,
    numbers.map((id) => value(id)),
  );
}

const columns = ['id', 'domain', 'table', 'key', 'kind', 'reason', 'rule', 'payload', 'since'];
const rowColumns = join(
  columns.map((name) => identifier(name)),
  ', ',
);

function toRows({ columns: cells, rowCount }: Rows): readonly QuarantinedRow[] {
  return Array.from({ length: rowCount }, (_, row) => {
    const at = (column: number): LakeValue => cells[column]?.[row] ?? null;
    const text = (column: number): string | null =>
      at(column) === null ? null : String(at(column));
    return {
      id: String(at(0)),
      domain: String(at(1)),
      table: String(at(2)),
      key: text(3),
      kind: String(at(4)) as QuarantinedRow['kind'],
      reason: String(at(5)),
      rule: text(6),
      payload: JSON.parse(String(at(7))) as QuarantinedRow['payload'],
      since: toDate(at(8)) ?? new Date(0),
    };
  });
}

function allOf(conditions: readonly Sql[]): Sql {
  return conditions.length === 0 ? sql`TRUE` : join(conditions, ' AND ');
}
