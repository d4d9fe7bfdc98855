import { stat } from 'node:fs/promises';
import { raise } from '../foundation/errors/tributary-error.ts';
import { identifier, join, literal, sql, typeName, type Sql } from '../lake/sql.ts';
import type { WriteTransaction } from '../lake/write-transaction.ts';
import { foldCase } from '../mapping/lake-name.ts';
import type { ColumnDefinition, TableDefinition } from '../mapping/model.ts';
import { formatSqlType } from '../mapping/sql-type.ts';
import { readCsvHeader } from './csv-header.ts';
import type { SeedFile } from './seed-files.ts';
import { reportingCorruption } from './seed-file-error.ts';

/** The columns of a seed file, in their order, found in any spelling: names in the lake know no case. */
export class SeedColumns {
  readonly names: readonly string[];
  readonly #byFolded: ReadonlyMap<string, string>;

  constructor(names: readonly string[]) {
    this.names = names;
    this.#byFolded = new Map(names.map((name) => [foldCase(name), name]));
  }

  /** The column as the file spells it. */
  find(name: string): string | undefined {
    return this.#byFolded.get(foldCase(name));
  }
}

/** Reads which columns a file has; `definition` is the table that it is for. */
export async function readSeedColumns(
  tx: WriteTransaction,
  definition: TableDefinition,
  file: SeedFile,
): Promise<SeedColumns> {
  switch (file.format) {
    case 'csv':
      return new SeedColumns(await csvColumns(definition, file));
    case 'ndjson': {
      // Every line is looked at, since one that lacks a column says nothing about the next.
      const rows = sql`read_json(${pathOf(file)}, format = 'newline_delimited', sample_size = -1)`;
      const isEmpty = (await stat(file.path)).size === 0;
      return isEmpty
        ? new SeedColumns(definition.columns.map(({ name }) => name))
        : describeRows(tx, definition, file, rows);
    }
    case 'parquet':
      return describeRows(tx, definition, file, sql`read_parquet(${pathOf(file)})`);
  }
}

/** The rows of a file, with these columns of the lake: names and types are the lake's. */
export function seedRows(
  file: SeedFile,
  inFile: SeedColumns,
  columns: readonly ColumnDefinition[],
): Sql {
  const typesInFile = new Map(
    columns.map(({ name, sqlType }) => [inFile.find(name) ?? name, formatSqlType(sqlType)]),
  );
  const selected = columns.map(({ name, sqlType }) => {
    const value = identifier(inFile.find(name) ?? name);
    const cast = file.format === 'parquet' ? sql`CAST(${value} AS ${typeName(sqlType)})` : value;
    return sql`${cast} AS ${identifier(name)}`;
  });
  return sql`(SELECT ${join(selected, ', ')} FROM ${readerOf(file, inFile, typesInFile)})`;
}

function readerOf(file: SeedFile, inFile: SeedColumns, types: ReadonlyMap<string, string>): Sql {
  switch (file.format) {
    case 'csv': {
      // All columns and the dialect are given, so that DuckDB guesses nothing.
      const all = inFile.names.map((name): [string, string] => [
        name,
        types.get(name) ?? 'VARCHAR',
      ]);
      return sql`read_csv(${pathOf(file)}, auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, columns = ${structOf(all)})`;
    }
    case 'ndjson':
      return sql`read_json(${pathOf(file)}, format = 'newline_delimited', columns = ${structOf(types)})`;
    case 'parquet':
      return sql`read_parquet(${pathOf(file)})`;
  }
}

function structOf(entries: Iterable<readonly [string, string]>): Sql {
  return sql`{${join(
    [...entries].map(([name, type]) => sql`${literal(name)}: ${literal(type)}`),
    ', ',
  )}}`;
}

async function csvColumns(
  definition: TableDefinition,
  { path }: SeedFile,
): Promise<readonly string[]> {
  const names = await readCsvHeader(path);
  const twice = names?.find(
    (name, position) => names.findIndex((other) => foldCase(other) === foldCase(name)) < position,
  );
  if (names !== undefined && twice === undefined) return names;
  const problem =
    twice === undefined
      ? 'its first line does not name the columns, separated by commas'
      : `its first line names the column "${twice}" twice`;
  const table = `${definition.schema}.${definition.name}`;
  throw raise(
    'SEED_FILE_CORRUPT',
    { table, problem: `${problem}.` },
    { at: { file: path, line: 1 } },
  );
}

async function describeRows(
  tx: WriteTransaction,
  definition: TableDefinition,
  file: SeedFile,
  rows: Sql,
): Promise<SeedColumns> {
  const header = await reportingCorruption(definition, file, () =>
    tx.read(sql`SELECT column_name FROM (DESCRIBE SELECT * FROM ${rows})`),
  );
  return new SeedColumns((header.columns[0] ?? []).map(String));
}

/** A path in which nothing is a pattern: DuckDB reads all files that match one. */
function pathOf({ path }: SeedFile): Sql {
  return literal(path.replaceAll(/[[*?]/g, '[$&]'));
}
