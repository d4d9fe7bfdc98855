import { describe, expect, it } from 'vitest';
import { Random, type Stream, weighted } from './random.ts';

describe('Random', () => {
  it('gives the same numbers for the same seed, customer and stream, whatever was drawn before', () => {
    const random = new Random(1);
    const first = draw(random, 7, 'sales');
    draw(random, 8, 'billing');
    expect(draw(random, 7, 'sales')).toEqual(first);
    expect(draw(new Random(1), 7, 'sales')).toEqual(first);
  });

  it('never changes its numbers, since committed data comes from them', () => {
    expect(draw(new Random(1), 1, 'identity')).toMatchInlineSnapshot(`
      [
        946012,
        898559,
        718619,
        995122,
      ]
    `);
  });

  it('gives other numbers for another seed, customer or stream', () => {
    const starts = [0, 1, 2, 2 ** 32 - 1].flatMap((seed) =>
      [1, 2, 3, 100_000_000].flatMap((customer) =>
        (['identity', 'sales', 'support', 'billing', 'invoices'] as const).map((stream) =>
          draw(new Random(seed), customer, stream).join(),
        ),
      ),
    );
    expect(new Set(starts).size).toBe(starts.length);
  });

  it('is even over customers, also in its first number', () => {
    const random = new Random(1);
    const counts = Array.from({ length: 10 }, () => 0);
    for (let customer = 1; customer <= 100_000; customer++) {
      random.seek(customer, 'sales');
      const number = random.below(10);
      counts[number] = (counts[number] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  });

  it('picks each item as often as its weight says', () => {
    expect(weighted(['a', 2], ['b', 1])).toEqual(['a', 'a', 'b']);
    expect(() => weighted()).toThrow(RangeError);
  });
});

function draw(random: Random, customer: number, stream: Stream): number[] {
  random.seek(customer, stream);
  return Array.from({ length: 4 }, () => random.below(1_000_000));
}
