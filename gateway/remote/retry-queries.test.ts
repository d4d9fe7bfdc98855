import { describe, expect, it } from 'vitest';
import { ManualTime } from '../../foundation/testing/manual-time.ts';
import type { RemoteResponse, Send } from './remote-request.ts';
import { retryAfterMs, retryQueries } from './retry-queries.ts';
import { SubgraphCounters } from './subgraph-counters.ts';
import {
  remoteFailure,
  remoteRequest,
  remoteResponse,
  subgraphSettings,
} from './testing/remote-fixtures.ts';

type Outcome = RemoteResponse | Error;

/** Retries over a subgraph whose outcomes are given one after the other, the last one again and again. */
function retrying(outcomes: readonly Outcome[], retries: unknown = {}) {
  const time = new ManualTime();
  const counters = new SubgraphCounters();
  const askedAtMs: number[] = [];
  const send: Send = () => {
    const outcome = outcomes[Math.min(askedAtMs.length, outcomes.length - 1)];
    askedAtMs.push(time.monotonicMs());
    return outcome instanceof Error
      ? Promise.reject(outcome)
      : Promise.resolve(outcome ?? remoteResponse());
  };
  const ask = retryQueries(send, {
    settings: subgraphSettings({ retries }).subgraphs.retries,
    clock: time,
    scheduler: time,
    random: () => 0.5,
    counters,
  });
  return { ask, askedAtMs, time, counters };
}

const well = remoteResponse();
const unavailable = (status: number, retryAfter?: string): RemoteResponse =>
  remoteResponse({ status, retryAfter, isGraphql: false });

describe('a query', () => {
  it.each([
    ['no connection', remoteFailure('connection')],
    ['no answer begun in time', remoteFailure('silence')],
    ['502', unavailable(502)],
    ['503', unavailable(503)],
    ['504', unavailable(504)],
  ])('that finds %s is asked again, after pauses that double', async (_, outcome) => {
    const { ask, askedAtMs, time, counters } = retrying([outcome, outcome, well]);
    const answer = ask(remoteRequest());
    await time.advance(0);
    await time.advance(10_000);
    expect(await answer).toBe(well);
    expect(askedAtMs).toEqual([0, 50, 150]);
    expect(counters.retries).toBe(2);
  });

  it.each([
    ['an answer that broke off', remoteFailure('lasting')],
    ['500', remoteResponse({ status: 500 })],
    ['429', remoteResponse({ status: 429 })],
    ['an answer that is no GraphQL', remoteResponse({ isGraphql: false })],
    ['something that nobody foresaw', new Error('?')],
  ])('that finds %s is not', async (_, outcome) => {
    const { ask, askedAtMs } = retrying([outcome]);
    await ask(remoteRequest()).catch(() => undefined);
    expect(askedAtMs).toHaveLength(1);
  });

  it('is given up after as many times as the settings say, with what came of it last', async () => {
    const last = remoteFailure('connection');
    const { ask, askedAtMs, time } = retrying([unavailable(503), last], { most: 3 });
    const answer = ask(remoteRequest()).catch((error: unknown) => error);
    await time.advance(0);
    await time.advance(10_000);
    expect(await answer).toBe(last);
    expect(askedAtMs).toHaveLength(4);
  });

  it('waits for as long as Retry-After says, if there is time for that', async () => {
    const { ask, askedAtMs, time } = retrying([unavailable(503, '3'), well]);
    const answer = ask(remoteRequest({ deadlineMs: 10_000 }));
    await time.advance(0);
    await time.advance(10_000);
    expect(await answer).toBe(well);
    expect(askedAtMs).toEqual([0, 3_000]);
  });

  it('is not asked again where Retry-After leads beyond its deadline', async () => {
    const { ask, askedAtMs } = retrying([unavailable(503, '30'), well]);
    expect(await ask(remoteRequest({ deadlineMs: 10_000 }))).toMatchObject({ status: 503 });
    expect(askedAtMs).toHaveLength(1);
  });

  it('that nobody waits for any more is not asked again, and leaves no timer', async () => {
    const { ask, askedAtMs, time } = retrying([remoteFailure('connection')]);
    const controller = new AbortController();
    const answer = ask(remoteRequest({ signal: controller.signal }));
    answer.catch(() => undefined);
    await time.advance(0);
    expect(time.waiting).toBe(1);
    controller.abort(new Error('gone'));
    await expect(answer).rejects.toThrow('gone');
    expect(time.waiting).toBe(0);
    expect(askedAtMs).toHaveLength(1);
  });
});

it('a mutation is asked once, whatever comes of it', async () => {
  const { ask, askedAtMs } = retrying([remoteFailure('connection'), well]);
  await expect(ask(remoteRequest({ isQuery: false }))).rejects.toThrow();
  expect(askedAtMs).toHaveLength(1);
});

it('a subgraph that is down gets no more than the budget beyond what is asked', async () => {
  const { ask, askedAtMs, time, counters } = retrying([remoteFailure('connection')]);
  for (let fetch = 0; fetch < 500; fetch++) {
    const answer = ask(remoteRequest()).catch(() => undefined);
    await time.advance(0);
    await time.advance(1_000);
    await answer;
  }
  const repetitions = askedAtMs.length - 500;
  expect(repetitions).toBeGreaterThan(80);
  expect(repetitions).toBeLessThanOrEqual(110);
  expect(counters.retriesLeftOut).toBeGreaterThan(300);
});

describe('Retry-After', () => {
  const now = new Date('2026-11-28T12:00:00Z');

  it.each([
    [undefined, 0],
    ['0', 0],
    ['7', 7_000],
    ['Sat, 28 Nov 2026 12:00:05 GMT', 5_000],
    ['Sat, 28 Nov 2026 11:00:00 GMT', 0],
    ['soon', 0],
    ['-3', 0],
  ])('of %j asks for %i ms', (value, expected) => {
    expect(retryAfterMs(value, now)).toBe(expected);
  });
});
