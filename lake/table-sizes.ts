import type { Clock } from '../foundation/clock.ts';
import type { ConnectionPool } from './pool.ts';
import { runOnLoan } from './read.ts';
import { sql, toStatement } from './sql.ts';

const freshForMs = 5_000;

/** Rows by table, `schema.name`, as DuckDB estimates them; a view has none. */
export type TableSizes = ReadonlyMap<string, number>;

interface KnownSizes {
  readonly sizes: Promise<TableSizes>;
  readonly untilMs: number;
}

/** Knows how large the tables are, give or take what was written within the last seconds. */
export class TableSizeCache {
  readonly #pool: ConnectionPool;
  readonly #clock: Clock;
  #known: KnownSizes | undefined;

  constructor(pool: ConnectionPool, clock: Clock) {
    this.#pool = pool;
    this.#clock = clock;
  }

  get(): Promise<TableSizes> {
    const nowMs = this.#clock.monotonicMs();
    if (this.#known !== undefined && nowMs < this.#known.untilMs) return this.#known.sizes;
    const sizes = readSizes(this.#pool);
    this.#known = { sizes, untilMs: nowMs + freshForMs };
    sizes.catch(() => (this.#known = undefined));
    return sizes;
  }
}

async function readSizes(pool: ConnectionPool): Promise<TableSizes> {
  const statement = toStatement(sql`
    SELECT schema_name || '.' || table_name, estimated_size FROM duckdb_tables()
    WHERE database_name = current_database()`);
  const { columns } = await runOnLoan(pool, statement, {}, (connection) =>
    connection.readUnobserved(statement),
  );
  const [names = [], sizes = []] = columns;
  return new Map(names.map((name, row) => [String(name), Number(sizes[row])]));
}
