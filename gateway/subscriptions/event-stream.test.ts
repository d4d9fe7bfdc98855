import { expect, it } from 'vitest';
import type { Scheduler } from '../../foundation/scheduler.ts';
import { eventStream, wholeEventStream, type StreamedResult } from './event-stream.ts';

/** Time that passes when the test says so. */
class HandScheduler implements Scheduler {
  readonly waiting = new Set<() => void>();

  after(_delayMs: number, work: () => void): () => void {
    this.waiting.add(work);
    return () => this.waiting.delete(work);
  }

  pass(): void {
    const due = [...this.waiting];
    this.waiting.clear();
    for (const work of due) work();
  }
}

/** Results that the test hands over one by one. */
class HandResults implements AsyncIterableIterator<StreamedResult> {
  isReturned = false;
  #settle: ((result: IteratorResult<StreamedResult>) => void) | undefined;
  #fail: ((error: Error) => void) | undefined;

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<StreamedResult>> {
    return new Promise((resolve, reject) => {
      this.#settle = resolve;
      this.#fail = reject;
    });
  }

  return(): Promise<IteratorResult<StreamedResult>> {
    this.isReturned = true;
    return Promise.resolve({ done: true, value: undefined });
  }

  give(value: StreamedResult): void {
    this.#settle?.({ done: false, value });
  }

  end(): void {
    this.#settle?.({ done: true, value: undefined });
  }

  fail(): void {
    this.#fail?.(new Error('broken'));
  }
}

function open() {
  const results = new HandResults();
  const scheduler = new HandScheduler();
  const controller = new AbortController();
  const { signal } = controller;
  const stream = eventStream({ results, signal, heartbeatMs: 12_000, scheduler });
  return { results, scheduler, controller, stream };
}

it('writes results with their cursors, comments in between, and at the end that it is complete', async () => {
  const { results, scheduler, stream } = open();
  expect((await stream.next()).value).toBe(':\n\n');
  const first = stream.next();
  scheduler.pass();
  expect((await first).value).toBe(':\n\n');
  const second = stream.next();
  results.give({ json: '{"data":1}', cursor: 'c1' });
  expect((await second).value).toBe('event: next\nid: c1\ndata: {"data":1}\n\n');
  expect(scheduler.waiting.size).toBe(0);
  const last = stream.next();
  results.end();
  expect((await last).value).toBe('event: complete\ndata:\n\n');
  expect((await stream.next()).done).toBe(true);
  expect(results.isReturned).toBe(true);
});

it('loses no result that comes while a comment is written', async () => {
  const { results, scheduler, stream } = open();
  await stream.next();
  const comment = stream.next();
  scheduler.pass();
  results.give({ json: '1' });
  expect((await comment).value).toBe(':\n\n');
  expect((await stream.next()).value).toBe('event: next\ndata: 1\n\n');
});

it('ends when it is told to, also while nothing comes, and lets its source go', async () => {
  const { results, controller, scheduler, stream } = open();
  await stream.next();
  const waiting = stream.next();
  controller.abort();
  expect((await waiting).done).toBe(true);
  expect(results.isReturned).toBe(true);
  expect(scheduler.waiting.size).toBe(0);
});

it('ends before it waits when it was told to before', async () => {
  const { controller, stream } = open();
  controller.abort();
  await stream.next();
  expect((await stream.next()).done).toBe(true);
});

it('lets its source go when its reader leaves', async () => {
  const { results, stream } = open();
  await stream.next();
  await stream.return(undefined);
  expect(results.isReturned).toBe(true);
});

it('fails with its source', async () => {
  const { results, stream } = open();
  await stream.next();
  const next = stream.next();
  results.fail();
  await expect(next).rejects.toThrow('broken');
});

it('writes no cursor that would break the lines', async () => {
  const { results, stream } = open();
  await stream.next();
  const next = stream.next();
  results.give({ json: '1', cursor: 'a\ndata: evil' });
  expect((await next).value).toBe('event: next\ndata: 1\n\n');
});

it('writes a result that is the only one', () => {
  expect(wholeEventStream('{}')).toBe('event: next\ndata: {}\n\nevent: complete\ndata:\n\n');
});
