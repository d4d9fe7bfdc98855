import { describe, expect, test } from 'vitest';
import { mortal, openEvents } from './testing/open-events.ts';
import { startReceiver, type Reception } from './testing/start-receiver.ts';

function refuse({ response }: Reception, reason = 'It is blocked.'): 'handled' {
  response.writeHead(422, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ veto: { reason } }));
  return 'handled';
}

describe('a veto', () => {
  test('in time takes the change back for all that had it, and only for them', async () => {
    const { create, rename, subscribe, time, events, ledger } = await openEvents();
    await create('C1', 'before');
    const [crm, applied, refuser, siblings] = [
      await startReceiver(),
      await startReceiver(),
      await startReceiver(),
      await startReceiver(),
    ];
    await subscribe({ url: crm.url, name: 'crm itself' }, 'crm');
    await subscribe({ url: applied.url, name: 'applied' }, 'billing');
    await subscribe({ url: siblings.url, name: 'sibling' }, 'risk');
    const paused = await startReceiver();
    const { id: pausedId } = await subscribe({ url: paused.url, name: 'paused' }, 'slow');
    await events.pause(pausedId);
    let isSeen = false;
    refuser.answer = (reception) => {
      const others = applied.accepted.length + siblings.accepted.length;
      if (reception.event.id !== '2') return 200;
      return !isSeen || others < 2 ? 503 : refuse(reception);
    };
    await subscribe(
      { url: refuser.url, name: 'refuser', mayVeto: true, includesOwn: true },
      'risk',
    );
    await rename('C1', 'after');
    expect(await events.saga('2')).toMatchObject({ state: 'PENDING', vetoedBy: null });
    isSeen = true;
    await time.until(async () => (await events.saga('2'))?.state === 'COMPENSATED');
    const saga = await events.saga('2');
    expect(saga).toMatchObject({
      vetoedBy: 'refuser',
      reason: 'It is blocked.',
      compensation: '3',
    });
    expect(saga?.appliedBy).toEqual(['applied', 'sibling']);
    expect(await ledger.find(3)).toMatchObject({
      actor: 'risk',
      reverses: 2,
      after: { name: 'before' },
    });
    await time.until(() => applied.accepted.length === 2);
    await time.until(() => siblings.accepted.length === 2);
    await time.until(() => crm.accepted.length === 1);
    await events.resume(pausedId);
    await create('C2');
    await time.until(() =>
      [applied, siblings, paused].every(({ accepted }) =>
        accepted.some(({ subject }) => subject === 'C2'),
      ),
    );
    await time.advance(1_000);
    const idsOf = ({ accepted }: typeof crm) => accepted.map(({ id }) => id);
    expect(applied.accepted[1]).toMatchObject({
      id: '3',
      type: 'CustomerUpdated',
      reverses: '2',
      causationid: '2',
      entityversion: 3,
      data: { name: 'before' },
    });
    expect(idsOf(applied)).toEqual(['2', '3', '4']);
    expect(idsOf(siblings)).toEqual(['2', '3', '4']);
    expect(idsOf(crm)).toEqual(['3']);
    expect(idsOf(paused)).toEqual(['4']);
    await time.until(() => refuser.accepted.length === 1);
    expect(idsOf(refuser)).toEqual(['4']);
  });

  test('that comes after the window changes nothing, and is told', async () => {
    const { create, subscribe, time, events } = await openEvents();
    const receiver = await startReceiver();
    const { id } = await subscribe({ url: receiver.url, mayVeto: true, vetoWindowMs: 10_000 });
    await create('C1');
    await time.until(() => receiver.accepted.length === 1);
    await time.advance(11_000);
    expect(await events.saga('1')).toMatchObject({
      state: 'CONFIRMED',
      appliedBy: ['subscriber 1'],
    });
    const veto = { event: '1', subscriber: id, reason: 'too late' };
    expect(await events.veto(veto, 'support')).toMatchObject({
      value: { state: 'VETO_TOO_LATE', compensation: null },
    });
    expect(await events.saga('1')).toMatchObject({ state: 'VETO_TOO_LATE', reason: 'too late' });
  });

  test('by a webhook that comes after the window is the end of the delivery, and changes nothing', async () => {
    const { create, subscribe, time, events } = await openEvents();
    let isLate = false;
    const receiver = await startReceiver((reception) => (isLate ? refuse(reception) : 503));
    const { id } = await subscribe({ url: receiver.url, mayVeto: true, vetoWindowMs: 1_000 });
    await create('C1');
    await time.until(() => time.monotonicMs() > 2_000);
    isLate = true;
    await time.until(async () => (await events.subscriber(id))?.backlog === 0);
    expect(await events.saga('1')).toMatchObject({
      state: 'VETO_TOO_LATE',
      reason: 'It is blocked.',
    });
    expect((await events.page({ first: 10 })).edges.length).toBe(1);
    expect((await events.deadLetters({ first: 1 })).items).toEqual([]);
  });

  test('never overwrites a later version', async () => {
    const { create, rename, subscribe, time, events } = await openEvents();
    const receiver = await startReceiver();
    const { id } = await subscribe({ url: receiver.url, mayVeto: true });
    await create('C1', 'one');
    await rename('C1', 'two');
    await time.until(() => receiver.accepted.length === 2);
    const { value } = await events.veto({ event: '1', subscriber: id, reason: 'no' }, 'support');
    expect(value).toMatchObject({ state: 'VETO_TOO_LATE', compensation: null });
    expect((await events.page({ first: 10 })).edges.length).toBe(2);
    const again = await events.veto({ event: '2', subscriber: id, reason: 'no' }, 'support');
    expect(again.value).toMatchObject({ state: 'COMPENSATED', compensation: '3' });
  });

  test('that is repeated, also by another subscriber, gives the same saga', async () => {
    const { create, subscribe, time, events } = await openEvents();
    const [one, two] = [await startReceiver(refuse), await startReceiver(refuse)];
    const first = await subscribe({ url: one.url, mayVeto: true, includesOwn: true }, 'a');
    const second = await subscribe({ url: two.url, mayVeto: true, includesOwn: true }, 'b');
    await create('C1');
    await time.until(() => one.receptions.length + two.receptions.length === 2);
    await time.until(async () => (await events.subscriber(first.id))?.backlog === 0);
    await time.until(async () => (await events.subscriber(second.id))?.backlog === 0);
    expect(await events.saga('1')).toMatchObject({ state: 'COMPENSATED', compensation: '2' });
    const veto = { event: '1', subscriber: first.id, reason: 'again' };
    expect(await events.veto(veto, 'a')).toMatchObject({
      value: { reason: 'It is blocked.', compensation: '2' },
    });
    await time.advance(5_000);
    // Neither applied it, so neither hears that it was taken back.
    expect([one.receptions.length, two.receptions.length]).toEqual([1, 1]);
    expect((await events.page({ first: 10 })).edges.map(({ event }) => event.type)).toEqual([
      'CustomerCreated',
      'CustomerDeleted',
    ]);
  });

  test('is for the owner of a subscriber that may, of events that it gets', async () => {
    const { create, subscribe, events } = await openEvents();
    const { id: meek } = await subscribe({ url: 'http://tool.example/' });
    const { id: may } = await subscribe({
      url: 'http://tool.example/',
      mayVeto: true,
      types: ['CustomerUpdated'],
    });
    await create('C1');
    const veto = (event: string, subscriber: string, actor = 'support') =>
      events.veto({ event, subscriber, reason: '' }, actor);
    expect((await veto('1', may, 'somebody')).problems).toMatchObject([
      { code: 'INVALID', message: /Only support/ },
    ]);
    expect((await veto('1', meek)).problems).toMatchObject([{ message: /mayVeto/ }]);
    expect((await veto('1', may)).problems).toMatchObject([{ message: /does not get/ }]);
    expect((await veto('99', may)).problems).toMatchObject([{ code: 'NOT_FOUND', field: 'event' }]);
    expect((await veto('snapshot:1:x', may)).problems).toMatchObject([{ code: 'NOT_FOUND' }]);
    expect((await veto('1', 'nobody')).problems).toMatchObject([
      { code: 'NOT_FOUND', field: 'subscriber' },
    ]);
    expect(await events.saga('1')).toBeUndefined();
    expect(await events.saga('99')).toBeUndefined();
  });

  test('of a subscriber that may not is a refusal of the event alone', async () => {
    const { create, subscribe, time, events } = await openEvents();
    const receiver = await startReceiver(refuse);
    await subscribe({ url: receiver.url });
    await create('C1');
    await time.until(async () => (await events.deadLetters({ first: 1 })).items.length === 1, 200);
    expect((await events.page({ first: 10 })).edges.length).toBe(1);
  });

  test('that a crash cuts off is carried out, once, and the one who refused does not hear of it', async () => {
    const { create, subscribe, time, events, again, lake, send, ledger } = await openEvents();
    const receiver = await startReceiver(refuse);
    const other = await startReceiver();
    await subscribe({ url: other.url }, 'billing');
    await subscribe({ url: receiver.url, mayVeto: true, includesOwn: true });
    await events.stop();
    // It dies as soon as the change was taken back, before that is written down beside the veto.
    const { parts, kill } = mortal({ send, lake, scheduler: time });
    const dying = again({
      ...parts,
      identities: {
        submit: async (command) => {
          const outcome = await ledger.submit(command);
          kill();
          await new Promise(() => undefined);
          return outcome;
        },
      },
    });
    await dying.start();
    await create('C1');
    await time.until(() => ledger.head === 2);
    const next = again();
    await next.start();
    expect(await next.saga('1')).toMatchObject({ state: 'COMPENSATED', compensation: '2' });
    await time.until(() => other.accepted.some(({ id }) => id === '2'));
    await time.until(async () => (await next.subscribers()).every(({ backlog }) => backlog === 0));
    expect(receiver.receptions.map(({ event }) => event.id)).not.toContain('2');
    expect(ledger.head).toBe(2);
    await next.stop();
  });

  test('decided who is spared, which holds after a restart and in a replay', async () => {
    const { create, subscribe, time, events, again } = await openEvents();
    const refuser = await startReceiver((reception) =>
      reception.event.subject === 'C1' ? refuse(reception) : 200,
    );
    const paused = await startReceiver();
    const { id } = await subscribe({ url: paused.url }, 'slow');
    await events.pause(id);
    await subscribe({ url: refuser.url, mayVeto: true });
    await create('C1');
    await time.until(async () => (await events.saga('1'))?.state === 'COMPENSATED');
    await create('C2', 'x', 'risk');
    await time.advance(1_000);
    await events.stop();
    const next = again();
    await next.start();
    await next.resume(id);
    await time.until(() => paused.accepted.length === 1);
    await next.replay(id, Buffer.from('0').toString('base64url'));
    await time.until(() => paused.accepted.length >= 2);
    await time.advance(1_000);
    expect(new Set(paused.receptions.map(({ event }) => event.id))).toEqual(new Set(['3']));
    await next.stop();
  });
});
