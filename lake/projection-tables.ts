import { raise } from '../foundation/errors/tributary-error.ts';
import { sequenceColumn, type Projection } from '../mapping/projection.ts';
import {
  aliasOf,
  columnSql,
  joinedParts,
  hubSchema,
  namesSql as names,
  projectionTable as tableOf,
} from './projection-sql.ts';
import { identifier, join, literal, sql, table, typeName, type Sql } from './sql.ts';
import type { WriteTransaction } from './write-transaction.ts';

/** Builds the projections that are not there yet; `onBuild` is told of each before it is built. */
export async function ensureProjections(
  tx: WriteTransaction,
  projections: Iterable<Projection>,
  onBuild: (projection: Projection) => void,
): Promise<void> {
  await tx.run(sql`CREATE SCHEMA IF NOT EXISTS ${identifier(hubSchema)}`);
  const present = new Set(await hubTables(tx));
  const missing = [...projections].filter(({ table: name }) => !present.has(name));
  for (const projection of missing) {
    onBuild(projection);
    await tx.run(createTable(projection));
    await fillProjection(tx, projection);
    for (const [position, columns] of projection.indexes.entries()) {
      const name = identifier(`${projection.table}_${position}`);
      await tx.run(sql`CREATE INDEX ${name} ON ${tableOf(projection)} (${names(columns)})`);
    }
  }
}

/** @throws MAPPING_VALUE_UNCONVERTIBLE when an expression fails on a row */
async function fillProjection(tx: WriteTransaction, projection: Projection): Promise<void> {
  const { entity, columns } = projection;
  const sequence = identifier(aliasOf(entity.identity), sequenceColumn);
  const targets = [sequenceColumn, ...columns.map(({ name }) => name)];
  const sources = [sequence, ...columns.map((column) => columnSql(column, entity))];
  const rows = sql`SELECT ${join(sources, ', ')} FROM ${joinedParts(entity)} ORDER BY ${sequence}`;
  try {
    await tx.run(sql`INSERT INTO ${tableOf(projection)} (${names(targets)}) ${rows}`);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw raise('MAPPING_VALUE_UNCONVERTIBLE', { entity: entity.name, problem }, { cause: error });
  }
}

/** Drops the projections of former shapes, once no graph reads them any longer. */
export async function dropOtherProjections(
  tx: WriteTransaction,
  projections: Iterable<Projection>,
): Promise<void> {
  const kept = new Set([...projections].map(({ table: name }) => name));
  const present = await hubTables(tx);
  await dropProjections(tx, new Set(present.filter((name) => !kept.has(name))));
}

/** Drops projections by the names of their tables; for those whose rows have to be read anew. */
export async function dropProjections(
  tx: WriteTransaction,
  tables: ReadonlySet<string>,
): Promise<void> {
  for (const name of tables) await tx.run(sql`DROP TABLE IF EXISTS ${table(hubSchema, name)}`);
}

async function hubTables(tx: WriteTransaction): Promise<readonly string[]> {
  const rows = await tx.read(
    sql`SELECT table_name FROM duckdb_tables() WHERE schema_name = ${literal(hubSchema)}`,
  );
  return (rows.columns[0] ?? []).map(String);
}

/**
 * What DuckDB would choose for texts, FSST, takes half the space of them, but costs a row that is found by key more than
 * all the rest of it: 64 rows with three such texts take 9 CPU ms, and 3 where texts stand as they are. A page of 50
 * takes 2.6 and 2.2, the best 50 of 100,000 by two fields half. As dictionaries, texts that are all different cost pages
 * more than either. Indexes take more of the file than all of this.
 *
 * The numbers by which pages are cut stand as they are too: DuckDB keeps the least and the greatest value for each
 * piece of a column in the file, and a piece holds 32,767 of them then instead of 122,880, so that a quarter is read to
 * find a page. A page of 50 takes 1.2 CPU ms of the lake's instead of 1.4, for 8 MB a million rows.
 */
const uncompressed = sql` USING COMPRESSION uncompressed`;

function createTable(projection: Projection): Sql {
  const columns = projection.columns.map(({ name, sqlType }) => {
    const compression = sqlType.kind === 'VARCHAR' ? uncompressed : sql``;
    return sql`${identifier(name)} ${typeName(sqlType)}${compression}`;
  });
  return sql`CREATE TABLE ${tableOf(projection)} (${identifier(sequenceColumn)} BIGINT NOT NULL${uncompressed}, ${join(columns, ', ')}, PRIMARY KEY (${names(projection.key)}))`;
}
