import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sharedTempFolder } from '../foundation/testing/temp-folder.ts';
import { freshnessOf } from '../motion/testing/memory-sync.ts';
import type { GraphAnswer } from './testing/ask-graph.ts';
import { startMotion, startMotionUntilClosed, type MotionProject } from './testing/start-motion.ts';

const subscriberFields = 'subscriber { id name owner url state } problems { code message field }';
const create = `mutation ($name: String!, $url: String!) {
  createSubscriber(input: { name: $name, url: $url, types: null }) { secret ${subscriberFields} } }`;

describe.each([true, false])('the graph of what moves, with the hub switched to %s', (hub) => {
  const directory = sharedTempFolder();
  let project: Awaited<ReturnType<typeof startMotionUntilClosed>>;
  let ask: MotionProject['ask'];

  beforeAll(async () => {
    project = await startMotionUntilClosed(directory, { graph: { hub } });
    ({ ask } = project);
  });

  afterAll(() => project.close());

  beforeEach(() => {
    const { events, sync } = project.motion;
    events.log.length = 0;
    events.letters.length = 0;
    events.all.clear();
    events.sagas.clear();
    sync.tables.length = 0;
    sync.rows.length = 0;
  });

  it('pages through events', async () => {
    const { events } = project.motion;
    for (let count = 0; count < 3; count++) events.emit({ causationid: 'r1', reverses: '7' });
    const query = `query ($after: String) { events(first: 2, after: $after) {
      nodes { id type source subject time version data hlc origin causationId reverses sequence }
      edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;
    const first = await ask(query);
    expect(first.errors).toBeUndefined();
    expect(first.data).toMatchObject({
      events: {
        nodes: [
          {
            id: '1',
            type: 'CustomerUpdated',
            source: '/crm',
            subject: 'C0000001',
            time: '2026-01-31T08:30:00.000Z',
            version: 1,
            data: { id: 'C0000001', name: 'Ada' },
            hlc: '00000000000000000001',
            origin: 'crm',
            causationId: 'r1',
            reverses: '7',
            sequence: '00000000000000000001',
          },
          { id: '2' },
        ],
        edges: [{ cursor: '1', node: { id: '1' } }, { cursor: '2' }],
        pageInfo: { hasNextPage: true, hasPreviousPage: false, startCursor: '1', endCursor: '2' },
      },
    });
    expect((await ask(query, { after: '2' })).data).toMatchObject({
      events: { nodes: [{ id: '3' }], pageInfo: { hasNextPage: false, endCursor: '3' } },
    });
    // Low-code tools send an empty text where they have no cursor yet.
    expect((await ask(query, { after: '' })).data).toMatchObject({
      events: { nodes: [{ id: '1' }, { id: '2' }] },
    });
  });

  it('leaves out what a tool did itself when it asks for that', async () => {
    const headers = await project.keyOf('crm');
    project.motion.events.emit({ origin: 'crm' });
    project.motion.events.emit({ origin: 'desk' });
    const query =
      '{ all: events { nodes { origin } } others: events(exceptOwn: true) { nodes { origin } } }';
    expect((await ask(query, {}, headers)).data).toEqual({
      all: { nodes: [{ origin: 'crm' }, { origin: 'desk' }] },
      others: { nodes: [{ origin: 'desk' }] },
    });
  });

  it('tells the version of an entity beside its other fields, asking for all of them at once', async () => {
    const { motion } = project;
    motion.versions.set('C0000001', 3).set('C0000002', 1);
    motion.versionQuestions = 0;
    const query = `{ a: customer(id: "C0000001") { name identityVersion salesRep } b: customer(id: "C0000002") { identityVersion } }`;
    const { data, errors } = await ask(query);
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({ a: { identityVersion: 3 }, b: { identityVersion: 1 } });
    expect(motion.versionQuestions).toBeLessThanOrEqual(2);
  });

  it('leads from duplicates to all that the domains know of them', async () => {
    const { motion } = project;
    motion.versions.set('C0000001', 3);
    motion.groups = [{ value: 'ada@example.com', keys: [{ id: 'C0000001' }, { id: 'C0000002' }] }];
    const query = '{ customerDuplicates { value customers { id name accountValue } } }';
    const { data, errors } = await ask(query);
    expect(errors).toBeUndefined();
    const known = await ask(
      '{ a: customer(id: "C0000001") { id name accountValue } b: customer(id: "C0000002") { id name accountValue } }',
    );
    expect(data).toEqual({
      customerDuplicates: [
        { value: 'ada@example.com', customers: [known.data?.['a'], known.data?.['b']] },
      ],
    });
  });

  it('says how old everything is', async () => {
    project.motion.sync.tables.push(
      freshnessOf('sales'),
      freshnessOf('support', { state: 'STALE' }),
    );
    const query = `{ freshness(domain: "sales") { domain table entities state lastSuccess watermark lagSeconds
      objectiveSeconds rows quarantined nextRun nextRunLocal timeZone lastError } all: freshness { state } }`;
    const { data, errors } = await ask(query);
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      freshness: [
        {
          domain: 'sales',
          table: 'customer',
          entities: ['Customer'],
          state: 'FRESH',
          lastSuccess: '2026-01-31T01:00:00Z',
          watermark: '2026-01-31T01:00:00Z',
          lagSeconds: 60,
          objectiveSeconds: 86_400,
          rows: 1_000,
          quarantined: 2,
          nextRun: '2026-02-01T01:00:00Z',
          nextRunLocal: '2026-02-01T02:00:00[Europe/Berlin]',
          timeZone: 'Europe/Berlin',
          lastError: null,
        },
      ],
      all: [{ state: 'FRESH' }, { state: 'STALE' }],
    });
  });

  it('runs syncs, and looks after rows in quarantine', async () => {
    const { sync } = project.motion;
    expect(
      (
        await ask(
          'mutation { runSync(input: { domain: "sales", mode: SNAPSHOT }) { runs { domain table state rowsRead startedAt } problems { code } } }',
        )
      ).data,
    ).toMatchObject({
      runSync: { runs: [{ domain: 'sales', state: 'SUCCEEDED', rowsRead: 3 }], problems: [] },
    });
    expect(
      (
        await ask(
          'mutation { runSync(input: { domain: "nowhere" }) { runs { id } problems { code field } } }',
        )
      ).data,
    ).toEqual({ runSync: { runs: null, problems: [{ code: 'NOT_FOUND', field: 'domain' }] } });
    for (const id of ['1', '2', '3']) {
      sync.rows.push({
        id,
        domain: 'sales',
        table: 'customer',
        key: 'C9',
        kind: id === '3' ? 'WAITING' : 'BAD',
        reason: 'no such tier',
        rule: 'tier',
        payload: { tier: 'GOLDEN' },
        since: new Date('2026-01-31T01:00:00Z'),
      });
    }
    expect(
      (
        await ask(
          '{ quarantinedRows(kind: BAD, first: 1) { nodes { id kind payload since } totalCount endCursor } }',
        )
      ).data,
    ).toMatchObject({
      quarantinedRows: {
        nodes: [{ id: '1', payload: { tier: 'GOLDEN' } }],
        totalCount: 2,
        endCursor: '1',
      },
    });
    expect(
      (
        await ask(
          'mutation { replayQuarantined(input: { ids: ["1"], fix: { tier: "GOLD" } }) { released remaining problems { code } } }',
        )
      ).data,
    ).toEqual({ replayQuarantined: { released: 1, remaining: 0, problems: [] } });
    expect(sync.fixes.at(-1)).toEqual({ tier: 'GOLD' });
    expect(
      (
        await ask(
          'mutation { replayQuarantined(input: { ids: ["1"], fix: [1] }) { released problems { code field } } }',
        )
      ).data,
    ).toEqual({
      replayQuarantined: { released: 0, problems: [{ code: 'INVALID', field: 'fix' }] },
    });
    expect(
      (
        await ask(
          'mutation { discardQuarantined(input: { ids: ["1", "2"] }) { discarded problems { code } } }',
        )
      ).data,
    ).toEqual({ discardQuarantined: { discarded: 2, problems: [] } });
  });

  it('lets a caller manage its own subscribers, and shows it no others', async () => {
    const [crm, desk] = [await project.keyOf('crm'), await project.keyOf('desk')];
    const made = await ask(create, { name: 'CRM', url: 'https://crm.example/hook' }, crm);
    expect(made.data).toEqual({
      createSubscriber: {
        secret: 'whsec_c2VjcmV0',
        subscriber: {
          id: 's1',
          name: 'CRM',
          owner: 'crm',
          url: 'https://crm.example/hook',
          state: 'ACTIVE',
        },
        problems: [],
      },
    });
    const list = '{ eventSubscribers { id } eventSubscriber(id: "s1") { id } }';
    expect((await ask(list, {}, crm)).data).toEqual({
      eventSubscribers: [{ id: 's1' }],
      eventSubscriber: { id: 's1' },
    });
    expect((await ask(list, {}, desk)).data).toEqual({
      eventSubscribers: [],
      eventSubscriber: null,
    });
    // Whoever sits at the server sees all.
    expect((await ask(list)).data).toMatchObject({ eventSubscribers: [{ id: 's1' }] });

    const changes: readonly (readonly [string, string, unknown])[] = [
      [
        'pauseSubscriber(input: { id: "s1" })',
        'subscriber { state }',
        { subscriber: { state: 'PAUSED' } },
      ],
      [
        'resumeSubscriber(input: { id: "s1" })',
        'subscriber { state }',
        { subscriber: { state: 'ACTIVE' } },
      ],
      [
        'updateSubscriber(input: { id: "s1", name: "Sales", url: null })',
        'subscriber { name url }',
        { subscriber: { name: 'Sales', url: 'https://crm.example/hook' } },
      ],
      [
        'replayEvents(input: { subscriber: "s1", after: "0" })',
        'subscriber { position }',
        { subscriber: { position: '0' } },
      ],
      ['deleteSubscriber(input: { id: "s1" })', 'deletedId', { deletedId: 's1' }],
    ];
    for (const [field, selection, expected] of changes) {
      const query = `mutation { done: ${field} { ${selection} problems { code } } }`;
      const foreign = await ask(query, {}, desk);
      expect(foreign.data?.['done'], field).toMatchObject({ problems: [{ code: 'NOT_FOUND' }] });
      expect((await ask(query, {}, crm)).data?.['done'], field).toEqual({
        ...(expected as object),
        problems: [],
      });
    }
    expect((await ask(list, {}, crm)).data).toMatchObject({ eventSubscribers: [] });
  });

  it('tells what is wrong with an input by its field', async () => {
    expect((await ask(create, { name: 'CRM', url: 'ftp://x' })).data).toEqual({
      createSubscriber: {
        secret: null,
        subscriber: null,
        problems: [{ code: 'INVALID', message: 'A URL begins with https://.', field: 'url' }],
      },
    });
  });

  it('shows dead letters to the owner of their subscriber', async () => {
    const { events } = project.motion;
    const [crm, desk, other] = [
      await project.keyOf('crm'),
      await project.keyOf('desk'),
      await project.keyOf('x'),
    ];
    const url = 'https://crm.example/hook';
    for (const headers of [crm, desk, crm]) await ask(create, { name: 'a', url }, headers);
    const event = events.emit();
    for (let count = 0; count < 1_000; count++) {
      const subscriber = ['s2', 's1', 's2', 's3'][count % 4] ?? '';
      events.letters.push({
        id: `d${count}`,
        subscriber,
        event,
        attempts: 3,
        lastStatus: 500,
        lastError: 'HTTP 500',
        since: new Date(0),
      });
    }
    const query = `query ($first: Int! = 100, $after: String, $subscriber: ID) {
      deadLetters(first: $first, after: $after, subscriber: $subscriber) { nodes { id subscriber event { id } attempts } endCursor } }`;
    const idsOf = (answer: GraphAnswer): readonly unknown[] =>
      (answer.data as { deadLetters: { nodes: { id: string }[] } }).deadLetters.nodes.map(
        ({ id }) => id,
      );
    const expected = events.letters
      .filter(({ subscriber }) => subscriber !== 's2')
      .map(({ id }) => id);
    const seen: unknown[] = [];
    let after: string | null = null;
    do {
      const answer = await ask(query, { first: 70, after }, crm);
      expect(answer.errors).toBeUndefined();
      seen.push(...idsOf(answer));
      after = (answer.data as { deadLetters: { endCursor: string | null } }).deadLetters.endCursor;
    } while (after !== null);
    expect(seen).toEqual(expected);
    expect(idsOf(await ask(query, { subscriber: 's2' }, crm))).toEqual([]);
    expect(idsOf(await ask(query, { subscriber: 's1', first: 2 }, crm))).toEqual(['d1', 'd5']);
    expect(idsOf(await ask(query, {}, other))).toEqual([]);

    const replay =
      'mutation ($ids: [ID!]!) { replayDeadLetters(input: { ids: $ids }) { delivered problems { code field } } }';
    expect((await ask(replay, { ids: ['d1', 'd999'] }, crm)).data).toEqual({
      replayDeadLetters: { delivered: 2, problems: [] },
    });
    expect((await ask(replay, { ids: ['d1', 'd0'] }, crm)).data).toEqual({
      replayDeadLetters: { delivered: null, problems: [{ code: 'NOT_FOUND', field: 'ids' }] },
    });
    const discard =
      'mutation { discardDeadLetters(input: { ids: ["d0"] }) { discarded problems { code } } }';
    expect((await ask(discard)).data).toEqual({
      discardDeadLetters: { discarded: 1, problems: [] },
    });
    expect((await ask(discard, {}, crm)).data).toMatchObject({
      discardDeadLetters: { discarded: null },
    });
  });

  it('lets the owner of a subscriber refuse a change for it', async () => {
    const crm = await project.keyOf('crm');
    await ask(create, { name: 'CRM', url: 'https://crm.example/hook' }, crm);
    project.motion.events.sagas.set('9', {
      event: '9',
      state: 'PENDING',
      deadline: new Date(0),
      vetoedBy: null,
      reason: null,
      compensation: null,
      appliedBy: ['desk'],
    });
    const saga =
      '{ saga(event: "9") { event state deadline appliedBy } none: saga(event: "8") { state } }';
    expect((await ask(saga)).data).toEqual({
      saga: {
        event: '9',
        state: 'PENDING',
        deadline: '1970-01-01T00:00:00Z',
        appliedBy: ['desk'],
      },
      none: null,
    });
    const veto =
      'mutation ($s: ID!) { vetoEvent(input: { event: "9", subscriber: $s, reason: "blocked" }) { saga { state reason } problems { code field } } }';
    expect((await ask(veto, { s: 's1' }, crm)).data).toEqual({
      vetoEvent: { saga: { state: 'COMPENSATED', reason: 'blocked' }, problems: [] },
    });
    expect((await ask(veto, { s: 's1' }, await project.keyOf('desk'))).data).toEqual({
      vetoEvent: { saga: null, problems: [{ code: 'NOT_FOUND', field: 'subscriber' }] },
    });
  });

  it('refuses what no list has, and goes on', async () => {
    const wrong: readonly (readonly [string, string])[] = [
      ['{ events(after: "nonsense") { nodes { id } } }', 'EVENT_CURSOR_INVALID'],
      ['{ deadLetters(first: 200000) { nodes { id } } }', 'PAGE_SIZE_INVALID'],
      ['{ quarantinedRows(first: -1) { nodes { id } } }', 'PAGE_SIZE_INVALID'],
      ['{ customerDuplicates(first: 200000) { value } }', 'PAGE_SIZE_INVALID'],
    ];
    for (const [query, code] of wrong) {
      const { errors } = await ask(query);
      expect(errors, query).toMatchObject([{ extensions: { code } }]);
    }
  });

  it('can be asked by another router', async () => {
    project.motion.versions.set('C0000001', 3);
    const response = await fetch(`${project.front.url}/subgraphs/_ledger`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        query:
          'query ($r: [_Any!]!) { _service { sdl } _entities(representations: $r) { ... on Customer { identityVersion } } }',
        variables: {
          r: [
            { __typename: 'Customer', id: 'C0000001' },
            { __typename: 'Customer', id: 'nobody' },
          ],
        },
      }),
    });
    expect(await response.json()).toEqual({
      data: {
        _service: { sdl: expect.stringContaining('type IdentityEvent') as string },
        _entities: [{ identityVersion: 3 }, null],
      },
    });
  });

  it('shows its schema, with subscriptions, to tools that ask for it', async () => {
    const { getIntrospectionQuery } = await import('graphql');
    const { data, errors } = await ask(getIntrospectionQuery());
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({
      __schema: { subscriptionType: { name: 'Subscription' }, mutationType: { name: 'Mutation' } },
    });
  });
});

it('a sync that takes longer than a question goes on, and the answer says so', async () => {
  const { ask, motion } = await startMotion({ server: { requestTimeoutMs: 1_000 } });
  let finish = (): void => undefined;
  motion.sync.pause = new Promise((resolve) => (finish = resolve));
  const query =
    'mutation { runSync(input: { domain: "sales" }) { runs { id } problems { code } } }';
  expect(await ask(query)).toMatchObject({
    status: 200,
    data: { runSync: { runs: null, problems: [{ code: 'STILL_RUNNING' }] } },
  });
  finish();
});
