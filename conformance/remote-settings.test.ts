import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createKey } from '../access/api-keys.ts';
import { systemClock } from '../foundation/clock.ts';
import { tempFolder } from '../foundation/testing/temp-folder.ts';
import { compose } from '../registry/compose.ts';
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

const settings = `
subgraphs:
  headers:
    - propagate: x-tenant
    - set: x-source
      value: graph
  byName:
    reviews:
      headers:
        - propagate: authorization
          as: x-caller
        - set: x-key
          variable: REVIEWS_KEY
        - remove: x-source
      retries:
        firstDelayMs: 1
      breaker:
        leastRequests: 8
        pauseMs: 60000
`;

const places = [
  ['a supergraph from a file', supergraphFolder],
  ['a project', projectFolder],
] as const;

describe.each(places)('%s', (_, folderOf) => {
  it('calls its remote subgraphs as tributary.yaml says', async () => {
    const { reviews, server, token } = await serve(folderOf);
    const ask = (id: string) =>
      askGraph(
        `${server.url}/graphql`,
        `{ review(id: "${id}") { stars } }`,
        {},
        {
          'x-tenant': 'north',
          cookie: 'session=secret',
          'x-other': 'private',
          authorization: `Bearer ${token}`,
        },
      );

    expect(await ask('R1')).toMatchObject({ status: 200, data: { review: { stars: 4 } } });
    const { headers } = reviews.received[0] ?? {};
    expect(headers).toMatchObject({
      'x-tenant': 'north',
      'x-caller': `Bearer ${token}`,
      'x-key': 'k-1',
    });
    for (const name of ['x-source', 'cookie', 'x-other', 'authorization']) {
      expect(headers).not.toHaveProperty(name);
    }

    let refusals = 2;
    reviews.behave((request, response) =>
      refusals-- > 0 ? void response.writeHead(503).end() : answerWell(request, response),
    );
    expect(await ask('R2')).toMatchObject({ data: { review: { stars: 4 } } });
    expect(reviews.received).toHaveLength(4);

    reviews.behave((_request, { socket }) => void socket?.resetAndDestroy());
    const errors = [];
    for (const id of ['R3', 'R4', 'R5']) errors.push(...((await ask(id)).errors ?? []));
    expect(errors.at(-1)).toMatchObject({
      path: ['review'],
      message: expect.stringMatching(
        /reviews has failed .* since 20\S+Z\. It is tried again at 20/,
      ),
      extensions: { code: 'SUBGRAPH_CIRCUIT_OPEN', serviceName: 'reviews' },
    });
    const asked = reviews.received.length;
    await ask('R6');
    expect(reviews.received).toHaveLength(asked);
  });
});

describe('settings', () => {
  it('for a subgraph that the graph does not have end the start, with the nearest name', async () => {
    const project = ProjectFolder.copyOfRepository(tempFolder());
    project.write('tributary.yaml', 'subgraphs:\n  byName:\n    sale:\n      timeoutMs: 1\n');
    await expect(startProject({ projectDirectory: project.directory })).rejects.toMatchObject({
      code: 'SUBGRAPH_SETTINGS_UNUSED',
      message: expect.stringContaining('Did you mean "sales"?'),
    });
  });

  it('that do not exist are refused where they stand', async () => {
    const project = ProjectFolder.copyOfRepository(tempFolder());
    project.write('tributary.yaml', 'subgraphs:\n  byName:\n    sales:\n      timeoutM: 1\n');
    await expect(startProject({ projectDirectory: project.directory })).rejects.toMatchObject({
      code: 'CONFIG_UNKNOWN_KEY',
      at: { line: 4, column: 7 },
      hint: expect.stringContaining('timeoutMs'),
    });
  });
});

interface Folder {
  readonly flags: readonly string[];
  readonly data: string;
}

type FolderOf = (reviewsUrl: string) => Folder;

interface Serving {
  readonly reviews: ReviewsServer;
  readonly server: ServeProcess;
  /** Of a caller with an API key. */
  readonly token: string;
}

async function serve(folderOf: FolderOf): Promise<Serving> {
  const reviews = await startReviews();
  onTestFinished(() => reviews.close());
  const { flags, data } = folderOf(reviews.url);
  const { token } = await createKey({ directory: data, name: 'retool', clock: systemClock });
  const server = await startCommand({ flags, environment: { REVIEWS_KEY: 'k-1' } });
  onTestFinished(async () => {
    server.child.kill('SIGTERM');
    await server.ended;
  });
  return { reviews, server, token };
}

function supergraphFolder(url: string): Folder {
  const directory = tempFolder();
  const file = join(directory, 'supergraph.graphql');
  const { supergraphSdl } = compose({ subgraphs: [{ name: 'reviews', url, sdl: reviewsSchema }] });
  writeFileSync(file, supergraphSdl);
  writeFileSync(join(directory, 'tributary.yaml'), settings);
  const data = join(directory, 'data');
  mkdirSync(data);
  return { flags: ['--supergraph', file, '--project', directory, '--data', data], data };
}

function projectFolder(url: string): Folder {
  const project = ProjectFolder.copyOfRepository(tempFolder());
  project.addSubgraph('reviews', reviewsSchema, url);
  project.write('tributary.yaml', settings);
  const data = project.pathOf('data');
  mkdirSync(data);
  return { flags: ['--project', project.directory, '--data', data], data };
}
