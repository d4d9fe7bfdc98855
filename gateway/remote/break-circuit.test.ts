import { describe, expect, it } from 'vitest';
import { raise } from '../../foundation/errors/tributary-error.ts';
import { ManualTime } from '../../foundation/testing/manual-time.ts';
import { breakCircuit } from './break-circuit.ts';
import type { RemoteResponse } from './remote-request.ts';
import { SubgraphCounters } from './subgraph-counters.ts';
import {
  remoteFailure,
  remoteRequest,
  remoteResponse,
  silentLog,
  subgraphSettings,
} from './testing/remote-fixtures.ts';

const settings = { failurePercent: 50, leastRequests: 10, windowMs: 10_000, pauseMs: 5_000 };

/** A breaker over a subgraph of which a test says how it is. */
function breaking(breaker: object = {}) {
  const time = new ManualTime();
  const counters = new SubgraphCounters();
  let sent = 0;
  let behave = (): Promise<RemoteResponse> => Promise.resolve(remoteResponse());
  const send = breakCircuit(
    () => {
      sent++;
      return behave();
    },
    {
      subgraph: 'reviews',
      settings: subgraphSettings({ breaker: { ...settings, ...breaker } }).subgraphs.breaker,
      clock: time,
      counters,
      log: silentLog,
    },
  );
  const ask = (): Promise<unknown> => send(remoteRequest()).catch((error: unknown) => error);
  return {
    time,
    counters,
    ask,
    askTimes: async (count: number) => {
      for (let index = 0; index < count; index++) await ask();
    },
    behave: (next: () => Promise<RemoteResponse>) => (behave = next),
    sent: () => sent,
  };
}

const fail = (): Promise<RemoteResponse> => Promise.reject(remoteFailure('connection'));
const answer = (): Promise<RemoteResponse> => Promise.resolve(remoteResponse());

describe('a breaker', () => {
  it('opens when so many of so many fail, says since when and until when, and sends nothing', async () => {
    const { ask, askTimes, behave, sent, counters, time } = breaking();
    await askTimes(5);
    behave(fail);
    await askTimes(5);
    expect(counters).toMatchObject({ breakerState: 'open', breakerOpenings: 1 });
    await time.advance(2_000);
    expect(await ask()).toMatchObject({
      code: 'SUBGRAPH_CIRCUIT_OPEN',
      message:
        'The subgraph reviews has failed most of the time and is left alone since ' +
        '2026-11-28T12:00:00.000Z. It is tried again at 2026-11-28T12:00:05.000Z.',
    });
    expect(sent()).toBe(10);
    expect(counters.refusedByBreaker).toBe(1);
  });

  it('stays closed while too few were asked to judge, and when failures are long ago', async () => {
    const { askTimes, behave, counters, time } = breaking();
    behave(fail);
    await askTimes(9);
    expect(counters.breakerState).toBe('closed');
    await time.advance(11_000);
    await askTimes(9);
    expect(counters.breakerState).toBe('closed');
    await askTimes(1);
    expect(counters.breakerState).toBe('open');
  });

  it('does not open at a request that is answered, though older answers are forgotten', async () => {
    const { askTimes, behave, counters, time } = breaking();
    await askTimes(12);
    await time.advance(5_000);
    behave(fail);
    await askTimes(10);
    await time.advance(5_500);
    behave(answer);
    await askTimes(3);
    expect(counters.breakerState).toBe('closed');
  });

  it('lets one request find out after the pause, and closes when that is answered', async () => {
    const { ask, askTimes, behave, sent, counters, time } = breaking();
    behave(fail);
    await askTimes(10);
    await time.advance(5_000);
    let finish: (response: RemoteResponse) => void = () => undefined;
    behave(() => new Promise((resolve) => (finish = resolve)));
    const probe = ask();
    expect(counters.breakerState).toBe('halfOpen');
    expect(await ask()).toMatchObject({ code: 'SUBGRAPH_CIRCUIT_OPEN' });
    expect(sent()).toBe(11);
    finish(remoteResponse());
    await probe;
    expect(counters.breakerState).toBe('closed');
    behave(answer);
    await askTimes(5);
    expect(sent()).toBe(16);
  });

  it('stays open for another pause when the one request fails', async () => {
    const { ask, askTimes, behave, sent, counters, time } = breaking();
    behave(fail);
    await askTimes(10);
    await time.advance(5_000);
    await ask();
    expect(counters).toMatchObject({ breakerState: 'open', breakerOpenings: 2 });
    await time.advance(4_999);
    await ask();
    expect(sent()).toBe(11);
    behave(answer);
    await time.advance(1);
    await ask();
    expect(counters.breakerState).toBe('closed');
  });

  it('sends another one when the client of the first went away', async () => {
    const { ask, askTimes, behave, sent, counters, time } = breaking();
    behave(fail);
    await askTimes(10);
    await time.advance(5_000);
    behave(() => Promise.reject(new Error('The client closed the connection.')));
    await ask();
    expect(counters.breakerState).toBe('open');
    behave(answer);
    await ask();
    expect(sent()).toBe(12);
    expect(counters.breakerState).toBe('closed');
  });

  it('does not hear what comes late of requests that were sent before it opened', async () => {
    const { ask, askTimes, behave, counters, time } = breaking();
    let finish: () => void = () => undefined;
    behave(() => new Promise((resolve) => (finish = () => resolve(remoteResponse()))));
    const late = ask();
    behave(fail);
    await askTimes(10);
    finish();
    await late;
    expect(counters.breakerState).toBe('open');
    await time.advance(5_000);
    behave(answer);
    await ask();
    expect(counters.breakerState).toBe('closed');
  });

  it.each<[string, () => Promise<RemoteResponse>, 'open' | 'closed']>([
    ['a time-out', () => Promise.reject(remoteFailure('silence')), 'open'],
    ['an answer that broke off', () => Promise.reject(remoteFailure('lasting')), 'open'],
    [
      'the time of the fetch being up',
      () => Promise.reject(raise('SUBGRAPH_TIMEOUT', { subgraph: 'reviews', timeoutMs: 1 })),
      'open',
    ],
    ['503', () => Promise.resolve(remoteResponse({ status: 503 })), 'open'],
    ['no GraphQL', () => Promise.resolve(remoteResponse({ isGraphql: false })), 'open'],
    ['a GraphQL error with 500', () => Promise.resolve(remoteResponse({ status: 500 })), 'closed'],
    ['a client that went away', () => Promise.reject(new Error('gone')), 'closed'],
  ])('counts %s rightly', async (_, behaviour, state) => {
    const { askTimes, behave, counters } = breaking();
    behave(behaviour);
    await askTimes(20);
    expect(counters.breakerState).toBe(state);
  });

  it('can be switched off', async () => {
    const { askTimes, behave, sent } = breaking({ enabled: false });
    behave(fail);
    await askTimes(100);
    expect(sent()).toBe(100);
  });
});
