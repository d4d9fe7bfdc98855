import type { SqlType } from './model.ts';

/** The most digits that DuckDB keeps in a DECIMAL. */
export const maximumDecimalPrecision = 38;

const plainKinds = new Map<string, SqlType>([
  ['VARCHAR', { kind: 'VARCHAR' }],
  ['INTEGER', { kind: 'INTEGER' }],
  ['BIGINT', { kind: 'BIGINT' }],
  ['DOUBLE', { kind: 'DOUBLE' }],
  ['BOOLEAN', { kind: 'BOOLEAN' }],
  ['TIMESTAMPTZ', { kind: 'TIMESTAMPTZ' }],
  // The name under which DuckDB's catalog lists it.
  ['TIMESTAMP WITH TIME ZONE', { kind: 'TIMESTAMPTZ' }],
  ['DATE', { kind: 'DATE' }],
]);

/**
 * Reads a column type as people and DuckDB's catalog write it: `BIGINT`, `DECIMAL(18,2)`, `VARCHAR[]`.
 *
 * `undefined` when it is no type that a mapping may use. A DECIMAL without precision and scale is none, since the
 * scale decides how the value is written in JSON.
 */
export function parseSqlType(text: string): SqlType | undefined {
  const trimmed = text.trim();
  if (trimmed.endsWith('[]')) {
    const of = parseSqlType(trimmed.slice(0, -2));
    return of === undefined ? undefined : { kind: 'LIST', of };
  }
  const decimal = /^(?:DECIMAL|NUMERIC)\s*\(\s*(\d{1,2})\s*,\s*(\d{1,2})\s*\)$/i.exec(trimmed);
  if (decimal !== null) return decimalType(Number(decimal[1]), Number(decimal[2]));
  return plainKinds.get(trimmed.toUpperCase().replaceAll(/\s+/g, ' '));
}

/** The type as DuckDB's catalog writes it, with the shorter TIMESTAMPTZ; `parseSqlType` reads it back. */
export function formatSqlType(type: SqlType): string {
  switch (type.kind) {
    case 'DECIMAL':
      return `DECIMAL(${type.precision},${type.scale})`;
    case 'LIST':
      return `${formatSqlType(type.of)}[]`;
    default:
      return type.kind;
  }
}

function decimalType(precision: number, scale: number): SqlType | undefined {
  if (precision < 1 || precision > maximumDecimalPrecision || scale > precision) return undefined;
  return { kind: 'DECIMAL', precision, scale };
}
