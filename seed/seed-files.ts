import { access } from 'node:fs/promises';
import { join as joinPath } from 'node:path';
import { raise } from '../foundation/errors/tributary-error.ts';
import type { ColumnDefinition, TableDefinition } from '../mapping/model.ts';
import { formatSqlType } from '../mapping/sql-type.ts';
import { identifier, join, literal, sql, typeName, type Sql } from '../lake/sql.ts';

/** A file that holds the first rows of a domain's table. */
export interface SeedFile {
  readonly path: string;
  readonly format: 'csv' | 'ndjson' | 'parquet';
}

const formats = ['csv', 'ndjson', 'parquet'] as const;

/**
 * The seed file of a table, `<seedDirectory>/<domain>/<table>.csv` or with the ending of another format; undefined
 * when there is none.
 */
export async function findSeedFile(
  seedDirectory: string,
  { schema, name }: TableDefinition,
): Promise<SeedFile | undefined> {
  const candidates = formats.map((format) => ({
    path: joinPath(seedDirectory, schema, `${name}.${format}`),
    format,
  }));
  const checks = await Promise.all(
    candidates.map((file) =>
      access(file.path).then(
        () => [file],
        () => [],
      ),
    ),
  );
  const [file, another] = checks.flat();
  if (file !== undefined && another !== undefined) {
    throw raise('SEED_FILE_AMBIGUOUS', { first: file.path, second: another.path });
  }
  return file;
}

/** The file as a table, with every column as text or as it is declared in the file. */
export function seedHeader({ path, format }: SeedFile): Sql {
  switch (format) {
    case 'csv':
      return sql`read_csv(${literal(path)}, ${csvDialect()}, all_varchar = true)`;
    case 'ndjson':
      return sql`read_json(${literal(path)}, format = 'newline_delimited')`;
    case 'parquet':
      return sql`read_parquet(${literal(path)})`;
  }
}

/** The file as a table whose columns have the types of the lake's: a value that does not fit is an error with its line. */
export function seedRows({ path, format }: SeedFile, columns: readonly ColumnDefinition[]): Sql {
  const types = join(
    columns.map(({ name, sqlType }) => sql`${literal(name)}: ${literal(formatSqlType(sqlType))}`),
    ', ',
  );
  switch (format) {
    case 'csv':
      return sql`read_csv(${literal(path)}, ${csvDialect()}, all_varchar = true, types = {${types}})`;
    case 'ndjson':
      return sql`read_json(${literal(path)}, format = 'newline_delimited', columns = {${types}})`;
    case 'parquet':
      return sql`(SELECT ${join(columns.map(castColumn), ', ')} FROM read_parquet(${literal(path)}))`;
  }
}

function castColumn({ name, sqlType }: ColumnDefinition): Sql {
  return sql`CAST(${identifier(name)} AS ${typeName(sqlType)}) AS ${identifier(name)}`;
}

function csvDialect(): Sql {
  return sql`header = true, delim = ',', quote = '"', escape = '"', nullstr = ''`;
}
