import type { Lake } from '../lake/engine.ts';
import { ensureProjections } from '../lake/projection-tables.ts';
import { quarantineOrphans, type Quarantined } from '../lake/quarantine.ts';
import { checkTables } from '../lake/check-tables.ts';
import { describeTables } from '../lake/describe-tables.ts';
import { addColumn, ensureTables, type MissingColumn } from '../lake/tables.ts';
import type { WriteTransaction } from '../lake/write-transaction.ts';
import type { LakeModel, TableDefinition } from '../mapping/model.ts';
import { projectionsOf } from '../mapping/projection.ts';
import { tableDefinitions } from '../mapping/tables.ts';
import { findSeedFile } from './seed-files.ts';
import { backfillColumn, hasColumn, loadSeedFile } from './load-seed-file.ts';

/** What preparing the lake did, for the log. */
export interface Preparation {
  readonly loaded: readonly { readonly table: string; readonly rowCount: number }[];
  readonly quarantined: readonly Quarantined[];
  readonly builtProjections: readonly string[];
}

interface PrepareOptions {
  readonly lake: Lake;
  readonly model: LakeModel;
  readonly seedDirectory: string;
}

/**
 * Makes the lake fit the mappings, in one transaction: tables and columns that they name, first rows from the seed
 * files for what is new, orphans into quarantine, and the wide projections. A lake that fits already is left alone.
 */
export async function prepareLake({
  lake,
  model,
  seedDirectory,
}: PrepareOptions): Promise<Preparation> {
  const definitions = tableDefinitions(model);
  return lake.write(async (tx) => {
    const before = await describeTables(tx);
    const created = definitions.filter((definition) => before.find(definition) === undefined);
    for (const missing of await ensureTables(tx, definitions)) {
      await addMissingColumn(tx, missing, seedDirectory);
    }
    const [problem] = checkTables(await describeTables(tx), definitions);
    if (problem !== undefined) throw problem;
    const loaded = [];
    for (const definition of created) {
      const rowCount = await loadFirstRows(tx, definition, seedDirectory);
      loaded.push({ table: `${definition.schema}.${definition.name}`, rowCount });
    }
    const quarantined = created.length > 0 ? await quarantineOrphans(tx, model) : [];
    const built = await ensureProjections(tx, projectionsOf(model).values());
    return { loaded, quarantined, builtProjections: built.map(({ table }) => table) };
  });
}

/** A new column comes from the seed file, or is empty where the mapping says what stands there without it. */
async function addMissingColumn(
  tx: WriteTransaction,
  missing: MissingColumn,
  seedDirectory: string,
): Promise<void> {
  const { table, column } = missing;
  const file = await findSeedFile(seedDirectory, table);
  const isInFile = file !== undefined && (await hasColumn(tx, table, column, file));
  if (!isInFile && !column.mayBeMissing) return;
  await addColumn(tx, missing);
  if (isInFile) await backfillColumn(tx, table, column, file);
}

async function loadFirstRows(
  tx: WriteTransaction,
  definition: TableDefinition,
  seedDirectory: string,
): Promise<number> {
  const file = await findSeedFile(seedDirectory, definition);
  return file === undefined ? 0 : loadSeedFile(tx, definition, file);
}
