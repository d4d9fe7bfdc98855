import type { DuckDBConnection, DuckDBPreparedStatement } from '@duckdb/node-api';

/**
 * The prepared statements of one connection, kept by their text.
 *
 * A statement belongs to its connection and holds the values of one run, so it is used for one query at a time just
 * like the connection itself. The one unused for longest makes room for a new one.
 */
export class PreparedStatements {
  readonly #connection: DuckDBConnection;
  readonly #capacity: number;
  readonly #byText = new Map<string, DuckDBPreparedStatement>();

  constructor(connection: DuckDBConnection, capacity: number) {
    this.#connection = connection;
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#byText.size;
  }

  async get(text: string): Promise<DuckDBPreparedStatement> {
    const known = this.#byText.get(text);
    if (known !== undefined && known.parameterCount > 0) {
      this.#byText.delete(text);
      this.#byText.set(text, known);
      return known;
    }
    // DuckDB 1.5 plans a statement without parameters once, by what the tables held then, and gives wrong rows when
    // they hold something else (https://github.com/duckdb/duckdb/issues/23704). One with parameters is planned anew.
    this.forget(text);
    const prepared = await this.#connection.prepare(text);
    this.#byText.set(text, prepared);
    this.#makeRoom();
    return prepared;
  }

  /** Forgets a statement, so that the next use prepares it anew. */
  forget(text: string): void {
    this.#byText.get(text)?.destroySync();
    this.#byText.delete(text);
  }

  #makeRoom(): void {
    for (const text of this.#byText.keys()) {
      if (this.#byText.size <= this.#capacity) return;
      this.forget(text);
    }
  }
}
