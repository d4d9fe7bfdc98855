import type { DuckDBDataChunk, DuckDBMaterializedResult, DuckDBResult } from '@duckdb/node-api';
import type { LakeValue } from './sql.ts';

/**
 * What a statement answers, column by column: `columns[c][r]`.
 *
 * Values are the driver's: BIGINT is a bigint, DECIMAL a `DuckDBDecimalValue`, DATE a `DuckDBDateValue`, TIMESTAMPTZ
 * a `DuckDBTimestampTZValue` with its exact `micros`, a list a `DuckDBListValue`.
 */
export interface Rows {
  readonly columnNames: readonly string[];
  readonly rowCount: number;
  readonly columns: readonly (readonly LakeValue[])[];
}

/**
 * All rows of a result that is complete in memory.
 *
 * Chunks are taken without the driver's asynchronous readers: each of those goes through libuv's thread pool, and
 * twice a result at least, which is a quarter of the cost of a row found by key.
 */
export function readRows(result: DuckDBMaterializedResult): Rows {
  const columnNames = result.columnNames();
  const columns = columnNames.map((): LakeValue[] => []);
  let rowCount = 0;
  for (let index = 0; index < result.chunkCount; index++) {
    rowCount += appendChunk(result.getChunk(index), columns);
  }
  return { columnNames, rowCount, columns };
}

/** The next rows of a result that is read as it is made; undefined when there are no more. */
export async function readNextRows(result: DuckDBResult): Promise<Rows | undefined> {
  const chunk = await result.fetchChunk();
  if (chunk === null || chunk.rowCount === 0) return undefined;
  const columnNames = result.columnNames();
  const columns = columnNames.map((): LakeValue[] => []);
  const rowCount = appendChunk(chunk, columns);
  return { columnNames, rowCount, columns };
}

function appendChunk(chunk: DuckDBDataChunk, columns: readonly LakeValue[][]): number {
  const rowCount = chunk.rowCount;
  for (let columnIndex = 0; columnIndex < columns.length; columnIndex++) {
    const vector = chunk.getColumnVector(columnIndex);
    const column = columns[columnIndex];
    for (let row = 0; row < rowCount; row++) column?.push(vector.getItem(row));
  }
  return rowCount;
}
