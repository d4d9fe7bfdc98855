import { raise } from '../foundation/errors/tributary-error.ts';
import { identifier, join, sql, table, type Sql } from '../lake/sql.ts';
import type { WriteTransaction } from '../lake/write-transaction.ts';
import { foldCase } from '../mapping/lake-name.ts';
import type { ColumnDefinition, TableDefinition } from '../mapping/model.ts';
import { loadSeedFile, namesOf, seededColumns } from './load-seed-file.ts';
import { reportingCorruption } from './seed-file-error.ts';
import type { SeedFile } from './seed-files.ts';
import { readSeedColumns, seedRows } from './seed-rows.ts';

/**
 * Fills columns that are new in a table from the seed file that has them. Rows are matched by the primary key; a
 * table without one is filled anew, which is right as long as it holds the rows of the file.
 *
 * @throws SEED_ROWS_DIFFER when it does not, SEED_FILE_CORRUPT
 */
export async function backfillColumns(
  tx: WriteTransaction,
  definition: TableDefinition,
  added: readonly ColumnDefinition[],
  file: SeedFile,
): Promise<void> {
  const [first] = added;
  if (first === undefined) return;
  if (definition.primaryKey.length > 0) return updateByKey(tx, definition, added, file);
  if (await hasOtherRows(tx, definition, added, file)) {
    const { field, name, location } = first;
    const parameters = { field, column: name, table: nameOf(definition), file: file.path };
    throw raise('SEED_ROWS_DIFFER', parameters, { at: location });
  }
  await tx.run(sql`DELETE FROM ${tableOf(definition)}`);
  await loadSeedFile(tx, definition, file);
}

async function updateByKey(
  tx: WriteTransaction,
  definition: TableDefinition,
  added: readonly ColumnDefinition[],
  file: SeedFile,
): Promise<void> {
  const { columns, primaryKey } = definition;
  const inFile = await readSeedColumns(tx, definition, file);
  const isKey = ({ name }: ColumnDefinition): boolean =>
    primaryKey.some((key) => foldCase(key) === foldCase(name));
  const read = columns.filter((column) => added.includes(column) || isKey(column));
  const values = added.map(({ name }) => sql`${identifier(name)} = "seed".${identifier(name)}`);
  const isSame = primaryKey.map(
    (key) => sql`"known".${identifier(key)} = "seed".${identifier(key)}`,
  );
  await reportingCorruption(definition, file, () =>
    tx.run(
      sql`UPDATE ${tableOf(definition)} AS "known" SET ${join(values, ', ')} FROM ${seedRows(file, inFile, read)} AS "seed" WHERE ${join(isSame, ' AND ')}`,
    ),
  );
}

async function hasOtherRows(
  tx: WriteTransaction,
  definition: TableDefinition,
  added: readonly ColumnDefinition[],
  file: SeedFile,
): Promise<boolean> {
  const inFile = await readSeedColumns(tx, definition, file);
  const known = seededColumns(definition, file, inFile).filter((column) => !added.includes(column));
  const inLake = sql`SELECT ${namesOf(known)} FROM ${tableOf(definition)}`;
  const seeded = sql`SELECT ${namesOf(known)} FROM ${seedRows(file, inFile, known)}`;
  const difference = await reportingCorruption(definition, file, () =>
    tx.read(
      sql`SELECT 1 FROM ((${inLake} EXCEPT ALL ${seeded}) UNION ALL (${seeded} EXCEPT ALL ${inLake})) LIMIT 1`,
    ),
  );
  return difference.rowCount > 0;
}

function tableOf({ schema, name }: TableDefinition): Sql {
  return table(schema, name);
}

function nameOf({ schema, name }: TableDefinition): string {
  return `${schema}.${name}`;
}
