import { describe, expect, test } from 'vitest';
import { sql } from '../lake/sql.ts';
import { mortal, openEvents } from './testing/open-events.ts';
import { startReceiver } from './testing/start-receiver.ts';

const noCursor = Buffer.from('0').toString('base64url');

describe('pause, resume and replay', () => {
  test('a paused subscriber gets nothing, also of what was under way, and then everything', async () => {
    const { create, subscribe, time, events } = await openEvents();
    let finish = (): void => undefined;
    const receiver = await startReceiver(
      () => new Promise((resolve) => (finish = () => resolve(500))),
    );
    const { id } = await subscribe({ url: receiver.url });
    await create('C1');
    await time.until(() => receiver.receptions.length === 1);
    expect((await events.pause(id)).value?.subscriber.state).toBe('PAUSED');
    finish();
    await create('C2');
    await time.advance(60_000);
    expect(receiver.receptions.length).toBe(1);
    receiver.answer = () => 200;
    await events.resume(id);
    await time.until(() => receiver.accepted.length === 2);
    expect(receiver.accepted.map(({ subject }) => subject).toSorted()).toEqual(['C1', 'C2']);
  });

  test('a replay begins behind its cursor at once, while deliveries are under way', async () => {
    const { create, subscribe, time, events } = await openEvents();
    const receiver = await startReceiver();
    const { id } = await subscribe({ url: receiver.url });
    for (let n = 1; n <= 4; n++) await create(`C${n}`);
    await time.until(() => receiver.accepted.length === 4);
    const { edges } = await events.page({ first: 10 });
    receiver.answer = () => 'handled';
    await create('C5');
    await time.until(() => receiver.receptions.length === 5);
    receiver.answer = () => 200;
    await events.replay(id, edges[1]?.cursor ?? '');
    await time.until(() => receiver.accepted.length === 7);
    expect(
      receiver.accepted
        .slice(4)
        .map(({ subject }) => subject)
        .toSorted(),
    ).toEqual(['C3', 'C4', 'C5']);
    await expect(events.replay(id, 'nonsense')).rejects.toMatchObject({
      code: 'EVENT_CURSOR_INVALID',
    });
  });

  test('a replay from a place that it has not come to passes nothing over', async () => {
    const { create, subscribe, time, events } = await openEvents();
    const receiver = await startReceiver();
    const { id } = await subscribe({ url: receiver.url });
    await create('C1');
    await time.until(() => receiver.accepted.length === 1);
    await events.pause(id);
    await create('C2');
    await create('C3');
    const { edges } = await events.page({ first: 10 });
    expect((await events.replay(id, edges[2]?.cursor ?? '')).problems).toEqual([]);
    await events.resume(id);
    await time.until(() => receiver.accepted.length === 3);
    expect(receiver.accepted.map(({ subject }) => subject)).toEqual(['C1', 'C2', 'C3']);
  });

  test('a replay of a paused subscriber waits until it is resumed', async () => {
    const { create, subscribe, time, events } = await openEvents();
    const receiver = await startReceiver();
    const { id } = await subscribe({ url: receiver.url });
    await create('C1');
    await time.until(() => receiver.accepted.length === 1);
    await events.pause(id);
    await events.replay(id, noCursor);
    await time.advance(5_000);
    expect(receiver.receptions.length).toBe(1);
    await events.resume(id);
    await time.until(() => receiver.accepted.length === 2);
  });

  test('a subscriber that is deleted gets nothing any more, and its dead letters go with it', async () => {
    const { create, rename, subscribe, time, events, lake } = await openEvents();
    const receiver = await startReceiver(({ event }) => (event.id === '1' ? 400 : 'handled'));
    const { id } = await subscribe({ url: receiver.url });
    await create('C1');
    await rename('C1', 'Ada');
    await time.until(() => receiver.receptions.some(({ event }) => event.id === '2'), 200);
    expect((await events.deadLetters({ first: 1 })).items.length).toBe(1);
    const before = receiver.receptions.length;
    expect((await events.deleteSubscriber(id)).value).toEqual({ id });
    await create('C2');
    await time.advance(60_000);
    expect(receiver.receptions.length).toBe(before);
    expect(await events.subscriber(id)).toBeUndefined();
    expect((await events.deadLetters({ first: 1 })).items).toEqual([]);
    expect((await lake.read(sql`SELECT * FROM events.subscriber`)).rowCount).toBe(0);
    expect((await events.pause(id)).problems).toMatchObject([{ code: 'NOT_FOUND' }]);
  });

  test('another address holds from the next attempt on', async () => {
    const { create, subscribe, time, events } = await openEvents();
    const [old, young] = [await startReceiver(() => 500), await startReceiver()];
    const { id } = await subscribe({ url: old.url });
    await create('C1');
    await time.until(() => old.receptions.length === 1);
    await events.updateSubscriber(id, { url: young.url });
    await time.until(() => young.accepted.length === 1);
  });
});

describe('after a restart', () => {
  test('a service that was stopped sends nothing twice, and one that was killed skips nothing', async () => {
    const { create, subscribe, time, events, again, send, lake } = await openEvents();
    const receiver = await startReceiver();
    const { id } = await subscribe({ url: receiver.url });
    await create('C1');
    await create('C2');
    await time.until(() => receiver.accepted.length === 2);
    await events.stop();
    await create('C3');

    const { parts, kill } = mortal({ send, lake, scheduler: time });
    const second = again(parts);
    await second.start();
    await time.until(() => receiver.accepted.length === 3);
    kill();
    await create('C4');

    const third = again();
    await third.start();
    await time.until(() => receiver.accepted.some(({ subject }) => subject === 'C4'));
    const subjects = receiver.accepted.map(({ subject }) => subject);
    // The third was accepted, and nobody had written that down: it comes once more.
    expect(subjects.slice(0, 3)).toEqual(['C1', 'C2', 'C3']);
    expect(subjects.slice(3).toSorted()).toEqual(['C3', 'C4']);
    expect(await third.subscriber(id)).toMatchObject({ owner: 'support', state: 'ACTIVE' });
    await third.stop();
  });

  test('it is known that a subscriber was failing, and since when', async () => {
    const { create, subscribe, time, events, again } = await openEvents();
    const receiver = await startReceiver(() => 500);
    const { id } = await subscribe({ url: receiver.url });
    await create('C1');
    await time.until(async () => (await events.subscriber(id))?.state === 'FAILING');
    await time.advance(300);
    await events.stop();
    receiver.answer = () => 200;
    const next = again();
    await next.start();
    expect((await next.subscriber(id))?.state).toBe('FAILING');
    await time.until(async () => (await next.subscriber(id))?.state === 'ACTIVE');
    expect(receiver.accepted.length).toBe(1);
    await next.stop();
  });

  test('stopping waits a moment for what is under way, and then no longer', async () => {
    const { create, subscribe, time, events, lake } = await openEvents();
    const receiver = await startReceiver(() => 'handled');
    await subscribe({ url: receiver.url });
    await create('C1');
    await time.until(() => receiver.receptions.length === 1);
    let isStopped = false;
    const stopped = events.stop().then(() => (isStopped = true));
    await time.advance(1_000);
    expect(isStopped).toBe(false);
    await time.advance(1_500);
    await stopped;
    const { columns } = await lake.read(
      sql`SELECT "position", state, last_error FROM events.subscriber`,
    );
    expect(columns).toEqual([[0n], ['ACTIVE'], [null]]);
  });
});
