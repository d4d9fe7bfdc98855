import { expect, test } from 'vitest';
import { sql } from '../lake/sql.ts';
import { openEvents, type OpenEvents } from './testing/open-events.ts';
import { startReceiver, type TestReceiver } from './testing/start-receiver.ts';

/** A subscriber that takes nothing of customers whose id begins with `X`, and three of those. */
async function withDeadLetters(): Promise<OpenEvents & { receiver: TestReceiver; id: string }> {
  const opened = await openEvents();
  const { create, subscribe, time, events } = opened;
  const receiver = await startReceiver(({ event }) => (event.subject.startsWith('X') ? 400 : 200));
  const { id } = await subscribe({ url: receiver.url });
  for (const name of ['X1', 'X2', 'X3', 'C1']) await create(name);
  let more = 0;
  await time.until(async () => {
    if ((await events.deadLetters({ first: 10 })).items.length === 3) return true;
    await create(`C1${++more}`);
    return false;
  }, 500);
  return { ...opened, receiver, id };
}

test('dead letters are listed page by page, by subscriber', async () => {
  const { events, id } = await withDeadLetters();
  const first = await events.deadLetters({ first: 2 });
  const second = await events.deadLetters({ first: 2, after: first.endCursor ?? '' });
  const subjects = [...first.items, ...second.items].map(({ event }) => event.subject);
  expect(subjects.toSorted()).toEqual(['X1', 'X2', 'X3']);
  expect((await events.deadLetters({ first: 2, after: second.endCursor ?? '' })).items).toEqual([]);
  expect((await events.deadLetters({ first: 9, subscriber: id })).items.length).toBe(3);
  expect((await events.deadLetters({ first: 9, subscriber: 'other' })).items).toEqual([]);
  await expect(events.deadLetters({ first: 9, after: 'x' })).rejects.toMatchObject({
    code: 'EVENT_CURSOR_INVALID',
  });
});

test('those that arrive when they are sent again are gone from the list, and the others stay', async () => {
  const { events, receiver, id } = await withDeadLetters();
  const { items } = await events.deadLetters({ first: 10 });
  receiver.answer = ({ event }) => (event.subject === 'X2' ? 500 : 200);
  const { value } = await events.replayDeadLetters(items.map((item) => item.id));
  expect(value).toEqual({ delivered: 2 });
  const left = (await events.deadLetters({ first: 10 })).items;
  expect(left).toMatchObject([
    { subscriber: id, attempts: 4, lastStatus: 500, event: { subject: 'X2' } },
  ]);
  expect(events.metrics()).toMatchObject([{ deadLetters: 1 }]);
  await events.pause(id);
  expect((await events.replayDeadLetters([left[0]?.id ?? ''])).problems).toMatchObject([
    { code: 'INVALID', message: /PAUSED/ },
  ]);
});

test('those that are thrown away are gone', async () => {
  const { events } = await withDeadLetters();
  const { items } = await events.deadLetters({ first: 10 });
  const ids = items.map((item) => item.id);
  expect((await events.discardDeadLetters([...ids.slice(0, 2), 'unknown'])).value).toEqual({
    discarded: 2,
  });
  expect((await events.deadLetters({ first: 10 })).items.map((item) => item.id)).toEqual(
    ids.slice(2),
  );
  expect((await events.discardDeadLetters(['unknown'])).problems).toMatchObject([
    { code: 'NOT_FOUND' },
  ]);
  expect((await events.replayDeadLetters([])).problems).toMatchObject([{ code: 'NOT_FOUND' }]);
});

test('they are there after a restart, and hold no values of their own that could not be erased', async () => {
  const { events, again, lake } = await withDeadLetters();
  await events.stop();
  await lake.write((tx) =>
    tx.run(
      sql`UPDATE ledger.change_value SET "before" = NULL, "after" = NULL WHERE "sequence" = 1`,
    ),
  );
  const next = again();
  await next.start();
  expect(next.metrics()).toMatchObject([{ deadLetters: 3 }]);
  const { items } = await next.deadLetters({ first: 10 });
  expect(items.find(({ event }) => event.id === '1')?.event.data).toEqual({ id: 'X1' });
  expect(items.find(({ event }) => event.id === '2')?.event.data).toMatchObject({
    name: 'name of X2',
  });
  await next.stop();
});
