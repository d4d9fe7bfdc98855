import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { createClient } from 'graphql-ws';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import type { PartialConfig } from '../foundation/config/schema.ts';
import { tempFolder } from '../foundation/testing/temp-folder.ts';
import { ProjectFolder } from './testing/project-folder.ts';
import { StreamReader } from './testing/read-stream.ts';
import { startProject, type TestProject } from './testing/start-project.ts';
import { SubscribedSubgraph, subscribedSchema } from './testing/subscribed-subgraph.ts';

const follow =
  'subscription { reviewAdded { id stars author { id name supportTier invoices(first: 1) { id } } } }';
const review = { id: 'R1', stars: 4, author: { id: 'C0000042' } };
const whole = {
  id: 'R1',
  stars: 4,
  author: {
    id: 'C0000042',
    name: "Kunze - O'Keefe",
    supportTier: 'SILVER',
    invoices: [{ id: 'I00000133' }],
  },
};

interface Started {
  readonly subgraph: SubscribedSubgraph;
  readonly files: ProjectFolder;
  readonly project: TestProject;
}

type Protocol = 'server-sent events' | 'graphql-ws';

async function start(protocol: Protocol, flags: PartialConfig = {}): Promise<Started> {
  const subgraph = await SubscribedSubgraph.start();
  onTestFinished(() => subgraph.close());
  const files = ProjectFolder.copyOfRepository(join(tempFolder(), 'project'));
  files.addSubgraph('reviews', subscribedSchema, subgraph.url);
  const subscriptionUrls =
    protocol === 'graphql-ws' ? [`reviews=${subgraph.url.replace('http:', 'ws:')}`] : [];
  const project = await startProject({
    projectDirectory: files.directory,
    flags: { ...flags, subgraphs: { subscriptionUrls, ...flags.subgraphs } },
  });
  return { subgraph, files, project };
}

async function open(
  { project, subgraph }: Started,
  query = follow,
  options: Parameters<typeof StreamReader.open>[2] = {},
): Promise<StreamReader> {
  const before = subgraph.openStreams;
  const stream = await StreamReader.open(project.server.url, query, options);
  onTestFinished(() => stream.hangUp());
  if (stream.status === 200) await until(() => subgraph.openStreams > before);
  return stream;
}

async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 1_500 && !isSo(); tries++) await sleep(10);
  expect(isSo()).toBe(true);
}

async function untilStill(count: () => number): Promise<void> {
  let before: number;
  do {
    before = count();
    await sleep(500);
  } while (count() === 0 || count() !== before);
}

const added = (reviewAdded: unknown): object => ({
  event: 'next',
  data: { data: { reviewAdded } },
});

