import {
  DATE,
  DECIMAL,
  type DuckDBAppender,
  DuckDBDataChunk,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBTimestampTZValue,
  type DuckDBType,
  type DuckDBValue,
  INTEGER,
  TIMESTAMPTZ,
  VARCHAR,
} from '@duckdb/node-api';
import type { SeedBatch, SeedColumn, SeedSqlType, SeedValue } from './tables.ts';

/** Appends a batch to the table of the appender, whose columns the filler knows; flush or close the appender at the end. */
export function appendBatch(appender: DuckDBAppender, batch: SeedBatch, filler: ChunkFiller): void {
  for (const chunk of filler.chunks(batch)) appender.appendDataChunk(chunk);
}

/** Rows that one of DuckDB's data chunks can hold. */
const chunkCapacity = 2048;

/**
 * Fills one data chunk again and again for one table. A new chunk for each batch would live outside the JavaScript
 * heap until the garbage collector happens to notice it: a million customers took twice the memory that way.
 */
export class ChunkFiller {
  readonly #columns: readonly SeedColumn[];
  readonly #chunk: DuckDBDataChunk;

  /**
   * @param columns those of the table, in the table's own order, which need not be the batch's; a column that a batch
   * lacks is filled with NULL.
   */
  constructor(columns: readonly SeedColumn[]) {
    this.#columns = columns;
    this.#chunk = DuckDBDataChunk.create(columns.map(({ sqlType }) => driverTypes[sqlType]));
  }

  /** The rows of the batch; each chunk is valid until the next one is asked for, also of another batch. */
  *chunks(batch: SeedBatch): Generator<DuckDBDataChunk, void, void> {
    for (let start = 0; start < batch.rowCount; start += chunkCapacity) {
      this.#fill(batch, start, Math.min(chunkCapacity, batch.rowCount - start));
      yield this.#chunk;
    }
  }

  #fill(batch: SeedBatch, start: number, rowCount: number): void {
    this.#chunk.reset();
    this.#chunk.rowCount = rowCount;
    this.#columns.forEach(({ name, sqlType }, columnIndex) => {
      const values = batch.columns[name];
      const vector = this.#chunk.getColumnVector(columnIndex);
      for (let index = 0; index < rowCount; index++) {
        vector.setItem(index, driverValue(values?.[start + index] ?? null, sqlType));
      }
      vector.flush();
    });
  }
}

const driverTypes: Readonly<Record<SeedSqlType, DuckDBType>> = {
  VARCHAR,
  INTEGER,
  'DECIMAL(18,2)': DECIMAL(18, 2),
  TIMESTAMPTZ,
  DATE,
};

export function driverValue(value: SeedValue, sqlType: SeedSqlType): DuckDBValue {
  if (value === null || typeof value === 'string') return value;
  if (typeof value === 'object') return new DuckDBTimestampTZValue(BigInt(value.epochMicros));
  switch (sqlType) {
    case 'DECIMAL(18,2)':
      return new DuckDBDecimalValue(BigInt(value), 18, 2);
    case 'DATE':
      return new DuckDBDateValue(value);
    default:
      return value;
  }
}
