import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedTempFolder } from '../foundation/testing/temp-folder.ts';
import { StreamReader } from './testing/read-stream.ts';
import { startMotion, startMotionUntilClosed, type MotionProject } from './testing/start-motion.ts';

const follow = 'subscription { customerEvents(includeOwn: true) { id type subject version data } }';

async function openStream(
  { front, motion }: MotionProject,
  query = follow,
  options: Parameters<typeof StreamReader.open>[2] = {},
): Promise<StreamReader> {
  const before = motion.events.openStreams;
  const stream = await StreamReader.open(front.url, query, options);
  if (stream.status === 200) await until(() => motion.events.openStreams > before);
  return stream;
}

async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 500 && !isSo(); tries++) await sleep(10);
  expect(isSo()).toBe(true);
}

describe('a subscription', () => {
  it('is a stream of server-sent events with a cursor each', async () => {
    const project = await startMotion();
    const stream = await openStream(project);
    expect(stream.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(await stream.next()).toEqual({ kind: 'comment' });
    project.motion.events.emit({ type: 'CustomerCreated' });
    project.motion.events.emit();
    expect(await stream.nextEvent()).toEqual({
      kind: 'event',
      event: 'next',
      id: '1',
      data: {
        data: {
          customerEvents: {
            id: '1',
            type: 'CustomerCreated',
            subject: 'C0000001',
            version: 1,
            data: { id: 'C0000001', name: 'Ada' },
          },
        },
      },
    });
    expect(await stream.nextEvent()).toMatchObject({ id: '2' });
    stream.hangUp();
  });

  it('goes on after a cursor, and after the last event that a browser saw', async () => {
    const project = await startMotion();
    for (let count = 0; count < 5; count++) project.motion.events.emit();
    const query = 'subscription ($after: String) { customerEvents(after: $after) { id } }';
    const after = await openStream(project, query, { variables: { after: '2' } });
    expect(await after.nextEvent()).toMatchObject({ id: '3' });
    const again = await openStream(project, query, {
      variables: { after: '2' },
      headers: { 'last-event-id': '4' },
    });
    expect(await again.nextEvent()).toMatchObject({ id: '5' });
    after.hangUp();
    again.hangUp();
  });

  it('may come by GET, as from the EventSource of a browser', async () => {
    const project = await startMotion();
    const query = 'subscription Follow($own: Boolean!) { customerEvents(includeOwn: $own) { id } }';
    const options = { method: 'GET', variables: { own: true } } as const;
    const stream = await openStream(project, query, options);
    project.motion.events.emit({ origin: 'local' });
    expect(await stream.nextEvent()).toMatchObject({ event: 'next', id: '1' });
    stream.hangUp();
  });

  it('leaves out what the caller did itself unless it asks', async () => {
    const project = await startMotion();
    const headers = await project.keyOf('crm');
    const others = await openStream(project, 'subscription { customerEvents { id } }', { headers });
    const all = await openStream(project, follow, { headers });
    project.motion.events.emit({ origin: 'crm' });
    project.motion.events.emit({ origin: 'desk' });
    expect(await others.nextEvent()).toMatchObject({ id: '2' });
    expect(await all.nextEvent()).toMatchObject({ id: '1' });
    others.hangUp();
    all.hangUp();
  });

  it('takes aliases, fragments and conditions like every operation', async () => {
    const project = await startMotion();
    const query = `subscription ($isLong: Boolean!) { change: customerEvents(types: ["CustomerDeleted"]) { ...Part kind: __typename } }
      fragment Part on IdentityEvent { place: sequence time @include(if: $isLong) }`;
    const stream = await openStream(project, query, { variables: { isLong: false } });
    project.motion.events.emit();
    project.motion.events.emit({ type: 'CustomerDeleted' });
    expect(await stream.nextEvent()).toMatchObject({
      id: '2',
      data: { data: { change: { place: '00000000000000000002', kind: 'IdentityEvent' } } },
    });
    stream.hangUp();
  });

  it('shows that it is alive while nothing happens', async () => {
    const project = await startMotion({ events: { heartbeatMs: 30 } });
    const stream = await openStream(project);
    for (let count = 0; count < 4; count++)
      expect(await stream.next()).toEqual({ kind: 'comment' });
    project.motion.events.emit();
    expect(await stream.nextEvent()).toMatchObject({ id: '1' });
    stream.hangUp();
  });

  it('lasts longer than any other request may take', async () => {
    const project = await startMotion({ server: { requestTimeoutMs: 200 } });
    const stream = await openStream(project);
    await sleep(500);
    project.motion.events.emit();
    expect(await stream.nextEvent()).toMatchObject({ id: '1' });
    stream.hangUp();
  });

  it('outlives a swap of the graph', async () => {
    const project = await startMotion();
    const stream = await openStream(project);
    await project.reload();
    project.motion.events.emit();
    expect(await stream.nextEvent()).toMatchObject({ id: '1' });
    const later = await openStream(project);
    project.motion.events.emit();
    expect(await later.nextEvent()).toMatchObject({ id: '2' });
    stream.hangUp();
    later.hangUp();
  });

  it('ends without a complete when the server is stopped, so that its client comes back', async () => {
    const project = await startMotion();
    const stream = await openStream(project);
    const startedMs = performance.now();
    const closed = project.front.close();
    expect(await stream.nextEvent()).toEqual({ kind: 'end' });
    await closed;
    expect(performance.now() - startedMs).toBeLessThan(2_000);
    expect(project.motion.events.openStreams).toBe(0);
  });

  it('that fails in the middle says so, without saying more than it should, and is complete', async () => {
    const project = await startMotion();
    const stream = await openStream(project);
    project.motion.events.failure = new Error('the secret of the disk');
    project.motion.events.wake();
    const told = await stream.nextEvent();
    expect(told).toMatchObject({
      event: 'next',
      data: { errors: [{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }] },
    });
    expect(JSON.stringify(told)).not.toContain('secret');
    expect(await stream.nextEvent()).toMatchObject({ event: 'complete' });
    expect(await stream.nextEvent()).toEqual({ kind: 'end' });
  });
});

describe('a subscription that will not do is refused before its stream begins', () => {
  const refusals: readonly (readonly [string, string, number, string])[] = [
    ['that does not parse', 'subscription { customerEvents { ', 400, 'GRAPHQL_PARSE_FAILED'],
    [
      'of an unknown field',
      'subscription { customerEvents { salesRep } }',
      400,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'of an unknown entity',
      'subscription { loanEvents { id } }',
      400,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'of two fields',
      'subscription { a: customerEvents { id } b: customerEvents { id } }',
      400,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'with a wrong cursor',
      'subscription { customerEvents(after: "x") { id } }',
      400,
      'EVENT_CURSOR_INVALID',
    ],
    [
      'without its variable',
      'subscription ($types: [String!]!) { customerEvents(types: $types) { id } }',
      400,
      'BAD_USER_INPUT',
    ],
    [
      'of which a variable could leave nothing',
      'subscription ($isOn: Boolean = false) { customerEvents @include(if: $isOn) { id } }',
      400,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'of which a condition leaves nothing',
      'subscription { ...Root } fragment Root on Subscription { customerEvents @skip(if: true) { id } }',
      400,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'that is nested too deep',
      `subscription { customerEvents ${'{ id '.repeat(600)}${'}'.repeat(600)} }`,
      400,
      'DOCUMENT_TOO_NESTED',
    ],
  ];

  const directory = sharedTempFolder();
  let project: Awaited<ReturnType<typeof startMotionUntilClosed>>;

  beforeAll(async () => {
    project = await startMotionUntilClosed(directory);
  });

  afterAll(() => project.close());

  it.each(refusals)('%s', async (_name, query, status, code) => {
    const stream = await StreamReader.open(project.front.url, query);
    expect([stream.status, JSON.parse(stream.refusal ?? '')]).toMatchObject([
      status,
      { errors: [{ extensions: { code, hint: expect.any(String) as string } }] },
    ]);
    expect(project.motion.events.openStreams).toBe(0);
  });

  it('also where a router asks for one of which a variable could leave nothing', async () => {
    const response = await fetch(`${project.front.url}/subgraphs/_ledger`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({
        query: 'subscription ($is: Boolean!) { customerEvents @include(if: $is) { id } }',
        variables: { is: false },
      }),
    });
    expect([response.status, await response.json()]).toMatchObject([
      400,
      { errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] },
    ]);
  });

  it('where the request accepts no stream, it names the way', async () => {
    expect(await project.ask(follow)).toMatchObject({
      status: 406,
      errors: [
        {
          extensions: {
            code: 'SUBSCRIPTION_NEEDS_STREAM',
            hint: expect.stringContaining('text/event-stream') as string,
          },
        },
      ],
    });
  });

  it('where the caller is unknown', async () => {
    const headers = { 'x-api-key': 'tby_nobody' };
    const stream = await StreamReader.open(project.front.url, follow, { headers });
    expect(stream.status).toBe(401);
  });

  it('where a page of another origin asks', async () => {
    const headers = { origin: 'https://evil.example' };
    const stream = await StreamReader.open(project.front.url, follow, { headers, method: 'GET' });
    expect(stream.status).toBe(403);
  });

  it('where there are too many already, until one of them ends', async () => {
    const project = await startMotion({ events: { maxStreams: 2 } });
    const streams = [await openStream(project), await openStream(project)];
    const refused = await StreamReader.open(project.front.url, follow);
    expect([refused.status, refused.refusal]).toMatchObject([
      503,
      expect.stringContaining('STREAMS_EXHAUSTED') as string,
    ]);
    streams[0]?.hangUp();
    await until(() => project.motion.events.openStreams === 1);
    const next = await openStream(project);
    expect(next.status).toBe(200);
    next.hangUp();
    streams[1]?.hangUp();
  });
});

