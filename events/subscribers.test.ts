import { describe, expect, test } from 'vitest';
import { openEvents } from './testing/open-events.ts';

const url = 'https://tool.example/hook';

describe('a subscriber', () => {
  test('is made with a secret that is told once, and is what was asked for', async () => {
    const { events, create } = await openEvents();
    await create('C1');
    const { value } = await events.createSubscriber(
      {
        name: '  CRM ',
        url,
        entities: ['Customer', 'Customer'],
        types: ['CustomerUpdated'],
        mayVeto: true,
        vetoWindowMs: 5_000,
      },
      'crm',
    );
    expect(value?.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(value?.subscriber).toMatchObject({
      name: 'CRM',
      owner: 'crm',
      url,
      entities: ['Customer'],
      types: ['CustomerUpdated'],
      includesOwn: false,
      mayVeto: true,
      vetoWindowMs: 5_000,
      state: 'ACTIVE',
      position: 'MQ',
      isInSnapshot: false,
      backlog: 0,
    });
    expect(await events.subscribers()).toEqual([value?.subscriber]);
    expect(JSON.stringify(await events.subscribers())).not.toContain('whsec');
  });

  test.each([
    ['name', ' ', 'REQUIRED'],
    ['name', 'x'.repeat(201), 'INVALID'],
    ['name', 'a\u0000b', 'INVALID'],
    ['url', '', 'INVALID'],
    ['url', 'tool.example/hook', 'INVALID'],
    ['url', 'ftp://tool.example/', 'INVALID'],
    ['url', 'javascript:alert(1)', 'INVALID'],
    ['url', 'http:tool.example', 'INVALID'],
    ['url', 'https://user:password@tool.example/', 'INVALID'],
    ['url', 'https://tool.example/#part', 'INVALID'],
    ['url', `https://tool.example/${'x'.repeat(2_000)}`, 'INVALID'],
    ['entities', ['Costumer'], 'INVALID'],
    ['types', ['CustomerMade'], 'INVALID'],
    ['vetoWindowMs', 0, 'INVALID'],
    ['vetoWindowMs', 1.5, 'INVALID'],
    ['vetoWindowMs', 86_400_001, 'INVALID'],
  ])('with the %s %j is not made, and not changed to it', async (field, value, code) => {
    const { events } = await openEvents();
    const { problems } = await events.createSubscriber({ name: 'CRM', url, [field]: value }, 'crm');
    expect(problems).toMatchObject([{ field, code }]);
    const made = await events.createSubscriber({ name: 'CRM', url }, 'crm');
    const id = made.value?.subscriber.id ?? '';
    expect((await events.updateSubscriber(id, { [field]: value })).problems).toMatchObject([
      { field, code },
    ]);
    expect(await events.subscriber(id)).toEqual(made.value?.subscriber);
  });

  test('cannot lead into the network where that is not allowed', async () => {
    const { events } = await openEvents({ settings: { allowPrivateHosts: false } });
    for (const host of [
      'localhost',
      '127.0.0.1',
      '[::1]',
      '10.0.0.7',
      '0x7f000001',
      'api.localhost',
    ]) {
      const { problems } = await events.createSubscriber(
        { name: host, url: `http://${host}/` },
        'crm',
      );
      expect(problems, host).toMatchObject([{ field: 'url', message: /inside this network/ }]);
    }
    expect((await events.createSubscriber({ name: 'public', url }, 'crm')).problems).toEqual([]);
  });

  test('has a name of its own, also when two are made at once', async () => {
    const { events } = await openEvents();
    const both = await Promise.all(
      [1, 2].map(() => events.createSubscriber({ name: 'CRM', url }, 'crm')),
    );
    expect(both.map(({ problems }) => problems.map(({ code }) => code))).toEqual([[], ['EXISTS']]);
    const id = both[0]?.value?.subscriber.id ?? '';
    expect(
      (await events.updateSubscriber(id, { name: 'CRM', includesOwn: true })).problems,
    ).toEqual([]);
  });

  test('is one of as many as the setting says', async () => {
    const { events } = await openEvents({ settings: { maxSubscribers: 1 } });
    await events.createSubscriber({ name: 'one', url }, 'crm');
    expect((await events.createSubscriber({ name: 'two', url }, 'crm')).problems).toMatchObject([
      { code: 'INVALID' },
    ]);
  });

  test('gets a snapshot only of what begins, and only when it is new', async () => {
    const { events } = await openEvents();
    const { problems } = await events.createSubscriber(
      { name: 'a', url, withSnapshot: true, types: ['CustomerDeleted'] },
      'crm',
    );
    expect(problems).toMatchObject([{ field: 'withSnapshot' }]);
    const made = await events.createSubscriber({ name: 'a', url }, 'crm');
    const changed = await events.updateSubscriber(made.value?.subscriber.id ?? '', {
      withSnapshot: true,
    });
    expect(changed.problems).toMatchObject([{ field: 'withSnapshot' }]);
  });

  test('that is not there cannot be changed', async () => {
    const { events } = await openEvents();
    for (const answer of [
      events.updateSubscriber('x', {}),
      events.deleteSubscriber('x'),
      events.resume('x'),
      events.replay('x', 'MA'),
    ])
      expect((await answer).problems).toMatchObject([{ code: 'NOT_FOUND', field: 'id' }]);
  });
});
