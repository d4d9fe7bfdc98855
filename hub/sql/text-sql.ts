import { sql, type Sql } from '../../lake/sql.ts';
import type { SqlType, WireType } from '../../mapping/model.ts';
import { comparedType } from '../question/compared-type.ts';

/** A column of a field as what its values are put in order and looked into: see `comparedType`. */
export function comparedSql(
  column: Sql,
  field: { readonly sqlType: SqlType; readonly wireType: WireType },
): Sql {
  return comparedType(field).kind === 'VARCHAR' ? textSql(column, field.sqlType) : column;
}

/** The text that an answer shows for the values of a column where its field is a String or an ID. */
export function textSql(column: Sql, type: SqlType): Sql {
  switch (type.kind) {
    case 'VARCHAR':
      return column;
    case 'INTEGER':
    case 'BIGINT':
    case 'BOOLEAN':
    case 'DATE':
      return sql`CAST(${column} AS VARCHAR)`;
    case 'DECIMAL':
      return decimalTextSql(column, type);
    case 'DOUBLE':
      return doubleTextSql(column);
    case 'TIMESTAMPTZ':
      return timeTextSql(column);
    case 'LIST':
      throw new TypeError('A list is not shown as a text.');
  }
}

/** Where all digits stand behind the point, DuckDB writes none before it. */
function decimalTextSql(
  column: Sql,
  { precision, scale }: Extract<SqlType, { readonly kind: 'DECIMAL' }>,
): Sql {
  const text = sql`CAST(${column} AS VARCHAR)`;
  return precision === scale ? sql`replace(${text}, '.', '0.')` : text;
}

/** In UTC, with three or six digits of the second where they are not zero. */
function timeTextSql(column: Sql): Sql {
  const text = sql`strftime(make_timestamp(epoch_us(${column})), '%Y-%m-%dT%H:%M:%S.%f')`;
  return sql`(CASE WHEN ends_with(${text}, '.000000') THEN left(${text}, -7) WHEN ends_with(${text}, '000') THEN left(${text}, -3) ELSE ${text} END || 'Z')`;
}

/**
 * As JavaScript writes a number. DuckDB finds the same digits and puts them differently: `1.0` for 1, `1e+16` for
 * what is below 10^21, `1e-05` for what is not below 10^-6, and two digits in any exponent.
 */
function doubleTextSql(column: Sql): Sql {
  const text = sql`CAST(${column} AS VARCHAR)`;
  const size = sql`abs(${column})`;
  const sign = sql`CASE WHEN ${column} < 0 THEN '-' ELSE '' END`;
  const digits = sql`replace(split_part(ltrim(${text}, '-'), 'e', 1), '.', '')`;
  const exponent = sql`TRY_CAST(split_part(${text}, 'e+', 2) AS INTEGER)`;
  return sql`CASE WHEN ${column} = 0 THEN '0' WHEN ${size} < 1e-6 OR ${size} >= 1e21 THEN replace(${text}, 'e-0', 'e-') WHEN ${size} < 1e-5 THEN ${sign} || '0.00000' || ${digits} WHEN ${size} < 1e-4 THEN ${sign} || '0.0000' || ${digits} WHEN ${size} >= 1e16 THEN ${sign} || rpad(${digits}, ${exponent} + 1, '0') WHEN ends_with(${text}, '.0') THEN left(${text}, -2) ELSE ${text} END`;
}
