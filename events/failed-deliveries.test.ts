import { describe, expect, test } from 'vitest';
import { openEvents } from './testing/open-events.ts';
import { startReceiver, type Reception } from './testing/start-receiver.ts';

function ids(receptions: readonly Reception[]): readonly string[] {
  return receptions.map(({ event }) => event.id);
}

describe('an event that does not arrive', () => {
  test('is sent again, later each time, and those of its entity wait for it', async () => {
    const { create, rename, subscribe, time, events } = await openEvents();
    const times: number[] = [];
    const receiver = await startReceiver(({ event }) => {
      if (event.id !== '1') return 200;
      times.push(time.monotonicMs());
      return times.length < 5 ? 500 : 200;
    });
    const { id } = await subscribe({ url: receiver.url });
    await create('C1');
    await rename('C1', 'Ada');
    await create('C2');
    await time.until(() => receiver.accepted.length === 1);
    // Others go on: what keeps arriving says that the subscriber is up.
    for (let n = 3; times.length < 5; n++) {
      await create(`C${n}`);
      await time.until(() => receiver.accepted.some(({ subject }) => subject === `C${n}`), 10);
      await time.advance(100);
    }
    await time.until(() => receiver.accepted.some(({ id: event }) => event === '2'));
    const waits = times.slice(1).map((at, n) => at - (times[n] ?? 0));
    for (const [n, wait] of waits.entries()) {
      expect(wait).toBeGreaterThanOrEqual(500 * 2 ** n);
      expect(wait).toBeLessThanOrEqual(1_000 * 2 ** n + 100);
    }
    const own = receiver.accepted.filter(({ subject }) => subject === 'C1');
    expect(own.map(({ id: event }) => event)).toEqual(['1', '2']);
    expect((await events.subscriber(id))?.state).toBe('ACTIVE');
  });

  test.each([
    ['a status of 500', 500],
    ['a redirect', 302],
    ['no answer', 'silence'],
    ['an answer that breaks off', 'half'],
    ['an answer that never ends', 'drip'],
  ] as const)('because of %s is sent again', async (_, fault) => {
    const { create, subscribe, time } = await openEvents({ settings: { timeoutMs: 10_000 } });
    let isFaulty = true;
    const receiver = await startReceiver(({ response }) => {
      if (!isFaulty) return 200;
      if (typeof fault === 'number') return fault;
      if (fault === 'half') {
        response.writeHead(200, { 'content-length': '1000' });
        response.write('{');
        setTimeout(() => response.destroy(), 5);
      }
      if (fault === 'drip') {
        response.writeHead(200);
        response.write('…');
      }
      return 'handled';
    });
    await subscribe({ url: receiver.url });
    await create('C1');
    await time.until(() => receiver.receptions.length === 1);
    isFaulty = false;
    await time.until(() => receiver.accepted.length > 0, 10);
    expect(ids(receiver.receptions).slice(0, 2)).toEqual(['1', '1']);
  });

  test('is accepted by an answer of success however long that is', async () => {
    const { create, subscribe, time, events } = await openEvents();
    const receiver = await startReceiver(({ response }) => {
      response.writeHead(200);
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(10_000)));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
      return 'handled';
    });
    const { id } = await subscribe({ url: receiver.url });
    await create('C1');
    await time.until(async () => (await events.subscriber(id))?.backlog === 0, 10);
    expect(receiver.receptions.length).toBe(1);
  });

  test('waits as long as a Retry-After asks, and so do all others', async () => {
    const { create, subscribe, time } = await openEvents();
    const receiver = await startReceiver(({ response }) => {
      if (receiver.receptions.length > 1) return 200;
      response.writeHead(429, { 'retry-after': '120' });
      response.end();
      return 'handled';
    });
    await subscribe({ url: receiver.url });
    await create('C1');
    await time.until(() => receiver.receptions.length === 1);
    await time.advance(1_000);
    await create('C2');
    await time.advance(100_000);
    expect(receiver.receptions.length).toBe(1);
    await time.advance(30_000);
    await time.until(() => receiver.accepted.length === 2);
  });
});

