import { setFlagsFromString } from 'node:v8';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PartialConfig } from '../foundation/config/schema.ts';
import { sharedTempFolder } from '../foundation/testing/temp-folder.ts';
import type { SubgraphCounters } from '../gateway/remote/subgraph-counters.ts';
import { Chance } from '../simulation/world/chance.ts';
import { askGraph, type GraphAnswer } from './testing/ask-graph.ts';
import { expectRightOrPartial } from './testing/expect-partial.ts';
import { parcelsSchema, startParcels } from './testing/parcels-subgraph.ts';
import { ProjectFolder } from './testing/project-folder.ts';
import { reviewsSchema, startReviews, type ReviewsServer } from './testing/reviews-subgraph.ts';
import { startProjectUntilClosed, type TestProject } from './testing/start-project.ts';
import { troubleIn, troubleNames } from './testing/trouble.ts';

const seed = 'chaos-1';
const clients = 16;

/** So short that a test sees all of it, and long enough for a busy machine to answer within it. */
const patience: PartialConfig['subgraphs'] = {
  byName: {
    reviews: {
      timeoutMs: 5_000,
      headersTimeoutMs: 1_000,
      bodyTimeoutMs: 1_000,
      keepAliveMs: 500,
      maxAnswerBytes: 1_000_000,
      breaker: { failurePercent: 30, windowMs: 3_000, pauseMs: 200 },
    },
  },
};

describe('a subgraph that gives trouble', () => {
  const folder = sharedTempFolder();
  let reviews: ReviewsServer;
  let parcels: ReviewsServer;
  let project: TestProject;
  let right: Map<string, unknown>;

  beforeAll(async () => {
    [reviews, parcels] = await Promise.all([startReviews(), startParcels()]);
    project = await startProjectUntilClosed({
      projectDirectory: projectWith(reviews.url, parcels.url, join(folder, 'project')),
      dataDirectory: join(folder, 'data'),
      flags: { subgraphs: patience },
    });
    right = await rightAnswers(project);
  });

  afterAll(async () => {
    await project?.server.close();
    await Promise.all([reviews?.close(), parcels?.close()]);
  });

  it.each([
    { share: 0.01, rounds: 40 },
    { share: 0.5, rounds: 20 },
  ])(
    `in $share of its requests costs nothing but its own fields (seed ${seed})`,
    async ({ share, rounds }) => {
      const { behaviour, counts } = troubleIn(share, `${seed} ${share}`);
      reviews.behave(behaviour);
      const outcomes = await askByMany(project, right, rounds);
      expect(outcomes).toHaveLength(clients * rounds);
      expect(outcomes.some((isRight) => isRight)).toBe(true);
      if (share === 0.5) {
        for (const name of troubleNames) expect(counts[name]).toBeGreaterThan(0);
        expect(outcomes.some((isRight) => !isRight)).toBe(true);
        expect(counters(project).breakerOpenings).toBeGreaterThan(0);
        expect(counters(project).retries).toBeGreaterThan(0);
      }
    },
    120_000,
  );

  it('is asked as before once the trouble is over, and all is right again', async () => {
    reviews.behave(undefined);
    await untilWell(project);
    const outcomes = await askByMany(project, right, 5);
    expect(outcomes.filter((isRight) => !isRight)).toEqual([]);
    expect(counters(project)).toMatchObject({ breakerState: 'closed', inFlight: 0, queued: 0 });
  });

  it('leaves nothing behind: no connection, no timer, no memory', async () => {
    const before = await quietState();
    const { behaviour } = troubleIn(1, `${seed} all`);
    for (let round = 0; round < 2; round++) {
      reviews.behave(behaviour);
      await askByMany(project, right, 4);
      reviews.behave(undefined);
      await untilWell(project);
    }
    expect(counters(project)).toMatchObject({ inFlight: 0, queued: 0 });
    await expect
      .poll(async () => (await quietState()).resources, { timeout: 20_000, interval: 200 })
      .toBeLessThanOrEqual(before.resources + 4);
    const { heapBytes } = await quietState();
    expect(heapBytes - before.heapBytes).toBeLessThan(30_000_000);
  }, 120_000);
});

const ids = ['C0000001', 'C0000007', 'C0000042', 'C0000123'];

const questions: readonly string[] = [
  ...ids.map((id) => `{ customer(id: "${id}") { name accountValue rating parcels { label } } }`),
  ...ids.map(
    (id) => `{ customer(id: "${id}") { supportTier score: rating reviews { id stars } } }`,
  ),
  '{ customers(first: 5) { nodes { id name rating parcels { label } } } }',
  '{ reviews { id stars author { name parcels { label } } } customer(id: "C0000042") { vatNumber } }',
  '{ customer(id: "C0000042") { name parcels { label } } }',
];

/** Once: two answers in trouble need not be alike. */
function askOnce({ server }: TestProject, question: string): Promise<GraphAnswer> {
  return askGraph(`${server.url}/graphql`, question);
}

async function rightAnswers(project: TestProject): Promise<Map<string, unknown>> {
  const found = new Map<string, unknown>();
  for (const question of questions) {
    const { data, errors } = await askOnce(project, question);
    expect(errors).toBeUndefined();
    found.set(question, data);
  }
  return found;
}

/** Clients that each ask one question after the other; says of each answer whether it was right as a whole. */
async function askByMany(
  project: TestProject,
  right: ReadonlyMap<string, unknown>,
  rounds: number,
): Promise<readonly boolean[]> {
  const byClient = Array.from({ length: clients }, async (_, client) => {
    const chance = new Chance(`${seed} client ${client}`);
    const outcomes: boolean[] = [];
    for (let round = 0; round < rounds; round++) {
      const question = chance.oneOf(questions);
      const answer = await askOnce(project, question);
      outcomes.push(expectRightOrPartial(answer, right.get(question), 'reviews'));
    }
    return outcomes;
  });
  return (await Promise.all(byClient)).flat();
}

/** The breaker lets a request through after its pause, and finds out. */
async function untilWell(project: TestProject): Promise<void> {
  await expect
    .poll(async () => (await askOnce(project, '{ customer(id: "C0000042") { rating } }')).errors, {
      timeout: 20_000,
    })
    .toBeUndefined();
}

function counters(project: TestProject): Readonly<SubgraphCounters> {
  const found = project.server.remotes.counters.get('reviews');
  if (found === undefined) throw new Error('Nothing was counted of reviews.');
  return found;
}

interface QuietState {
  /** Sockets and timers that keep the process busy. */
  readonly resources: number;
  readonly heapBytes: number;
}

async function quietState(): Promise<QuietState> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  await new Promise(setImmediate);
  collect();
  const resources = process
    .getActiveResourcesInfo()
    .filter((name) => /TCPSocketWrap|Timeout/.test(name)).length;
  return { resources, heapBytes: process.memoryUsage().heapUsed };
}

function projectWith(reviewsUrl: string, parcelsUrl: string, directory: string): string {
  const project = ProjectFolder.copyOfRepository(directory);
  for (const [name, schema, url] of [
    ['reviews', reviewsSchema, reviewsUrl],
    ['parcels', parcelsSchema, parcelsUrl],
  ] as const) {
    project.addSubgraph(name, schema, url);
  }
  return project.directory;
}
