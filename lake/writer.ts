import { raise } from '../foundation/errors/tributary-error.ts';
import type { Extent, HelperThreads } from './helper-threads.ts';
import type { LakeConnection } from './lake-connection.ts';
import type { LakeMeter } from './lake-meter.ts';
import { StatementSequence, type During, type WriteTransaction } from './write-transaction.ts';

export type { WriteTransaction } from './write-transaction.ts';

interface WriterOptions {
  readonly connect: () => Promise<LakeConnection>;
  /** Runs after each transaction, before the next one and after its job was told; it may use the connection. */
  readonly afterCommit: (connection: LakeConnection) => Promise<void>;
  readonly meter: LakeMeter;
  readonly helpers: HelperThreads;
}

/**
 * The one connection that changes the lake. Jobs wait in line, and each is one transaction. A running job is never
 * interrupted, since what an interrupt leaves of a transaction cannot be told.
 */
export class LakeWriter {
  readonly #options: WriterOptions;
  #connection: LakeConnection;
  #tail: Promise<unknown> = Promise.resolve();
  #isClosing = false;

  private constructor(connection: LakeConnection, options: WriterOptions) {
    this.#connection = connection;
    this.#options = options;
  }

  static async open(options: WriterOptions): Promise<LakeWriter> {
    return new LakeWriter(await options.connect(), options);
  }

  /**
   * Runs the job as one transaction; its value comes when the transaction is committed and safe on disk.
   *
   * Rejects, and keeps nothing, when the job throws, when any statement failed (`LAKE_WRITE_FAILED`, also when the
   * job caught that error), or when the commit failed (`LAKE_COMMIT_FAILED`). A job must not await another `write`.
   *
   * @param onCommit called at once after the commit, before anybody else's job begins
   */
  write<Result>(
    job: (transaction: WriteTransaction) => Promise<Result>,
    onCommit?: () => void,
    extent: Extent = 'large',
  ): Promise<Result> {
    if (this.#isClosing) return Promise.reject(raise('LAKE_CLOSED', {}));
    const { meter } = this.#options;
    meter.transactionsOpen++;
    const result = this.#tail
      .then(() => this.#transactWith(job, onCommit, extent))
      .finally(() => void meter.transactionsOpen--);
    this.#tail = result
      .then(() => this.#options.afterCommit(this.#connection))
      .catch(() => undefined);
    return result;
  }

  /** Runs something on the connection between two transactions. */
  between(work: (connection: LakeConnection) => Promise<void>): Promise<void> {
    const result = this.#tail.then(() => work(this.#connection));
    this.#tail = result.catch(() => undefined);
    return result;
  }

  /** Takes no new jobs and waits for those in line. */
  async finish(): Promise<void> {
    this.#isClosing = true;
    await this.#tail;
  }

  close(): void {
    this.#connection.close();
  }

  /** Between the statements of a small job others may have the helper threads come and go. */
  #transactWith<Result>(
    job: (transaction: WriteTransaction) => Promise<Result>,
    onCommit: (() => void) | undefined,
    extent: Extent,
  ): Promise<Result> {
    const { helpers } = this.#options;
    const transact = (during: During): Promise<Result> => this.#transact(job, onCommit, during);
    if (extent === 'small') return transact((work) => helpers.during('small', work));
    return helpers.during('large', () => transact((work) => work()));
  }

  async #transact<Result>(
    job: (transaction: WriteTransaction) => Promise<Result>,
    onCommit: (() => void) | undefined,
    during: During,
  ): Promise<Result> {
    const { meter } = this.#options;
    const startedMs = meter.clock.monotonicMs();
    await during(() => this.#connection.control('BEGIN'));
    const statements = new StatementSequence(this.#connection, during);
    try {
      const value = await endAfter(statements, job(statements));
      if (statements.failure !== undefined) throw statements.failure;
      await this.#commit(during);
      onCommit?.();
      meter.transactions.add((meter.clock.monotonicMs() - startedMs) / 1_000);
      return value;
    } catch (error) {
      meter.rollbacks++;
      await this.#rollBack(during);
      throw error;
    }
  }

  async #commit(during: During): Promise<void> {
    try {
      await during(() => this.#connection.control('COMMIT'));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw raise('LAKE_COMMIT_FAILED', { reason }, { cause: error });
    }
  }

  /** A connection whose transaction cannot be rolled back (a failed commit ended it already) is replaced. */
  async #rollBack(during: During): Promise<void> {
    try {
      await during(() => this.#connection.control('ROLLBACK'));
    } catch {
      const replacement = await this.#options.connect();
      this.#connection.close();
      this.#connection = replacement;
    }
  }
}

async function endAfter<Result>(
  statements: StatementSequence,
  work: Promise<Result>,
): Promise<Result> {
  try {
    return await work;
  } finally {
    await statements.end();
  }
}
