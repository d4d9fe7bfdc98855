import {
  buildSchema,
  GraphQLScalarType,
  isScalarType,
  Kind as NodeKind,
  printSchema,
  valueFromASTUntyped,
  type GraphQLSchema,
} from 'graphql';
import type { Kind } from './catalog.ts';
import { decimalOf, decimalText, momentText, type Value } from './value.ts';

export type DecimalForm = 'number' | 'string';

/** A value as an answer shows it; a decimal that no JSON number has exactly is a RangeError. */
export function writeValue(
  kind: Kind,
  scale: number,
  value: Value,
  decimals: DecimalForm,
): unknown {
  if (value === null) return null;
  switch (kind) {
    case 'decimal':
      return writeDecimal(BigInt(String(value)), scale, decimals);
    case 'bigInt':
      return String(value);
    case 'dateTime':
      return momentText(BigInt(String(value)));
    default:
      return value;
  }
}

/** The same types and arguments with none of the hub's code: what is sent for a custom scalar is taken as its text. */
export function plainSchema(schema: GraphQLSchema): GraphQLSchema {
  const plain = buildSchema(printSchema(schema));
  for (const type of Object.values(plain.getTypeMap())) {
    if (isScalarType(type) && isCustom(type)) {
      type.parseValue = String;
      type.parseLiteral = (node, variables) =>
        node.kind === NodeKind.INT || node.kind === NodeKind.FLOAT
          ? node.value
          : String(valueFromASTUntyped(node, variables));
    }
  }
  return plain;
}

function isCustom({ name }: GraphQLScalarType): boolean {
  return ['Decimal', 'BigInt', 'Date', 'DateTime'].includes(name);
}

function writeDecimal(value: bigint, scale: number, form: DecimalForm): string | number {
  const text = decimalText(value, scale);
  if (form === 'string') return text;
  const number = Number(text);
  if (decimalOf(String(number)) !== value) throw new RangeError(`${text} is no JSON number`);
  return number;
}
