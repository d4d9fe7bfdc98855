import { describe, expect, it } from 'vitest';
import { ManualTime } from '../../foundation/testing/manual-time.ts';
import type { RemoteRequest, RemoteResponse } from './remote-request.ts';
import { shareRequests } from './share-requests.ts';
import { SubgraphCounters } from './subgraph-counters.ts';
import { remoteRequest, remoteResponse } from './testing/remote-fixtures.ts';

interface Sent {
  readonly request: RemoteRequest;
  readonly finish: (response: RemoteResponse) => void;
  readonly fail: (error: Error) => void;
}

function sharing(deduplicate = true) {
  const time = new ManualTime();
  const counters = new SubgraphCounters();
  const sent: Sent[] = [];
  const ask = shareRequests(
    (request) =>
      new Promise((finish, fail) => {
        sent.push({ request, finish, fail });
        request.signal.addEventListener('abort', () => fail(request.signal.reason as Error));
      }),
    { subgraph: 'reviews', deduplicate, timeoutMs: 1_000, clock: time, scheduler: time, counters },
  );
  return { ask, sent, time, counters };
}

describe('equal queries of one caller', () => {
  it('share one request, and each gets an answer of its own to change', async () => {
    const { ask, sent, counters } = sharing();
    const answers = [1, 2, 3].map((id) =>
      ask(remoteRequest({ headers: { 'x-request-id': String(id), 'x-tenant': 'north' } })),
    );
    expect(sent).toHaveLength(1);
    const response = remoteResponse();
    sent[0]?.finish(response);
    expect(await Promise.all(answers)).toEqual([response, response, response]);
    expect(counters).toMatchObject({ fetches: 3, shared: 2 });
  });

  it('share a failure too', async () => {
    const { ask, sent } = sharing();
    const answers = [ask(remoteRequest()), ask(remoteRequest())];
    sent[0]?.fail(new Error('no'));
    for (const answer of answers) await expect(answer).rejects.toThrow('no');
  });

  it('are asked anew once the answer is there', async () => {
    const { ask, sent, time } = sharing();
    const first = ask(remoteRequest());
    sent[0]?.finish(remoteResponse());
    await first;
    await time.advance(0);
    void ask(remoteRequest());
    expect(sent).toHaveLength(2);
    expect(time.waiting).toBe(1);
  });

  it('do not wait for one that has used up half of its time', async () => {
    const { ask, sent, time } = sharing();
    void ask(remoteRequest()).catch(() => undefined);
    await time.advance(499);
    void ask(remoteRequest()).catch(() => undefined);
    expect(sent).toHaveLength(1);
    await time.advance(1);
    void ask(remoteRequest()).catch(() => undefined);
    expect(sent).toHaveLength(2);
  });

  it('end when the time of the request is up', async () => {
    const { ask, time } = sharing();
    const answer = ask(remoteRequest()).catch((error: unknown) => error);
    await time.advance(1_000);
    expect(await answer).toMatchObject({ code: 'SUBGRAPH_TIMEOUT' });
    expect(time.waiting).toBe(0);
  });
});

describe('queries that differ', () => {
  it.each<[string, Partial<RemoteRequest>]>([
    ['in their text or variables', { body: '{"query":"{ b }"}' }],
    ['in what the subgraph is told', { headers: { 'x-request-id': '1', 'x-tenant': 'south' } }],
    ['in their caller', { caller: { kind: 'apiKey', id: 'K1', name: 'retool' } }],
  ])('%s are asked apart', (_, difference) => {
    const { ask, sent } = sharing();
    void ask(remoteRequest());
    void ask(remoteRequest(difference));
    expect(sent).toHaveLength(2);
  });
});

describe('a caller who goes away', () => {
  it('leaves the others their answer', async () => {
    const { ask, sent } = sharing();
    const leaving = new AbortController();
    const gone = ask(remoteRequest({ signal: leaving.signal }));
    const stays = ask(remoteRequest());
    leaving.abort(new Error('gone'));
    await expect(gone).rejects.toThrow('gone');
    expect(sent[0]?.request.signal.aborted).toBe(false);
    sent[0]?.finish(remoteResponse());
    expect(await stays).toMatchObject({ status: 200 });
  });

  it('takes the request along when nobody else waits, and nobody joins it any more', async () => {
    const { ask, sent, time } = sharing();
    const leaving = new AbortController();
    const both = [1, 2].map(() => ask(remoteRequest({ signal: leaving.signal })));
    leaving.abort(new Error('gone'));
    void ask(remoteRequest());
    for (const answer of both) await expect(answer).rejects.toThrow('gone');
    expect(sent).toHaveLength(2);
    expect(sent[0]?.request.signal.aborted).toBe(true);
    await time.advance(0);
    expect(time.waiting).toBe(1);
  });
});

describe('a mutation', () => {
  it('is never shared', () => {
    const { ask, sent } = sharing();
    void ask(remoteRequest({ isQuery: false }));
    void ask(remoteRequest({ isQuery: false }));
    expect(sent).toHaveLength(2);
  });

  it('parts the queries after it from those before, so that its caller sees what it changed', async () => {
    const { ask, sent, time } = sharing();
    void ask(remoteRequest());
    const mutation = ask(remoteRequest({ isQuery: false }));
    void ask(remoteRequest());
    sent[1]?.finish(remoteResponse());
    await mutation;
    await time.advance(0);
    void ask(remoteRequest());
    expect(sent).toHaveLength(4);
  });
});

it('nothing is shared where the settings say so', () => {
  const { ask, sent } = sharing(false);
  void ask(remoteRequest());
  void ask(remoteRequest());
  expect(sent).toHaveLength(2);
});
