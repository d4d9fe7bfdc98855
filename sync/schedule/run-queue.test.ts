import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { RunQueue } from './run-queue.ts';

it('so much runs at once, in the order of arrival, and never two of one key', async () => {
  const queue = new RunQueue(2);
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const add = (name: string): Promise<string> =>
    queue.run(name.slice(0, 1), async () => {
      begun.push(name);
      await new Promise<void>((resolve) => ends.set(name, resolve));
      return name;
    });
  const results = ['a1', 'a2', 'b1', 'c1', 'b2'].map(add);
  const end = async (name: string): Promise<void> => {
    ends.get(name)?.();
    await setImmediate();
  };
  await setImmediate();
  expect(begun).toEqual(['a1', 'b1']);
  expect([queue.has('c'), queue.has('d')]).toEqual([true, false]);
  await end('b1');
  expect(begun).toEqual(['a1', 'b1', 'c1']);
  await end('a1');
  expect(begun).toEqual(['a1', 'b1', 'c1', 'a2']);
  await end('c1');
  await end('a2');
  await end('b2');
  await queue.settle();
  expect(await Promise.all(results)).toEqual(['a1', 'a2', 'b1', 'c1', 'b2']);
  expect(queue.has('a')).toBe(false);
});

it('what fails makes room like what does not', async () => {
  const queue = new RunQueue(1);
  const first = queue.run('a', () => Promise.reject(new Error('no')));
  const second = queue.run('a', () => Promise.resolve('yes'));
  await expect(first).rejects.toThrow('no');
  expect(await second).toBe('yes');
});
