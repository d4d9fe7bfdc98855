import { DuckDBDecimalValue } from '@duckdb/node-api';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimalText } from '../../wire/decimal-text.ts';
import { compareNumber, type ExactType } from './compare-number.ts';
import type { Comparison } from './condition.ts';

const decimal: ExactType = { kind: 'DECIMAL', precision: 4, scale: 2 };

describe('a number that a column may not keep', () => {
  it.each([
    ['lt', '10.005', 'lte', 1_000n],
    ['lte', '10.005', 'lte', 1_000n],
    ['gt', '10.005', 'gt', 1_000n],
    ['gte', '10.005', 'gt', 1_000n],
    ['lt', '-10.005', 'lte', -1_001n],
    ['gte', '-10.005', 'gt', -1_001n],
    ['lt', '10.010', 'lt', 1_001n],
    ['lt', 10.005, 'lte', 1_000n],
  ] as const)('%s %s is %s of what it keeps', (operator, wire, expected, unscaled) => {
    expect(compareNumber(operator, wire, decimal)).toEqual({
      kind: 'compare',
      operator: expected,
      value: new DuckDBDecimalValue(unscaled, 4, 2),
    });
  });

  it.each([
    ['lt', '100', 'everyNumber'],
    ['gte', '100', 'noNumber'],
    ['gt', '-99.995', 'everyNumber'],
    ['gt', '-100', 'everyNumber'],
    ['lte', '-1e30', 'noNumber'],
    ['eq', '10.005', 'noNumber'],
    ['eq', 1e300, 'noNumber'],
  ] as const)('%s %s holds for %s', (operator, wire, kind) => {
    expect(compareNumber(operator, wire, decimal).kind).toBe(kind);
  });

  it('is compared as it stands with every number of the column', () => {
    const operators: readonly Comparison[] = ['eq', 'lt', 'lte', 'gt', 'gte'];
    const digits = fc.integer({ min: -120_000, max: 120_000 });
    const stored = fc.integer({ min: -9_999, max: 9_999 });
    fc.assert(
      fc.property(fc.constantFrom(...operators), digits, stored, (operator, bound, value) => {
        const wire = decimalText(BigInt(bound), 3);
        const comparison = compareNumber(operator, wire, decimal);
        const isExpected = holds(operator, value * 10, bound);
        expect(answer(comparison, value)).toBe(isExpected);
      }),
      { seed: 1, numRuns: 5_000 },
    );
  });

  it('is compared in columns of whole numbers too', () => {
    const compare = (wire: unknown, kind: 'INTEGER' | 'BIGINT') =>
      compareNumber('lt', wire, { kind });
    expect(compare(2_147_483_648, 'INTEGER')).toEqual({ kind: 'everyNumber' });
    expect(compare(-2_147_483_648.5, 'INTEGER')).toEqual({ kind: 'noNumber' });
    expect(compare(7.5, 'INTEGER')).toEqual({ kind: 'compare', operator: 'lte', value: 7 });
    expect(compare('9007199254740993', 'BIGINT')).toEqual({
      kind: 'compare',
      operator: 'lt',
      value: 9_007_199_254_740_993n,
    });
    expect(compare(5e-324, 'BIGINT')).toEqual({ kind: 'compare', operator: 'lte', value: 0n });
    expect(compare(-5e-324, 'BIGINT')).toEqual({ kind: 'compare', operator: 'lte', value: -1n });
  });
});

function answer(comparison: ReturnType<typeof compareNumber>, stored: number): boolean {
  if (comparison.kind !== 'compare') return comparison.kind === 'everyNumber';
  if (!(comparison.value instanceof DuckDBDecimalValue)) throw new Error('No decimal came out');
  return holds(comparison.operator, stored, Number(comparison.value.value));
}

function holds(operator: Comparison, a: number, b: number): boolean {
  switch (operator) {
    case 'eq':
      return a === b;
    case 'lt':
      return a < b;
    case 'lte':
      return a <= b;
    case 'gt':
      return a > b;
    case 'gte':
      return a >= b;
  }
}
