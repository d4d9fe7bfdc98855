import type { Log } from '../foundation/log.ts';
import type { Lake } from '../lake/engine.ts';
import { ensureMatches } from '../ledger/ensure-matches.ts';
import { dropProjections, ensureProjections } from '../lake/projection-tables.ts';
import { quarantineOrphans } from '../lake/quarantine.ts';
import { checkTables } from '../lake/check-tables.ts';
import { describeTables } from '../lake/describe-tables.ts';
import { addColumn, ensureTables, type MissingColumn } from '../lake/tables.ts';
import type { WriteTransaction } from '../lake/write-transaction.ts';
import type { ColumnDefinition, LakeModel, TableDefinition } from '../mapping/model.ts';
import { projectionsOf } from '../mapping/projection.ts';
import { tableDefinitions } from '../mapping/tables.ts';
import { findSeedFile, type SeedFile } from './seed-files.ts';
import { backfillColumns } from './backfill-columns.ts';
import { loadSeedFile } from './load-seed-file.ts';
import { readSeedColumns } from './seed-rows.ts';

interface PrepareOptions {
  readonly lake: Lake;
  readonly model: LakeModel;
  readonly seedDirectory: string;
  readonly log: Log;
  /** Called at the end, before the commit: from then on changes have to follow this model too. */
  readonly onPrepared?: (() => void) | undefined;
}

/**
 * Makes the lake fit the mappings, in one transaction: tables and columns that they name, first rows from the seed
 * files for what is new, orphans into quarantine, and the wide projections. A lake that fits already is left alone.
 */
export async function prepareLake(options: PrepareOptions): Promise<void> {
  const { lake, model, seedDirectory, log } = options;
  const definitions = tableDefinitions(model);
  await lake.write(async (tx) => {
    const before = await describeTables(tx);
    const created = definitions.filter((definition) => before.find(definition) === undefined);
    const missing = await ensureTables(tx, definitions);
    const additions = await planAdditions(tx, missing, seedDirectory);
    for (const { added } of additions) {
      for (const column of added) await addColumn(tx, column);
    }
    // DuckDB makes no index over a column that was changed in the same transaction: first the indexes, then the values.
    if (missing.length > 0) await ensureTables(tx, definitions);
    for (const { table, file, seeded } of additions) {
      if (file !== undefined) await backfillColumns(tx, table, seeded, file);
    }
    const [problem] = checkTables(await describeTables(tx), definitions);
    if (problem !== undefined) throw problem;
    for (const definition of created) {
      const rowCount = await loadFirstRows(tx, definition, seedDirectory);
      log.info({ table: `${definition.schema}.${definition.name}`, rowCount }, 'first rows loaded');
    }
    const isGrown = created.length > 0 || missing.length > 0;
    const orphans = isGrown ? await quarantineOrphans(tx, model) : [];
    for (const found of orphans) log.warn(found, 'rows wait in quarantine');
    await ensureMatches(tx, model);
    const projections = projectionsOf(model);
    const stale = new Set(orphans.map(({ entity }) => projections.get(entity)?.table ?? ''));
    await dropProjections(tx, stale);
    await ensureProjections(tx, projections.values(), ({ entity }) =>
      log.info(
        { entity: entity.name },
        'building the projection, which takes a while in a large lake',
      ),
    );
    options.onPrepared?.();
  });
}

/** Columns that an existing table gets. */
interface Addition {
  readonly table: TableDefinition;
  readonly file: SeedFile | undefined;
  readonly added: readonly MissingColumn[];
  /** Those that the seed file has. */
  readonly seeded: readonly ColumnDefinition[];
}

/** A new column comes from the seed file, or is empty where the mapping says what stands there without it. */
async function planAdditions(
  tx: WriteTransaction,
  missing: readonly MissingColumn[],
  seedDirectory: string,
): Promise<readonly Addition[]> {
  const additions: Addition[] = [];
  for (const table of new Set(missing.map((column) => column.table))) {
    const file = await findSeedFile(seedDirectory, table);
    const inFile = file && (await readSeedColumns(tx, table, file));
    const isSeeded = ({ name }: ColumnDefinition): boolean => inFile?.find(name) !== undefined;
    const added = missing
      .filter((column) => column.table === table)
      .filter(({ column }) => isSeeded(column) || column.mayBeMissing);
    const seeded = added.map(({ column }) => column).filter(isSeeded);
    additions.push({ table, file, added, seeded });
  }
  return additions;
}

async function loadFirstRows(
  tx: WriteTransaction,
  definition: TableDefinition,
  seedDirectory: string,
): Promise<number> {
  const file = await findSeedFile(seedDirectory, definition);
  return file === undefined ? 0 : loadSeedFile(tx, definition, file);
}
