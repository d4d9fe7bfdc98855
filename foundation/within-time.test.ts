import { describe, expect, it } from 'vitest';
import { OutOfTime, withinTime } from './within-time.ts';

describe('work within a time', () => {
  it('gives its value, and throws what it throws', () => {
    expect(withinTime(1_000, () => [1, 2])).toEqual([1, 2]);
    const broken = new Error('broken');
    expect(() =>
      withinTime(1_000, () => {
        throw broken;
      }),
    ).toThrow(broken);
  });

  it('is stopped wherever it is when its time is up', () => {
    let turns = 0;
    const endless = (): never => {
      for (;;) turns++;
    };
    expect(() => withinTime(20, endless)).toThrow(new OutOfTime(20));
    const then = turns;
    expect(then).toBeGreaterThan(0);
    expect(withinTime(1_000, () => turns)).toBe(then);
  });

  it('may have work within it that has a time of its own', () => {
    const inner = (): string => {
      expect(() => withinTime(20, () => forEver())).toThrow(OutOfTime);
      return 'went on';
    };
    expect(withinTime(5_000, inner)).toBe('went on');
  });
});

function forEver(): never {
  for (;;);
}
