import type { Clock } from '../foundation/clock.ts';
import { raise, TributaryError } from '../foundation/errors/tributary-error.ts';
import type { Log } from '../foundation/log.ts';
import type { Lake } from '../lake/engine.ts';
import type { Origin } from '../ledger/identity-command.ts';
import type { RowWriter } from '../ledger/ledger-transaction.ts';
import type { DeltaCounts } from '../ledger/staged-rows.ts';
import type { LakeModel } from '../mapping/model.ts';
import { allowedOf, describeLimit, type TableSync } from './declaration/sync-declaration.ts';
import type { Delivery, Source } from './source/source.ts';
import { checkRows, describeBadRows, type CheckedDelivery } from './stage/check-rows.ts';
import {
  findMissing,
  removeChunk,
  removeMissing,
  type MissingCounts,
} from './stage/missing-rows.ts';
import { problemsOf } from './stage/problems.ts';
import { Staging } from './stage/staging.ts';
import { takeOver, type TakeOver } from './stage/take-over.ts';
import { readState, recordRun } from './sync-state.ts';
import type { RunReport } from './sync-service.ts';
import { changesNothing } from '../lake/versions.ts';

export interface RunContext {
  readonly lake: Lake;
  readonly rows: RowWriter;
  readonly model: () => LakeModel;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly log: Log;
}

export interface RunOptions {
  readonly sync: TableSync;
  readonly source: Source;
  readonly mode: 'delta' | 'snapshot';
  readonly origin: Origin;
  readonly id: string;
  readonly startedAt: Date;
  /** Rows of one transaction; a run that is kept as a whole or not at all has all of them in one. */
  readonly chunkRows: number;
  readonly signal: AbortSignal;
}

/**
 * One run of the sync of a table: it fetches, stages, checks and takes over, delivery by delivery.
 *
 * 1. The source brings rows into a temporary table, as texts (`source/`).
 * 2. SQL makes values of the lake out of them and finds those that are bad (`stage/check-rows.ts`). Too many bad ones
 *    end the run here, before anything was changed.
 * 3. The rows are taken over, so many in one transaction, which also says how far reading has come
 *    (`stage/take-over.ts`). Of a snapshot, what the lake has besides is removed then.
 *
 * A run that breaks off, wherever, is simply repeated: it begins at the last watermark less the overlap, and rows that
 * the lake has already are no change. So each row has its effect exactly once.
 *
 * What goes wrong is told in the report, which is also kept; nothing is thrown.
 */
export async function runTable(context: RunContext, options: RunOptions): Promise<RunReport> {
  const { lake, log } = context;
  const { sync, id, startedAt } = options;
  const progress: Progress = { ...nothingYet };
  const stagings: Staging[] = [];
  let problem: unknown;
  try {
    await takeDeliveries(context, options, progress, stagings);
  } catch (error) {
    problem = error;
  } finally {
    for (const staging of stagings) await staging.drop();
  }
  const state = await readState(lake, sync).catch(() => undefined);
  const report: RunReport = {
    id,
    domain: sync.domain,
    table: sync.table,
    state: problem === undefined ? 'SUCCEEDED' : isRefusal(problem) ? 'REFUSED' : 'FAILED',
    ...progress.counts,
    startedAt,
    endedAt: context.clock.now(),
    watermark: watermarkDate(sync, state?.watermark ?? null),
    error: problem === undefined ? null : describe(problem, id),
    ...(progress.warning === undefined ? {} : { warning: describe(progress.warning, id) }),
  };
  const asked = sync.source.kind === 'http' || sync.source.kind === 'postgres';
  const isFresh = problem === undefined && (asked || progress.deliveries > 0);
  await lake
    .write((tx) => recordRun(tx, report, { isFresh }), changesNothing)
    .catch((error: unknown) =>
      log.error({ err: error, run: id }, 'the report of a sync was not kept'),
    );
  const { error: _error, ...shown } = report;
  if (problem === undefined && progress.warning === undefined) log.info(shown, 'sync succeeded');
  else if (problem === undefined) log.warn(shown, 'sync succeeded, with a warning');
  else log.warn({ ...shown, err: problem }, 'sync failed');
  return report;
}

/** The time that a watermark stands for; null for counters. */
export function watermarkDate(
  { watermark }: Pick<TableSync, 'watermark'>,
  value: bigint | null,
): Date | null {
  if (watermark?.type !== 'timestamp' || value === null) return null;
  return new Date(Number(value / 1_000n));
}

type Counts = Pick<
  RunReport,
  | 'rowsRead'
  | 'inserted'
  | 'updated'
  | 'deleted'
  | 'unchanged'
  | 'stale'
  | 'waiting'
  | 'quarantined'
>;

interface Progress {
  counts: Counts;
  deliveries: number;
  warning?: TributaryError;
}

