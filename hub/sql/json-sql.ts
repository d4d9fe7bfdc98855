import { join, literal, sql, type Sql } from '../../lake/sql.ts';
import type { MappedField, SqlType, WireType } from '../../mapping/model.ts';
import type { WireOptions } from '../../wire/to-wire.ts';
import { textSql } from './text-sql.ts';

/** A value's JSON text as DuckDB writes it, and whether it is what the wire writer would write for the value. */
export interface JsonSql {
  /** Null for a null. */
  readonly text: Sql;
  /** Undefined where every value of the column passes. Null counts as false. */
  readonly isWritable: Sql | undefined;
}

/** The years that RFC 3339 can write. */
const firstDay = '0001-01-01';
const lastDay = '9999-12-31';
/** Up to here a double holds every number of so many digits. */
const exactDigits = 15;

/**
 * JSON of a field's column for answers with so many rows that making each value in JavaScript would cost the most;
 * undefined for a type that is left to the wire writer. What is not writable either has a meaning of its own there, such as an
 * error with a place.
 */
export function jsonSql(
  { wireType, sqlType }: Pick<MappedField, 'wireType' | 'sqlType'>,
  column: Sql,
  { decimals }: WireOptions,
): JsonSql | undefined {
  switch (wireType.kind) {
    case 'id':
    case 'string':
      return stringJson(sqlType, column);
    case 'int':
      return { text: textSql(column, sqlType), isWritable: intRange(sqlType, column) };
    case 'boolean':
      return { text: textSql(column, sqlType), isWritable: undefined };
    case 'bigInt':
      return { text: quoted(textSql(column, sqlType)), isWritable: undefined };
    case 'float':
      if (sqlType.kind !== 'DOUBLE') return undefined;
      return {
        text: sql`CASE WHEN ${column} = 0 THEN '0' ELSE to_json(${column}) END`,
        isWritable: sql`isfinite(${column})`,
      };
    case 'decimal':
      return decimalJson(wireType, sqlType, column, decimals);
    case 'date':
      return { text: quoted(textSql(column, sqlType)), isWritable: withinYears(column) };
    case 'dateTime':
      return dateTimeJson(column);
    case 'enum':
      return enumJson(wireType, column);
    case 'list':
      return undefined;
  }
}

export function canWriteJson(field: MappedField, wire: WireOptions): boolean {
  return jsonSql(field, sql`NULL`, wire) !== undefined;
}

function stringJson(sqlType: SqlType, column: Sql): JsonSql | undefined {
  if (sqlType.kind === 'VARCHAR') return { text: sql`to_json(${column})`, isWritable: undefined };
  const isPlain = ['INTEGER', 'BIGINT', 'DECIMAL', 'BOOLEAN'].includes(sqlType.kind);
  return isPlain ? { text: quoted(textSql(column, sqlType)), isWritable: undefined } : undefined;
}

function intRange(sqlType: SqlType, column: Sql): Sql | undefined {
  if (sqlType.kind === 'INTEGER') return undefined;
  return sql`${column} BETWEEN -2147483648 AND 2147483647`;
}

function decimalJson(
  wireType: WireType & { readonly kind: 'decimal' },
  sqlType: SqlType,
  column: Sql,
  form: WireOptions['decimals'],
): JsonSql | undefined {
  if (sqlType.kind !== 'DECIMAL' || sqlType.scale !== wireType.scale) return undefined;
  const text = textSql(column, sqlType);
  if (form === 'string') return { text: quoted(text), isWritable: undefined };
  const wholeDigits = exactDigits - sqlType.scale;
  if (wholeDigits < 1) return undefined;
  const limit = literal(10 ** wholeDigits);
  const isExact = sql`${column} BETWEEN -${limit} AND ${limit}`;
  return {
    text,
    isWritable: sqlType.precision <= exactDigits ? undefined : isExact,
  };
}

function enumJson({ values }: WireType & { readonly kind: 'enum' }, column: Sql): JsonSql {
  const names = join(
    [...values].map((name) => literal(name)),
    ', ',
  );
  return { text: quoted(column), isWritable: sql`${column} IN (${names})` };
}

/** With three or six digits of the second where they are not zero, as the wire writer has it. */
function dateTimeJson(column: Sql): JsonSql {
  const micros = sql`epoch_us(${column})`;
  // Infinite times have no microseconds, so they are none that can be written.
  const utc = sql`make_timestamp(${micros})`;
  const whole = sql`strftime(${utc}, '"%Y-%m-%dT%H:%M:%SZ"')`;
  const text = sql`CASE WHEN ${micros} % 1000000 = 0 THEN ${whole} WHEN ${micros} % 1000 = 0 THEN strftime(${utc}, '"%Y-%m-%dT%H:%M:%S.%gZ"') ELSE strftime(${utc}, '"%Y-%m-%dT%H:%M:%S.%fZ"') END`;
  return { text, isWritable: withinYears(utc) };
}

function withinYears(column: Sql): Sql {
  return sql`CAST(${column} AS DATE) BETWEEN ${day(firstDay)} AND ${day(lastDay)}`;
}

function day(text: string): Sql {
  return sql`CAST(${literal(text)} AS DATE)`;
}

function quoted(text: Sql): Sql {
  return sql`('"' || ${text} || '"')`;
}
