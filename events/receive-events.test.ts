import { describe, expect, test } from 'vitest';
import { openEvents } from './testing/open-events.ts';

const event = {
  specversion: '1.0',
  id: 'e1',
  source: '/crm/eu',
  type: 'CustomerCreated',
  time: '2026-11-28T11:59:00.123456Z',
  data: { id: 'C1', name: 'Ada' },
};

describe('an event of a tool', () => {
  test('changes the identity, once, and comes back as an event with the tool as its origin', async () => {
    const { events } = await openEvents();
    const [outcome] = await events.receive([event], 'crm');
    expect(outcome).toMatchObject({
      id: 'e1',
      status: 'done',
      key: { id: 'C1' },
      subject: 'C1',
      version: 1,
      problems: [],
    });
    expect(await events.receive([event], 'crm')).toEqual([outcome]);
    const { edges } = await events.page({ first: 10 });
    expect(edges.map((edge) => edge.event)).toMatchObject([
      {
        type: 'CustomerCreated',
        origin: 'crm',
        source: '/crm/eu',
        causationid: 'e1',
        hlc: '2026-11-28T11:59:00.123Z.0000',
        data: { id: 'C1', name: 'Ada', createdBy: 'crm' },
      },
    ]);
  });

  test('never overwrites what is newer, by its time or by its hybrid clock', async () => {
    const { events } = await openEvents();
    await events.receive([event], 'crm');
    const update = { ...event, type: 'CustomerUpdated' };
    const outcomes = await events.receive(
      [
        { ...update, id: 'e2', time: '2026-11-28T11:59:30Z', data: { id: 'C1', name: 'newer' } },
        { ...update, id: 'e3', time: '2026-11-28T11:59:20Z', data: { id: 'C1', name: 'late' } },
        {
          ...update,
          id: 'e4',
          hlc: '2026-11-28T11:59:30.000Z.0001',
          data: { id: 'C1', name: 'by clock' },
        },
        {
          ...update,
          id: 'e5',
          time: '2026-11-28T20:00:00Z',
          data: { id: 'C1', name: 'from the future' },
        },
      ],
      'crm',
    );
    expect(outcomes.map(({ status }) => status)).toEqual(['done', 'stale', 'done', 'refused']);
    expect(outcomes[3]?.problems).toMatchObject([{ code: 'CLOCK_SKEW' }]);
    const { edges } = await events.page({ first: 10 });
    expect(edges.at(-1)?.event.data['name']).toBe('by clock');
  });

  test('may tell the key by its subject alone, and a deletion needs no data', async () => {
    const { events } = await openEvents();
    const { data: _, ...bare } = event;
    const outcomes = await events.receive(
      [
        { ...event, subject: 'C7', data: { name: 'Ada' } },
        { ...bare, id: 'e2', type: 'CustomerDeleted', subject: 'C7', time: '2026-11-28T11:59:30Z' },
      ],
      'crm',
    );
    expect(outcomes).toMatchObject([
      { status: 'done', subject: 'C7' },
      { status: 'done', subject: 'C7', version: 2 },
    ]);
  });

  test('sets only lean fields that are for tools to set', async () => {
    const { events } = await openEvents();
    const data = {
      id: 'C1',
      name: 'Ada',
      createdBy: 'mallory',
      createdAt: '1999-01-01T00:00:00Z',
      salary: 1,
      __proto__: { name: 'x' },
    };
    const [outcome] = await events.receive([{ ...event, data }], 'crm');
    expect(outcome?.status).toBe('done');
    expect((await events.page({ first: 1 })).edges[0]?.event.data).toEqual({
      id: 'C1',
      name: 'Ada',
      createdAt: '2026-11-28T11:59:00.123Z',
      createdBy: 'crm',
    });
  });

  test('that is wrong stops no other', async () => {
    const { events } = await openEvents();
    const good = { ...event, id: 'good' };
    const outcomes = await events.receive(
      [null, { ...event, type: 'CustomerCreate' }, good, 'text'],
      'crm',
    );
    expect(outcomes.map(({ id, status }) => [id, status])).toEqual([
      ['', 'refused'],
      ['e1', 'refused'],
      ['good', 'done'],
      ['', 'refused'],
    ]);
    expect(outcomes[1]?.problems).toMatchObject([
      { field: 'type', message: /Did you mean "CustomerCreated"\?/ },
    ]);
  });

  test.each([
    ['specversion', '0.3'],
    ['specversion', undefined],
    ['id', ''],
    ['id', 7],
    ['id', 'a\nb'],
    ['id', 'x'.repeat(2_000)],
    ['source', undefined],
    ['source', 'two words'],
    ['source', 'http://['],
    ['type', ['CustomerCreated']],
    ['type', 'constructor'],
    ['subject', 7],
    ['subject', ''],
    ['subject', 'C2'],
    ['time', 'yesterday'],
    ['time', '2026-02-30T00:00:00Z'],
    ['time', 7],
    ['hlc', '2026-11-28T11:59:00Z.0000'],
    ['hlc', '2026-11-28T11:59:00.000Z.000G'],
    ['hlc', '2026-13-28T11:59:00.000Z.0000'],
    ['datacontenttype', 'text/plain'],
    ['data', undefined],
    ['data', []],
    ['data', 'text'],
    ['data', null],
    ['data_base64', 'AAAA'],
  ])('with the %s %j is refused, and says so', async (name, value) => {
    const { events } = await openEvents();
    const [outcome] = await events.receive([{ ...event, [name]: value }], 'crm');
    expect(outcome).toMatchObject({ status: 'refused' });
    expect(outcome?.problems.map(({ field }) => field)).toContain(name);
    expect((await events.page({ first: 1 })).edges).toEqual([]);
  });

  test('is one of a thousand at most', async () => {
    const { events } = await openEvents();
    const many = (count: number) =>
      Array.from({ length: count }, (_, n) => ({
        ...event,
        id: `e${n}`,
        data: { id: `C${n}`, name: 'Ada' },
      }));
    await expect(events.receive(many(1_001), 'crm')).rejects.toMatchObject({
      code: 'EVENT_BATCH_TOO_LARGE',
    });
    const outcomes = await events.receive(many(1_000), 'crm');
    expect(outcomes.every(({ status, id }, n) => status === 'done' && id === `e${n}`)).toBe(true);
  });

  test('is told to send again when the lake does not take it', async () => {
    const { again } = await openEvents();
    const service = again({ identities: { submit: () => Promise.reject(new Error('disk full')) } });
    expect(await service.receive([event], 'crm')).toMatchObject([
      { status: 'refused', problems: [{ code: 'FAILED' }] },
    ]);
  });
});
