import type { LedgerTransaction, RowWriter } from '../../ledger/ledger-transaction.ts';
import type { Origin } from '../../ledger/identity-command.ts';
import type { DeltaCounts } from '../../ledger/staged-rows.ts';
import { literal, sql, type Sql } from '../../lake/sql.ts';
import type { LakeModel } from '../../mapping/model.ts';
import { advanceWatermark } from '../sync-state.ts';
import type { CheckedDelivery } from './check-rows.ts';
import { keepBadRows, releaseMendedRows } from './keep-bad-rows.ts';

export interface TakeOver {
  readonly delivery: CheckedDelivery;
  readonly rows: RowWriter;
  readonly model: LakeModel;
  readonly origin: Origin;
  readonly run: string;
  readonly now: () => Date;
  /** Rows of one transaction. */
  readonly chunkRows: number;
  readonly signal: AbortSignal;
  /** Told of each chunk after its commit. */
  readonly onCommit: (counts: DeltaCounts) => void;
  /** Written by the transaction of the last chunk. */
  readonly finish: (tx: LedgerTransaction) => Promise<void>;
}

/**
 * Takes checked rows over into the lake, the oldest first, so many in one transaction: rows, projections, log, bad
 * rows, and how far reading has come. Whatever breaks off is repeated from there, and `applyDelta` knows what it has.
 */
export async function takeOver(options: TakeOver): Promise<void> {
  const { delivery, chunkRows, signal, rows } = options;
  const count = delivery.staging.rowCount;
  const isPlaced = delivery.sync.watermark !== undefined && count > chunkRows;
  if (isPlaced) await placeRows(delivery);
  for (let first = 1; first === 1 || first <= count; first += chunkRows) {
    signal.throwIfAborted();
    const isLast = first + chunkRows > count;
    const between = sql`BETWEEN ${literal(first)} AND ${literal(isLast ? Math.max(count, 1) : first + chunkRows - 1)}`;
    const isInChunk = isPlaced
      ? sql`"_row" IN (SELECT "_row" FROM ${delivery.staging.table('places')} WHERE "~place" ${between})`
      : sql`"_row" ${between}`;
    const counts = await rows.write(async (tx) => {
      const taken = await takeChunk(tx, options, isInChunk);
      if (isLast) await options.finish(tx);
      return taken;
    });
    options.onCommit(counts);
  }
}

/** The place of each row by its watermark. */
async function placeRows({ staging }: CheckedDelivery): Promise<void> {
  await staging.make(
    'places',
    (name) =>
      sql`CREATE TEMP TABLE ${name} AS SELECT "_row", row_number() OVER (ORDER BY "_watermark" NULLS FIRST, "_row") AS "~place" FROM ${staging.table('checked')}`,
  );
}

async function takeChunk(
  tx: LedgerTransaction,
  { delivery, model, origin, run, now }: TakeOver,
  isInChunk: Sql,
): Promise<DeltaCounts> {
  const { sync, staging } = delivery;
  const checked = staging.table('checked');
  const read = await tx.read(
    sql`SELECT max("_watermark"), count("~problem"), count(*) FROM ${checked} WHERE ${isInChunk}`,
  );
  const [watermark = null, bad, all] = read.columns.map((column) => column[0] ?? null);
  const hasGood = Number(bad) < Number(all);
  const counts = hasGood
    ? await tx.applyDelta({
        model,
        domain: sync.domain,
        tableName: sync.table,
        staged: {
          table: sql`(SELECT * FROM ${checked} WHERE "~problem" IS NULL AND ${isInChunk})`,
          columns: sync.columns.map(({ name }) => name),
        },
        origin,
        run,
      })
    : nothingDone;
  if (hasGood) await releaseMendedRows(tx, delivery, isInChunk);
  if (Number(bad) > 0)
    await keepBadRows(tx, { delivery, isInChunk, run, now: now(), temporaryName: `${run}_bad` });
  if (watermark !== null) await advanceWatermark(tx, sync, BigInt(String(watermark)));
  return counts;
}

export const nothingDone: DeltaCounts = {
  inserted: 0,
  updated: 0,
  deleted: 0,
  unchanged: 0,
  stale: 0,
  waiting: 0,
  merged: 0,
};
