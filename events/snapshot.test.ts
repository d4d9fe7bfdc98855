import { describe, expect, test } from 'vitest';
import { mortal, openEvents, type OpenEvents } from './testing/open-events.ts';
import type { CloudEvent } from './event-service.ts';
import { readSnapshot } from './read-snapshot.ts';
import { startReceiver } from './testing/start-receiver.ts';

/** What a tool has that applies events as they come: names by id, by version. */
function stateOf(events: readonly CloudEvent[]): ReadonlyMap<string, unknown> {
  const versions = new Map<string, number>();
  const names = new Map<string, unknown>();
  for (const { type, subject, entityversion, data } of events) {
    if ((versions.get(subject) ?? 0) >= entityversion) continue;
    versions.set(subject, entityversion);
    if (type.endsWith('Deleted')) names.delete(subject);
    else names.set(subject, data['name'] ?? data['title']);
  }
  return names;
}

async function currentState({ lake, model }: OpenEvents): Promise<ReadonlyMap<string, unknown>> {
  const entity = model.entities.get('Customer');
  if (entity === undefined) throw new Error('There are no customers.');
  const position = Number.MAX_SAFE_INTEGER;
  const all = await readSnapshot(lake, { entity, position, afterKey: undefined, limit: 10_000 });
  return new Map(all.map(({ key, row }) => [key, row['name']]));
}

