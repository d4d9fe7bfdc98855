import type { Kind } from './catalog.ts';

/**
 * A value of a row. Ids, strings, enums and dates are their text, whole numbers of 64 bits a bigint, decimals whole
 * numbers of 10^-200, times microseconds since 1970.
 */
export type Value = string | number | bigint | boolean | readonly string[] | null;

/** No decimal that a question can write has more digits behind the point. */
const decimalDigits = 200;

export function decimalOf(text: string): bigint {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (match === null) throw new Error(`${text} is no decimal`);
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const shift = decimalDigits - fraction.length + Number(exponent);
  return BigInt(`${sign}${whole}${fraction}`) * 10n ** BigInt(shift);
}

/** With exactly `scale` digits behind the point. */
export function decimalText(value: bigint, scale: number): string {
  const unscaled = value / 10n ** BigInt(decimalDigits - scale);
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const sign = unscaled < 0n ? '-' : '';
  return scale === 0 ? `${sign}${whole}` : `${sign}${whole}.${digits.slice(-scale)}`;
}

export function wholeDecimal(value: number | bigint): bigint {
  return BigInt(value) * 10n ** BigInt(decimalDigits);
}

export function momentOf(text: string): bigint {
  const match = /^(.{10}T\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/i.exec(text);
  if (match === null) throw new Error(`${text} is no moment`);
  const [, seconds = '', fraction = '', zone = ''] = match;
  return BigInt(Date.parse(`${seconds}${zone}`)) * 1_000n + BigInt(fraction.padEnd(6, '0'));
}

export function momentText(micros: bigint): string {
  const fraction = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const [seconds] = new Date(Number((micros - fraction) / 1_000n)).toISOString().split('.');
  if (fraction === 0n) return `${seconds}Z`;
  return `${seconds}.${String(fraction).padStart(6, '0').replace(/000$/, '')}Z`;
}

/** The value that a question's text, number or Boolean stands for. */
export function valueOf(kind: Kind, given: unknown): Value {
  switch (kind) {
    case 'decimal':
      return decimalOf(String(given));
    case 'bigInt':
      return BigInt(String(given));
    case 'dateTime':
      return momentOf(String(given));
    case 'int':
    case 'float':
      return Number(given);
    case 'boolean':
      return given === true;
    case 'list':
      return Array.isArray(given) ? given.map(String) : [String(given)];
    case 'id':
    case 'string':
    case 'date':
    case 'enum':
      return String(given);
  }
}

/** Negative, zero or positive; texts by their code points, which UTF-16 does not sort by. */
export function compareValues(one: Value, other: Value): number {
  if (typeof one === 'string' && typeof other === 'string') return compareTexts(one, other);
  if (one === other) return 0;
  if (one === null || other === null) throw new Error('A missing value stands nowhere');
  return one < other ? -1 : 1;
}

function compareTexts(one: string, other: string): number {
  if (one === other) return 0;
  let place = 0;
  while (place < one.length && one[place] === other[place]) place++;
  return codeRank(one.charCodeAt(place)) - codeRank(other.charCodeAt(place));
}

/** UTF-16 writes the highest characters with units from the middle; the end of a text comes before all of them. */
function codeRank(unit: number): number {
  if (Number.isNaN(unit)) return -1;
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

export function isSame(one: Value, other: Value): boolean {
  return one === other || (typeof one === 'object' && identityOf(one) === identityOf(other));
}

/** Tells values of one kind apart. */
export function identityOf(value: Value): string {
  return typeof value === 'bigint' ? `${value}` : JSON.stringify(value);
}

/** One character at a time: in JavaScript, unlike in Unicode's tables, a final sigma depends on its neighbours. */
export function lowerCase(text: string): string {
  return Array.from(text, (character) => character.toLowerCase()).join('');
}
