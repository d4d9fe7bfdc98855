import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DeliveryWindow, type Entry } from './delivery-window.ts';

interface Item {
  readonly place: number;
  readonly partition: string;
}

function items(partitions: string): readonly Item[] {
  return partitions.split('').map((partition, index) => ({ place: index + 1, partition }));
}

test('partitions go side by side, and each in its order', () => {
  const window = new DeliveryWindow<number, Item>(0);
  window.add(items('aabc'), 9);
  const [first, second, third] = [window.take(0), window.take(0), window.take(0)];
  expect([first, second, third].map((entry) => entry?.item.place)).toEqual([1, 3, 4]);
  expect(window.take(0)).toBeUndefined();
  window.finish(second as Entry<number, Item>);
  expect(window.take(0)).toBeUndefined();
  window.finish(first as Entry<number, Item>);
  expect(window.take(0)?.item.place).toBe(2);
});

test('the low-water mark is where everything before is done, also what was passed over', () => {
  const window = new DeliveryWindow<number, Item>(0);
  window.add([], 5);
  expect(window.lowWater).toBe(5);
  window.add(
    [
      { place: 7, partition: 'a' },
      { place: 8, partition: 'b' },
    ],
    12,
  );
  const [first, second] = [window.take(0), window.take(0)];
  expect(window.lowWater).toBe(5);
  window.finish(second as Entry<number, Item>);
  expect(window.lowWater).toBe(5);
  window.finish(first as Entry<number, Item>);
  expect([window.lowWater, window.size]).toEqual([12, 0]);
});

test('what failed is due later, and a probe takes what was never tried, then what has waited longest', () => {
  const window = new DeliveryWindow<number, Item>(0);
  window.add(items('abc'), 3);
  const [first, second] = [window.take(0), window.take(0)];
  window.retry(first as Entry<number, Item>, 200);
  window.retry(second as Entry<number, Item>, 100);
  expect(window.nextDueMs).toBe(100);
  expect(window.takeProbe()?.item.place).toBe(3);
  expect(window.take(50)).toBeUndefined();
  expect(window.takeProbe()?.item.place).toBe(2);
  expect(window.take(200)?.item.place).toBe(1);
});

test('whatever is done in whichever order, everything is taken once and the mark never passes what is not done', () => {
  const actions = fc.array(fc.nat(20), { maxLength: 200 });
  const partitions = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 30 });
  fc.assert(
    fc.property(partitions, actions, (given, choices) => {
      const window = new DeliveryWindow<number, Item>(0);
      window.add(items(given.join('')), given.length);
      const underWay: Entry<number, Item>[] = [];
      const done: number[] = [];
      const step = (choice: number): void => {
        const entry = choice % 2 === 0 ? window.take(0) : undefined;
        if (entry !== undefined) underWay.push(entry);
        const [ended] =
          entry === undefined ? underWay.splice(choice % Math.max(1, underWay.length), 1) : [];
        if (ended === undefined) return;
        if (choice % 3 === 0) window.retry(ended, 0);
        else {
          window.finish(ended);
          done.push(ended.item.place);
        }
        const missing = given.findIndex((_, index) => !done.includes(index + 1));
        expect(window.lowWater).toBe(missing === -1 ? given.length : missing);
      };
      for (const choice of choices) step(choice);
      for (let n = 0; done.length < given.length; n++) step(n % 2 === 0 ? 0 : 1);
      for (const partition of new Set(given)) {
        const own = done.filter((place) => given[place - 1] === partition);
        expect(own).toEqual(own.toSorted((a, b) => a - b));
      }
      expect(new Set(done).size).toBe(given.length);
    }),
  );
});
