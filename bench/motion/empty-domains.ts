import { DuckDBInstance } from '@duckdb/node-api';
import { join } from 'node:path';

/** Takes all rows out of some tables of domains; the next start makes the projections anew. */
export async function emptyDomains(directory: string, tables: readonly string[]): Promise<void> {
  const instance = await DuckDBInstance.create(join(directory, 'lake.duckdb'));
  const connection = await instance.connect();
  for (const table of tables) await connection.run(`DELETE FROM ${table}`);
  await connection.run('DROP SCHEMA hub CASCADE');
  connection.closeSync();
  instance.closeSync();
}
