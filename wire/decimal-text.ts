/** Decimals as a scaled integer: 12.50 is 1250 at scale 2. */

/** Below this, neighbouring values of any scale are at least a double's precision apart. */
const alwaysExactBelow = 2 ** 52;
/** 10^22 is the largest power of ten that a double holds exactly, so that one division rounds once. */
const largestExactPower = 22;

/** Always with exactly `scale` digits after the point. */
export function decimalText(unscaled: bigint, scale: number): string {
  if (scale === 0) return unscaled.toString();
  const isNegative = unscaled < 0n;
  const digits = (isNegative ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  const point = digits.length - scale;
  return `${isNegative ? '-' : ''}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** The double whose JSON text has exactly this value; undefined when there is none. */
export function decimalNumber(unscaled: bigint, scale: number): number | undefined {
  const approximate = Number(unscaled);
  if (
    approximate < alwaysExactBelow &&
    approximate > -alwaysExactBelow &&
    scale <= largestExactPower
  ) {
    return approximate / 10 ** scale;
  }
  const nearest = Number(decimalText(unscaled, scale));
  return parseDecimalText(String(nearest), scale) === unscaled ? nearest : undefined;
}

const pattern = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/;

/** The scaled integer; undefined for a text that is no decimal number or has digits beyond the scale. */
export function parseDecimalText(text: string, scale: number): bigint | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const shift = scale - fraction.length + Number(exponent);
  const digits = BigInt(whole + fraction) * (sign === '-' ? -1n : 1n);
  if (shift >= 0) return digits * 10n ** BigInt(shift);
  const divisor = 10n ** BigInt(-shift);
  return digits % divisor === 0n ? digits / divisor : undefined;
}

/** The value at another scale; undefined when digits would be lost. */
export function rescale(unscaled: bigint, from: number, to: number): bigint | undefined {
  if (to >= from) return unscaled * 10n ** BigInt(to - from);
  const divisor = 10n ** BigInt(from - to);
  return unscaled % divisor === 0n ? unscaled / divisor : undefined;
}

/** Whether a double has exactly the value of a decimal number's text. */
export function isExactDouble(text: string): boolean {
  const number = Number(text);
  if (!Number.isFinite(number)) return false;
  const scale = Math.max(scaleOf(text), scaleOf(String(number)));
  return parseDecimalText(String(number), scale) === parseDecimalText(text, scale);
}

/** The digits behind the point that a text needs at most. */
function scaleOf(text: string): number {
  const [, fraction = '', exponent = '0'] =
    /^-?\d+(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  return Math.max(0, fraction.length - Number(exponent));
}
