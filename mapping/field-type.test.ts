import { parseType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { canHold, isListType, namedTypeOf, readFieldType } from './field-type.ts';
import type { SqlType, WireType } from './model.ts';
import { formatSqlType, parseSqlType } from './sql-type.ts';

const tiers = new Set(['GOLD', 'SILVER']);
const enums = new Map([['Tier', tiers]]);
const read = (type: string, declared?: string): ReturnType<typeof readFieldType> =>
  readFieldType(
    parseType(type),
    enums,
    declared === undefined ? undefined : parseSqlType(declared),
  );

describe('the column type of a field', () => {
  it.each([
    ['ID!', 'id', 'VARCHAR'],
    ['String', 'string', 'VARCHAR'],
    ['Int', 'int', 'INTEGER'],
    ['Float', 'float', 'DOUBLE'],
    ['Boolean', 'boolean', 'BOOLEAN'],
    ['BigInt', 'bigInt', 'BIGINT'],
    ['DateTime', 'dateTime', 'TIMESTAMPTZ'],
    ['Date', 'date', 'DATE'],
    ['Tier', 'enum', 'VARCHAR'],
    ['[String!]!', 'list', 'VARCHAR[]'],
    ['[[Int]]', 'list', 'INTEGER[][]'],
  ])('%s is written as %s and stored as %s', (type, kind, column) => {
    const result = read(type);
    expect(result?.wireType.kind).toBe(kind);
    expect(result?.sqlType && formatSqlType(result.sqlType)).toBe(column);
  });

  it('is the declared one where there is one', () => {
    expect(read('ID', 'BIGINT')?.sqlType).toEqual({ kind: 'BIGINT' });
    expect(read('[ID]', 'BIGINT[]')?.sqlType).toEqual({ kind: 'LIST', of: { kind: 'BIGINT' } });
  });

  it('gives a Decimal its scale, and has none to assume', () => {
    expect(read('Decimal!', 'DECIMAL(18,4)')?.wireType).toEqual({ kind: 'decimal', scale: 4 });
    expect(read('[Decimal]', 'DECIMAL(18,4)[]')?.wireType).toMatchObject({ of: { scale: 4 } });
    expect(read('Decimal')?.sqlType).toBeUndefined();
    expect(read('[Decimal]')?.sqlType).toBeUndefined();
  });

  it('knows the values of an enum, and whether a list has nulls', () => {
    expect(read('Tier')?.wireType).toEqual({ kind: 'enum', name: 'Tier', values: tiers });
    expect(read('[Int!]')?.wireType).toMatchObject({ hasNonNullItems: true });
    expect(read('[Int]!')?.wireType).toMatchObject({ hasNonNullItems: false });
  });

  it.each(['Customer', '[Customer!]!', 'JSON', 'constructor', 'toString'])(
    'is none for %s',
    (type) => {
      expect(read(type)).toBeUndefined();
    },
  );
});

it('looks through lists and non-nulls for the name of a type', () => {
  expect(namedTypeOf(parseType('[[A!]!]!'))).toBe('A');
  expect(isListType(parseType('[A]!'))).toBe(true);
  expect(isListType(parseType('A!'))).toBe(false);
});

it('tells which columns can be written as which type', () => {
  const wire: Record<string, WireType> = {
    id: { kind: 'id' },
    boolean: { kind: 'boolean' },
    decimal: { kind: 'decimal', scale: 2 },
    list: { kind: 'list', of: { kind: 'int' }, hasNonNullItems: false },
  };
  const fits = (column: string, type: WireType | undefined): boolean => {
    const sqlType: SqlType | undefined = parseSqlType(column);
    return sqlType !== undefined && type !== undefined && canHold(sqlType, type);
  };
  expect(fits('BIGINT', wire['id'])).toBe(true);
  expect(fits('DATE', wire['id'])).toBe(false);
  expect(fits('VARCHAR', wire['boolean'])).toBe(false);
  expect(fits('DOUBLE', wire['decimal'])).toBe(false);
  expect(fits('DECIMAL(9,2)[]', wire['decimal'])).toBe(false);
  expect(fits('BIGINT[]', wire['list'])).toBe(true);
  expect(fits('VARCHAR[]', wire['list'])).toBe(false);
  expect(fits('INTEGER', wire['list'])).toBe(false);
});