describe('an operation that is no subscription', () => {
  it('is a stream of one result where nothing but a stream is accepted', async () => {
    const { front } = await startMotion();
    const stream = await StreamReader.open(front.url, '{ customer(id: "C0000001") { id } }');
    expect(await stream.next()).toMatchObject({
      event: 'next',
      data: { data: { customer: { id: 'C0000001' } } },
    });
    expect(await stream.next()).toMatchObject({ event: 'complete' });
    expect(await stream.next()).toEqual({ kind: 'end' });
  });

  it('is JSON where JSON will do as well', async () => {
    const { ask } = await startMotion();
    const headers = { accept: 'application/json, text/event-stream' };
    expect(await ask('{ customer(id: "C0000001") { id } }', {}, headers)).toMatchObject({
      data: { customer: { id: 'C0000001' } },
    });
  });

  it('and changes something never comes by GET', async () => {
    const project = await startMotion();
    const query = 'mutation { pauseSubscriber(input: { id: "s1" }) { problems { code } } }';
    const stream = await StreamReader.open(project.front.url, query, { method: 'GET' });
    expect(stream.status).toBe(405);
  });
});

describe('many streams', () => {
  it('all get all events, and leave nothing behind when their clients hang up', async () => {
    const project = await startMotion();
    const streams = await Promise.all(
      Array.from({ length: 100 }, () => StreamReader.open(project.front.url, follow)),
    );
    await until(() => project.motion.events.openStreams === 100);
    for (let count = 0; count < 20; count++) project.motion.events.emit();
    const seen = await Promise.all(
      streams.map(async (stream) => {
        const ids: unknown[] = [];
        for (let count = 0; count < 20; count++) {
          const frame = await stream.nextEvent();
          if (frame.kind === 'event') ids.push(Number(frame.id));
        }
        return ids;
      }),
    );
    const expected = Array.from({ length: 20 }, (_, index) => index + 1);
    for (const ids of seen) expect(ids).toEqual(expected);
    for (const stream of streams) stream.hangUp();
    await until(() => project.motion.events.openStreams === 0);
  });

  it('do not wait for one that reads nothing, which is cut off', async () => {
    const project = await startMotion({ server: { requestTimeoutMs: 300 } });
    const lazy = await openStream(project);
    const busy = await openStream(project);
    const data = { id: 'C0000001', name: 'x'.repeat(500_000) };
    for (let count = 0; count < 40; count++) project.motion.events.emit({ data });
    for (let count = 1; count <= 40; count++) {
      expect(await busy.nextEvent()).toMatchObject({ id: String(count) });
    }
    await until(() => project.motion.events.openStreams === 1);
    lazy.hangUp();
    busy.hangUp();
  });
});
