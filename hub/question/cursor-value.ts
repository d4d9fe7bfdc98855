import {
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBTimestampTZValue,
} from '@duckdb/node-api';
import type { LakeValue } from '../../lake/sql.ts';
import type { SqlType } from '../../mapping/model.ts';

/** A value in a form that JSON keeps exactly; `parseCursorValue` reads it back. Numbers are texts, times are counts. */
export function formatCursorValue(value: LakeValue, type: SqlType): unknown {
  if (value === null) return null;
  switch (type.kind) {
    case 'VARCHAR':
      return typeof value === 'string' ? value : mismatch(value, type);
    case 'BOOLEAN':
      return typeof value === 'boolean' ? value : mismatch(value, type);
    case 'INTEGER':
    case 'BIGINT':
    case 'DOUBLE':
      return typeof value === 'number' || typeof value === 'bigint'
        ? String(value)
        : mismatch(value, type);
    case 'DECIMAL':
      return value instanceof DuckDBDecimalValue ? String(value.value) : mismatch(value, type);
    case 'TIMESTAMPTZ':
      return value instanceof DuckDBTimestampTZValue ? String(value.micros) : mismatch(value, type);
    case 'DATE':
      return value instanceof DuckDBDateValue ? String(value.days) : mismatch(value, type);
    case 'LIST':
      return value instanceof DuckDBListValue
        ? value.items.map((item) => formatCursorValue(item, type.of))
        : mismatch(value, type);
  }
}

/** Undefined for what is no value of the type. */
export function parseCursorValue(value: unknown, type: SqlType): LakeValue | undefined {
  if (value === null) return null;
  switch (type.kind) {
    case 'VARCHAR':
      return typeof value === 'string' ? value : undefined;
    case 'BOOLEAN':
      return typeof value === 'boolean' ? value : undefined;
    case 'DOUBLE':
      return parseDouble(value);
    case 'INTEGER': {
      const number = parseWhole(value, 32);
      return number === undefined ? undefined : Number(number);
    }
    case 'BIGINT':
      return parseWhole(value, 64);
    case 'DECIMAL': {
      const unscaled = parseWhole(value, 128);
      const limit = 10n ** BigInt(type.precision);
      if (unscaled === undefined || unscaled >= limit || unscaled <= -limit) return undefined;
      return new DuckDBDecimalValue(unscaled, type.precision, type.scale);
    }
    case 'TIMESTAMPTZ': {
      const micros = parseWhole(value, 64);
      return micros === undefined ? undefined : new DuckDBTimestampTZValue(micros);
    }
    case 'DATE': {
      const days = parseWhole(value, 32);
      return days === undefined ? undefined : new DuckDBDateValue(Number(days));
    }
    case 'LIST':
      return parseItems(value, type.of);
  }
}

function parseItems(value: unknown, type: SqlType): LakeValue | undefined {
  if (!Array.isArray(value)) return undefined;
  const items: LakeValue[] = [];
  for (const item of value) {
    const parsed = parseCursorValue(item, type);
    if (parsed === undefined) return undefined;
    items.push(parsed);
  }
  return new DuckDBListValue(items);
}

/** Only in the one spelling in which it was written, infinities and NaN included. */
function parseDouble(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined;
  const number = Number(value);
  return String(number) === value ? number : undefined;
}

function parseWhole(value: unknown, bits: 32 | 64 | 128): bigint | undefined {
  if (typeof value !== 'string' || !/^-?\d{1,39}$/.test(value)) return undefined;
  const number = BigInt(value);
  return BigInt.asIntN(bits, number) === number && String(number) === value ? number : undefined;
}

function mismatch(value: LakeValue, { kind }: SqlType): never {
  throw new TypeError(`${String(value)} is no ${kind}`);
}
