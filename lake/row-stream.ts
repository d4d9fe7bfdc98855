import type { DuckDBResult } from '@duckdb/node-api';
import { Cancellation } from './cancellation.ts';
import type { HelperThreads } from './helper-threads.ts';
import { interruptible, interruptRepeatedly } from './interruptible.ts';
import type { LakeConnection } from './lake-connection.ts';
import type { ConnectionPool, Loan } from './pool.ts';
import { defaultTimeoutMs, queryError, type ReadOptions } from './read.ts';
import { readNextRows, type Rows } from './rows.ts';
import type { Statement } from './sql.ts';

/**
 * The rows of a SELECT a few thousand at a time, as they are made.
 *
 * The stream has its connection until the last row is read, the consumer leaves the loop, or the deadline comes;
 * then the connection goes back even if the consumer has stalled, who gets `LAKE_TIMEOUT` when it asks on. Raises
 * the same errors as `read`.
 */
export async function* streamRowsOf(
  pool: ConnectionPool,
  statement: Statement,
  { lane = 'scan', signal, timeoutMs = defaultTimeoutMs }: ReadOptions = {},
): AsyncGenerator<Rows, void, undefined> {
  const cancellation = new Cancellation({ signal, timeoutMs });
  try {
    const loan = await pool.lend(lane, cancellation);
    await pool.helpers.begin('large');
    const stream = new OpenStream(loan, pool.helpers, cancellation);
    try {
      await stream.start(statement);
      for (;;) {
        const rows = await stream.next();
        if (rows === undefined) return;
        yield rows;
      }
    } finally {
      await stream.end();
    }
  } catch (error) {
    throw queryError(error, statement);
  } finally {
    cancellation.dispose();
  }
}

/** Large work, which has begun already, until its rows are read. */
class OpenStream {
  readonly #loan: Loan;
  readonly #helpers: HelperThreads;
  readonly #cancellation: Cancellation;
  #result: DuckDBResult | undefined;
  #isWorking = false;
  #ending: Promise<void> | undefined;

  constructor(loan: Loan, helpers: HelperThreads, cancellation: Cancellation) {
    this.#loan = loan;
    this.#helpers = helpers;
    this.#cancellation = cancellation;
    // While the driver works, `interruptible` stops it; while the consumer works, nobody else would.
    cancellation.onCancel(() => {
      if (!this.#isWorking) void this.end();
    });
  }

  async start(statement: Statement): Promise<void> {
    await this.#work(async (connection) => {
      // Kept before `interruptible` can throw it away, since only a result that is drained lets go of the file.
      this.#result = await connection.startStream(statement);
    });
  }

  async next(): Promise<Rows | undefined> {
    const result = this.#result;
    if (result === undefined) return undefined;
    const rows = await this.#work(() => readNextRows(result));
    if (rows === undefined) this.#result = undefined;
    return rows;
  }

  end(): Promise<void> {
    this.#ending ??= this.#end();
    return this.#ending;
  }

  async #work<Result>(work: (connection: LakeConnection) => Promise<Result>): Promise<Result> {
    const { connection } = this.#loan;
    this.#isWorking = true;
    try {
      return await interruptible(connection, this.#cancellation, () => work(connection));
    } finally {
      this.#isWorking = false;
    }
  }

  async #end(): Promise<void> {
    const { connection } = this.#loan;
    const abandoned = this.#result;
    if (abandoned !== undefined) await drain(connection, abandoned);
    this.#helpers.end('large');
    const wasInterrupted = abandoned !== undefined || this.#cancellation.reason !== undefined;
    this.#loan.giveBack(wasInterrupted ? 'suspect' : 'sound');
  }
}

/**
 * Brings an unfinished stream to its end: interrupted, it gives what it has buffered and ends.
 *
 * A stream that is merely dropped keeps its transaction, and keeps the lake's file open after the lake was closed,
 * until the garbage collector finds it; a second open meanwhile would corrupt the file.
 */
async function drain(connection: LakeConnection, result: DuckDBResult): Promise<void> {
  const repeat = interruptRepeatedly(connection);
  try {
    for (;;) {
      connection.interrupt();
      const chunk = await result.fetchChunk();
      if (chunk === null || chunk.rowCount === 0) return;
    }
  } catch {
    // The interrupt was heard.
  } finally {
    clearInterval(repeat);
  }
}