describe('a new subscriber with a snapshot', () => {
  test('gets every entity once, as it was, then the stream, in pages with changes between them', async () => {
    const opened = await openEvents({ settings: { snapshotPageSize: 3, windowSize: 4 } });
    const { create, rename, remove, subscribe, time, events } = opened;
    for (let n = 0; n < 20; n++) await create(`C${String(n).padStart(2, '0')}`, `name ${n}`);
    await rename('C05', 'renamed before');
    await remove('C06');
    let isHeld = true;
    const waiting: (() => void)[] = [];
    const receiver = await startReceiver(() =>
      isHeld ? new Promise((resolve) => waiting.push(() => resolve(200))) : 200,
    );
    const subscriber = await subscribe({ url: receiver.url, withSnapshot: true });
    expect(subscriber.isInSnapshot).toBe(true);
    // Before it has got far, everything changes that can.
    await time.until(() => waiting.length > 0);
    await rename('C15', 'renamed after');
    await rename('C15', 'renamed again');
    await remove('C16');
    await create('C17a', 'created after');
    await remove('C18');
    await create('C18', 'created again');
    await rename('C00', 'renamed behind the page');
    isHeld = false;
    for (const release of waiting) release();
    await time.until(async () => (await events.subscriber(subscriber.id))?.backlog === 0);
    const snapshot = receiver.accepted.filter(({ id }) => id.startsWith('snapshot:'));
    expect(snapshot.map(({ subject }) => subject).toSorted()).toEqual(
      Array.from({ length: 20 }, (_, n) => `C${String(n).padStart(2, '0')}`).filter(
        (id) => id !== 'C06',
      ),
    );
    const of = (subject: string): CloudEvent | undefined =>
      snapshot.find((event) => event.subject === subject);
    expect(of('C05')).toMatchObject({
      id: 'snapshot:22:Customer/C05',
      type: 'CustomerCreated',
      entityversion: 2,
      data: { name: 'renamed before' },
    });
    expect(of('C15')).toMatchObject({ entityversion: 1, data: { name: 'name 15' } });
    expect(of('C16')).toMatchObject({ entityversion: 1, data: { name: 'name 16' } });
    expect(of('C18')).toMatchObject({ entityversion: 1, data: { name: 'name 18' } });
    const stream = receiver.accepted.slice(snapshot.length);
    expect(stream.map(({ id }) => Number(id)).toSorted((a, b) => a - b)).toEqual([
      23, 24, 25, 26, 27, 28, 29,
    ]);
    expect(stateOf(receiver.accepted)).toEqual(await currentState(opened));
    expect((await events.subscriber(subscriber.id))?.isInSnapshot).toBe(false);
  });

  test('goes on where it was after a crash, with the same events', async () => {
    const opened = await openEvents({ settings: { snapshotPageSize: 5, windowSize: 10 } });
    const { create, rename, remove, time, events, again, send, lake } = opened;
    for (let n = 0; n < 40; n++) await create(`C${String(n).padStart(2, '0')}`, `name ${n}`);
    await events.stop();
    const receiver = await startReceiver();
    let life = mortal({ send, lake, scheduler: time });
    let service = again(life.parts);
    await service.start();
    const input = { name: 'new', url: receiver.url, withSnapshot: true };
    const id = (await service.createSubscriber(input, 'support')).value?.subscriber.id ?? '';
    for (let crash = 0; crash < 4; crash++) {
      const before = receiver.accepted.length;
      await time.until(() => receiver.accepted.length >= before + 8, 20);
      life.kill();
      await rename(`C${10 + crash}`, `renamed in crash ${crash}`);
      await remove(`C${30 + crash}`);
      life = mortal({ send, lake, scheduler: time });
      service = again(life.parts);
      await service.start();
    }
    await time.until(async () => (await service.subscriber(id))?.backlog === 0, 20);
    const events40 = receiver.accepted.filter(({ id: event }) => event.startsWith('snapshot:40:'));
    const distinct = new Map(events40.map((event) => [event.id, event]));
    expect(distinct.size).toBe(40);
    // What came twice was the same both times.
    for (const event of events40) expect(distinct.get(event.id)).toEqual(event);
    for (const { subject, data } of distinct.values())
      expect(data['name']).toBe(`name ${Number(subject.slice(1))}`);
    expect(stateOf(receiver.accepted)).toEqual(await currentState(opened));
    await service.stop();
  });

  test('gets several entities, one after the other, and only those that it chose', async () => {
    const { create, submit, subscribe, time, events } = await openEvents({
      settings: { snapshotPageSize: 2 },
    });
    const origin = { actor: 'shop', source: 'shop/1' };
    for (let n = 0; n < 3; n++) {
      await create(`same-${n}`);
      await submit({
        kind: 'create',
        entity: 'Product',
        origin,
        key: { sku: `same-${n}` },
        fields: { title: `title ${n}` },
      });
    }
    const [all, goods] = [await startReceiver(), await startReceiver()];
    const { id } = await subscribe({ url: all.url, withSnapshot: true });
    await subscribe({ url: goods.url, withSnapshot: true, entities: ['Product'] });
    await time.until(() => all.accepted.length === 6 && goods.accepted.length === 3);
    expect(new Set(all.accepted.map((event) => event.id)).size).toBe(6);
    expect(goods.accepted.map(({ type }) => type)).toEqual(Array(3).fill('ProductCreated'));
    await time.until(async () => (await events.subscriber(id))?.isInSnapshot === false);
  });

  test('gets nothing of a snapshot when there is nothing, and then the stream', async () => {
    const { create, subscribe, time } = await openEvents();
    const receiver = await startReceiver();
    await subscribe({ url: receiver.url, withSnapshot: true });
    await time.advance(1_000);
    await create('C1');
    await time.until(() => receiver.accepted.length === 1);
    expect(receiver.accepted[0]).toMatchObject({ id: '1', type: 'CustomerCreated' });
  });

  test('that does not take one of its events still gets the others', async () => {
    const { create, subscribe, time, events } = await openEvents();
    for (let n = 0; n < 10; n++) await create(`C${n}`);
    const receiver = await startReceiver(({ event }) => (event.subject === 'C4' ? 400 : 200));
    const { id } = await subscribe({ url: receiver.url, withSnapshot: true });
    await time.until(async () => (await events.subscriber(id))?.isInSnapshot === false, 200);
    const { items } = await events.deadLetters({ first: 10 });
    expect(items).toMatchObject([
      { attempts: 3, event: { id: 'snapshot:10:Customer/C4', data: { name: 'name of C4' } } },
    ]);
    receiver.answer = () => 200;
    expect(await events.replayDeadLetters([items[0]?.id ?? ''])).toMatchObject({
      value: { delivered: 1 },
    });
    expect(receiver.accepted.at(-1)).toEqual(items[0]?.event);
  });
});
