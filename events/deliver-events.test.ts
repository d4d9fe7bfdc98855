import { CloudEvent as StandardEvent } from 'cloudevents';
import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { openEvents } from './testing/open-events.ts';
import { startReceiver } from './testing/start-receiver.ts';

describe('a subscriber', () => {
  test('gets signed CloudEvents of what others do, in order, and not of what its owner does', async () => {
    // The package that checks signatures looks at the real clock.
    const start = new Date();
    const { create, rename, remove, subscribe, time, events } = await openEvents({ start });
    const receiver = await startReceiver();
    const { secret, id } = await subscribe({ url: receiver.url });
    await create('C1', 'Ada');
    await rename('C1', 'Ada L');
    await create('C2', 'own', 'support');
    await remove('C1');
    await time.until(() => receiver.accepted.length === 3);
    expect(receiver.accepted).toMatchObject([
      { type: 'CustomerCreated', id: '1', subject: 'C1', data: { id: 'C1', name: 'Ada' } },
      { type: 'CustomerUpdated', id: '2', entityversion: 2, data: { id: 'C1', name: 'Ada L' } },
      { type: 'CustomerDeleted', id: '4', entityversion: 3, data: { id: 'C1' } },
    ]);
    expect(receiver.accepted[2]?.data).toEqual({ id: 'C1' });
    for (const { body, headers, event } of receiver.receptions) {
      expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toEqual(event);
      expect(headers['content-type']).toBe('application/cloudevents+json; charset=utf-8');
      expect(new StandardEvent({ ...event }, true).validate()).toBe(true);
    }
    await time.advance(300);
    expect(await events.subscriber(id)).toMatchObject({
      state: 'ACTIVE',
      backlog: 0,
      lastError: null,
    });
    expect(events.metrics()).toMatchObject([
      { delivered: 3, failed: 0, backlog: 0, lagSeconds: 0, deadLetters: 0 },
    ]);
  });

  test('gets its own as well when it asks for that', async () => {
    const { create, subscribe, time } = await openEvents();
    const receiver = await startReceiver();
    await subscribe({ url: receiver.url, includesOwn: true });
    await create('C1', 'own', 'support');
    await time.until(() => receiver.accepted.length === 1);
  });

  test('gets the entities and types that it chose', async () => {
    const { create, rename, submit, subscribe, time, events } = await openEvents();
    const [updates, goods] = [await startReceiver(), await startReceiver()];
    const origin = { actor: 'shop', source: 'shop/1' };
    const { id } = await subscribe({ url: updates.url, types: ['CustomerUpdated'] });
    await subscribe({ url: goods.url, entities: ['Product'] });
    await create('C1');
    await rename('C1', 'Ada');
    const fields = {
      title: 'Nut',
      price: '12.50',
      weight: 0.25,
      stocked: true,
      since: '2026-01-31',
    };
    await submit({ kind: 'create', entity: 'Product', origin, key: { sku: 'P1' }, fields });
    await time.until(() => goods.accepted.length === 1 && updates.accepted.length === 1);
    expect(updates.accepted.map(({ type }) => type)).toEqual(['CustomerUpdated']);
    expect(goods.accepted[0]?.data).toEqual({
      sku: 'P1',
      title: 'Nut',
      price: 12.5,
      weight: 0.25,
      stocked: true,
      since: '2026-01-31',
    });
    // A change of what it wants holds from the next event on.
    await events.updateSubscriber(id, { types: ['CustomerCreated'] });
    await create('C2');
    await time.until(() => updates.accepted.length === 2);
    expect(updates.accepted[1]).toMatchObject({ type: 'CustomerCreated', subject: 'C2' });
  });

  test('is sent several entities at once, and no more than the setting says', async () => {
    const { create, subscribe, time } = await openEvents({ settings: { maxInFlight: 4 } });
    const waiting: (() => void)[] = [];
    const receiver = await startReceiver(
      () => new Promise((resolve) => waiting.push(() => resolve(200))),
    );
    await subscribe({ url: receiver.url });
    await Promise.all(Array.from({ length: 12 }, (_, n) => create(`C${n}`)));
    await time.until(() => waiting.length === 4);
    await time.advance(1_000);
    expect(receiver.mostAtOnce).toBe(4);
    await time.until(() => {
      waiting.shift()?.();
      return receiver.accepted.length === 12;
    }, 10);
    expect(receiver.mostAtOnce).toBe(4);
  });

  test('that is slow is not read ahead of further than the window', async () => {
    const { create, subscribe, time, events } = await openEvents({
      settings: { windowSize: 10, maxInFlight: 2, timeoutMs: 3_600_000 },
    });
    const waiting: (() => void)[] = [];
    const receiver = await startReceiver(
      () => new Promise((resolve) => waiting.push(() => resolve(200))),
    );
    const { id } = await subscribe({ url: receiver.url });
    await Promise.all(Array.from({ length: 100 }, (_, n) => create(`C${n}`)));
    await time.until(() => waiting.length === 2);
    expect((await events.subscriber(id))?.backlog).toBe(100);
    await time.until(() => {
      waiting.shift()?.();
      return receiver.accepted.length === 100;
    }, 1);
    expect(new Set(receiver.accepted.map(({ subject }) => subject)).size).toBe(100);
  });
});
