import { didYouMean } from '../foundation/errors/did-you-mean.ts';
import { raise } from '../foundation/errors/tributary-error.ts';
import { identifier, join, sql, table, type Sql } from '../lake/sql.ts';
import type { WriteTransaction } from '../lake/write-transaction.ts';
import type { ColumnDefinition, TableDefinition } from '../mapping/model.ts';
import { refuseLostDigits } from './lost-digits.ts';
import { reportingCorruption } from './seed-file-error.ts';
import type { SeedFile } from './seed-files.ts';
import { readSeedColumns, seedRows, type SeedColumns } from './seed-rows.ts';

/** Loads a seed file into a table that is empty; gives the number of rows. */
export async function loadSeedFile(
  tx: WriteTransaction,
  definition: TableDefinition,
  file: SeedFile,
): Promise<number> {
  const inFile = await readSeedColumns(tx, definition, file);
  const columns = seededColumns(definition, file, inFile);
  await refuseLostDigits(tx, definition, file, inFile, columns);
  const names = namesOf(columns);
  const { schema, name } = definition;
  return reportingCorruption(definition, file, () =>
    tx.run(
      sql`INSERT INTO ${table(schema, name)} (${names}) SELECT ${names} FROM ${seedRows(file, inFile, columns)}`,
    ),
  );
}

/**
 * The columns of the table that the file has.
 * @throws SEED_COLUMN_MISSING for one that it lacks and that has no declared default
 */
export function seededColumns(
  { columns }: TableDefinition,
  { path }: SeedFile,
  inFile: SeedColumns,
): readonly ColumnDefinition[] {
  for (const { name, mayBeMissing, field, location } of columns) {
    if (inFile.find(name) !== undefined || mayBeMissing) continue;
    const advice = didYouMean(name, inFile.names);
    throw raise(
      'SEED_COLUMN_MISSING',
      { field, column: name, file: path, advice },
      { at: location },
    );
  }
  return columns.filter(({ name }) => inFile.find(name) !== undefined);
}

export function namesOf(columns: readonly ColumnDefinition[]): Sql {
  return join(
    columns.map(({ name }) => identifier(name)),
    ', ',
  );
}
