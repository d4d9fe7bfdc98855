import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { tempFolder } from '../foundation/testing/temp-folder.ts';
import { askGraph } from './testing/ask-graph.ts';
import { ProjectFolder } from './testing/project-folder.ts';
import {
  answerWell,
  reviewsSchema,
  startReviews,
  type ReviewsServer,
} from './testing/reviews-subgraph.ts';
import { startCommand, type ServeProcess } from './testing/start-command.ts';
import { startProject } from './testing/start-project.ts';

const question = '{ reviews { id author { name } } }';

interface Started {
  readonly server: ServeProcess;
  readonly reviews: ReviewsServer;
  readonly dataDirectory: string;
  /** Lets the subgraph answer, which it does not do before. */
  readonly release: () => void;
}

it('lets a request in flight finish, refuses new ones, and closes the lake', async () => {
  const { server, reviews, dataDirectory, release } = await startWithSlowSubgraph();
  const answer = askGraph(`${server.url}/graphql`, question);
  await untilAsked(reviews);
  server.child.kill('SIGTERM');
  await untilRefused(server.url);
  release();
  const { status, data, errors } = await answer;
  expect({ status, errors }).toEqual({ status: 200, errors: undefined });
  expect(data?.['reviews']).toHaveLength(3);
  // Nothing ends the process but its having nothing left to do.
  expect(await server.ended).toBe(0);
  expect(readdirSync(dataDirectory).filter((name) => /lock|wal/.test(name))).toEqual([]);
  const again = await startProject({ dataDirectory });
  expect((await again.ask('{ customers(first: 1) { totalCount } }')).data).toEqual({
    customers: { totalCount: 1000 },
  });
});

it('cuts off what takes too long', async () => {
  const { server, reviews } = await startWithSlowSubgraph({
    TRIBUTARY_SERVER_SHUTDOWN_TIMEOUT_MS: '300',
  });
  const answer = askGraph(`${server.url}/graphql`, question).catch((error: unknown) => error);
  await untilAsked(reviews);
  server.child.kill('SIGINT');
  expect(await server.ended).toBe(0);
  expect(await answer).toBeInstanceOf(Error);
});

it('ends at once at a second signal', async () => {
  const { server, reviews } = await startWithSlowSubgraph();
  const answer = askGraph(`${server.url}/graphql`, question).catch((error: unknown) => error);
  await untilAsked(reviews);
  server.child.kill('SIGTERM');
  await untilRefused(server.url);
  server.child.kill('SIGTERM');
  expect(await server.ended).toBe(143);
  expect(await answer).toBeInstanceOf(Error);
});

async function startWithSlowSubgraph(
  environment: Readonly<Record<string, string>> = {},
): Promise<Started> {
  const folder = tempFolder();
  const reviews = await startReviews();
  let release = (): void => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  reviews.behave(async (request, response) => {
    await released;
    await answerWell(request, response);
  });
  const project = ProjectFolder.copyOfRepository(join(folder, 'project'));
  project.addSubgraph('reviews', reviewsSchema, reviews.url);
  const dataDirectory = join(folder, 'data');
  const server = await startCommand({
    flags: ['--project', project.directory, '--data', dataDirectory],
    environment,
  });
  onTestFinished(async () => {
    server.child.kill('SIGKILL');
    await server.ended;
    await reviews.close();
  });
  return { server, reviews, dataDirectory, release };
}

async function untilAsked(reviews: ReviewsServer): Promise<void> {
  while (reviews.received.length === 0) await sleep(5);
}

async function untilRefused(url: string): Promise<void> {
  const isUp = (): Promise<boolean> =>
    fetch(`${url}/health/live`, { headers: { connection: 'close' } }).then(
      () => true,
      () => false,
    );
  while (await isUp()) await sleep(5);
}
