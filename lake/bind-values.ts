import {
  BIGINT,
  DOUBLE,
  DuckDBListValue,
  LIST,
  SQLNULL,
  VARCHAR,
  BOOLEAN,
  type DuckDBPreparedStatement,
  type DuckDBType,
} from '@duckdb/node-api';
import type { LakeValue } from './sql.ts';

/**
 * Gives a prepared statement its values.
 *
 * The driver's own way goes through a generic value, which costs six times as much for a string; it binds every
 * bigint as HUGEINT, and takes a list's type from the first item alone, so that `[null, 'a']` arrives as two nulls.
 */
export function bindValues(statement: DuckDBPreparedStatement, values: readonly LakeValue[]): void {
  for (let index = 0; index < values.length; index++) {
    const value = values[index];
    if (value === undefined) throw new TypeError(`The parameter $${index + 1} has no value.`);
    bindOne(statement, index + 1, value);
  }
}

function bindOne(statement: DuckDBPreparedStatement, position: number, value: LakeValue): void {
  switch (typeof value) {
    case 'string':
      statement.bindVarchar(position, value);
      return;
    case 'number':
      bindNumber(statement, position, value);
      return;
    case 'bigint':
      if (isInt64(value)) statement.bindBigInt(position, value);
      else statement.bindHugeInt(position, value);
      return;
    case 'boolean':
      statement.bindBoolean(position, value);
      return;
    default:
      if (value === null) statement.bindNull(position);
      else if (value instanceof DuckDBListValue) {
        statement.bindList(position, value, listType(value));
      } else statement.bindValue(position, value);
  }
}

function bindNumber(statement: DuckDBPreparedStatement, position: number, value: number): void {
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) statement.bindDouble(position, value);
  else if ((value | 0) === value) statement.bindInteger(position, value);
  else statement.bindBigInt(position, BigInt(value));
}

/** The type of a list as all its items have it; undefined where the driver's guess is right. */
function listType(list: DuckDBListValue): ReturnType<typeof LIST> | undefined {
  const items = list.items.filter((item) => item !== null);
  if (items.length === 0) return LIST(SQLNULL);
  const itemType = commonType(items);
  return itemType === undefined ? undefined : LIST(itemType);
}

function commonType(items: readonly LakeValue[]): DuckDBType | undefined {
  if (items.every((item) => typeof item === 'string')) return VARCHAR;
  if (items.every((item) => typeof item === 'boolean')) return BOOLEAN;
  if (items.every((item) => typeof item === 'bigint' && isInt64(item))) return BIGINT;
  if (items.every((item) => typeof item === 'number')) {
    return items.every((item) => Number.isSafeInteger(item)) ? BIGINT : DOUBLE;
  }
  if (items.every((item) => item instanceof DuckDBListValue)) {
    return listType(new DuckDBListValue(items.flatMap((item) => item.items)));
  }
  return undefined;
}

function isInt64(value: bigint): boolean {
  return BigInt.asIntN(64, value) === value;
}
