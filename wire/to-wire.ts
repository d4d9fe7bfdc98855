import {
  DuckDBArrayValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
} from '@duckdb/node-api';
import { raise, type TributaryError } from '../foundation/errors/tributary-error.ts';
import type { WireType } from '../mapping/model.ts';
import { dateText, dateTimeText } from './calendar-text.ts';
import { decimalNumber, decimalText, rescale } from './decimal-text.ts';

/** What a request may choose about the form of values. */
export interface WireOptions {
  readonly decimals: 'number' | 'string';
}

/**
 * Turns a value of the lake's driver into its JSON form.
 *
 * @throws TributaryError, a client error that shows the value, for a value that the type cannot hold
 */
export type WireWriter = (value: unknown, options: WireOptions) => unknown;

/** A writer for one type: made once, then called for every cell. Null stays null. */
export function compileWireWriter(type: WireType): WireWriter {
  const write = compileNonNull(type);
  return (value, options) => (value === null || value === undefined ? null : write(value, options));
}

function compileNonNull(type: WireType): WireWriter {
  switch (type.kind) {
    case 'id':
      return (value) => writeText(value, 'ID');
    case 'string':
      return (value) => writeText(value, 'String');
    case 'int':
      return writeInt;
    case 'float':
      return writeFloat;
    case 'boolean':
      return (value) => (typeof value === 'boolean' ? value : fail(mismatch(value, 'Boolean')));
    case 'bigInt':
      return writeBigInt;
    case 'dateTime':
      return writeDateTime;
    case 'date':
      return writeDate;
    case 'decimal':
      return compileDecimal(type.scale);
    case 'enum':
      return compileEnum(type.name, type.values);
    case 'list':
      return compileList(type.of, type.hasNonNullItems);
  }
}

function writeText(value: unknown, type: 'ID' | 'String'): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (typeof value === 'number')
    return Number.isFinite(value) ? String(value) : fail(notFinite(value));
  if (value instanceof DuckDBDecimalValue) return decimalText(value.value, value.scale);
  if (value instanceof DuckDBDateValue) return writeDate(value);
  if (isTimestamp(value)) return writeDateTime(value);
  return fail(mismatch(value, type));
}

function writeInt(value: unknown): number {
  if (typeof value !== 'number' && typeof value !== 'bigint') return fail(mismatch(value, 'Int'));
  const number = Number(value);
  if (!Number.isInteger(number)) {
    return fail(Number.isFinite(number) ? mismatch(value, 'Int') : notFinite(number));
  }
  if (number < -2_147_483_648 || number > 2_147_483_647) {
    return fail(raise('WIRE_INT_RANGE', { value: show(value) }));
  }
  return number;
}

function writeFloat(value: unknown): number {
  if (typeof value === 'number') return Number.isFinite(value) ? value : fail(notFinite(value));
  if (typeof value === 'bigint') return exactNumber(value, 0);
  if (value instanceof DuckDBDecimalValue) return exactNumber(value.value, value.scale);
  return fail(mismatch(value, 'Float'));
}

function writeBigInt(value: unknown): string {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  return fail(mismatch(value, 'BigInt'));
}

function writeDateTime(value: unknown): string {
  if (!isTimestamp(value)) return fail(mismatch(value, 'DateTime'));
  const text = dateTimeText(value.micros);
  if (text !== undefined) return text;
  // The driver prints a TIMESTAMPTZ in the process's own zone, and a plain one as it is: in UTC.
  const shown = show(new DuckDBTimestampValue(value.micros));
  return fail(raise('WIRE_TIME_RANGE', { value: shown, type: 'DateTime' }));
}

function isTimestamp(value: unknown): value is DuckDBTimestampTZValue | DuckDBTimestampValue {
  return value instanceof DuckDBTimestampTZValue || value instanceof DuckDBTimestampValue;
}

function writeDate(value: unknown): string {
  if (!(value instanceof DuckDBDateValue)) return fail(mismatch(value, 'Date'));
  const text = dateText(value.days);
  if (text !== undefined) return text;
  return fail(raise('WIRE_TIME_RANGE', { value: showDate(value), type: 'Date' }));
}

function compileDecimal(scale: number): WireWriter {
  return (value, { decimals }) => {
    if (!(value instanceof DuckDBDecimalValue)) return fail(mismatch(value, 'Decimal'));
    const unscaled = value.scale === scale ? value.value : rescale(value.value, value.scale, scale);
    if (unscaled === undefined) return fail(mismatch(value, `Decimal of scale ${scale}`));
    return decimals === 'string' ? decimalText(unscaled, scale) : exactNumber(unscaled, scale);
  };
}

function exactNumber(unscaled: bigint, scale: number): number {
  const number = decimalNumber(unscaled, scale);
  if (number !== undefined) return number;
  return fail(raise('WIRE_DECIMAL_INEXACT', { value: decimalText(unscaled, scale) }));
}

function compileEnum(name: string, values: ReadonlySet<string>): WireWriter {
  return (value) => {
    if (typeof value === 'string' && values.has(value)) return value;
    return fail(raise('WIRE_ENUM_VALUE', { value: show(value), name }));
  };
}

function compileList(of: WireType, hasNonNullItems: boolean): WireWriter {
  const writeItem = compileWireWriter(of);
  return (value, options) => {
    if (!(value instanceof DuckDBListValue || value instanceof DuckDBArrayValue)) {
      return fail(mismatch(value, 'list'));
    }
    return value.items.map((item) => {
      if (item === null && hasNonNullItems) return fail(raise('WIRE_NULL_ITEM', {}));
      return writeItem(item, options);
    });
  };
}

function mismatch(value: unknown, type: string): TributaryError {
  return raise('WIRE_TYPE_MISMATCH', { value: show(value), type });
}

function notFinite(value: number): TributaryError {
  return raise('WIRE_NOT_FINITE', { value: show(value) });
}

function fail(error: TributaryError): never {
  throw error;
}

function showDate(value: DuckDBDateValue): string {
  if (value.days === DuckDBDateValue.PosInf.days) return 'infinity';
  return value.days === DuckDBDateValue.NegInf.days ? '-infinity' : show(value);
}

/** Strings, and what a request writes in braces, which has no text of its own. */
function isTextOrPlain(value: unknown): boolean {
  return typeof value === 'string' || (isObject(value) && Object.getPrototypeOf(value) === null);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** The value as an error message shows it: enough to find it, never the whole of a long one. */
export function show(value: unknown): string {
  const text = isTextOrPlain(value) ? JSON.stringify(value) : String(value);
  return text.length <= 60 ? text : `${text.slice(0, 57)}…`;
}
