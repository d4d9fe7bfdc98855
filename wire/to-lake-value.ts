import {
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBTimestampTZValue,
  type DuckDBValue,
} from '@duckdb/node-api';
import { raise } from '../foundation/errors/tributary-error.ts';
import type { MappedField, SqlType } from '../mapping/model.ts';
import { parseDateText, parseDateTimeText } from './calendar-text.ts';
import { parseDecimalText } from './decimal-text.ts';
import { compileWireWriter, type WireOptions } from './to-wire.ts';

/**
 * What a value from a request is in a column of this type; undefined when it can be equal to none there, such as
 * `abc` in a BIGINT column. Never throws, since a key that nothing can have is a question with the answer null.
 */
export function toKeyValue(wire: unknown, sqlType: SqlType): DuckDBValue | undefined {
  switch (sqlType.kind) {
    case 'VARCHAR':
      return toText(wire);
    case 'INTEGER': {
      const value = toInteger(wire, 32);
      return value === undefined ? undefined : Number(value);
    }
    case 'BIGINT':
      return toInteger(wire, 64);
    case 'DOUBLE':
      return toDouble(wire);
    case 'BOOLEAN':
      return toBoolean(wire);
    case 'TIMESTAMPTZ': {
      const micros = typeof wire === 'string' ? parseDateTimeText(wire) : undefined;
      return micros === undefined ? undefined : new DuckDBTimestampTZValue(micros);
    }
    case 'DATE': {
      const days = typeof wire === 'string' ? parseDateText(wire) : undefined;
      return days === undefined ? undefined : new DuckDBDateValue(days);
    }
    case 'DECIMAL':
      return toDecimal(wire, sqlType.precision, sqlType.scale);
    case 'LIST':
      return undefined;
  }
}

/**
 * The declared default as the lake holds it; null when none was declared or null was.
 *
 * @throws TributaryError MAPPING_DEFAULT_INVALID for a default that the field's column type cannot hold
 */
export function lakeDefault(field: MappedField): DuckDBValue {
  const { defaultValue, sqlType, name, location } = field;
  if (defaultValue === undefined || defaultValue === null) return null;
  const value = toKeyValue(defaultValue, sqlType);
  if (value !== undefined) return value;
  throw raise(
    'MAPPING_DEFAULT_INVALID',
    { field: name, value: String(defaultValue) },
    { at: location },
  );
}

/** What stands in an answer for the field of an entity that has no row in the domain. */
export function wireDefault(field: MappedField, options: WireOptions): unknown {
  return compileWireWriter(field.wireType)(lakeDefault(field), options);
}

function toText(wire: unknown): string | undefined {
  if (typeof wire === 'number') return Number.isSafeInteger(wire) ? String(wire) : undefined;
  if (typeof wire !== 'string') return undefined;
  // The driver writes half a surrogate pair as U+FFFD, and would find a row with that character.
  return /\p{Surrogate}/u.test(wire) ? undefined : wire;
}

/** Only as an answer would write it: `007` is not the key of the row with 7. */
function toInteger(wire: unknown, bits: 32 | 64): bigint | undefined {
  if (typeof wire === 'number')
    return Number.isSafeInteger(wire) ? withinBits(BigInt(wire), bits) : undefined;
  if (typeof wire !== 'string' || !/^(?:0|-?[1-9]\d{0,18})$/.test(wire)) return undefined;
  return withinBits(BigInt(wire), bits);
}

function withinBits(value: bigint, bits: 32 | 64): bigint | undefined {
  return BigInt.asIntN(bits, value) === value ? value : undefined;
}

function toDouble(wire: unknown): number | undefined {
  const isNumberText = typeof wire === 'string' && wire !== '' && String(Number(wire)) === wire;
  const value = isNumberText ? Number(wire) : wire;
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function toBoolean(wire: unknown): boolean | undefined {
  if (wire === true || wire === 'true') return true;
  return wire === false || wire === 'false' ? false : undefined;
}

function toDecimal(
  wire: unknown,
  precision: number,
  scale: number,
): DuckDBDecimalValue | undefined {
  if (typeof wire !== 'string' && typeof wire !== 'number') return undefined;
  const text = String(wire);
  if (text.length > 60) return undefined;
  const unscaled = parseDecimalText(text, scale);
  const limit = 10n ** BigInt(precision);
  if (unscaled === undefined || unscaled >= limit || unscaled <= -limit) return undefined;
  return new DuckDBDecimalValue(unscaled, precision, scale);
}
