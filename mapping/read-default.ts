import { Kind, print, type ConstValueNode } from 'graphql';
import { raise, type SourceLocation } from '../foundation/errors/tributary-error.ts';
import type { FieldType } from './field-type.ts';
import type { MappedField, SqlType, WireType } from './model.ts';

/**
 * The `default` of `@column`, written as the value is written in an answer: `"BRONZE"`, `"0"`, `"true"`, or null.
 * Undefined when none was declared, which is something else than null.
 *
 * @param coordinate `TypeName.fieldName`, for the error that the type cannot have this default
 */
export function readDefault(
  node: ConstValueNode | undefined,
  { wireType, sqlType }: FieldType,
  coordinate: string,
  at: SourceLocation,
): MappedField['defaultValue'] {
  if (node === undefined) return undefined;
  if (node.kind === Kind.NULL) return null;
  const text = node.kind === Kind.STRING ? node.value : undefined;
  const value = text === undefined ? undefined : readText(text, wireType, sqlType);
  if (value !== undefined) return value;
  throw raise('MAPPING_DEFAULT_INVALID', { field: coordinate, value: text ?? print(node) }, { at });
}

function readText(
  text: string,
  type: WireType,
  sqlType: SqlType,
): string | number | boolean | undefined {
  switch (type.kind) {
    case 'id':
    case 'string':
      return isStorable(text, sqlType) ? text : undefined;
    case 'int':
      return isWhole(text, 32) ? Number(text) : undefined;
    case 'float':
      return isStorable(text, sqlType) ? Number(text) : undefined;
    case 'boolean':
      return text === 'true' || text === 'false' ? text === 'true' : undefined;
    case 'enum':
      return type.values.has(text) ? text : undefined;
    case 'decimal':
      return isDecimal(text, sqlType) ? text : undefined;
    case 'bigInt':
      return isStorable(text, sqlType) ? text : undefined;
    case 'dateTime':
      return isDateTime(text) ? text : undefined;
    case 'date':
      return isDay(text) ? text : undefined;
    case 'list':
      return undefined;
  }
}

/** Whether a column of this type can hold what the text says. */
function isStorable(text: string, type: SqlType): boolean {
  switch (type.kind) {
    case 'VARCHAR':
      return true;
    case 'INTEGER':
      return isWhole(text, 32);
    case 'BIGINT':
      return isWhole(text, 64);
    case 'DECIMAL':
      return isDecimal(text, type);
    case 'DOUBLE':
      return /^-?\d+(\.\d+)?([eE][-+]?\d+)?$/.test(text) && Number.isFinite(Number(text));
    default:
      return false;
  }
}

function isWhole(text: string, bits: 32 | 64): boolean {
  return /^(?:0|-?[1-9]\d{0,18})$/.test(text) && BigInt.asIntN(bits, BigInt(text)) === BigInt(text);
}

/** A number that the column holds digit by digit: nothing to round, and not too large. */
function isDecimal(text: string, type: SqlType): boolean {
  const match = /^-?(0|[1-9]\d*)(?:\.(\d+))?$/.exec(text);
  if (type.kind !== 'DECIMAL' || match === null) return false;
  const [, whole = '', fraction = ''] = match;
  const digits = whole === '0' ? 0 : whole.length;
  return fraction.length <= type.scale && digits <= type.precision - type.scale;
}

/** A point in time is none without its offset from UTC. */
function isDateTime(text: string): boolean {
  const match = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?(?:Z|[-+]\d{2}:\d{2})$/.exec(
    text,
  );
  return match?.[1] !== undefined && isDay(match[1]) && !Number.isNaN(Date.parse(text));
}

/** `Date` takes the 30th of February for the 2nd of March; a default does not. */
function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
