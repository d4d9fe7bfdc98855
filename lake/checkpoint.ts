import { statSync } from 'node:fs';
import type { Clock } from '../foundation/clock.ts';
import type { Log } from '../foundation/log.ts';
import type { LakeConnection } from './lake-connection.ts';
import type { ConnectionPool } from './pool.ts';

const mebibyte = 2 ** 20;

/**
 * From this much write-ahead log on we write it into the file. DuckDB's own check would do it inside a commit, and
 * a log of this size already takes some 1.4 s to replay when the lake is opened after a crash.
 */
export const defaultCheckpointBytes = 16 * mebibyte;

interface CheckpointerOptions {
  readonly walFile: string;
  readonly pool: ConnectionPool;
  readonly log: Log | undefined;
  readonly clock: Clock;
  readonly thresholdBytes: number;
}

/**
 * Decides when the write-ahead log becomes part of the lake's file. It runs on the writer's connection, between two
 * transactions.
 */
export class Checkpointer {
  readonly #options: CheckpointerOptions;
  #isOverdue = false;
  #longReaders = 0;

  constructor(options: CheckpointerOptions) {
    this.#options = options;
  }

  /** True when a query stood in the way of the last attempt, so that it should be made again once none runs. */
  get isOverdue(): boolean {
    return this.#isOverdue;
  }

  /**
   * A checkpoint fails while a query or stream still sees rows that were changed since it began. Then the next
   * occasion will do, until the log is four times too large: then queries wait, so that there is an occasion.
   */
  async runIfDue(connection: LakeConnection): Promise<void> {
    const { thresholdBytes, pool } = this.#options;
    const walBytes = this.#walBytes();
    if (walBytes < thresholdBytes) return;
    if (await this.#attempt(connection)) return;
    this.#isOverdue = true;
    if (walBytes < 4 * thresholdBytes || this.#longReaders > 0) return;
    try {
      await pool.hold();
      if (!(await this.#attempt(connection))) {
        this.#options.log?.warn({ walBytes }, 'the lake cannot write its log into its file');
      }
    } finally {
      pool.resume();
    }
  }

  /**
   * While somebody reads one state of the lake for minutes, outside the pool, waiting for the pool's queries would not
   * help: then nobody is held up for a checkpoint.
   *
   * @returns what says that the reading is over
   */
  expectLongReader(): () => void {
    this.#longReaders += 1;
    return () => {
      this.#longReaders -= 1;
    };
  }

  /** Writes everything into the file; when that fails, the log still has it. */
  async run(connection: LakeConnection): Promise<void> {
    await this.#attempt(connection);
  }

  async #attempt(connection: LakeConnection): Promise<boolean> {
    const { log, clock } = this.#options;
    const walBytes = this.#walBytes();
    const start = clock.monotonicMs();
    try {
      await connection.control('CHECKPOINT');
      this.#isOverdue = false;
      const durationMs = Math.round(clock.monotonicMs() - start);
      log?.debug({ walBytes, durationMs }, 'lake checkpoint');
      return true;
    } catch (error) {
      log?.debug({ walBytes, err: error }, 'lake checkpoint put off');
      return false;
    }
  }

  #walBytes(): number {
    return statSync(this.#options.walFile, { throwIfNoEntry: false })?.size ?? 0;
  }
}
