import { didYouMean } from '../foundation/errors/did-you-mean.ts';
import { raise } from '../foundation/errors/tributary-error.ts';
import { identifier, join, sql, table, type Sql } from '../lake/sql.ts';
import type { WriteTransaction } from '../lake/write-transaction.ts';
import type { ColumnDefinition, TableDefinition } from '../mapping/model.ts';
import { seedHeader, seedRows, type SeedFile } from './seed-files.ts';

/** Loads a seed file into a table that is empty; gives the number of rows. */
export async function loadSeedFile(
  tx: WriteTransaction,
  definition: TableDefinition,
  file: SeedFile,
): Promise<number> {
  const columns = await columnsInFile(tx, definition, file);
  const names = join(
    columns.map(({ name }) => identifier(name)),
    ', ',
  );
  return reportingCorruption(definition, file, () =>
    tx.run(
      sql`INSERT INTO ${tableOf(definition)} (${names}) SELECT ${names} FROM ${seedRows(file, columns)}`,
    ),
  );
}

/** Whether the file has a column. */
export async function hasColumn(
  tx: WriteTransaction,
  definition: TableDefinition,
  column: ColumnDefinition,
  file: SeedFile,
): Promise<boolean> {
  return (await headerOf(tx, definition, file)).has(column.name);
}

/** Fills a column that is new in a table from the seed file that has it; rows are matched by the primary key. */
export async function backfillColumn(
  tx: WriteTransaction,
  definition: TableDefinition,
  column: ColumnDefinition,
  file: SeedFile,
): Promise<void> {
  const columns = await columnsInFile(tx, definition, file);
  const name = identifier(column.name);
  const isSame = definition.primaryKey.map(
    (key) => sql`"known".${identifier(key)} = "seed".${identifier(key)}`,
  );
  await reportingCorruption(definition, file, () =>
    tx.run(
      sql`UPDATE ${tableOf(definition)} AS "known" SET ${name} = "seed".${name} FROM ${seedRows(file, columns)} AS "seed" WHERE ${join(isSame, ' AND ')}`,
    ),
  );
}

/** The columns of the table that the file has. One that it lacks needs a declared default. */
async function columnsInFile(
  tx: WriteTransaction,
  definition: TableDefinition,
  file: SeedFile,
): Promise<readonly ColumnDefinition[]> {
  const present = await headerOf(tx, definition, file);
  for (const { name, mayBeMissing, field, location } of definition.columns) {
    if (present.has(name) || mayBeMissing) continue;
    const advice = didYouMean(name, present);
    throw raise(
      'SEED_COLUMN_MISSING',
      { field, column: name, file: file.path, advice },
      { at: location },
    );
  }
  return definition.columns.filter(({ name }) => present.has(name));
}

async function headerOf(
  tx: WriteTransaction,
  definition: TableDefinition,
  file: SeedFile,
): Promise<ReadonlySet<string>> {
  const header = await reportingCorruption(definition, file, () =>
    tx.read(sql`SELECT column_name FROM (DESCRIBE SELECT * FROM ${seedHeader(file)})`),
  );
  return new Set((header.columns[0] ?? []).map(String));
}

async function reportingCorruption<T>(
  { schema, name }: TableDefinition,
  file: SeedFile,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const line = /\bLine:? (\d+)/i.exec(text)?.[1];
    throw raise(
      'SEED_FILE_CORRUPT',
      { table: `${schema}.${name}`, problem: problemIn(text) },
      {
        at: { file: file.path, line: line === undefined ? undefined : Number(line) },
        cause: error,
      },
    );
  }
}

/** DuckDB's message without its advice on the options of the reader, which nobody can set here. */
function problemIn(message: string): string {
  const [, rest = message] = /^(?:\w+ )*Error: ([\s\S]*)$/.exec(message) ?? [];
  return rest
    .split('\n')
    .map((line) => line.trim())
    .filter(
      (line) =>
        line !== '' &&
        !/^(CSV Error on Line|Possible (fixes|solution)|\*|file =|delimiter =|quote =|escape =|new_line =|header =|skip_rows =|comment =|strict_mode =|date_format =|timestamp_format =|null_padding =|sample_size =|ignore_errors =|all_varchar =|The following|nullstr|decimal_separator|LINE \d)/i.test(
          line,
        ),
    )
    .slice(0, 3)
    .join(' ');
}

function tableOf({ schema, name }: TableDefinition): Sql {
  return table(schema, name);
}
