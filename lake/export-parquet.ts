import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Clock } from '../foundation/clock.ts';
import { raise, TributaryError } from '../foundation/errors/tributary-error.ts';
import type { LakeModel } from '../mapping/model.ts';
import { describeTables } from './describe-tables.ts';
import { ExportFolder, manifestName } from './export-folder.ts';
import { exportedTables } from './exported-tables.ts';
import { interruptRepeatedly } from './interruptible.ts';
import type { LakeConnection } from './lake-connection.ts';
import { literal, sql, table as tableName, toStatement, type Sql } from './sql.ts';

export interface ExportOptions {
  /** Where the export is to be; it must not exist, or be empty. */
  readonly directory: string;
  /** Whether a former export may be there, which this one replaces. */
  readonly mayReplace: boolean;
  /** Says which tables there are. */
  readonly model: LakeModel;
  /** Of this program. */
  readonly version: string;
  readonly clock: Clock;
  /** Told now and then how many rows are written. */
  readonly onProgress?: ((progress: ExportProgress) => void) | undefined;
  /** Gives the export up when it aborts. */
  readonly signal?: AbortSignal | undefined;
}

export interface ExportProgress {
  /** The table that is being written, `schema.name`. */
  readonly table: string;
  readonly rowsDone: number;
  readonly rowsTotal: number;
}

/** What `manifest.json` says of an export. */
export interface ExportManifest {
  readonly format: 'tributary-export/1';
  /** Of the program that wrote it. */
  readonly version: string;
  /** RFC 3339: just before the state of the lake that it holds. */
  readonly time: string;
  /** The last change in the log. */
  readonly sequence: number;
  readonly tables: readonly ManifestTable[];
}

export interface ManifestTable {
  readonly schema: string;
  readonly table: string;
  /** Within the export. */
  readonly file: string;
  readonly rowCount: number;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

/**
 * Writes one state of the whole lake as Parquet files, while others read and write: all tables in one transaction, on
 * a connection of its own.
 *
 * @throws EXPORT_TARGET_NOT_EMPTY, EXPORT_TARGET_FOREIGN, EXPORT_FAILED, EXPORT_CANCELLED
 */
export async function exportParquet(
  connection: LakeConnection,
  options: ExportOptions,
): Promise<ExportManifest> {
  const { directory, mayReplace, signal } = options;
  let folder: ExportFolder | undefined;
  try {
    signal?.throwIfAborted();
    folder = await ExportFolder.prepare(directory, mayReplace);
    const manifest = await writeTables(connection, folder.path, options);
    const text = `${JSON.stringify(manifest, null, 2)}\n`;
    await writeFile(join(folder.path, manifestName), text);
    signal?.throwIfAborted();
    await folder.finish();
    return manifest;
  } catch (error) {
    await folder?.discard();
    if (signal?.aborted === true) throw raise('EXPORT_CANCELLED', { directory }, { cause: error });
    if (error instanceof TributaryError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw raise('EXPORT_FAILED', { directory, reason }, { cause: error });
  }
}

/** A table as the export tells of it, and as the lake has it. */
interface CountedTable {
  readonly entry: ManifestTable;
  readonly source: Sql;
}

async function writeTables(
  connection: LakeConnection,
  folder: string,
  { model, version, clock, onProgress, signal }: ExportOptions,
): Promise<ExportManifest> {
  const stop = interruptOnAbort(connection, signal);
  try {
    await run(sql`BEGIN TRANSACTION READ ONLY`);
    const time = clock.now().toISOString();
    // DuckDB takes its snapshot when a transaction first looks at the file.
    const sequence = await readNumber(sql`SELECT coalesce(max("sequence"), 0) FROM ledger.change`);
    const tables = await countRows();
    const rowsTotal = tables.reduce((sum, { entry }) => sum + entry.rowCount, 0);
    let rowsDone = 0;
    await run(sql`SET enable_progress_bar = true`);
    await run(sql`SET enable_progress_bar_print = false`);
    for (const { entry, source } of tables) {
      const file = join(folder, entry.file);
      await mkdir(dirname(file), { recursive: true });
      const tell = (share: number): void =>
        onProgress?.({
          table: `${entry.schema}.${entry.table}`,
          rowsDone: rowsDone + Math.floor(share * entry.rowCount),
          rowsTotal,
        });
      tell(0);
      await watched(connection, tell, () =>
        run(sql`COPY ${source} TO ${literal(file)} (FORMAT parquet, COMPRESSION zstd)`),
      );
      rowsDone += entry.rowCount;
      tell(0);
    }
    await run(sql`COMMIT`);
    return {
      format: 'tributary-export/1',
      version,
      time,
      sequence,
      tables: tables.map(({ entry }) => entry),
    };
  } finally {
    stop();
  }

  function run(statement: Sql): Promise<number> {
    signal?.throwIfAborted();
    return connection.run(toStatement(statement));
  }

  async function readNumber(statement: Sql): Promise<number> {
    signal?.throwIfAborted();
    return Number((await connection.query(toStatement(statement))).columns[0]?.[0]);
  }

  async function countRows(): Promise<readonly CountedTable[]> {
    const read = (statement: Sql) => connection.query(toStatement(statement));
    const actual = await describeTables({ read });
    const counted: CountedTable[] = [];
    for (const { schema, name, table, file } of exportedTables(model)) {
      const found = actual.find({ schema, name: table });
      if (found === undefined) throw new Error(`The lake has no table ${schema}.${table}`);
      const source = tableName(schema, table);
      const rowCount = await readNumber(sql`SELECT count(*) FROM ${source}`);
      const columns = found.columns.map((column) => ({ name: column.name, type: column.typeText }));
      counted.push({ entry: { schema, table: name, file, rowCount, columns }, source });
    }
    return counted;
  }
}

/** How often it is looked how far a table has come. */
const tellEveryMs = 200;

async function watched(
  connection: LakeConnection,
  tell: (share: number) => void,
  work: () => Promise<unknown>,
): Promise<void> {
  const timer = setInterval(() => tell(connection.progress), tellEveryMs);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
}

/** @returns what ends it, once nothing runs any more */
function interruptOnAbort(connection: LakeConnection, signal: AbortSignal | undefined): () => void {
  let repeat: NodeJS.Timeout | undefined;
  const interrupt = (): void => {
    repeat = interruptRepeatedly(connection);
  };
  signal?.addEventListener('abort', interrupt, { once: true });
  return () => {
    signal?.removeEventListener('abort', interrupt);
    clearInterval(repeat);
  };
}
