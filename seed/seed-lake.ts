import { raise } from '../foundation/errors/tributary-error.ts';
import type { Progress } from '../foundation/progress.ts';
import { describeTables } from '../lake/describe-tables.ts';
import type { Lake } from '../lake/engine.ts';
import { createMotionTables, dropMotionTables } from '../lake/motion-tables.ts';
import { dropOtherProjections, ensureProjections } from '../lake/projection-tables.ts';
import { sql, table } from '../lake/sql.ts';
import { ensureTables } from '../lake/tables.ts';
import type { WriteTransaction } from '../lake/write-transaction.ts';
import { ensureMatches } from '../ledger/ensure-matches.ts';
import type { LakeModel, TableDefinition } from '../mapping/model.ts';
import { projectionsOf } from '../mapping/projection.ts';
import { tableDefinitions } from '../mapping/tables.ts';
import { driverValue } from './append-batch.ts';
import { generate } from './generate.ts';
import { seedTables, type SeedBatch, type SeedTable } from './tables.ts';

interface SeedLakeOptions {
  readonly lake: Lake;
  readonly model: LakeModel;
  readonly customers: number;
  readonly seed: number;
  /** Whether rows that are there may be removed. */
  readonly mayReplace: boolean;
  readonly progress: Progress;
}

/** Rows of a batch: few enough to be small in memory, enough that starting to append does not count. */
const batchSize = 16_384;

/**
 * Fills the lake with generated customers. The domains' tables come about in one transaction, so that a run that is
 * broken off leaves nothing; the projections in a second one, which the next start makes up for.
 */
export async function seedLake(options: SeedLakeOptions): Promise<void> {
  const { lake, model, progress } = options;
  const definitions = tableDefinitions(model);
  const tables = seedTables.filter((table) => definitions.some((known) => isSame(known, table)));
  if (!tables.some(({ schema, table: name }) => schema === 'identity' && name === 'customer')) {
    throw raise('SEED_WITHOUT_CUSTOMERS', {});
  }
  await lake.write(async (tx) => {
    await emptyTables(tx, definitions, options.mayReplace);
    // What was logged, waits or was synced belongs to rows that are gone.
    await dropMotionTables(tx);
    await createMotionTables(tx);
    await ensureTables(tx, definitions);
    await appendAll(tx, tables, options);
  });
  const projections = [...projectionsOf(model).values()];
  let built = 0;
  progress.start('Projections', projections.length);
  try {
    await lake.write(async (tx) => {
      await ensureMatches(tx, model);
      await dropOtherProjections(tx, []);
      await ensureProjections(tx, projections, () => progress.update(++built));
    });
  } finally {
    progress.finish();
  }
}

async function emptyTables(
  tx: WriteTransaction,
  definitions: readonly TableDefinition[],
  mayReplace: boolean,
): Promise<void> {
  const actual = await describeTables(tx);
  for (const definition of definitions) {
    if (actual.find(definition) === undefined) continue;
    const name = table(definition.schema, definition.name);
    const rows = await tx.read(sql`SELECT count(*) FROM ${name}`);
    const rowCount = Number(rows.columns[0]?.[0]);
    if (rowCount > 0 && !mayReplace) {
      throw raise('SEED_LAKE_NOT_EMPTY', {
        table: `${definition.schema}.${definition.name}`,
        rowCount,
      });
    }
    await tx.run(sql`DROP TABLE ${name}`);
  }
}

async function appendAll(
  tx: WriteTransaction,
  tables: readonly SeedTable[],
  { customers, seed, progress }: SeedLakeOptions,
): Promise<void> {
  let done = 0;
  progress.start('Customers', customers);
  try {
    for (const batch of generate({ customers, seed, batchSize })) {
      const target = tables.find(
        ({ schema, table: name }) => schema === batch.schema && name === batch.table,
      );
      if (target === undefined) continue;
      await tx.append(batch.schema, batch.table, toAppendedRows(target, batch));
      if (batch.schema === 'identity') progress.update((done += batch.rowCount));
    }
  } finally {
    progress.finish();
  }
}

function toAppendedRows({ columns }: SeedTable, batch: SeedBatch) {
  return {
    columnNames: columns.map(({ name }) => name),
    columns: columns.map(({ name, sqlType }) =>
      (batch.columns[name] ?? []).map((value) => driverValue(value, sqlType)),
    ),
  };
}

function isSame(definition: TableDefinition, { schema, table: name }: SeedTable): boolean {
  return definition.schema === schema && definition.name === name;
}
