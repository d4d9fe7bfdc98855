import { DuckDBTimestampTZValue } from '@duckdb/node-api';
import { sql, value, type LakeValue, type Sql } from '../lake/sql.ts';
import type { Lake, WriteTransaction } from '../lake/engine.ts';
import type { RunReport } from './sync-service.ts';

/** What is known of the syncs of one table. */
export interface SyncState {
  readonly domain: string;
  readonly table: string;
  /** Microseconds since 1970, or a counter. */
  readonly watermark: bigint | null;
  readonly lastSuccess: Date | null;
  readonly lastAttempt: Date | null;
  /** The last time of the schedule that nothing is owed for. */
  readonly lastDue: Date | null;
  readonly lastReconcileDue: Date | null;
  readonly lastError: string | null;
  /** Since when it is known to somebody that the table is too old. */
  readonly alertedAt: Date | null;
}

interface TableName {
  readonly domain: string;
  readonly table: string;
}

/** Reports are kept for so long. */
const runsKeptMs = 90 * 86_400_000;

export async function readStates(lake: Pick<Lake, 'read'>): Promise<readonly SyncState[]> {
  const { columns, rowCount } = await lake.read(
    sql`SELECT domain, "table", watermark, last_success, last_attempt, last_due, last_reconcile_due, last_error, alerted_at FROM sync.state`,
    { isBackground: true },
  );
  return Array.from({ length: rowCount }, (_, row) => {
    const at = (column: number): LakeValue => columns[column]?.[row] ?? null;
    const watermark = at(2);
    return {
      domain: String(at(0)),
      table: String(at(1)),
      watermark: watermark === null ? null : BigInt(String(watermark)),
      lastSuccess: toDate(at(3)),
      lastAttempt: toDate(at(4)),
      lastDue: toDate(at(5)),
      lastReconcileDue: toDate(at(6)),
      lastError: at(7) === null ? null : String(at(7)),
      alertedAt: toDate(at(8)),
    };
  });
}

export async function readState(
  lake: Pick<Lake, 'read'>,
  { domain, table }: TableName,
): Promise<SyncState | undefined> {
  const states = await readStates(lake);
  return states.find((state) => state.domain === domain && state.table === table);
}

/** Everything up to here is in the lake, by the transaction that says so. It never goes back. */
export async function advanceWatermark(
  tx: Pick<WriteTransaction, 'run'>,
  name: TableName,
  watermark: bigint,
): Promise<void> {
  await ensureState(tx, name);
  await tx.run(
    sql`UPDATE sync.state SET watermark = greatest(COALESCE(watermark, ${value(watermark)}), ${value(watermark)}) WHERE ${isOf(name)}`,
  );
}

/** Keeps a report. A run that took nothing is no success that makes the lake younger, unless it asked its source. */
export async function recordRun(
  tx: Pick<WriteTransaction, 'run'>,
  report: RunReport,
  { isFresh }: { readonly isFresh: boolean },
): Promise<void> {
  const { id, domain, table, state, startedAt, endedAt, error } = report;
  const oldest = timestamp(new Date(endedAt.getTime() - runsKeptMs));
  await tx.run(sql`DELETE FROM sync.run WHERE started_at < ${value(oldest)}`);
  await tx.run(
    sql`INSERT INTO sync.run VALUES (${value(id)}, ${value(domain)}, ${value(table)}, ${value(state)}, ${value(JSON.stringify(report))}, ${value(timestamp(startedAt))}, ${value(timestamp(endedAt))})`,
  );
  await ensureState(tx, report);
  const success = isFresh ? sql`, last_success = ${value(timestamp(startedAt))}` : sql``;
  await tx.run(
    sql`UPDATE sync.state SET last_attempt = ${value(timestamp(startedAt))}, last_error = ${value(error)} ${success} WHERE ${isOf(report)}`,
  );
}

/** Nothing is owed any longer for these times of the schedules. */
export async function recordDue(
  tx: Pick<WriteTransaction, 'run'>,
  name: TableName,
  due: { readonly delta?: Date | undefined; readonly snapshot?: Date | undefined },
): Promise<void> {
  await ensureState(tx, name);
  if (due.delta !== undefined)
    await tx.run(
      sql`UPDATE sync.state SET last_due = ${value(timestamp(due.delta))} WHERE ${isOf(name)}`,
    );
  if (due.snapshot !== undefined)
    await tx.run(
      sql`UPDATE sync.state SET last_reconcile_due = ${value(timestamp(due.snapshot))} WHERE ${isOf(name)}`,
    );
}

export async function recordAlert(
  tx: Pick<WriteTransaction, 'run'>,
  name: TableName,
  at: Date | null,
): Promise<void> {
  await ensureState(tx, name);
  await tx.run(
    sql`UPDATE sync.state SET alerted_at = ${value(at === null ? null : timestamp(at))} WHERE ${isOf(name)}`,
  );
}

async function ensureState(
  tx: Pick<WriteTransaction, 'run'>,
  { domain, table }: TableName,
): Promise<void> {
  await tx.run(
    sql`INSERT INTO sync.state (domain, "table") VALUES (${value(domain)}, ${value(table)}) ON CONFLICT DO NOTHING`,
  );
}

function isOf({ domain, table }: TableName): Sql {
  return sql`domain = ${value(domain)} AND "table" = ${value(table)}`;
}

export function timestamp(date: Date): DuckDBTimestampTZValue {
  return new DuckDBTimestampTZValue(BigInt(date.getTime()) * 1_000n);
}

export function toDate(cell: LakeValue): Date | null {
  return cell instanceof DuckDBTimestampTZValue ? new Date(Number(cell.micros / 1_000n)) : null;
}
