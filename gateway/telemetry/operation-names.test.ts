import { describe, expect, it } from 'vitest';
import { ManualTime } from '../../foundation/testing/manual-time.ts';
import { OperationNames } from './operation-names.ts';

function countNames(most: number) {
  const time = new ManualTime();
  const names = new OperationNames(time, 1, { most, idleMs: 1_000 });
  const count = (name: string): void => {
    const found = names.find(name);
    found.counts[0] = (found.counts[0] ?? 0) + 1;
    found.seconds += 0.5;
  };
  const counted = () =>
    Object.fromEntries([...names.entries()].map(([name, { counts }]) => [name, counts[0]]));
  return { time, names, count, counted };
}

describe('names of operations', () => {
  it('are counted for themselves, also what has none', () => {
    const { count, counted } = countNames(3);
    for (const name of ['Page', '', 'Page']) count(name);
    expect(counted()).toEqual({ Page: 2, '': 1 });
  });

  it('that are made up with every request take no place from those that are in use', () => {
    const { count, counted } = countNames(2);
    count('Page');
    count('Point');
    for (let n = 0; n < 10_000; n++) count(`Made${n}`);
    count('Page');
    expect(counted()).toEqual({ Page: 2, Point: 1, '(other)': 10_000 });
  });

  it('make room when nobody asked for them for long, and no count is lost', async () => {
    const { time, count, counted } = countNames(2);
    count('Gone');
    await time.advance(600);
    count('Page');
    await time.advance(600);
    count('New');
    count('Newer');
    expect(counted()).toEqual({ Page: 1, New: 1, '(other)': 2 });
    count('Gone');
    expect(counted()).toEqual({ Page: 1, New: 1, '(other)': 3 });
  });

  it('are cut when they are long', () => {
    const { count, counted } = countNames(2);
    count('a'.repeat(100_000));
    expect(counted()).toEqual({ ['a'.repeat(100)]: 1 });
  });
});
