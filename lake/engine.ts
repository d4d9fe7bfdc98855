import type { DuckDBInstance } from '@duckdb/node-api';
import { systemClock, type Clock } from '../foundation/clock.ts';
import { threadPoolSize } from '../foundation/config/environment.ts';
import type { Log } from '../foundation/log.ts';
import { Checkpointer, sizeOf } from './checkpoint.ts';
import type { ExportManifest, ExportOptions } from './export-parquet.ts';
import { lockDirectory, type FileLock } from './file-lock.ts';
import { HelperThreads, type Extent } from './helper-threads.ts';
import { LakeConnection, type StatementObserver } from './lake-connection.ts';
import { lakeFileOf, walFileOf } from './lake-file.ts';
import { LakeMeter, type LaneUse } from './lake-meter.ts';
import { migrate, migrations, type Migration } from './migrations.ts';
import { openInstance, prepareDirectory, type InstanceOptions } from './open-instance.ts';
import { ConnectionPool, type Lane } from './pool.ts';
import { profileOf, type StatementProfile } from './profile.ts';
import { readRowsOf, type ReadOptions } from './read.ts';
import { streamRowsOf } from './row-stream.ts';
import type { Rows } from './rows.ts';
import { RunningExport } from './running-export.ts';
import { toStatement, type Sql, type Statement } from './sql.ts';
import { TableSizeCache, type TableSizes } from './table-sizes.ts';
import { LakeVersions, type LakeChanges } from './versions.ts';
import type { WriteTransaction } from './write-transaction.ts';
import { LakeWriter } from './writer.ts';

export type { ExportManifest, ExportOptions, ExportProgress } from './export-parquet.ts';
export type { Extent } from './helper-threads.ts';
export type { StatementProfile } from './profile.ts';
export type { LakeMeter, LaneUse } from './lake-meter.ts';
export { bothTraces } from './read.ts';
export type { ReadOptions, StatementRecord, StatementTrace } from './read.ts';
export type { Rows } from './rows.ts';
export type { LakeChanges, LakeReads, LakeVersions } from './versions.ts';
export type { WriteTransaction } from './write-transaction.ts';

export interface OpenLakeOptions extends InstanceOptions {
  /** Where the lake's file is, or is made. */
  readonly directory: string;
  /**
   * Threads of libuv, which also serve files and look-ups of host names: the pool leaves two of them free. More than
   * there really are would let slow queries take all of them.
   */
  readonly threadPoolSize?: number | undefined;
  /** Size of the write-ahead log at which it is written into the file. */
  readonly checkpointBytes?: number | undefined;
  readonly log?: Log | undefined;
  readonly clock?: Clock | undefined;
  /** Told of every statement before it runs, for counting and tracing. */
  readonly onStatement?: StatementObserver | undefined;
  /** The steps that bring an older lake up to date; those of this program by default. */
  readonly migrations?: readonly Migration[] | undefined;
}

/** The embedded engine: one DuckDB file in this process, many readers, one writer. `openLake` opens it. */
export class Lake {
  readonly directory: string;
  /** When what was changed last, for whoever keeps answers. */
  readonly versions = new LakeVersions();
  readonly meter: LakeMeter;
  readonly #instance: DuckDBInstance;
  readonly #lock: FileLock;
  readonly #pool: ConnectionPool;
  readonly #writer: LakeWriter;
  readonly #checkpointer: Checkpointer;
  readonly #tableSizes: TableSizeCache;
  readonly #export: RunningExport;
  #isRetrying = false;
  #closing: Promise<void> | undefined;

  private constructor(
    directory: string,
    instance: DuckDBInstance,
    lock: FileLock,
    parts: {
      pool: ConnectionPool;
      writer: LakeWriter;
      checkpointer: Checkpointer;
      tableSizes: TableSizeCache;
      connect: () => Promise<LakeConnection>;
    },
  ) {
    this.directory = directory;
    this.#instance = instance;
    this.#lock = lock;
    this.meter = parts.pool.meter;
    this.#pool = parts.pool;
    this.#writer = parts.writer;
    this.#checkpointer = parts.checkpointer;
    this.#tableSizes = parts.tableSizes;
    const { pool, checkpointer, connect } = parts;
    const onEnd = (): void => this.#retryCheckpoint();
    this.#export = new RunningExport({ connect, helpers: pool.helpers, checkpointer, onEnd });
  }

  /** Use `openLake`, which locks the directory and brings the lake up to date. */
  static async onInstance(
    directory: string,
    instance: DuckDBInstance,
    lock: FileLock,
    options: OpenLakeOptions,
  ): Promise<Lake> {
    const clock = options.clock ?? systemClock;
    const meter = new LakeMeter(clock);
    const onStatement: StatementObserver = (statement, kind) => {
      if (kind === 'write') meter.writes++;
      options.onStatement?.(statement, kind);
    };
    const connect = (): Promise<LakeConnection> => LakeConnection.open(instance, onStatement);
    const helpers = await HelperThreads.of({
      connection: await connect(),
      clock,
      log: options.log,
    });
    const pool = await ConnectionPool.open({
      ...poolSizes(options.threadPoolSize ?? threadPoolSize()),
      connect,
      onQuiet: () => lake.#retryCheckpoint(),
      meter,
      helpers,
    });
    const checkpointer = new Checkpointer({
      walFile: walFileOf(directory),
      pool,
      log: options.log,
      clock,
      thresholdBytes: options.checkpointBytes,
      lakeFile: lakeFileOf(directory),
    });
    const writer = await LakeWriter.open({
      connect,
      afterCommit: (connection) => checkpointer.runIfDue(connection),
      meter,
      helpers,
    });
    const tableSizes = new TableSizeCache(pool, clock);
    const lake = new Lake(directory, instance, lock, {
      pool,
      writer,
      checkpointer,
      tableSizes,
      connect,
    });
    return lake;
  }

