import type { Clock } from '../../foundation/clock.ts';
import { raise } from '../../foundation/errors/tributary-error.ts';
import type { Scheduler } from '../../foundation/scheduler.ts';
import type { Lake } from '../../lake/engine.ts';
import { sql, value } from '../../lake/sql.ts';
import type { FolderSource } from '../declaration/sync-declaration.ts';
import { pause } from '../schedule/pause.ts';
import { timestamp } from '../sync-state.ts';
import {
  digestOf,
  isSameFile,
  isSettled,
  isSnapshotName,
  listFiles,
  lookAt,
  settledAfterMs,
  type DroppedFile,
} from './dropped-files.ts';
import { loadFile } from './load-file.ts';
import type { Delivery, ReadRequest, Source } from './source.ts';
import { changesNothing } from '../../lake/versions.ts';

interface FolderOptions {
  readonly domain: string;
  readonly table: string;
  readonly source: FolderSource;
  readonly lake: Lake;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
}

/** A file as it was when it was taken. */
interface TakenFile {
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  readonly digest: string;
}

/**
 * Files that are dropped into a folder: each is taken once, in the order of names, when it is complete. One that
 * cannot be read or is still being written holds up those behind it, since a later state must not come before an
 * earlier one. A snapshot is asked for by taking the newest file that is one again.
 */
export class DropFolder implements Source {
  readonly #options: FolderOptions;

  constructor(options: FolderOptions) {
    this.#options = options;
  }

  async *read(request: ReadRequest): AsyncGenerator<Delivery, void, undefined> {
    const { lake, source } = this.#options;
    const files = await this.#completeFiles(request.signal);
    const taken = await this.#takenFiles();
    if (files === undefined) {
      const missing = raise('SYNC_FOLDER_MISSING', { folder: source.path });
      // Before the first file, whoever drops it may have to make the folder; later it was moved, or is not mounted.
      if (taken.size > 0) throw missing;
      request.warn(missing);
      return;
    }
    const newest = files.findLast((file) => this.#isSnapshot(file));
    for (const file of files) {
      request.signal.throwIfAborted();
      const before = taken.get(file.name);
      const isAgain = request.isSnapshot && file === newest;
      if (!isAgain && before?.sizeBytes === file.sizeBytes && before.modifiedMs === file.modifiedMs)
        continue;
      const digest = await readable(file, () => digestOf(file));
      if (!isAgain && before?.digest === digest) {
        await lake.write((tx) => this.#remember(tx, file, digest), changesNothing);
        continue;
      }
      const staging = request.openStaging();
      const shape = await loadFile(file, source, staging, lake);
      if (!isSameFile(file, await lookAt(file.path, file.name)))
        throw raise('SYNC_FILE_UNREADABLE', {
          file: file.name,
          problem: 'it changed while it was read.',
        });
      const isSnapshot = this.#isSnapshot(file);
      const finish = (tx: Parameters<NonNullable<Delivery['finish']>>[0]) =>
        this.#remember(tx, file, digest);
      yield { name: file.name, staging, shape, isSnapshot, finish };
    }
  }

  /** Files up to the first one that somebody is writing to. The young ones are looked at twice. */
  async #completeFiles(signal: AbortSignal): Promise<readonly DroppedFile[] | undefined> {
    const { source, clock, scheduler } = this.#options;
    const first = await listFiles(source);
    if (first === undefined || first.every((file) => isSettled(file, clock))) return first;
    await pause(scheduler, settledAfterMs, signal);
    const complete: DroppedFile[] = [];
    for (const file of (await listFiles(source)) ?? []) {
      const before = first.find(({ name }) => name === file.name);
      const isComplete = before === undefined ? isSettled(file, clock) : isSameFile(file, before);
      if (!isComplete) break;
      complete.push(file);
    }
    return complete;
  }

  #isSnapshot({ name }: DroppedFile): boolean {
    return this.#options.source.isSnapshot || isSnapshotName(name);
  }

  async #takenFiles(): Promise<ReadonlyMap<string, TakenFile>> {
    const { lake, domain, table } = this.#options;
    const { columns, rowCount } = await lake.read(
      sql`SELECT name, size_bytes, modified_ms, digest FROM sync.file WHERE domain = ${value(domain)} AND "table" = ${value(table)}`,
    );
    return new Map(
      Array.from({ length: rowCount }, (_, row) => [
        String(columns[0]?.[row]),
        {
          sizeBytes: Number(columns[1]?.[row]),
          modifiedMs: Number(columns[2]?.[row]),
          digest: String(columns[3]?.[row]),
        },
      ]),
    );
  }

  async #remember(
    tx: Parameters<NonNullable<Delivery['finish']>>[0],
    { name, sizeBytes, modifiedMs }: DroppedFile,
    digest: string,
  ): Promise<void> {
    const { domain, table, clock } = this.#options;
    await tx.run(
      sql`DELETE FROM sync.file WHERE domain = ${value(domain)} AND "table" = ${value(table)} AND name = ${value(name)}`,
    );
    await tx.run(
      sql`INSERT INTO sync.file VALUES (${value(domain)}, ${value(table)}, ${value(name)}, ${value(BigInt(sizeBytes))}, ${value(modifiedMs)}, ${value(digest)}, ${value(timestamp(clock.now()))})`,
    );
  }
}

async function readable<Result>(file: DroppedFile, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    const at = { file: file.path };
    throw raise('SYNC_FILE_UNREADABLE', { file: file.name, problem }, { at, cause: error });
  }
}
