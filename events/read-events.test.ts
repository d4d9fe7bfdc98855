import { setMaxListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import type { EventEdge } from './event-service.ts';
import { openEvents } from './testing/open-events.ts';

describe('a page of events', () => {
  test('goes on behind the one before it, also when nothing matched', async () => {
    const { events, create, rename, submit } = await openEvents();
    for (let n = 0; n < 5; n++) await create(`C${n}`);
    await rename('C0', 'Ada', 'support');
    const origin = { actor: 'shop', source: 'shop/1' };
    await submit({
      kind: 'create',
      entity: 'Product',
      origin,
      key: { sku: 'P1' },
      fields: { title: 'Nut' },
    });
    const first = await events.page({ first: 3 });
    expect(first.edges.map(({ event }) => event.id)).toEqual(['1', '2', '3']);
    expect([first.hasNextPage, first.endCursor]).toEqual([true, first.edges[2]?.cursor]);
    const second = await events.page({ first: 4, after: first.endCursor });
    expect(second.edges.map(({ event }) => event.id)).toEqual(['4', '5', '6', '7']);
    expect(second.hasNextPage).toBe(false);
    const none = await events.page({ first: 3, after: second.endCursor });
    expect(none).toEqual({ edges: [], hasNextPage: false, endCursor: second.endCursor });
    const ids = async (filter: object) =>
      (await events.page({ first: 10, ...filter })).edges.map(({ event }) => event.id);
    expect(await ids({ entity: 'Product' })).toEqual(['7']);
    expect(await ids({ types: ['CustomerUpdated', 'ProductCreated'] })).toEqual(['6', '7']);
    expect(await ids({ exceptActor: 'crm' })).toEqual(['6', '7']);
    const unmatched = await events.page({ first: 3, types: ['ProductDeleted'] });
    expect(unmatched).toEqual({ edges: [], hasNextPage: false, endCursor: second.endCursor });
  });

  test.each([
    [{ first: 0 }, 'EVENT_PAGE_SIZE_INVALID'],
    [{ first: 1_001 }, 'EVENT_PAGE_SIZE_INVALID'],
    [{ first: Number.NaN }, 'EVENT_PAGE_SIZE_INVALID'],
    [{ first: 1, after: '' }, 'EVENT_CURSOR_INVALID'],
    [{ first: 1, after: 'LTE' }, 'EVENT_CURSOR_INVALID'],
    [{ first: 1, after: "1' OR 1=1" }, 'EVENT_CURSOR_INVALID'],
    [{ first: 1, entity: 'Costumer' }, 'EVENT_FILTER_INVALID'],
    [{ first: 1, types: ['CustomerChanged'] }, 'EVENT_FILTER_INVALID'],
  ])('is refused for %j', async (page, code) => {
    const { events } = await openEvents();
    await expect(events.page(page)).rejects.toMatchObject({ code });
  });

  test('names what may have been meant', async () => {
    const { events } = await openEvents();
    await expect(events.page({ first: 1, entity: 'Costumer' })).rejects.toThrow(
      /Did you mean "Customer"\?/,
    );
    await expect(events.page({ first: 1, types: ['CustomerUpdate'] })).rejects.toThrow(
      /Did you mean "CustomerUpdated"\?/,
    );
  });
});

describe('whoever follows', () => {
  test('gets what comes, in order, and waits when there is nothing', async () => {
    const { events, create } = await openEvents();
    await create('C0');
    const controller = new AbortController();
    const seen: string[] = [];
    const following = (async () => {
      for await (const { event } of events.follow({ signal: controller.signal })) {
        seen.push(event.subject);
        if (seen.length === 3) controller.abort();
      }
    })();
    for (let n = 1; n <= 5; n++) await create(`C${n}`);
    await following;
    expect(seen).toEqual(['C1', 'C2', 'C3']);
  });

  test('may begin at a cursor, and reads no more of the log than is asked for', async () => {
    const { events, create } = await openEvents();
    for (let n = 0; n < 250; n++) await create(`C${n}`);
    const after = (await events.page({ first: 1 })).endCursor;
    const { signal } = new AbortController();
    const iterator = events.follow({ after, signal })[Symbol.asyncIterator]();
    const all: EventEdge[] = [];
    for (let n = 1; n < 250; n++) all.push((await iterator.next()).value as EventEdge);
    expect(all.map(({ event }) => event.subject)).toEqual(
      Array.from({ length: 249 }, (_, n) => `C${n + 1}`),
    );
    await iterator.return?.();
  });

  test('ends at once when it leaves, also while it waits', async () => {
    const { events, create } = await openEvents();
    const controller = new AbortController();
    const [left, aborted] = [
      events.follow({ signal: controller.signal }),
      events.follow({ signal: controller.signal }),
    ].map((one) => one[Symbol.asyncIterator]());
    const [first, second] = [left?.next(), aborted?.next()];
    await left?.return?.();
    expect((await first)?.done).toBe(true);
    controller.abort();
    expect((await second)?.done).toBe(true);
    await create('C1');
    expect((await left?.next())?.done).toBe(true);
    const late = events.follow({ signal: controller.signal })[Symbol.asyncIterator]();
    expect((await late.next()).done).toBe(true);
  });

  test('hears of what it may not ask at once', async () => {
    const { events } = await openEvents();
    const { signal } = new AbortController();
    expect(() => events.follow({ signal, after: '%' })).toThrow(/cursor/);
    expect(() => events.follow({ signal, entity: 'Nobody' })).toThrow(/no events/);
  });

  test('costs little: a thousand hear of the same change', async () => {
    const { events, create } = await openEvents();
    const controller = new AbortController();
    setMaxListeners(0, controller.signal);
    const heard = Array.from({ length: 1_000 }, () =>
      events.follow({ signal: controller.signal })[Symbol.asyncIterator]().next(),
    );
    await create('C1');
    const all = await Promise.all(heard);
    expect(all.every(({ value }) => (value as EventEdge).event.subject === 'C1')).toBe(true);
    controller.abort();
  });
});
