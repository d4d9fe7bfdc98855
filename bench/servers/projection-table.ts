import type { DuckDBConnection } from '@duckdb/node-api';

/** The wide table of an entity, quoted for SQL: its name carries a digest of its shape. */
export async function projectionTable(
  connection: DuckDBConnection,
  entity: 'customer' | 'invoice',
): Promise<string> {
  const reader = await connection.runAndReadAll(
    `SELECT table_name FROM duckdb_tables() WHERE schema_name = 'hub' AND table_name LIKE '${entity}%'`,
  );
  const [name] = reader.getColumns()[0] ?? [];
  if (typeof name !== 'string') throw new Error(`The lake holds no projection of ${entity}.`);
  return `hub."${name}"`;
}
