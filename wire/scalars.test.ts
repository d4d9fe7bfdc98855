import { parseValue } from 'graphql';
import { describe, expect, it } from 'vitest';
import { decimalInForm, scalarCodecs } from './scalars.ts';

const { DateTime, Date: LocalDate, Decimal, BigInt: LargeInteger } = scalarCodecs;

describe('custom scalars', () => {
  it('lets values in JSON form pass', () => {
    expect(DateTime.serialize('2026-01-31T08:30:00Z')).toBe('2026-01-31T08:30:00Z');
    expect(Decimal.serialize(12.5)).toBe(12.5);
    expect(Decimal.serialize('12.50')).toBe('12.50');
  });

  it('writes a Date and a bigint that a resolver computed', () => {
    expect(DateTime.serialize(new Date(Date.UTC(2026, 0, 31, 8, 30)))).toBe('2026-01-31T08:30:00Z');
    expect(LargeInteger.serialize(2n ** 62n)).toBe('4611686018427387904');
  });

  it('reads numbers in a query by their text', () => {
    expect(Decimal.parseLiteral(parseValue('9007199254740993.01'))).toBe('9007199254740993.01');
    expect(LargeInteger.parseLiteral(parseValue('9007199254740993'))).toBe('9007199254740993');
    expect(Decimal.parseLiteral(parseValue('"12.50"'))).toBe('12.50');
    expect(LocalDate.parseLiteral(parseValue('$day'), { day: '2026-01-31' })).toBe('2026-01-31');
  });

  it('says what is wrong with an input', () => {
    expect(() => DateTime.parseValue('yesterday')).toThrow('"yesterday" is not a DateTime.');
    expect(() => DateTime.parseValue('2026-01-31T08:30:00')).toThrow('is not a DateTime');
    expect(() => LocalDate.parseValue('2026-02-30')).toThrow('"2026-02-30" is not a Date.');
    expect(() => Decimal.parseValue('12,50')).toThrow('is not a Decimal');
    expect(() => Decimal.parseValue(Infinity)).toThrow('is not a Decimal');
    expect(() => LargeInteger.parseValue('9223372036854775808')).toThrow('is not a BigInt');
    expect(() => LargeInteger.parseLiteral(parseValue('1.5'))).toThrow('is not a BigInt');
  });
});

describe('computed decimals', () => {
  it('come in the form that was asked for', () => {
    expect(decimalInForm(12.5, { decimals: 'string' })).toBe('12.5');
    expect(decimalInForm(1e-7, { decimals: 'string' })).toBe('0.0000001');
    expect(decimalInForm(1e21, { decimals: 'string' })).toBe('1000000000000000000000');
    expect(decimalInForm('12.50', { decimals: 'number' })).toBe(12.5);
    expect(decimalInForm(null, { decimals: 'number' })).toBe(null);
    expect(() => decimalInForm('9007199254740993.01', { decimals: 'number' })).toThrow(
      'without loss',
    );
  });
});