describe.each<Protocol>(['server-sent events', 'graphql-ws'])(
  'a subscription of a remote subgraph by %s',
  (protocol) => {
    it('is completed, event by event, with what other subgraphs own', async () => {
      const started = await start(protocol);
      const stream = await open(started);
      started.subgraph.emit(review);
      expect(await stream.nextEvent()).toMatchObject(added(whole));
      started.subgraph.emit({ id: 'R2', stars: 1 });
      expect(await stream.nextEvent()).toMatchObject(added({ id: 'R2', stars: 1, author: null }));
      const [{ query } = { query: '' }] = started.subgraph.subscriptions;
      expect(query).not.toContain('supportTier');
    });

    it('takes variables, aliases and fragments, also by GET', async () => {
      const started = await start(protocol);
      const stream = await open(
        started,
        `subscription New($min: Int, $isLong: Boolean!) { new: reviewAdded(minStars: $min) { ...Part kind: __typename } }
         fragment Part on Review { who: author { tier: supportTier } stars @include(if: $isLong) }`,
        { method: 'GET', variables: { min: 3, isLong: false } },
      );
      expect(started.subgraph.subscriptions[0]?.variables).toMatchObject({ min: 3 });
      started.subgraph.emit({ ...review, stars: 2 });
      started.subgraph.emit(review);
      expect(await stream.nextEvent()).toMatchObject({
        data: { data: { new: { who: { tier: 'SILVER' }, kind: 'Review' } } },
      });
    });

    it('is refused with what the subgraph has against it, which is no event', async () => {
      const { project, subgraph } = await start(protocol);
      const query = 'subscription { reviewAdded(minStars: 6) { id } }';
      const told = { errors: [{ extensions: { code: 'TOO_MANY_STARS' } }] };
      for (const isInStream of [false, true]) {
        subgraph.refusesInStream = isInStream;
        const stream = await StreamReader.open(project.server.url, query);
        if (stream.refusal === undefined) {
          const frame = await stream.nextEvent();
          expect(frame).toMatchObject({ event: 'next', data: told });
          expect(frame).not.toHaveProperty('data.data');
          expect(await stream.nextEvent()).toMatchObject({ event: 'complete' });
        } else {
          expect(stream.status).toBe(400);
          const refusal: unknown = JSON.parse(stream.refusal);
          expect(refusal).toMatchObject(told);
          expect(refusal).not.toHaveProperty('data');
        }
        const client = createClient({
          url: `${project.server.url.replace('http:', 'ws:')}/graphql`,
          webSocketImpl: WebSocket,
          retryAttempts: 0,
        });
        await expect(client.iterate({ query }).next()).rejects.toMatchObject(told.errors);
        await client.dispose();
      }
    });

    it('is refused where conditions could leave nothing of it', async () => {
      const { project, subgraph } = await start(protocol);
      for (const selection of [
        'reviewAdded @include(if: $is) { id }',
        'reviewAdded @skip(if: $is) { id }',
        '... @include(if: $is) { reviewAdded { id } }',
        '...Root @skip(if: $is)',
      ]) {
        const query = `subscription ($is: Boolean!) { ${selection} }`;
        const root = 'fragment Root on Subscription { reviewAdded { id } }';
        for (const is of [true, false]) {
          const stream = await StreamReader.open(
            project.server.url,
            selection.startsWith('...Root') ? `${query} ${root}` : query,
            { variables: { is } },
          );
          expect([stream.status, JSON.parse(stream.refusal ?? '')]).toMatchObject([
            400,
            { errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] },
          ]);
        }
      }
      expect(subgraph.subscriptions).toEqual([]);
    });

    it('says where the subgraph cannot be reached', async () => {
      const { subgraph, project } = await start(protocol);
      await subgraph.close();
      const stream = await StreamReader.open(project.server.url, follow);
      expect([stream.status, stream.refusal]).toMatchObject([
        502,
        expect.stringContaining('SUBGRAPH_UNREACHABLE') as string,
      ]);
    });

    it('has the errors of its parts at their places, and goes on', async () => {
      const started = await start(protocol);
      const stream = await open(started);
      started.subgraph.emit({ ...review, stars: 4.5 });
      expect(await stream.nextEvent()).toMatchObject({
        data: {
          data: { reviewAdded: { ...whole, stars: null } },
          errors: [{ path: ['reviewAdded', 'stars'], extensions: { code: 'SUBGRAPH_FAILED' } }],
        },
      });
      started.subgraph.emit({ ...review, author: { id: 'nobody' } });
      expect(await stream.nextEvent()).toMatchObject({
        data: {
          data: { reviewAdded: { id: 'R1', author: null } },
          errors: [
            { path: ['reviewAdded', 'author', 'name'], extensions: { code: 'VALUE_MISSING' } },
          ],
        },
      });
      started.subgraph.emit(review);
      expect(await stream.nextEvent()).toMatchObject(added(whole));
    });

    it('is complete when the subgraph has no more to tell', async () => {
      const started = await start(protocol);
      const stream = await open(started);
      started.subgraph.emit(review);
      expect(await stream.nextEvent()).toMatchObject(added(whole));
      started.subgraph.completeAll();
      expect(await stream.nextEvent()).toMatchObject({ event: 'complete' });
      expect(await stream.nextEvent()).toEqual({ kind: 'end' });
    });

    it('says when the subgraph breaks off', async () => {
      const started = await start(protocol);
      const stream = await open(started);
      started.subgraph.breakAll();
      const frame = await stream.nextEvent();
      expect(frame).toMatchObject({
        event: 'next',
        data: { errors: [{ extensions: { code: 'SUBSCRIPTION_LOST' } }] },
      });
      expect(frame).not.toHaveProperty('data.data');
      expect(await stream.nextEvent()).toMatchObject({ event: 'complete' });
    });

    it('is freed at the subgraph when the client hangs up, and when the server stops', async () => {
      const started = await start(protocol);
      const gone = await open(started);
      const stays = await open(started);
      gone.hangUp();
      await until(() => started.subgraph.openStreams === 1);
      started.subgraph.emit(review);
      expect(await stays.nextEvent()).toMatchObject(added(whole));
      await started.project.server.close();
      expect(await stays.nextEvent()).toEqual({ kind: 'end' });
      await until(() => started.subgraph.openStreams === 0);
    });

    it('lets the subgraph wait for a client that reads nothing, and cuts that off', async () => {
      const started = await start(protocol, { server: { requestTimeoutMs: 3_000 } });
      const lazy = await open(started, 'subscription { reviewAdded { id body } }');
      const body = 'x'.repeat(200_000);
      const events = 400;
      for (let count = 0; count < events; count++) {
        started.subgraph.emit({ id: `R${count}`, body });
      }
      await untilStill(() => started.subgraph.taken);
      expect(started.subgraph.taken).toBeLessThan(events);
      expect(started.subgraph.openStreams).toBe(1);
      await until(() => started.subgraph.openStreams === 0);
      lazy.hangUp();
    });

    it('outlives a reload of the graph, whose successor completes the next event', async () => {
      const started = await start(protocol);
      const stream = await open(started);
      started.subgraph.emit(review);
      expect(await stream.nextEvent()).toMatchObject(added(whole));
      await started.project.server.reload();
      started.subgraph.emit({ ...review, id: 'R2' });
      expect(await stream.nextEvent()).toMatchObject(added({ ...whole, id: 'R2' }));
      expect(started.subgraph.subscriptions).toHaveLength(1);
    });

    it('is subscribed anew where the next graph needs something else of the event', async () => {
      const started = await start(protocol);
      const query = 'subscription { reviewAdded { author { name lifetimeTickets } } }';
      const stream = await open(started, query);
      const author = { id: 'C0000042', lifetimeTickets: 77 };
      started.subgraph.emit({ ...review, author });
      const { name } = whole.author;
      expect(await stream.nextEvent()).toMatchObject(
        added({ author: { name, lifetimeTickets: 11 } }),
      );
      const { files } = started;
      files.remove('subgraphs/support/sync.yaml');
      files.edit(
        'subgraphs/support/schema.graphql',
        '  "How many tickets the customer has ever opened."\n  lifetimeTickets: Int\n',
        '',
      );
      files.edit(
        'subgraphs/reviews/schema.graphql',
        '  rating: Float',
        '  rating: Float\n  lifetimeTickets: Int',
      );
      await started.project.server.reload();
      await until(() => started.subgraph.subscriptions.length === 2);
      await until(() => started.subgraph.openStreams === 1);
      started.subgraph.emit({ ...review, author });
      expect(await stream.nextEvent()).toMatchObject(
        added({ author: { name, lifetimeTickets: 77 } }),
      );
    });

    it('ends with an error when its field is gone', async () => {
      const started = await start(protocol);
      const stream = await open(started, 'subscription { reviewAdded { id author { rating } } }');
      started.files.edit('subgraphs/reviews/schema.graphql', '  rating: Float\n', '');
      await started.project.server.reload();
      expect(await stream.nextEvent()).toMatchObject({
        event: 'next',
        data: {
          errors: [
            {
              message: expect.stringContaining('"rating"') as string,
              extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
            },
          ],
        },
      });
      expect(await stream.nextEvent()).toMatchObject({ event: 'complete' });
      await until(() => started.subgraph.openStreams === 0);
    });
  },
);

describe('the setting subgraphs.subscriptionUrls', () => {
  it.each(['reviews', 'reviews=', 'reviews=ftp://a', '=ws://a'])('cannot be %s', async (entry) => {
    const flags = { subgraphs: { subscriptionUrls: [entry] } };
    await expect(startProject({ flags })).rejects.toMatchObject({
      code: 'SUBSCRIPTION_URL_INVALID',
    });
  });
});
