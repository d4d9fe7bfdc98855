import type { EndSignal } from '../foundation/early-end.ts';
import type { Clock } from '../foundation/clock.ts';
import { raise, TributaryError } from '../foundation/errors/tributary-error.ts';
import { Cancellation } from './cancellation.ts';
import type { Extent } from './helper-threads.ts';
import { interruptible } from './interruptible.ts';
import type { LakeConnection } from './lake-connection.ts';
import type { ConnectionPool, Lane } from './pool.ts';
import type { Rows } from './rows.ts';
import type { Statement } from './sql.ts';

export interface ReadOptions {
  /** `point` by default; `stream` takes `scan`. */
  readonly lane?: Lane | undefined;
  /** Gives the question up when it aborts, whether it waits or runs. */
  readonly signal?: EndSignal | undefined;
  /** The longest that waiting and running may take together; half a minute by default. */
  readonly timeoutMs?: number | undefined;
  /** Work that nobody asked for just now: who counts what questions cost is not told of it. */
  readonly isBackground?: boolean | undefined;
  /** Told of the statement when it is over; `stream` tells it nothing. */
  readonly trace?: StatementTrace | undefined;
}

export interface StatementTrace {
  readonly clock: Clock;
  readonly add: (record: StatementRecord) => void;
}

/** For who wants to know of the same statements; undefined where neither does. */
export function bothTraces(
  one: StatementTrace | undefined,
  other: StatementTrace | undefined,
): StatementTrace | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return {
    clock: one.clock,
    add(record) {
      one.add(record);
      other.add(record);
    },
  };
}

/** What became of a statement. */
export interface StatementRecord {
  readonly statement: Statement;
  readonly lane: Lane;
  /** Undefined when the statement failed or was given up. */
  readonly rowsReturned: number | undefined;
  /** The code of its error, when it has one. */
  readonly failure: string | undefined;
  /** Requests that share it; 1 where it is for one alone. */
  readonly askers: number;
  /** For a connection. */
  readonly waitedMs: number;
  readonly ranMs: number;
}

export const defaultTimeoutMs = 30_000;

/**
 * All rows of a SELECT.
 *
 * Raises `LAKE_READ_ONLY`, `LAKE_QUERY_FAILED`, `LAKE_OUT_OF_MEMORY`, `LAKE_TIMEOUT`, `LAKE_CANCELLED`,
 * `LAKE_CLOSED`.
 */
export async function readRowsOf(
  pool: ConnectionPool,
  statement: Statement,
  options: ReadOptions = {},
): Promise<Rows> {
  const { trace } = options;
  if (trace === undefined)
    return runOnLoan(pool, statement, options, (connection) =>
      options.isBackground === true
        ? connection.readUnobserved(statement)
        : connection.read(statement),
    );
  const askedMs = trace.clock.monotonicMs();
  let startedMs: number | undefined;
  let rows: Rows | undefined;
  let failure: string | undefined;
  try {
    rows = await runOnLoan(pool, statement, options, (connection) => {
      startedMs = trace.clock.monotonicMs();
      return connection.read(statement);
    });
    return rows;
  } catch (error) {
    failure = error instanceof TributaryError ? error.code : 'UNKNOWN';
    throw error;
  } finally {
    const endedMs = trace.clock.monotonicMs();
    trace.add({
      statement,
      lane: options.lane ?? 'point',
      rowsReturned: rows?.rowCount,
      failure,
      askers: 1,
      waitedMs: (startedMs ?? endedMs) - askedMs,
      ranMs: endedMs - (startedMs ?? endedMs),
    });
  }
}

/** Lends a connection to some work on a statement, which is stopped when it takes too long or nobody waits for it. */
export async function runOnLoan<Result>(
  pool: ConnectionPool,
  statement: Statement,
  { lane = 'point', signal, timeoutMs = defaultTimeoutMs }: ReadOptions,
  work: (connection: LakeConnection) => Promise<Result>,
): Promise<Result> {
  const cancellation = new Cancellation({ signal, timeoutMs });
  const { helpers } = pool;
  const { clock, lanes } = pool.meter;
  const meter = lanes[lane];
  const askedMs = clock.monotonicMs();
  try {
    const loan = await pool.lend(lane, cancellation);
    const { connection } = loan;
    const startedMs = clock.monotonicMs();
    meter.waited.add((startedMs - askedMs) / 1_000);
    try {
      return await interruptible(connection, cancellation, () =>
        helpers.during(extentOf(lane), () => work(connection)),
      );
    } finally {
      meter.ran.add((clock.monotonicMs() - startedMs) / 1_000);
      loan.giveBack(cancellation.reason === undefined ? 'sound' : 'suspect');
    }
  } catch (error) {
    meter.failures++;
    throw queryError(error, statement);
  } finally {
    cancellation.dispose();
  }
}

/** How much a statement of a lane reads. */
function extentOf(lane: Lane): Extent {
  return lane === 'point' ? 'small' : 'large';
}

/** The error of the catalogue for what the driver threw. */
export function queryError(error: unknown, statement: Statement): TributaryError {
  if (error instanceof TributaryError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  if (reason.startsWith('Out of Memory Error')) {
    return raise('LAKE_OUT_OF_MEMORY', {}, { cause: error });
  }
  return raise('LAKE_QUERY_FAILED', { reason, statement: statement.text }, { cause: error });
}
