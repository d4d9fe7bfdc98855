import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '../foundation/log.ts';
import { openLake, type Lake } from '../lake/engine.ts';
import { identifier, literal, sql, table, value } from '../lake/sql.ts';
import { prepareLake } from '../seed/prepare-lake.ts';
import { openShop, type Shop } from './world/shop.ts';

/** A real lake that serves one seed after the other. */
export interface SimulationLake {
  readonly lake: Lake;
  readonly shop: Shop;
  /** Makes it empty again. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

export async function openSimulationLake(): Promise<SimulationLake> {
  // Memory where there is a disk of it: the simulated disk is the one that fails.
  const base = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
  const directory = mkdtempSync(join(base, 'tributary-simulation-'));
  const lake = await openLake({ directory, memoryLimit: '512MB', threads: 1, threadPoolSize: 4 });
  const shop = openShop();
  await prepareLake({
    lake,
    model: shop.model,
    seedDirectory: join(directory, 'none'),
    log: createLog({ level: 'silent' }),
  });
  return {
    lake,
    shop,
    clear: () => clearTables(lake),
    async close() {
      await lake.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function clearTables(lake: Lake): Promise<void> {
  await lake.write(async (tx) => {
    const found = await tx.read(
      sql`SELECT schema_name, table_name FROM duckdb_tables() WHERE NOT temporary AND estimated_size > -1 AND schema_name <> ${literal('main')} AND ${value(true)}`,
    );
    for (let row = 0; row < found.rowCount; row++) {
      const [schema, name] = [found.columns[0]?.[row], found.columns[1]?.[row]].map(String);
      await tx.run(sql`DELETE FROM ${table(schema ?? '', name ?? '')}`);
    }
    const left = await tx.read(
      sql`SELECT table_name FROM duckdb_tables() WHERE temporary AND ${value(true)}`,
    );
    for (const name of left.columns[0] ?? [])
      await tx.run(sql`DROP TABLE ${identifier('temp', 'main', String(name))}`);
  });
}
