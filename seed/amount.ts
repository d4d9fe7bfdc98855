import type { Random } from './random.ts';

/**
 * Amounts of money in whole cents. All magnitudes from `2^leastBits` to `2^mostBits` cents are equally likely, as in
 * real books, where most amounts are small. Exponentials are avoided: their last bit may differ between platforms.
 */
export function drawCents(random: Random, leastBits: number, mostBits: number): number {
  const floor = 2 ** (leastBits + random.below(mostBits - leastBits));
  return floor + random.below(floor);
}

/** From 100 million to about 10 billion euros: far above all others, and still exact as a JSON number. */
export function drawVeryManyCents(random: Random): number {
  return random.below(100) * 10_000_000_000 + 10_000_000_000 + random.below(4_000_000_000);
}