const nothingYet: Progress = {
  deliveries: 0,
  counts: {
    rowsRead: 0,
    inserted: 0,
    updated: 0,
    deleted: 0,
    unchanged: 0,
    stale: 0,
    waiting: 0,
    quarantined: 0,
  },
};

async function takeDeliveries(
  context: RunContext,
  options: RunOptions,
  progress: Progress,
  stagings: Staging[],
): Promise<void> {
  const { lake } = context;
  const { sync, source, mode, signal, id } = options;
  const openStaging = (): Staging => {
    const staging = new Staging(lake, `sync_${id}_${stagings.length}`);
    stagings.push(staging);
    return staging;
  };
  const isSnapshot = mode === 'snapshot';
  const since = isSnapshot ? undefined : await readingBegins(lake, sync);
  const warn = (warning: TributaryError): void => {
    progress.warning = warning;
  };
  for await (const delivery of source.read({ since, isSnapshot, openStaging, warn, signal })) {
    signal.throwIfAborted();
    await takeDelivery(context, options, progress, delivery);
    progress.deliveries += 1;
    await delivery.staging.drop();
  }
}

async function readingBegins(lake: Lake, sync: TableSync): Promise<bigint | undefined> {
  const state = await readState(lake, sync);
  if (sync.watermark === undefined || state === undefined || state.watermark === null)
    return undefined;
  return state.watermark - sync.watermark.overlap;
}

async function takeDelivery(
  context: RunContext,
  options: RunOptions,
  progress: Progress,
  delivery: Delivery,
): Promise<void> {
  const { clock, rows, model } = context;
  const { sync, origin, id, chunkRows, signal } = options;
  const problems = problemsOf(sync, BigInt(clock.now().getTime()) * 1_000n);
  const checked: CheckedDelivery = { ...delivery, sync, problems };
  const { rows: read, bad } = await checkRows(checked);
  progress.counts = { ...progress.counts, rowsRead: progress.counts.rowsRead + read };
  if (bad > allowedOf(sync.threshold, read)) {
    const limit = describeLimit(sync.threshold);
    const found = await describeBadRows(checked);
    throw raise('SYNC_TOO_MANY_BAD_ROWS', { bad, read, limit, ...found });
  }
  const missing = delivery.isSnapshot ? await findMissing(checked) : undefined;
  if (missing !== undefined && missing.missing > allowedOf(sync.removals, missing.present))
    throw raise('SYNC_TOO_MANY_REMOVALS', { ...missing, limit: describeLimit(sync.removals) });
  const onCommit = (counts: DeltaCounts): void => {
    progress.counts = add(progress.counts, counts);
  };
  const work: TakeOver = {
    delivery: checked,
    rows,
    model: model(),
    origin,
    run: id,
    now: () => clock.now(),
    chunkRows,
    signal,
    onCommit,
    finish: async (tx) => delivery.finish?.(tx),
  };
  if (missing === undefined) await takeOver(work);
  else await takeSnapshot(work, missing);
  progress.counts = { ...progress.counts, quarantined: progress.counts.quarantined + bad };
}

/** A small snapshot is one transaction with all that it removes. */
async function takeSnapshot(work: TakeOver, missing: MissingCounts): Promise<void> {
  const { chunkRows, finish, onCommit } = work;
  if (missing.missing > chunkRows) {
    await takeOver({ ...work, finish: () => Promise.resolve() });
    await removeMissing(work, missing);
    return;
  }
  let removed: DeltaCounts | undefined;
  await takeOver({
    ...work,
    async finish(tx) {
      removed = await removeChunk(tx, work, 1, missing.missing);
      await finish(tx);
    },
  });
  if (removed !== undefined) onCommit(removed);
}

function add(counts: Counts, taken: DeltaCounts): Counts {
  return {
    ...counts,
    inserted: counts.inserted + taken.inserted,
    updated: counts.updated + taken.updated,
    deleted: counts.deleted + taken.deleted,
    unchanged: counts.unchanged + taken.unchanged,
    stale: counts.stale + taken.stale,
    waiting: counts.waiting + taken.waiting,
    quarantined: counts.quarantined + taken.merged,
  };
}

function isRefusal(error: unknown): boolean {
  return (
    error instanceof TributaryError &&
    (error.code === 'SYNC_TOO_MANY_BAD_ROWS' || error.code === 'SYNC_TOO_MANY_REMOVALS')
  );
}

/** What callers may read. What the lake says of a statement has SQL in it, and is in the log alone. */
function describe(error: unknown, runId: string): string {
  if (!(error instanceof TributaryError))
    return error instanceof Error ? error.message : String(error);
  if (!error.code.startsWith('LAKE_')) return `${error.message} ${error.hint}`;
  return `The lake could not take the rows. The log has the reason, under the run ${runId}.`;
}
