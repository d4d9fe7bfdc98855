import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstStamp, laterStamp, stampAfter, stampOf, stampTimeMs } from './hybrid-clock.ts';

const noon = Date.parse('2026-11-28T12:00:00Z');

describe('a stamp', () => {
  it('is near the wall clock, and later than everything that was seen', () => {
    expect(stampAfter(firstStamp, noon)).toBe('2026-11-28T12:00:00.000Z.0000');
    expect(stampAfter('2026-11-28T12:00:00.000Z.0000', noon)).toBe('2026-11-28T12:00:00.000Z.0001');
    expect(stampAfter('2026-11-28T12:00:05.000Z.00ff', noon)).toBe('2026-11-28T12:00:05.000Z.0100');
    expect(stampAfter('2026-11-28T12:00:05.000Z.ffff', noon)).toBe('2026-11-28T12:00:05.001Z.0000');
  });

  it('grows as text with every step, however the wall clock jumps', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 4e12 }), { maxLength: 50 }), (times) => {
        let last = firstStamp;
        for (const timeMs of times) {
          const next = stampAfter(last, timeMs);
          expect(next > last).toBe(true);
          expect(laterStamp(last, next)).toBe(next);
          last = next;
        }
      }),
    );
  });

  it('has a time, and other texts have none', () => {
    expect(stampTimeMs(stampOf(noon))).toBe(noon);
    for (const text of [
      '',
      'now',
      '2026-11-28T12:00:00Z',
      '2026-13-28T12:00:00.000Z.0000',
      '2026-11-28T12:00:00.000Z.00000',
    ])
      expect(stampTimeMs(text)).toBeUndefined();
  });
});
