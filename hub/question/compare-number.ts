import { DuckDBDecimalValue } from '@duckdb/node-api';
import type { LakeValue } from '../../lake/sql.ts';
import type { SqlType } from '../../mapping/model.ts';
import { parseDecimalText } from '../../wire/decimal-text.ts';
import type { Comparison } from './condition.ts';

/** Columns that keep numbers of so many digits behind the point and no more. */
export type ExactType =
  | { readonly kind: 'INTEGER' | 'BIGINT' }
  | Extract<SqlType, { readonly kind: 'DECIMAL' }>;

/** What a comparison with a number comes to in a column that keeps only some numbers. */
export type NumberComparison =
  | { readonly kind: 'compare'; readonly operator: Comparison; readonly value: LakeValue }
  /** It holds for every number that the column can have, or for none. */
  | { readonly kind: 'everyNumber' }
  | { readonly kind: 'noNumber' };

/** Enough digits behind the point for any double and for any text that is read as a Decimal. */
const finestScale = 400;

/**
 * Compares exactly, however many digits the number has: it lies on one of the column's numbers, between two
 * neighbours, or beyond them all.
 *
 * @param wire a number, or the text of one
 */
export function compareNumber(
  operator: Comparison,
  wire: unknown,
  type: ExactType,
): NumberComparison {
  const { floor, isExact } = floorAt(wire, scaleOf(type));
  if (operator === 'eq') {
    if (!isExact || !isWithin(floor, type)) return { kind: 'noNumber' };
    return { kind: 'compare', operator, value: numberOf(floor, type) };
  }
  const isUpperBound = operator === 'lt' || operator === 'lte';
  if (!isWithin(floor, type))
    return { kind: floor > 0n === isUpperBound ? 'everyNumber' : 'noNumber' };
  const between = isUpperBound ? 'lte' : 'gt';
  return {
    kind: 'compare',
    operator: isExact ? operator : between,
    value: numberOf(floor, type),
  };
}

/** The greatest number of the scale that is not above this one. */
function floorAt(wire: unknown, scale: number): { floor: bigint; isExact: boolean } {
  const text = String(wire);
  const exact = parseDecimalText(text, scale);
  if (exact !== undefined) return { floor: exact, isExact: true };
  const fine = parseDecimalText(text, finestScale);
  if (fine === undefined) throw new TypeError('GraphQL and its scalars let only numbers through.');
  const divisor = 10n ** BigInt(finestScale - scale);
  const towardsZero = fine / divisor;
  return { floor: fine < 0n ? towardsZero - 1n : towardsZero, isExact: false };
}

function scaleOf(type: ExactType): number {
  return type.kind === 'DECIMAL' ? type.scale : 0;
}

function isWithin(unscaled: bigint, type: ExactType): boolean {
  if (type.kind === 'DECIMAL') {
    const limit = 10n ** BigInt(type.precision);
    return unscaled < limit && unscaled > -limit;
  }
  return BigInt.asIntN(type.kind === 'INTEGER' ? 32 : 64, unscaled) === unscaled;
}

function numberOf(unscaled: bigint, type: ExactType): LakeValue {
  switch (type.kind) {
    case 'INTEGER':
      return Number(unscaled);
    case 'BIGINT':
      return unscaled;
    case 'DECIMAL':
      return new DuckDBDecimalValue(unscaled, type.precision, type.scale);
  }
}
