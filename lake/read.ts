import { raise, TributaryError } from '../foundation/errors/tributary-error.ts';
import { Cancellation } from './cancellation.ts';
import { interruptible } from './interruptible.ts';
import type { ConnectionPool, Lane } from './pool.ts';
import type { Rows } from './rows.ts';
import type { Statement } from './sql.ts';

export interface ReadOptions {
  /** `point` by default; `stream` takes `scan`. */
  readonly lane?: Lane | undefined;
  /** Gives the question up when it aborts, whether it waits or runs. */
  readonly signal?: AbortSignal | undefined;
  /** The longest that waiting and running may take together; half a minute by default. */
  readonly timeoutMs?: number | undefined;
}

export const defaultTimeoutMs = 30_000;

/**
 * All rows of a SELECT.
 *
 * Raises `LAKE_READ_ONLY`, `LAKE_QUERY_FAILED`, `LAKE_TIMEOUT`, `LAKE_CANCELLED`, `LAKE_CLOSED`.
 */
export async function readRowsOf(
  pool: ConnectionPool,
  statement: Statement,
  { lane = 'point', signal, timeoutMs = defaultTimeoutMs }: ReadOptions = {},
): Promise<Rows> {
  const cancellation = new Cancellation({ signal, timeoutMs });
  try {
    const loan = await pool.lend(lane, cancellation);
    const { connection } = loan;
    try {
      return await interruptible(connection, cancellation, () => connection.read(statement));
    } finally {
      loan.giveBack(cancellation.reason === undefined ? 'sound' : 'suspect');
    }
  } catch (error) {
    throw queryError(error, statement);
  } finally {
    cancellation.dispose();
  }
}

/** The error of the catalogue for what the driver threw. */
export function queryError(error: unknown, statement: Statement): TributaryError {
  if (error instanceof TributaryError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return raise('LAKE_QUERY_FAILED', { reason, statement: statement.text }, { cause: error });
}
