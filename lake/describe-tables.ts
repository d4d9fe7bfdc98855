import type { SqlType, TableDefinition } from '../mapping/model.ts';
import { foldCase } from '../mapping/lake-name.ts';
import { parseSqlType } from '../mapping/sql-type.ts';
import type { Rows } from './rows.ts';
import { sql, type Sql } from './sql.ts';

/** What reads the lake: the lake itself, or a transaction, which also sees what it did. */
export interface RowSource {
  read(statement: Sql): Promise<Rows>;
}

export interface ActualColumn {
  readonly name: string;
  /** The type as DuckDB names it. */
  readonly typeText: string;
  /** Undefined for a type that no mapping can use. */
  readonly sqlType: SqlType | undefined;
}

export interface ActualTable {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly ActualColumn[];
}

/** The tables that the lake has, found in any spelling, since DuckDB's names know no case. */
export class ActualTables {
  readonly tables: readonly ActualTable[];
  readonly #byName: ReadonlyMap<string, ActualTable>;

  constructor(tables: readonly ActualTable[]) {
    this.tables = tables;
    this.#byName = new Map(tables.map((table) => [nameKey(table.schema, table.name), table]));
  }

  find({ schema, name }: Pick<TableDefinition, 'schema' | 'name'>): ActualTable | undefined {
    return this.#byName.get(nameKey(schema, name));
  }
}

export function findColumn(table: ActualTable, name: string): ActualColumn | undefined {
  return table.columns.find((column) => foldCase(column.name) === foldCase(name));
}

/** All tables and views with their columns, in the columns' order. */
export async function describeTables(source: RowSource): Promise<ActualTables> {
  const { columns, rowCount } = await source.read(sql`
    SELECT schema_name, table_name, column_name, data_type FROM duckdb_columns()
    WHERE database_name = current_database() AND NOT internal
    ORDER BY schema_name, table_name, column_index`);
  const [schemas = [], tables = [], names = [], types = []] = columns;
  const byName = new Map<string, { schema: string; name: string; columns: ActualColumn[] }>();
  for (let row = 0; row < rowCount; row++) {
    const schema = String(schemas[row]);
    const name = String(tables[row]);
    const key = nameKey(schema, name);
    const table = byName.get(key) ?? { schema, name, columns: [] };
    byName.set(key, table);
    const typeText = String(types[row]);
    table.columns.push({ name: String(names[row]), typeText, sqlType: parseSqlType(typeText) });
  }
  return new ActualTables([...byName.values()]);
}

function nameKey(schema: string, name: string): string {
  return `${foldCase(schema)}.${foldCase(name)}`;
}
