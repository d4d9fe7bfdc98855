import { DuckDBInstance } from '@duckdb/node-api';
import { mkdir, realpath } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { fileProblem } from '../foundation/errors/file-problem.ts';
import { raise, TributaryError } from '../foundation/errors/tributary-error.ts';
import { lakeFileOf } from './lake-file.ts';
import { hasOpen } from './running-process.ts';

export interface InstanceOptions {
  /** As DuckDB reads it, such as `2GB`; four tenths of what this process may use by default. */
  readonly memoryLimit?: string | undefined;
  /** Threads that one query may use; one for each core by default. */
  readonly threads?: number | undefined;
}

/** Makes the data directory when it is not there; gives the one path by which all processes know it. */
export async function prepareDirectory(directory: string): Promise<string> {
  try {
    await mkdir(directory, { recursive: true });
    return await realpath(directory);
  } catch (error) {
    throw raise('DATA_UNUSABLE', { directory, problem: fileProblem(error) }, { cause: error });
  }
}

/**
 * Opens the lake's file in a directory that is locked for us. Raises `LAKE_LOCKED` when somebody has it open in
 * spite of the lock, `LAKE_UNREADABLE` when it cannot be opened for another reason.
 */
export async function openInstance(
  directory: string,
  options: InstanceOptions,
): Promise<DuckDBInstance> {
  const file = lakeFileOf(directory);
  const realFile = await realpath(file).catch(() => file);
  // The lock file may have been removed by hand. DuckDB's own lock stops other processes, but not this one.
  if (hasOpen(realFile)) throw locked(directory, process.pid);
  try {
    const instance = await DuckDBInstance.create(file, configuration(directory, options));
    const connection = await instance.connect();
    // A time without a zone means UTC wherever the server runs.
    await connection.run(`SET GLOBAL TimeZone = 'UTC'`);
    connection.closeSync();
    return instance;
  } catch (error) {
    const owner = /lock on file.*\(PID (\d+)\)/s.exec(error instanceof Error ? error.message : '');
    throw owner === null ? unreadable(file, error) : locked(directory, Number(owner[1]), error);
  }
}

function configuration(
  directory: string,
  { memoryLimit, threads }: InstanceOptions,
): Record<string, string> {
  return {
    // Nothing dials out, and the parts that we use are built in.
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    memory_limit: memoryLimit ?? defaultMemoryLimit(),
    temp_directory: join(directory, 'lake.tmp'),
    // Far above the size at which we checkpoint ourselves: DuckDB would do it within somebody's commit.
    checkpoint_threshold: '1GB',
    // Keys that a query has found look up their rows by the index, up to so many; beyond that it scans.
    dynamic_or_filter_threshold: '1024',
    // So many rows may come of a look-up by the index; with DuckDB's 2,048 that of 1,024 keys would scan instead.
    index_scan_max_count: '100000',
    // What is selected of a page is fetched late by our own statements, which cost less than DuckDB's way.
    late_materialization_max_rows: '0',
    // It makes a join of six keys or more, which costs a look-up of eight twice as much as the list itself. Where a
    // long list is compared with every row, `isOneOf` says so.
    disabled_optimizers: 'in_clause',
    ...(threads === undefined ? {} : { threads: String(threads) }),
  };
}

function defaultMemoryLimit(): string {
  const constrained = process.constrainedMemory() ?? 0;
  const available = constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
  return `${Math.max(256, Math.floor((available * 0.4) / 2 ** 20))}MiB`;
}

function locked(directory: string, pid: number, cause?: unknown): TributaryError {
  return raise('LAKE_LOCKED', { directory, pid, file: join(directory, 'lake.lock') }, { cause });
}

function unreadable(file: string, error: unknown): TributaryError {
  const reason = error instanceof Error ? error.message : String(error);
  return raise('LAKE_UNREADABLE', { file, reason }, { cause: error });
}
