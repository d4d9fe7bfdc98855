import {
  DuckDBBooleanType,
  DuckDBDataChunk,
  DuckDBDecimalType,
  DuckDBDecimalValue,
  DuckDBDoubleType,
  type DuckDBAppender,
  type DuckDBType,
} from '@duckdb/node-api';
import { setImmediate } from 'node:timers/promises';
import { didYouMean } from '../foundation/errors/did-you-mean.ts';
import { raise } from '../foundation/errors/tributary-error.ts';
import type { LakeConnection } from './lake-connection.ts';
import { nextNumbers, sequenceColumn } from './row-numbers.ts';
import { sql, table as tableOf, toStatement, type LakeValue } from './sql.ts';

/** Rows column by column: `columns[c]` holds the values of `columnNames[c]`. */
export interface AppendedRows {
  readonly columnNames: readonly string[];
  readonly columns: readonly (readonly LakeValue[])[];
}

/** DuckDB's vector size: the most rows that a chunk may have. */
const chunkRowCount = 2048;

/**
 * Adds rows through DuckDB's appender, which is some ten times as fast as INSERT. Rows of a numbered table get their
 * numbers in the order in which they are given; any other column that is not named becomes NULL.
 */
export async function appendRows(
  connection: LakeConnection,
  schema: string,
  table: string,
  rows: AppendedRows,
): Promise<void> {
  const columnNames = await connection.columnsOf(
    toStatement(sql`SELECT * FROM ${tableOf(schema, table)} LIMIT 0`),
  );
  const rowCount = rows.columns[0]?.length ?? 0;
  const source = sourceColumns(`${schema}.${table}`, columnNames, rows);
  const numbered = columnNames.indexOf(sequenceColumn);
  if (numbered >= 0 && source[numbered] === undefined) {
    source[numbered] = await nextNumbers(connection, schema, table, rowCount);
  }
  const appender = await connection.createAppender(schema, table);
  try {
    const types = columnNames.map((_, index) => appender.columnType(index));
    for (let start = 0; start < rowCount; start += chunkRowCount) {
      appendChunk(appender, types, source, start, Math.min(rowCount, start + chunkRowCount));
      // The appender works on this thread; requests are answered between two chunks.
      await setImmediate();
    }
    appender.flushSync();
  } catch (error) {
    appender.clear();
    throw error;
  } finally {
    appender.closeSync();
  }
}

/** For each column of the table the values to append; undefined where none are given. */
function sourceColumns(
  table: string,
  tableColumns: readonly string[],
  { columnNames, columns }: AppendedRows,
): (readonly LakeValue[] | undefined)[] {
  const unknown = columnNames.find((name) => !tableColumns.includes(name));
  if (unknown !== undefined) {
    const problem = `there is no column "${unknown}". ${didYouMean(unknown, tableColumns)}`;
    throw raise('LAKE_APPEND_INVALID', { table, problem });
  }
  const isRagged = columns.some(({ length }) => length !== columns[0]?.length);
  if (isRagged || columns.length !== columnNames.length) {
    const problem = 'the columns do not have the same number of values.';
    throw raise('LAKE_APPEND_INVALID', { table, problem });
  }
  return tableColumns.map((name) => {
    const position = columnNames.indexOf(name);
    return position < 0 ? undefined : columns[position];
  });
}

function appendChunk(
  appender: DuckDBAppender,
  types: readonly DuckDBType[],
  source: readonly (readonly LakeValue[] | undefined)[],
  start: number,
  end: number,
): void {
  const chunk = DuckDBDataChunk.create(types, end - start);
  const nulls: readonly LakeValue[] = Array.from({ length: end - start }, () => null);
  for (const [index, type] of types.entries()) {
    const values = source[index]?.slice(start, end) ?? nulls;
    for (const value of values) refuseIfDistorted(value, type);
    chunk.setColumnValues(index, values);
  }
  appender.appendDataChunk(chunk);
}

/**
 * Refuses what the driver would store as something else without a word: it takes anything for a BOOLEAN or a DOUBLE,
 * and the digits of a decimal without looking at its scale. Of other types it checks the values itself.
 */
function refuseIfDistorted(value: LakeValue, type: DuckDBType): void {
  if (value === null || isFaithful(value, type)) return;
  throw new TypeError(`${String(value)} (a ${typeof value}) cannot be stored as ${String(type)}.`);
}

function isFaithful(value: LakeValue, type: DuckDBType): boolean {
  if (value === undefined) return false;
  if (type instanceof DuckDBBooleanType) return typeof value === 'boolean';
  if (type instanceof DuckDBDoubleType) return typeof value === 'number';
  if (!(type instanceof DuckDBDecimalType)) return true;
  if (!(value instanceof DuckDBDecimalValue) || value.scale !== type.scale) return false;
  const limit = 10n ** BigInt(type.width);
  return -limit < value.value && value.value < limit;
}
