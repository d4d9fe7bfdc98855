import { expect, it } from 'vitest';
import { limitConcurrency } from './limit-concurrency.ts';
import type { RemoteResponse } from './remote-request.ts';
import { SubgraphCounters } from './subgraph-counters.ts';
import { remoteRequest, remoteResponse } from './testing/remote-fixtures.ts';

function limiting(maxConcurrent: number, maxQueued: number) {
  const counters = new SubgraphCounters();
  const running = new Map<string, (response: RemoteResponse) => void>();
  const limits = { subgraph: 'reviews', maxConcurrent, maxQueued };
  const send = limitConcurrency(
    ({ body }) => new Promise((resolve) => running.set(body, resolve)),
    limits,
    counters,
  );
  return {
    counters,
    started: () => [...running.keys()],
    finish: (body: string) => running.get(body)?.(remoteResponse()),
    ask: (body: string, signal = new AbortController().signal) =>
      send(remoteRequest({ body, signal })),
  };
}

it('so many requests go through at once, the others in their order', async () => {
  const { ask, started, finish, counters } = limiting(2, 10);
  const answers = ['a', 'b', 'c', 'd'].map((body) => ask(body));
  expect(started()).toEqual(['a', 'b']);
  expect(counters.queued).toBe(2);
  finish('b');
  await answers[1];
  expect(started()).toEqual(['a', 'b', 'c']);
  finish('a');
  await answers[0];
  expect(started()).toEqual(['a', 'b', 'c', 'd']);
  finish('c');
  finish('d');
  await Promise.all(answers);
  expect(counters.queued).toBe(0);
});

it('more than may wait are refused', async () => {
  const { ask, finish, counters } = limiting(1, 1);
  const answers = [ask('a'), ask('b')];
  await expect(ask('c')).rejects.toMatchObject({ code: 'SUBGRAPH_OVERLOADED' });
  expect(counters.refusedByQueue).toBe(1);
  finish('a');
  await answers[0];
  finish('b');
  await answers[1];
});

it('one that nobody waits for loses its place, and those behind it move up', async () => {
  const { ask, started, finish } = limiting(1, 2);
  const first = ask('a');
  const leaving = new AbortController();
  const gone = ask('b', leaving.signal);
  const last = ask('c');
  leaving.abort();
  await expect(gone).rejects.toThrow('before its turn');
  finish('a');
  await first;
  expect(started()).toEqual(['a', 'c']);
  finish('c');
  await last;
});
