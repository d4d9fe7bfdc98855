import { foldCase, sourceKeyColumn, watermarkColumn } from '../mapping/lake-name.ts';
import type { ColumnDefinition, SqlType, TableDefinition } from '../mapping/model.ts';
import { describeTables, findColumn, type ActualTable } from './describe-tables.ts';
import { nextNumber, sequenceColumn, sequenceOf } from './row-numbers.ts';
import { identifier, join, sql, table, typeName, type Sql } from './sql.ts';
import type { WriteTransaction } from './write-transaction.ts';

/** A column that a mapping reads and an existing table lacks. */
export interface MissingColumn {
  readonly table: TableDefinition;
  readonly column: ColumnDefinition;
}

/**
 * Creates the schemas, tables and indexes that are not there yet. Existing tables keep their columns: what they lack
 * is given back, and `addColumn` or `checkTables` decides what becomes of it.
 */
export async function ensureTables(
  tx: WriteTransaction,
  definitions: readonly TableDefinition[],
): Promise<readonly MissingColumn[]> {
  const actual = await describeTables(tx);
  const missing: MissingColumn[] = [];
  for (const definition of definitions) {
    const existing = actual.find(definition);
    if (existing === undefined) await createTable(tx, definition);
    else {
      await numberRows(tx, definition, existing);
      missing.push(...missingColumns(definition, existing));
    }
    await createIndexes(tx, definition, existing);
    if (existing !== undefined) await addSyncColumns(tx, definition, existing);
  }
  return missing;
}

/** What syncs keep of a row beside it. */
const syncColumns = [
  { name: watermarkColumn, definition: sql`${identifier(watermarkColumn)} BIGINT` },
  { name: sourceKeyColumn, definition: sql`${identifier(sourceKeyColumn)} VARCHAR` },
];

async function addSyncColumns(
  tx: WriteTransaction,
  table: TableDefinition,
  existing: ActualTable,
): Promise<void> {
  if (table.primaryKey.length === 0) return;
  for (const { name, definition } of syncColumns) {
    if (findColumn(existing, name) !== undefined) continue;
    await tx.run(sql`ALTER TABLE ${nameOf(table)} ADD COLUMN ${definition}`);
  }
}

/** Adds the column to its table; its rows hold NULL until somebody fills it. */
export async function addColumn(
  tx: WriteTransaction,
  { table: definition, column }: MissingColumn,
): Promise<void> {
  await tx.run(sql`ALTER TABLE ${nameOf(definition)} ADD COLUMN ${columnSql(definition, column)}`);
}

async function createTable(tx: WriteTransaction, definition: TableDefinition): Promise<void> {
  await tx.run(sql`CREATE SCHEMA IF NOT EXISTS ${identifier(definition.schema)}`);
  const parts = definition.columns.map((column) => columnSql(definition, column));
  if (definition.primaryKey.length > 0)
    parts.push(...syncColumns.map(({ definition: own }) => own));
  if (definition.isNumbered) {
    await createSequence(tx, definition);
    const next = nextNumber(definition.schema, definition.name);
    parts.push(sql`${identifier(sequenceColumn)} BIGINT NOT NULL DEFAULT ${next}`);
  }
  if (definition.primaryKey.length > 0) {
    parts.push(sql`PRIMARY KEY (${columnNames(definition.primaryKey)})`);
  }
  await tx.run(sql`CREATE TABLE ${nameOf(definition)} (${join(parts, ', ')})`);
}

/**
 * The rows of a table that was filled before it was numbered get numbers too. In steps, since DuckDB makes several
 * statements of a column that is added with such a default, and several cannot be prepared as one.
 */
async function numberRows(
  tx: WriteTransaction,
  definition: TableDefinition,
  existing: ActualTable,
): Promise<void> {
  if (!definition.isNumbered || findColumn(existing, sequenceColumn) !== undefined) return;
  const name = nameOf(definition);
  const number = identifier(sequenceColumn);
  const next = nextNumber(definition.schema, definition.name);
  await createSequence(tx, definition);
  await tx.run(sql`ALTER TABLE ${name} ADD COLUMN ${number} BIGINT`);
  await tx.run(sql`UPDATE ${name} SET ${number} = ${next}`);
  await tx.run(sql`ALTER TABLE ${name} ALTER COLUMN ${number} SET DEFAULT ${next}`);
}

async function createSequence(
  tx: WriteTransaction,
  { schema, name }: TableDefinition,
): Promise<void> {
  await tx.run(sql`CREATE SEQUENCE IF NOT EXISTS ${sequenceOf(schema, name)}`);
}

/** Only over columns that are there: a missing one is reported, and its index comes once it was added. */
async function createIndexes(
  tx: WriteTransaction,
  definition: TableDefinition,
  existing: ActualTable | undefined,
): Promise<void> {
  for (const columns of definition.indexes) {
    const isComplete = columns.every(
      (column) => existing === undefined || findColumn(existing, column) !== undefined,
    );
    if (!isComplete) continue;
    // No column can have such a name without being quoted, so two different lists never share one.
    const name = identifier(`${definition.name}(${columns.join(',')})`);
    await tx.run(
      sql`CREATE INDEX IF NOT EXISTS ${name} ON ${nameOf(definition)} (${columnNames(columns)})`,
    );
  }
}

function missingColumns(
  definition: TableDefinition,
  existing: ActualTable,
): readonly MissingColumn[] {
  return definition.columns
    .filter(({ name }) => findColumn(existing, name) === undefined)
    .map((column) => ({ table: definition, column }));
}

function columnSql(definition: TableDefinition, { name, sqlType }: ColumnDefinition): Sql {
  const compression = isLookedUp(definition, name, sqlType)
    ? sql` USING COMPRESSION dictionary`
    : sql``;
  return sql`${identifier(name)} ${typeName(sqlType)}${compression}`;
}

/** A look-up by string costs half when the column is compressed as a dictionary. */
function isLookedUp(
  { primaryKey, indexes }: TableDefinition,
  column: string,
  sqlType: SqlType,
): boolean {
  if (sqlType.kind !== 'VARCHAR') return false;
  return [...primaryKey, ...indexes.flat()].some((name) => foldCase(name) === foldCase(column));
}

function nameOf({ schema, name }: TableDefinition): Sql {
  return table(schema, name);
}

function columnNames(columns: readonly string[]): Sql {
  return join(
    columns.map((column) => identifier(column)),
    ', ',
  );
}
