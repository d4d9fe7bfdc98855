import { listValue } from '@duckdb/node-api';
import type { SqlType } from '../mapping/model.ts';
import { join, sql, typeName, value, type LakeValue, type Sql } from './sql.ts';

/** The values of a key's columns, in the order of the columns; never null. */
export type RowKey = readonly LakeValue[];

export interface KeyColumn {
  readonly column: Sql;
  readonly sqlType: SqlType;
}

/** Up to here an `IN` list beats a join with a list of keys (1,000,000 rows: 6 CPU ms against 25 for 64 keys), beyond it loses. */
const longestInList = 1_024;

/**
 * Whether a row has one of the keys. Few distinct texts come out of it, so that nearly every statement is prepared
 * already: `IN` lists are filled up to a power of two with their last key.
 *
 * @param keys at least one
 */
export function keyCondition(columns: readonly KeyColumn[], keys: readonly RowKey[]): Sql {
  const [column] = columns;
  if (column === undefined) throw new TypeError('A key has a column at least.');
  return fitsInList(columns.length, keys.length)
    ? isInList(column, inListValues(keys).map(value))
    : isInLists(columns, unnestedValues(columns.length, keys).map(value));
}

export function fitsInList(columnCount: number, keyCount: number): boolean {
  return columnCount === 1 && keyCount <= longestInList;
}

/** The parameters of `isInList`: a power of two. */
export function inListValues(keys: readonly RowKey[]): readonly LakeValue[] {
  const values = keys.map(([only]) => only ?? null);
  const last = values.at(-1) ?? null;
  const size = 2 ** Math.ceil(Math.log2(values.length));
  while (values.length < size) values.push(last);
  return values;
}

export function isInList({ column, sqlType }: KeyColumn, parameters: readonly Sql[]): Sql {
  const typed = parameters.map((parameter) => typedParameter(parameter, sqlType));
  return sql`${column} IN (${join(typed, ', ')})`;
}

/** The parameters of `isInLists`: one list a column. */
export function unnestedValues(columnCount: number, keys: readonly RowKey[]): readonly LakeValue[] {
  return Array.from({ length: columnCount }, (_, position) =>
    listValue(keys.map((key) => key[position] ?? null)),
  );
}

/** Lists that are unnested side by side; it is the cheapest form for keys of several columns in any number. */
export function isInLists(columns: readonly KeyColumn[], parameters: readonly Sql[]): Sql {
  const lists = columns.map(({ sqlType }, position) => {
    const list: SqlType = { kind: 'LIST', of: sqlType };
    return sql`unnest(CAST(${parameters[position] ?? sql`NULL`} AS ${typeName(list)}))`;
  });
  const names = columns.map(({ column }) => column);
  return sql`(${join(names, ', ')}) IN (SELECT ${join(lists, ', ')})`;
}

/** Without a type, a number of 32 bits and one of 64 bits would be two different statements to DuckDB. */
function typedParameter(parameter: Sql, type: SqlType): Sql {
  return type.kind === 'VARCHAR' ? parameter : sql`CAST(${parameter} AS ${typeName(type)})`;
}
