import { createReadStream } from 'node:fs';
import { raise, TributaryError } from '../../foundation/errors/tributary-error.ts';
import { identifier, join, literal, sql, type Sql } from '../../lake/sql.ts';
import type { Lake } from '../../lake/engine.ts';
import type { FolderSource } from '../declaration/sync-declaration.ts';
import type { RawShape } from '../stage/raw-shape.ts';
import type { Staging } from '../stage/staging.ts';
import { readCsvHeader } from './csv-header.ts';
import type { DroppedFile } from './dropped-files.ts';
import { LineProblems, readNdjson } from './ndjson-lines.ts';

/**
 * Brings the rows of a file into their staging table. CSV and Parquet are read by DuckDB itself, all values as texts.
 * @throws SYNC_FILE_UNREADABLE
 */
export async function loadFile(
  file: DroppedFile,
  source: FolderSource,
  staging: Staging,
  lake: Lake,
): Promise<RawShape> {
  try {
    switch (source.format) {
      case 'csv':
        return await loadCsv(file, source, staging);
      case 'parquet':
        return await loadParquet(file, staging, lake);
      case 'ndjson':
        return await loadNdjson(file, staging);
    }
  } catch (error) {
    if (error instanceof TributaryError && error.code === 'SYNC_FILE_UNREADABLE') throw error;
    throw unreadable(file, problemIn(rootMessage(error)), error);
  }
}

async function loadCsv(
  file: DroppedFile,
  { csv }: FolderSource,
  staging: Staging,
): Promise<RawShape> {
  const names = await readCsvHeader(file.path, csv);
  if (names === undefined) throw unreadable(file, 'its first line does not name the columns.');
  const twice = names.find((name, position) => names.indexOf(name) < position);
  if (twice !== undefined)
    throw unreadable(file, `its first line names the column "${twice}" twice.`);
  const columns = names.map((_, position) => sql`${literal(`c${position}`)}: 'VARCHAR'`);
  const { delimiter, quote, encoding } = csv;
  await staging.load(
    sql`SELECT row_number() OVER () AS "_row", * FROM read_csv(${pathOf(file)}, auto_detect = false, header = true, delim = ${literal(delimiter)}, quote = ${literal(quote)}, escape = ${literal(quote)}, encoding = ${literal(encoding)}, nullstr = '', allow_quoted_nulls = false, columns = {${join(columns, ', ')}})`,
  );
  return { kind: 'columns', names };
}

async function loadParquet(file: DroppedFile, staging: Staging, lake: Lake): Promise<RawShape> {
  const described = await lake.read(
    sql`SELECT column_name FROM (DESCRIBE SELECT * FROM read_parquet(${pathOf(file)}))`,
  );
  const names = (described.columns[0] ?? []).map(String);
  const texts = names.map(
    (name, position) => sql`CAST(${identifier(name)} AS VARCHAR) AS ${identifier(`c${position}`)}`,
  );
  await staging.load(
    sql`SELECT row_number() OVER () AS "_row", ${join(texts, ', ')} FROM read_parquet(${pathOf(file)})`,
  );
  return { kind: 'columns', names };
}

async function loadNdjson(file: DroppedFile, staging: Staging): Promise<RawShape> {
  const shape = { kind: 'json' } as const;
  await staging.create(shape);
  for await (const batch of readNdjson(createReadStream(file.path)))
    await staging.append(shape, [batch]);
  return shape;
}

/** A path in which nothing is a pattern: DuckDB reads all files that match one. */
function pathOf({ path }: DroppedFile): Sql {
  return literal(path.replaceAll(/[[*?]/g, '[$&]'));
}

function unreadable(file: DroppedFile, problem: string, cause?: unknown): TributaryError {
  const line = /\bLine:? (\d+)/.exec(problem)?.[1];
  const at = { file: file.path, line: line === undefined ? undefined : Number(line) };
  return raise('SYNC_FILE_UNREADABLE', { file: file.name, problem }, { at, cause });
}

/** DuckDB's own words, without those of whoever passed them on. */
function rootMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof LineProblems) return error.message;
  return error.cause instanceof Error ? rootMessage(error.cause) : error.message;
}

/** Where DuckDB begins to tell about the options of its readers, which nobody can set here, and about its statement. */
const adviceBegins =
  /^(?:Possible (?:fixes|[Ss]olutions?)|Column .* is being converted|Try setting|LINE \d|file =|\^)/;

function problemIn(message: string): string {
  const lines = message
    .replace(/^(?:\w+ )*Error: /, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const end = lines.findIndex((line) => adviceBegins.test(line));
  return lines.slice(0, end === -1 ? 3 : end).join(' ');
}
