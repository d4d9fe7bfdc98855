import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sharedTempFolder } from '../foundation/testing/temp-folder.ts';
import type { SubgraphCounters } from '../gateway/remote/subgraph-counters.ts';
import { askGraph, type GraphAnswer } from './testing/ask-graph.ts';
import { ProjectFolder } from './testing/project-folder.ts';
import { reviewsSchema, startReviews, type ReviewsServer } from './testing/reviews-subgraph.ts';
import { startProjectUntilClosed, type TestProject } from './testing/start-project.ts';

const question = '{ customer(id: "C0000042") { name rating } }';

/** The ways in which a socket can go. */
const hangUps: readonly (readonly [string, (socket: Socket) => void])[] = [
  ['closes its connection', (socket) => socket.destroy()],
  ['resets its connection', (socket) => socket.resetAndDestroy()],
];

describe('a client that', () => {
  const folder = sharedTempFolder();
  let reviews: ReviewsServer;
  let project: TestProject;

  beforeAll(async () => {
    reviews = await startReviews();
    const copy = ProjectFolder.copyOfRepository(join(folder, 'project'));
    copy.addSubgraph('reviews', reviewsSchema, reviews.url);
    project = await startProjectUntilClosed({
      projectDirectory: copy.directory,
      dataDirectory: join(folder, 'data'),
      flags: {
        subgraphs: {
          byName: {
            reviews: {
              maxConcurrent: 2,
              retries: { firstDelayMs: 60_000, longestDelayMs: 60_000 },
            },
          },
          timeoutMs: 120_000,
          headersTimeoutMs: 120_000,
        },
        server: { requestTimeoutMs: 120_000 },
      },
    });
  });

  beforeEach(() => {
    reviews.behave(undefined);
  });

  afterAll(async () => {
    await project?.server.close();
    await reviews?.close();
  });

  it.each(hangUps)('%s takes the fetch to the subgraph along', async (_, hangUp) => {
    reviews.behave(() => {});
    const before = reviews.received.length;
    const client = await ask(project, question);
    await expect.poll(() => reviews.received.length).toBe(before + 1);
    hangUp(client);
    await reviews.received.at(-1)?.hungUp;
    await expect.poll(() => counters(project).inFlight).toBe(0);
    await expectWell(project, reviews);
  });

  it.each(hangUps)('%s while its fetch waits for its turn leaves the queue', async (_, hangUp) => {
    reviews.behave(() => {});
    const before = reviews.received.length;
    const clients = await Promise.all(
      ['C0000001', 'C0000002', 'C0000003', 'C0000004'].map((id) =>
        ask(project, `{ customer(id: "${id}") { rating } }`),
      ),
    );
    await expect.poll(() => counters(project).queued).toBe(2);
    for (const client of clients) hangUp(client);
    await expect.poll(() => counters(project)).toMatchObject({ inFlight: 0, queued: 0 });
    expect(reviews.received.length).toBe(before + 2);
    await expectWell(project, reviews);
  });

  it.each(hangUps)('%s while a retry waits ends the retries', async (_, hangUp) => {
    reviews.behave((_request, response) => void response.writeHead(503).end());
    const before = reviews.received.length;
    const client = await ask(project, question);
    await expect.poll(() => reviews.received.length).toBe(before + 1);
    await expect.poll(() => counters(project).inFlight).toBe(0);
    hangUp(client);
    await expectWell(project, reviews);
    expect(reviews.received.length).toBe(before + 2);
  });

  it.each(hangUps)('%s leaves the answer to others who share its request', async (_, hangUp) => {
    let answer: () => void = () => undefined;
    const isAnswered = new Promise<void>((resolve) => (answer = resolve));
    reviews.behave(async (_request, response) => {
      await isAnswered;
      response.end('{"data":{"_entities":[{"rating":3.5}]}}');
    });
    const { shared, givenUp } = counters(project);
    const client = await ask(project, question);
    const other = askOnce(project);
    await expect.poll(() => counters(project).shared).toBe(shared + 1);
    hangUp(client);
    answer();
    expect((await other).data).toMatchObject({ customer: { rating: 3.5 } });
    expect(counters(project).givenUp).toBe(givenUp);
  });
});

/** Sends a question over a socket of its own, and does not wait for the answer. */
async function ask({ server }: TestProject, query: string): Promise<Socket> {
  const body = JSON.stringify({ query });
  const head = `POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n`;
  const socket = connect(server.port, '127.0.0.1');
  socket.on('error', () => {});
  await new Promise<void>((resolve) => {
    socket.write(`${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`, () =>
      resolve(),
    );
  });
  return socket;
}

function counters({ server }: TestProject): Readonly<SubgraphCounters> {
  const found = server.remotes.counters.get('reviews');
  if (found === undefined) throw new Error('Nothing was counted of reviews.');
  return found;
}

/** Once, so that every request to the subgraph can be counted. */
function askOnce({ server }: TestProject): Promise<GraphAnswer> {
  return askGraph(`${server.url}/graphql`, question);
}

async function expectWell(project: TestProject, reviews: ReviewsServer): Promise<void> {
  reviews.behave(undefined);
  expect(await askOnce(project)).toMatchObject({
    status: 200,
    data: { customer: { rating: 4.5 } },
  });
}
