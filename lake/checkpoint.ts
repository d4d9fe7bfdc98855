import { statSync } from 'node:fs';
import type { Clock } from '../foundation/clock.ts';
import type { Log } from '../foundation/log.ts';
import type { LakeConnection } from './lake-connection.ts';
import type { ConnectionPool } from './pool.ts';

const mebibyte = 2 ** 20;

/**
 * From this much write-ahead log on we write it into the file of a small lake. DuckDB's own check would do it inside a commit, and
 * a log of this size already takes some 1.4 s to replay when the lake is opened after a crash.
 */
const leastCheckpointBytes = 16 * mebibyte;

/** A log of this size takes some four seconds to replay. */
const mostCheckpointBytes = 64 * mebibyte;

/**
 * A checkpoint of a large lake takes longer (1.4 s of 1,000,000 customers), since it writes whole indexes anew. So the
 * log may grow with the lake: otherwise who writes much would wait for checkpoints a third of the time.
 */
export function checkpointBytesFor(lakeBytes: number): number {
  return Math.min(mostCheckpointBytes, Math.max(leastCheckpointBytes, lakeBytes / 32));
}

interface CheckpointerOptions {
  readonly walFile: string;
  readonly pool: ConnectionPool;
  readonly log: Log | undefined;
  readonly clock: Clock;
  /** By default it depends on how large the lake is. */
  readonly thresholdBytes?: number | undefined;
  readonly lakeFile: string;
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
    const { pool, walFile } = this.#options;
    const walBytes = sizeOf(walFile);
    // Most commits end here, without a look at the lake's file.
    if (walBytes < (this.#options.thresholdBytes ?? leastCheckpointBytes)) return;
    const thresholdBytes = this.#thresholdBytes();
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
    const { log, clock, pool } = this.#options;
    const walBytes = sizeOf(this.#options.walFile);
    const start = clock.monotonicMs();
    try {
      await pool.helpers.during('large', () => connection.control('CHECKPOINT'));
      this.#isOverdue = false;
      const durationMs = clock.monotonicMs() - start;
      pool.meter.checkpoints.add(durationMs / 1_000);
      log?.debug({ walBytes, durationMs: Math.round(durationMs) }, 'lake checkpoint');
      return true;
    } catch (error) {
      pool.meter.checkpointsPutOff++;
      log?.debug({ walBytes, err: error }, 'lake checkpoint put off');
      return false;
    }
  }

  #thresholdBytes(): number {
    const { thresholdBytes, lakeFile } = this.#options;
    return thresholdBytes ?? checkpointBytesFor(sizeOf(lakeFile));
  }
}

export function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
