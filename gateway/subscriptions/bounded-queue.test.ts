import { describe, expect, it } from 'vitest';
import { BoundedQueue } from './bounded-queue.ts';

function queueOf(limit: number) {
  const told: string[] = [];
  const queue = new BoundedQueue<number>({
    limit,
    onFull: () => told.push('full'),
    onRoom: () => told.push('room'),
  });
  return { queue, told, reader: queue[Symbol.asyncIterator]() };
}

describe('a bounded queue', () => {
  it('gives what was pushed in its order, and waits for what is not there yet', async () => {
    const { queue, reader } = queueOf(10);
    const first = reader.next();
    queue.push(1);
    queue.push(2);
    expect([await first, await reader.next()]).toMatchObject([{ value: 1 }, { value: 2 }]);
  });

  it('tells its sender once to pause, and to go on when half of it was read', async () => {
    const { queue, told, reader } = queueOf(4);
    for (const item of [1, 2, 3, 4, 5]) queue.push(item);
    expect(told).toEqual(['full']);
    await reader.next();
    await reader.next();
    expect(told).toEqual(['full']);
    await reader.next();
    expect(told).toEqual(['full', 'room']);
    for (const item of [6, 7]) queue.push(item);
    expect(told).toEqual(['full', 'room', 'full']);
  });

  it('is read to its end, and takes nothing after it', async () => {
    const { queue, reader } = queueOf(4);
    queue.push(1);
    queue.end();
    queue.push(2);
    expect(await reader.next()).toMatchObject({ value: 1 });
    expect(await reader.next()).toMatchObject({ done: true });
  });

  it('ends for a reader that waits', async () => {
    const { queue, reader } = queueOf(4);
    const waiting = reader.next();
    queue.end();
    expect(await waiting).toMatchObject({ done: true });
  });
});