describe('a poisoned event', () => {
  test('that the subscriber refuses becomes a dead letter after three attempts, and its entity goes on', async () => {
    const { create, rename, subscribe, time, events } = await openEvents();
    const receiver = await startReceiver(({ event }) => (event.id === '1' ? 400 : 200));
    const { id } = await subscribe({ url: receiver.url });
    await create('C1');
    await rename('C1', 'Ada');
    await time.until(() => receiver.accepted.length === 1, 200);
    expect(ids(receiver.receptions)).toEqual(['1', '1', '1', '2']);
    const { items } = await events.deadLetters({ subscriber: id, first: 10 });
    expect(items).toMatchObject([
      {
        attempts: 3,
        lastStatus: 400,
        event: { id: '1', type: 'CustomerCreated', data: { id: 'C1' } },
      },
    ]);
    expect(events.metrics()).toMatchObject([
      { state: 'ACTIVE', deadLetters: 1, failed: 3, delivered: 1 },
    ]);
  });

  test('that fails again and again while others arrive becomes a dead letter after eight attempts', async () => {
    const { create, rename, subscribe, time, events } = await openEvents({
      settings: { retryMaxMs: 2_000 },
    });
    const receiver = await startReceiver(({ event }) => (event.id === '1' ? 500 : 200));
    const { id } = await subscribe({ url: receiver.url });
    await create('C1');
    await rename('C1', 'Ada');
    let made = 1;
    await time.until(async () => {
      await create(`C${++made}`);
      return receiver.accepted.some(({ id: event }) => event === '2');
    }, 500);
    const { items } = await events.deadLetters({ first: 10 });
    expect(items).toMatchObject([
      { subscriber: id, attempts: 8, lastStatus: 500, event: { id: '1' } },
    ]);
    expect(receiver.receptions.filter(({ event }) => event.id === '1').length).toBe(8);
  });
});

describe('a subscriber that is down', () => {
  test.each([500, 404])(
    'with status %i is probed with one event at a time, loses none, and goes on with the first success',
    async (status) => {
      const { create, subscribe, time, events } = await openEvents();
      let isDown = true;
      const receiver = await startReceiver(() => (isDown ? status : 200));
      const { id } = await subscribe({ url: receiver.url });
      await Promise.all(Array.from({ length: 30 }, (_, n) => create(`C${n}`)));
      await time.until(async () => (await events.subscriber(id))?.state === 'FAILING');
      const before = receiver.receptions.length;
      // Eight at once, and one more for each of the two failures before the third shows that it is down.
      expect(before).toBeLessThanOrEqual(10);
      for (let minute = 0; minute < 240; minute++) {
        await time.advance(60_000);
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      // Every five minutes at most, once the backoff has grown.
      expect(receiver.receptions.length - before).toBeLessThan(110);
      expect(receiver.receptions.length - before).toBeGreaterThan(30);
      expect((await events.deadLetters({ first: 10 })).items).toEqual([]);
      expect((await events.subscriber(id))?.lastError).toContain(`status ${status}`);
      isDown = false;
      await time.until(() => receiver.accepted.length === 30, 10_000);
      await time.advance(300);
      expect(await events.subscriber(id)).toMatchObject({
        state: 'ACTIVE',
        backlog: 0,
        lastError: null,
      });
      expect((await events.deadLetters({ first: 10 })).items).toEqual([]);
    },
  );

  test('for three days is paused, and goes on when somebody resumes it', async () => {
    const { create, subscribe, time, events } = await openEvents({
      settings: { retryMaxMs: 3_600_000, retryBaseMs: 60_000 },
    });
    let isDown = true;
    const receiver = await startReceiver(() => (isDown ? 503 : 200));
    const { id } = await subscribe({ url: receiver.url });
    await create('C1');
    await time.until(async () => (await events.subscriber(id))?.state === 'PAUSED', 600_000);
    expect(time.monotonicMs()).toBeGreaterThan(3 * 86_400_000);
    expect((await events.subscriber(id))?.lastError).toMatch(
      /Nothing got through since .* status 503/,
    );
    isDown = false;
    await time.advance(86_400_000);
    expect(receiver.accepted.length).toBe(0);
    await events.resume(id);
    await time.until(() => receiver.accepted.length === 1);
    expect(await events.subscriber(id)).toMatchObject({ state: 'ACTIVE', lastError: null });
  });

  test('does not hold up others', async () => {
    const { create, subscribe, time } = await openEvents();
    const receiver = await startReceiver();
    await subscribe({ url: 'http://127.0.0.1:1/nobody' });
    await subscribe({ url: receiver.url });
    for (let n = 0; n < 20; n++) await create(`C${n}`);
    await time.until(() => receiver.accepted.length === 20, 1);
    expect(time.monotonicMs()).toBeLessThan(1_000);
  });
});

test('a subscriber that is gone gets nothing any more, until it is resumed', async () => {
  const { create, subscribe, time, events } = await openEvents();
  let isGone = true;
  const receiver = await startReceiver(() => (isGone ? 410 : 200));
  const { id } = await subscribe({ url: receiver.url });
  await create('C1');
  await create('C2');
  await time.until(async () => (await events.subscriber(id))?.state === 'GONE');
  const before = receiver.receptions.length;
  await create('C3');
  await time.advance(86_400_000);
  expect(receiver.receptions.length).toBe(before);
  isGone = false;
  await events.resume(id);
  await time.until(() => receiver.accepted.length === 3);
});
