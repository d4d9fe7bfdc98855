import { DuckDBDateValue, DuckDBDecimalValue, DuckDBTimestampTZValue } from '@duckdb/node-api';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MappedField, SqlType, WireType } from '../mapping/model.ts';
import { lakeDefault, toKeyValue, wireDefault } from './to-lake-value.ts';
import { compileWireWriter } from './to-wire.ts';

const decimal: SqlType = { kind: 'DECIMAL', precision: 10, scale: 2 };

function field(
  wireType: WireType,
  sqlType: SqlType,
  defaultValue: MappedField['defaultValue'],
): MappedField {
  return {
    name: 'price',
    expression: { kind: 'column', column: 'price' },
    sqlType,
    wireType,
    isNonNull: false,
    isInaccessible: false,
    defaultValue,
    location: { file: 'schema.graphql' },
  };
}

describe('keys of a request as values of the lake', () => {
  it('takes what an answer would write', () => {
    expect(toKeyValue('c-1', { kind: 'VARCHAR' })).toBe('c-1');
    expect(toKeyValue(5, { kind: 'VARCHAR' })).toBe('5');
    expect(toKeyValue('9223372036854775807', { kind: 'BIGINT' })).toBe(9_223_372_036_854_775_807n);
    expect(toKeyValue('-5', { kind: 'INTEGER' })).toBe(-5);
    expect(toKeyValue(0.5, { kind: 'DOUBLE' })).toBe(0.5);
    expect(toKeyValue('0.5', { kind: 'DOUBLE' })).toBe(0.5);
    expect(toKeyValue('true', { kind: 'BOOLEAN' })).toBe(true);
    expect(toKeyValue('12.5', decimal)).toEqual(new DuckDBDecimalValue(1250n, 10, 2));
    expect(toKeyValue(12.5, decimal)).toEqual(new DuckDBDecimalValue(1250n, 10, 2));
    expect(toKeyValue('2026-01-31', { kind: 'DATE' })).toEqual(new DuckDBDateValue(20_484));
    expect(toKeyValue('1970-01-01T01:00:00.000001+01:00', { kind: 'TIMESTAMPTZ' })).toEqual(
      new DuckDBTimestampTZValue(1n),
    );
  });

  it.each([
    ['abc', { kind: 'BIGINT' }],
    [2 ** 70, { kind: 'BIGINT' }],
    ['9223372036854775808', { kind: 'BIGINT' }],
    ['2147483648', { kind: 'INTEGER' }],
    ['007', { kind: 'BIGINT' }],
    ['-0', { kind: 'BIGINT' }],
    [' 7', { kind: 'BIGINT' }],
    [null, { kind: 'VARCHAR' }],
    ['\ud800', { kind: 'VARCHAR' }],
    [{ id: 1 }, { kind: 'VARCHAR' }],
    ['NaN', { kind: 'DOUBLE' }],
    ['yes', { kind: 'BOOLEAN' }],
    ['12.345', decimal],
    ['123456789.00', decimal],
    ['9'.repeat(10_000), decimal],
    ['2026-02-30', { kind: 'DATE' }],
    ['2026-01-31T08:30:00', { kind: 'TIMESTAMPTZ' }],
    ['2026-01-31T24:00:00Z', { kind: 'TIMESTAMPTZ' }],
    ['x', { kind: 'LIST', of: { kind: 'VARCHAR' } }],
  ] as const)('knows that %j can match no row of %j', (wire, sqlType) => {
    expect(toKeyValue(wire, sqlType)).toBe(undefined);
  });

  it('throws for nothing at all', () => {
    const types: readonly SqlType[] = [
      ...(
        ['VARCHAR', 'INTEGER', 'BIGINT', 'DOUBLE', 'BOOLEAN', 'TIMESTAMPTZ', 'DATE'] as const
      ).map((kind): SqlType => ({ kind })),
      decimal,
    ];
    fc.assert(
      fc.property(fc.anything(), fc.constantFrom(...types), (wire, sqlType) => {
        toKeyValue(wire, sqlType);
      }),
      { seed: 1 },
    );
  });

  it('reads back every point in time that an answer can write', () => {
    const write = compileWireWriter({ kind: 'dateTime' });
    fc.assert(
      fc.property(
        fc.bigInt({ min: -62_135_596_800_000_000n, max: 253_402_300_799_999_999n }),
        (micros) => {
          const value = new DuckDBTimestampTZValue(micros);
          expect(toKeyValue(write(value, { decimals: 'number' }), { kind: 'TIMESTAMPTZ' })).toEqual(
            value,
          );
        },
      ),
      { seed: 1 },
    );
  });
});

describe('declared defaults', () => {
  it('are written like any other value', () => {
    const price = field({ kind: 'decimal', scale: 2 }, decimal, '12.5');
    expect(wireDefault(price, { decimals: 'string' })).toBe('12.50');
    expect(wireDefault(price, { decimals: 'number' })).toBe(12.5);
    const since = field({ kind: 'dateTime' }, { kind: 'TIMESTAMPTZ' }, '2026-01-31T10:30:00+02:00');
    expect(wireDefault(since, { decimals: 'number' })).toBe('2026-01-31T08:30:00Z');
    expect(
      wireDefault(field({ kind: 'int' }, { kind: 'INTEGER' }, 0), { decimals: 'number' }),
    ).toBe(0);
  });

  it('are null when null or nothing was declared', () => {
    for (const declared of [null, undefined]) {
      expect(lakeDefault(field({ kind: 'int' }, { kind: 'INTEGER' }, declared))).toBe(null);
    }
  });

  it('are refused when the column cannot hold them', () => {
    const price = field({ kind: 'decimal', scale: 2 }, decimal, '0.125');
    expect(() => lakeDefault(price)).toThrow('price cannot have the default "0.125".');
  });
});
