import type { RowOf, SeedBatch, SeedTable, SeedValue } from './tables.ts';

/** Collects rows of one table as columns and gives them away as batches of a fixed number of rows. */
export class BatchBuffer<Table extends SeedTable> {
  readonly #table: Table;
  readonly #batchSize: number;
  readonly #names: readonly (keyof RowOf<Table>)[];
  #columns: SeedValue[][];
  #rowCount = 0;

  constructor(table: Table, batchSize: number) {
    this.#table = table;
    this.#batchSize = batchSize;
    this.#names = table.columns.map(({ name }) => name as keyof RowOf<Table>);
    this.#columns = this.#names.map(() => []);
  }

  /** Adds a row, and returns the batch that the row completes. */
  add(row: RowOf<Table>): SeedBatch | undefined {
    for (let index = 0; index < this.#names.length; index++) {
      const name = this.#names[index];
      if (name !== undefined) this.#columns[index]?.push(row[name]);
    }
    this.#rowCount++;
    return this.#rowCount === this.#batchSize ? this.take() : undefined;
  }

  /** The rows that are left, or undefined when there are none. */
  take(): SeedBatch | undefined {
    if (this.#rowCount === 0) return undefined;
    const { schema, table, columns } = this.#table;
    const batch: SeedBatch = {
      schema,
      table,
      rowCount: this.#rowCount,
      columns: Object.fromEntries(
        columns.map(({ name }, index) => [name, this.#columns[index] ?? []]),
      ),
    };
    this.#columns = this.#names.map(() => []);
    this.#rowCount = 0;
    return batch;
  }
}