  /** Bytes of the lake's file, and of the log of what is not in it yet. */
  get sizes(): { readonly fileBytes: number; readonly logBytes: number } {
    const { directory } = this;
    return { fileBytes: sizeOf(lakeFileOf(directory)), logBytes: sizeOf(walFileOf(directory)) };
  }

  /** How the connections are used that read. */
  use(lane: Lane): LaneUse {
    return this.#pool.use(lane);
  }

  /** Whether DuckDB has threads beside its callers' now. */
  get hasHelperThreads(): boolean {
    return this.#pool.helpers.areThere;
  }

  /** Runs a SELECT and gives all its rows. */
  read(statement: Statement | Sql, options?: ReadOptions): Promise<Rows> {
    return readRowsOf(this.#pool, toStatement(statement), options);
  }

  /** Runs a SELECT and gives its rows a few thousand at a time, until the deadline. */
  stream(statement: Statement | Sql, options?: ReadOptions): AsyncGenerator<Rows, void, undefined> {
    return streamRowsOf(this.#pool, toStatement(statement), options);
  }

  /** Runs a SELECT for what DuckDB counts meanwhile; its rows are thrown away. */
  profile(statement: Statement | Sql, options?: ReadOptions): Promise<StatementProfile> {
    return profileOf(this.#pool, toStatement(statement), options);
  }

  /** About how many rows each table has, `schema.name`; up to a few seconds old. */
  tableSizes(): Promise<TableSizes> {
    return this.#tableSizes.get();
  }

  /**
   * Runs the job as one transaction; its value comes when the transaction is committed and safe on disk.
   *
   * @param onCommit called at once after the commit, before anybody else's job begins; says what was changed of that
   *   which questions are answered from, which is everything by default
   * @param extent `small` for a job whose statements change a few rows that they know
   */
  write<Result>(
    job: (tx: WriteTransaction) => Promise<Result>,
    onCommit: () => LakeChanges = () => 'everything',
    extent: Extent = 'large',
  ): Promise<Result> {
    return this.#writer.write(job, () => this.versions.commit(onCommit()), extent);
  }

  /** Writes the log into the file when its size asks for it, as every commit does; for after a bulk load. */
  checkpoint(): Promise<void> {
    return this.#writer.between((connection) => this.#checkpointer.run(connection));
  }

  /**
   * Writes all rows that are for other eyes as Parquet files: one state of the lake, while it goes on. One at a time;
   * `close` gives it up.
   *
   * @throws LAKE_CLOSED, EXPORT_RUNNING, EXPORT_TARGET_NOT_EMPTY, EXPORT_TARGET_FOREIGN, EXPORT_FAILED, EXPORT_CANCELLED
   */
  exportParquet(options: ExportOptions): Promise<ExportManifest> {
    return this.#export.begin(options);
  }

  /** Takes no new work, finishes what was begun, writes everything into the file and lets others have it. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#export.stop();
    await this.#writer.finish();
    await this.#pool.close();
    await this.checkpoint();
    await this.#writer.finish();
    this.#writer.close();
    this.#pool.helpers.close();
    this.#instance.closeSync();
    await this.#lock.release();
  }

  #retryCheckpoint(): void {
    if (!this.#checkpointer.isOverdue || this.#isRetrying || this.#closing !== undefined) return;
    this.#isRetrying = true;
    const attempt = this.#writer.between((connection) => this.#checkpointer.runIfDue(connection));
    void attempt.finally(() => {
      this.#isRetrying = false;
    });
  }
}

/**
 * Opens the lake of a directory, makes it when there is none, and brings an older one up to date.
 *
 * Raises `LAKE_LOCKED` when it is open already, in whichever process or thread; `LAKE_NEWER` when a newer program
 * wrote it; `LAKE_UNREADABLE` and `LAKE_MIGRATION_FAILED` when that fails.
 */
export async function openLake(options: OpenLakeOptions): Promise<Lake> {
  const directory = await prepareDirectory(options.directory);
  const lock = await lockDirectory(directory, options.clock ?? systemClock);
  try {
    const instance = await openInstance(directory, options);
    return await openOnInstance(directory, instance, lock, options);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function openOnInstance(
  directory: string,
  instance: DuckDBInstance,
  lock: FileLock,
  options: OpenLakeOptions,
): Promise<Lake> {
  const lake = await Lake.onInstance(directory, instance, lock, options);
  try {
    await migrate(lake, directory, options.migrations ?? migrations);
    return lake;
  } catch (error) {
    await lake.close();
    throw error;
  }
}

/** A query keeps a thread of libuv busy, and the writer's keep another: one at least is left for files. */
function poolSizes(threadPoolSize: number): { size: number; reservedForPoints: number } {
  const size = Math.max(2, threadPoolSize - 2);
  return { size, reservedForPoints: Math.max(1, Math.floor(size / 3)) };
}
