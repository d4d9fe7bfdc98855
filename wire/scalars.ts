import {
  isScalarType,
  Kind,
  valueFromASTUntyped,
  type GraphQLSchema,
  type ValueNode,
} from 'graphql';
import { raise } from '../foundation/errors/tributary-error.ts';
import { dateTimeText, parseDateText, parseDateTimeText } from './calendar-text.ts';
import { decimalText, parseDecimalText } from './decimal-text.ts';
import { show, type WireOptions } from './to-wire.ts';

/** How a custom scalar is read and written: the part of a GraphQLScalarType that a schema without code lacks. */
export interface ScalarCodec {
  serialize(value: unknown): unknown;
  parseValue(value: unknown): unknown;
  parseLiteral(node: ValueNode, variables?: Record<string, unknown> | null): unknown;
}

/**
 * The scalars that Tributary knows besides GraphQL's own. Values of the lake are in their JSON form already and pass;
 * a resolver may also return a Date or a bigint. What a request sends is checked, and handed on as text.
 */
export const scalarCodecs: Readonly<
  Record<'DateTime' | 'Date' | 'Decimal' | 'BigInt', ScalarCodec>
> = {
  DateTime: codec(
    (value) =>
      typeof value === 'string' && parseDateTimeText(value) !== undefined ? value : undefined,
    (value) => refuse(value, 'DateTime', 'RFC 3339 with an offset, such as "2026-01-31T08:30:00Z"'),
    (value) => (isTime(value) ? dateTimeText(BigInt(value.getTime()) * 1_000n) : value),
  ),
  Date: codec(
    (value) =>
      typeof value === 'string' && parseDateText(value) !== undefined ? value : undefined,
    (value) => refuse(value, 'Date', 'a day of the calendar, such as "2026-01-31"'),
  ),
  Decimal: codec(
    (value) =>
      isNumberOrText(value) && !isRounded(value) && isDecimal(String(value))
        ? String(value)
        : undefined,
    (value) => refuse(value, 'Decimal', 'a number, or as a string such as "12.50"'),
  ),
  BigInt: codec(readBigInt, (value) =>
    refuse(value, 'BigInt', 'a whole number of 64 bits, as a string such as "9007199254740993"'),
  ),
};

export const knownScalars: readonly string[] = Object.keys(scalarCodecs);

/** Gives the known scalars of a schema that was made from text their codecs. */
export function completeScalars(
  schema: GraphQLSchema,
  names: ReadonlySet<string> = new Set(knownScalars),
): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (isScalarType(type) && isKnownScalar(type.name) && names.has(type.name))
      Object.assign(type, scalarCodecs[type.name]);
  }
}

/** A computed Decimal in the form that the request asked for. */
export function decimalInForm(value: unknown, { decimals }: WireOptions): unknown {
  if (decimals === 'string' && typeof value === 'number' && Number.isFinite(value))
    return plainText(value);
  if (decimals === 'string' || typeof value !== 'string' || !isDecimal(value)) return value;
  const number = Number(value);
  const scale = value.split('.')[1]?.length ?? 0;
  if (parseDecimalText(String(number), scale) === parseDecimalText(value, scale)) return number;
  throw raise('WIRE_DECIMAL_INEXACT', { value: show(value) });
}

function codec(
  parse: (value: unknown) => unknown,
  invalid: (value: unknown) => Error,
  serialize: (value: unknown) => unknown = (value) =>
    typeof value === 'bigint' ? value.toString() : value,
): ScalarCodec {
  const parseValue = (value: unknown): unknown => {
    const parsed = parse(value);
    if (parsed === undefined) throw invalid(value);
    return parsed;
  };
  return {
    serialize,
    parseValue,
    parseLiteral(node, variables) {
      // A number's text, not its value: a double would lose digits before anybody could look at them.
      const isNumber = node.kind === Kind.INT || node.kind === Kind.FLOAT;
      return parseValue(isNumber ? node.value : valueFromASTUntyped(node, variables));
    },
  };
}

function isKnownScalar(name: string): name is keyof typeof scalarCodecs {
  return Object.hasOwn(scalarCodecs, name);
}

function readBigInt(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : undefined;
  if (typeof value !== 'string' || !/^-?\d{1,19}$/.test(value)) return undefined;
  const number = BigInt(value);
  return BigInt.asIntN(64, number) === number ? number.toString() : undefined;
}

function isDecimal(text: string): boolean {
  return text.length <= 60 && /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,2})?$/.test(text);
}

/** A whole number of so many digits lost some of them when the request was read. */
function isRounded(value: number | string): boolean {
  return typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value);
}

function isNumberOrText(value: unknown): value is number | string {
  return typeof value === 'number' || typeof value === 'string';
}

function isTime(value: unknown): value is Date {
  return value instanceof Date && !Number.isNaN(value.getTime());
}

/** Without an exponent, which readers of decimal text need not know. */
function plainText(value: number): string {
  const text = String(value);
  const [mantissa = '', exponent] = text.split('e');
  if (exponent === undefined) return text;
  const scale = Math.max(0, (mantissa.split('.')[1]?.length ?? 0) - Number(exponent));
  const unscaled = parseDecimalText(text, scale);
  return unscaled === undefined ? text : decimalText(unscaled, scale);
}

function refuse(value: unknown, type: string, form: string): Error {
  return raise('WIRE_INPUT_INVALID', { value: show(value), type, form });
}
