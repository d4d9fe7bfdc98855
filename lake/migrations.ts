import { raise } from '../foundation/errors/tributary-error.ts';
import type { RowSource } from './describe-tables.ts';
import { createMotionTables } from './motion-tables.ts';
import { sql, value } from './sql.ts';
import type { WriteTransaction } from './write-transaction.ts';

/** One step forward of the product's own tables. A released step never changes; a new need is a new step. */
export interface Migration {
  /** One more than the step before; the first is 1. */
  readonly version: number;
  readonly name: string;
  readonly apply: (tx: WriteTransaction) => Promise<void>;
}

export const migrations: readonly Migration[] = [
  {
    version: 1,
    name: 'keep the schema version',
    apply: async (tx) => {
      await tx.run(sql`CREATE SCHEMA product`);
      await tx.run(
        sql`CREATE TABLE product.migration (version INTEGER PRIMARY KEY, name VARCHAR NOT NULL, applied_at TIMESTAMPTZ NOT NULL)`,
      );
    },
  },
  { version: 2, name: 'keep changes, events, syncs and rows that wait', apply: createMotionTables },
];

/** Where the lake's own tables are made and changed. */
interface Migrated extends RowSource {
  write<Result>(job: (tx: WriteTransaction) => Promise<Result>): Promise<Result>;
}

/**
 * Brings the lake to the newest version, each step in a transaction of its own. Raises `LAKE_NEWER`, before anything
 * is changed, when a newer program wrote it.
 */
export async function migrate(
  lake: Migrated,
  directory: string,
  steps: readonly Migration[],
): Promise<void> {
  const found = await schemaVersion(lake);
  const known = steps.at(-1)?.version ?? 0;
  if (found > known) throw raise('LAKE_NEWER', { directory, found, known });
  for (const step of steps) {
    if (step.version > found) await applyStep(lake, step);
  }
}

/** 0 for a lake that has no version yet. */
export async function schemaVersion(source: RowSource): Promise<number> {
  const tables = await source.read(
    sql`SELECT 1 FROM duckdb_tables() WHERE database_name = current_database() AND schema_name = 'product' AND table_name = 'migration'`,
  );
  if (tables.rowCount === 0) return 0;
  const newest = await source.read(sql`SELECT max(version) FROM product.migration`);
  return Number(newest.columns[0]?.[0] ?? 0);
}

async function applyStep(lake: Migrated, { version, name, apply }: Migration): Promise<void> {
  try {
    await lake.write(async (tx) => {
      await apply(tx);
      await tx.run(
        sql`INSERT INTO product.migration VALUES (${value(version)}, ${value(name)}, now())`,
      );
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw raise('LAKE_MIGRATION_FAILED', { version, name, reason }, { cause: error });
  }
}
