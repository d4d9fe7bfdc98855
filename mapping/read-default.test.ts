import { parseConstValue } from 'graphql';
import { expect, it } from 'vitest';
import type { SqlType, WireType } from './model.ts';
import { readDefault } from './read-default.ts';
import { parseSqlType } from './sql-type.ts';
import { errorOf } from './testing/inline-domain.ts';

const at = { file: 'schema.graphql' };
const wireTypes: Record<string, WireType> = {
  ID: { kind: 'id' },
  String: { kind: 'string' },
  Int: { kind: 'int' },
  Float: { kind: 'float' },
  Boolean: { kind: 'boolean' },
  BigInt: { kind: 'bigInt' },
  Decimal: { kind: 'decimal', scale: 2 },
  DateTime: { kind: 'dateTime' },
  Date: { kind: 'date' },
  Tier: { kind: 'enum', name: 'Tier', values: new Set(['GOLD']) },
  List: { kind: 'list', of: { kind: 'int' }, hasNonNullItems: false },
};

function read(type: string, column: string, literal: string): unknown {
  const wireType = wireTypes[type];
  const sqlType: SqlType | undefined = parseSqlType(column);
  if (wireType === undefined || sqlType === undefined)
    throw new Error(`no such type: ${type}, ${column}`);
  return readDefault(parseConstValue(literal), { wireType, sqlType }, 'Customer.field', at);
}

it.each([
  ['String', 'VARCHAR', '""', ''],
  ['String', 'VARCHAR', '"it\'s"', "it's"],
  ['ID', 'BIGINT', '"7"', '7'],
  ['Int', 'INTEGER', '"-2147483648"', -2_147_483_648],
  ['Int', 'BIGINT', '"0"', 0],
  ['Float', 'DOUBLE', '"1e3"', 1_000],
  ['Float', 'DECIMAL(4,2)', '"0.25"', 0.25],
  ['Boolean', 'BOOLEAN', '"true"', true],
  ['Boolean', 'BOOLEAN', '"false"', false],
  ['BigInt', 'BIGINT', '"9223372036854775807"', '9223372036854775807'],
  ['Decimal', 'DECIMAL(4,2)', '"-12.5"', '-12.5'],
  ['Decimal', 'DECIMAL(2,2)', '"0.99"', '0.99'],
  ['DateTime', 'TIMESTAMPTZ', '"2026-01-31T08:30:00Z"', '2026-01-31T08:30:00Z'],
  [
    'DateTime',
    'TIMESTAMPTZ',
    '"2026-01-31T08:30:00.123456+02:00"',
    '2026-01-31T08:30:00.123456+02:00',
  ],
  ['Date', 'DATE', '"2024-02-29"', '2024-02-29'],
  ['Tier', 'VARCHAR', '"GOLD"', 'GOLD'],
  ['List', 'INTEGER[]', 'null', null],
  ['Int', 'INTEGER', 'null', null],
])('a %s in a %s can have the default %s', (type, column, literal, expected) => {
  expect(read(type, column, literal)).toBe(expected);
});

it.each([
  ['String', 'VARCHAR', '5'],
  ['String', 'VARCHAR', 'true'],
  ['ID', 'BIGINT', '"seven"'],
  ['Int', 'INTEGER', '"2147483648"'],
  ['Int', 'INTEGER', '"1.5"'],
  ['Int', 'INTEGER', '""'],
  ['Int', 'INTEGER', '0'],
  ['Float', 'DOUBLE', '"0x10"'],
  ['Float', 'DOUBLE', '"Infinity"'],
  ['Float', 'DOUBLE', '"1e999"'],
  ['Float', 'DECIMAL(4,2)', '"0.125"'],
  ['Boolean', 'BOOLEAN', '"yes"'],
  ['BigInt', 'BIGINT', '"9223372036854775808"'],
  ['BigInt', 'INTEGER', '"2147483648"'],
  ['Decimal', 'DECIMAL(4,2)', '"12.345"'],
  ['Decimal', 'DECIMAL(4,2)', '"123"'],
  ['Decimal', 'DECIMAL(4,2)', '"."'],
  ['Decimal', 'DECIMAL(4,2)', '"007"'],
  ['DateTime', 'TIMESTAMPTZ', '"2026-01-31T08:30:00"'],
  ['DateTime', 'TIMESTAMPTZ', '"2026-02-30T08:30:00Z"'],
  ['DateTime', 'TIMESTAMPTZ', '"2026-01-31T25:00:00Z"'],
  ['Date', 'DATE', '"2026-02-29"'],
  ['Date', 'DATE', '"31.01.2026"'],
  ['Tier', 'VARCHAR', '"gold"'],
  ['List', 'INTEGER[]', '"1"'],
])('a %s in a %s cannot have the default %s', (type, column, literal) => {
  const error = errorOf(() => read(type, column, literal));
  expect(error).toMatchObject({ code: 'MAPPING_DEFAULT_INVALID', at });
  expect(error.message).toContain('Customer.field');
});

it('is undefined where none is declared, which is not null', () => {
  const types = { wireType: { kind: 'int' }, sqlType: { kind: 'INTEGER' } } as const;
  expect(readDefault(undefined, types, 'Customer.field', at)).toBeUndefined();
});
