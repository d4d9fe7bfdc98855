import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '../foundation/log.ts';
import { compose } from '../registry/compose.ts';
import { sharedTempFolder } from '../foundation/testing/temp-folder.ts';
import { ProjectFolder } from './testing/project-folder.ts';
import {
  reviewsSchema,
  sendJson,
  startReviews,
  type ReviewsServer,
} from './testing/reviews-subgraph.ts';
import { startProjectUntilClosed, type TestProject } from './testing/start-project.ts';

const timeoutMs = 400;

describe('a remote subgraph', () => {
  const folder = sharedTempFolder();
  const logLines: Record<string, unknown>[] = [];
  let reviews: ReviewsServer;
  let project: TestProject;

  beforeAll(async () => {
    reviews = await startReviews();
    project = await startProjectUntilClosed({
      projectDirectory: projectWith(reviews.url, join(folder, 'project')).directory,
      dataDirectory: join(folder, 'data'),
      // What one failure looks like, however many there are.
      flags: { subgraphs: { timeoutMs, breaker: { enabled: false } } },
      log: createLog({
        level: 'warn',
        destination: { write: (line) => logLines.push(JSON.parse(line)) },
      }),
    });
  });

  afterAll(async () => {
    await project?.server.close();
    await reviews?.close();
  });

  beforeEach(() => {
    reviews.behave(undefined);
    logLines.length = 0;
  });

  describe('that is well', () => {
    it('refers to entities, which the hub completes in one statement', async () => {
      project.statements.length = 0;
      const { data, errors } = await project.ask(
        '{ reviews { id author { id name accountValue supportTier vatNumber } } }',
      );
      expect(errors).toBeUndefined();
      expect(data?.['reviews']).toMatchObject([
        { id: 'R1', author: { id: 'C0000001', name: expect.any(String) } },
        { id: 'R2', author: { id: 'C0000042', accountValue: 95761.38, supportTier: 'SILVER' } },
        { id: 'R3', author: { id: 'C0000042', accountValue: 95761.38, supportTier: 'SILVER' } },
      ]);
      expect(project.statements).toHaveLength(1);
    });

    it('extends an entity of the lake', async () => {
      const { data, errors } = await project.ask(
        '{ customer(id: "C0000042") { name rating reviews { id stars } } }',
      );
      expect(errors).toBeUndefined();
      expect(data?.['customer']).toMatchObject({
        rating: 4.5,
        reviews: [
          { id: 'R2', stars: 4 },
          { id: 'R3', stars: 4 },
        ],
      });
    });

    it('gets the id of the request and the form of its decimals', async () => {
      await project.ask(
        '{ reviews { id } }',
        {},
        {
          'x-request-id': 'trace-1',
          'x-tributary-decimals': 'string',
        },
      );
      expect(reviews.received.at(-1)?.headers).toMatchObject({
        'x-request-id': 'trace-1',
        'x-tributary-decimals': 'string',
        'content-type': 'application/json',
      });
    });

    it('may answer compressed', async () => {
      reviews.behave((_, response) => {
        const body = gzipSync(JSON.stringify({ data: { reviews: [] } }));
        response.setHeader('content-encoding', 'gzip').end(body);
      });
      expect((await project.ask('{ reviews { id } }')).data).toEqual({ reviews: [] });
    });
  });

  describe('that is not', () => {
    const failures: readonly (readonly [
      name: string,
      code: string,
      behave: Parameters<ReviewsServer['behave']>[0],
    ])[] = [
      ['says nothing', 'SUBGRAPH_TIMEOUT', () => {}],
      [
        'falls silent halfway',
        'SUBGRAPH_TIMEOUT',
        (_, response) => void response.write('{"data":{"_entities":[{"rat'),
      ],
      [
        'resets the connection',
        'SUBGRAPH_UNREACHABLE',
        (_, { socket }) => void socket?.resetAndDestroy(),
      ],
      [
        'breaks off halfway',
        'SUBGRAPH_UNREACHABLE',
        (_, response) => {
          response.writeHead(200, { 'content-length': '1000' }).write('{"data":');
          setTimeout(() => response.destroy(), 20);
        },
      ],
      [
        'redirects',
        'SUBGRAPH_UNREACHABLE',
        (_, response) => void response.writeHead(302, { location: reviews.url }).end(),
      ],
      [
        'answers HTML',
        'SUBGRAPH_ANSWER_INVALID',
        (_, response) => void response.end('<html><body>Bad gateway: secret-host</body></html>'),
      ],
      ['answers nothing', 'SUBGRAPH_ANSWER_INVALID', (_, response) => void response.end()],
      [
        'answers broken JSON',
        'SUBGRAPH_ANSWER_INVALID',
        (_, response) => void response.end('{"data"'),
      ],
      [
        'answers other JSON',
        'SUBGRAPH_ANSWER_INVALID',
        (_, response) => sendJson(response, { message: 'secret', status: 'ok' }),
      ],
      ['answers a list', 'SUBGRAPH_ANSWER_INVALID', (_, response) => sendJson(response, [])],
      [
        'answers null data',
        'SUBGRAPH_ANSWER_INVALID',
        (_, response) => sendJson(response, { data: null }),
      ],
      [
        'answers 500 with other JSON',
        'SUBGRAPH_ANSWER_INVALID',
        (_, response) => sendJson(response, { error: 'secret' }, 500),
      ],
      [
        'answers too few entities',
        'SUBGRAPH_ANSWER_INVALID',
        (_, response) => sendJson(response, { data: { _entities: [] } }),
      ],
      [
        'answers no list of entities',
        'SUBGRAPH_ANSWER_INVALID',
        (_, response) => sendJson(response, { data: { _entities: { id: 1 } } }),
      ],
      [
        'answers 500 with an error that nobody meant for readers',
        'SUBGRAPH_FAILED',
        (_, response) =>
          sendJson(
            response,
            {
              errors: [
                {
                  message: 'connect ECONNREFUSED secret',
                  extensions: { code: 'INTERNAL_SERVER_ERROR', stacktrace: ['secret'] },
                },
              ],
            },
            500,
          ),
      ],
      [
        'answers an error without a code',
        'SUBGRAPH_FAILED',
        (_, response) => sendJson(response, { data: null, errors: [{ message: 'secret' }] }),
      ],
      [
        'answers errors that are none',
        'SUBGRAPH_FAILED',
        (_, response) => sendJson(response, { errors: ['secret', null, 7] }),
      ],
      [
        'answers an error at an entity',
        'SUBGRAPH_FAILED',
        (_, response) =>
          sendJson(response, {
            data: { _entities: [null] },
            errors: [{ message: 'secret', path: ['_entities', 0] }],
          }),
      ],
      [
        'answers an error at its field',
        'OUT_OF_STARS',
        (_, response) =>
          sendJson(response, {
            data: { _entities: [{ rating: null }] },
            errors: [
              {
                message: 'No stars are left.',
                path: ['_entities', 0, 'rating'],
                extensions: {
                  code: 'OUT_OF_STARS',
                  exception: 'secret',
                  http: { status: 418, headers: {} },
                },
              },
            ],
          }),
      ],
      [
        'answers a value of a wrong type',
        'SUBGRAPH_VALUE_INVALID',
        (_, response) => sendJson(response, { data: { _entities: [{ rating: 'secret' }] } }),
      ],
      [
        'leaves a field out',
        'SUBGRAPH_VALUE_INVALID',
        (_, response) => sendJson(response, { data: { _entities: [{ __typename: 'Customer' }] } }),
      ],
      [
        'answers an entity that is none',
        'SUBGRAPH_VALUE_INVALID',
        (_, response) => sendJson(response, { data: { _entities: [{ __typename: 7 }] } }),
      ],
    ];

    for (const [name, code, behave] of failures) {
      it(`leaves the rest of the answer when it ${name}`, async () => {
        reviews.behave(behave);
        const { status, data, errors } = await project.ask(
          '{ customer(id: "C0000042") { accountValue rating } }',
        );
        expect(status).toBe(200);
        expect(data).toEqual({ customer: { accountValue: 95761.38, rating: null } });
        expect(errors?.[0]).toMatchObject({
          path: ['customer', 'rating'],
          message: expect.stringMatching(/reviews|No stars/),
          extensions: { code, serviceName: 'reviews' },
        });
        expect(errors?.every(({ path }) => path?.join('.') === 'customer.rating')).toBe(true);
        expect(JSON.stringify(errors)).not.toMatch(/secret|stack|ECONN|127\.0\.0\.1|node:|\.ts/);
      });
    }

    it('keeps what it hides in the log, under the correlation id', async () => {
      reviews.behave((_, response) => sendJson(response, { errors: [{ message: 'secret' }] }));
      const { errors } = await project.ask('{ customer(id: "C0000042") { rating } }');
      const correlationId = errors?.[0]?.extensions?.['correlationId'];
      expect(errors?.[0]?.message).toContain(correlationId);
      const line = logLines.find((candidate) => candidate['correlationId'] === correlationId);
      expect(line).toMatchObject({ subgraph: 'reviews', err: { message: 'secret' } });
    });

    it('keeps what it answered instead of GraphQL in the log', async () => {
      reviews.behave((_, response) => void response.writeHead(502).end('<h1>Bad gateway</h1>'));
      await project.ask('{ reviews { id } }');
      expect(JSON.stringify(logLines)).toMatch(/status 502.*<h1>Bad gateway/);
    });

    it('has an error for each root field that it leaves empty', async () => {
      reviews.behave((_, response) => void response.end('?'));
      const { data, errors } = await project.ask(
        '{ all: reviews { id } review(id: "R1") { id } customer(id: "C0000042") { accountValue } }',
      );
      expect(data).toEqual({ all: null, review: null, customer: { accountValue: 95761.38 } });
      expect(errors?.map(({ path }) => path)).toEqual([['all'], ['review']]);
    });

    it('has errors at the entities of a list that they are about', async () => {
      reviews.behave(({ variables }, response) => {
        const count = (variables['representations'] as readonly unknown[]).length;
        const _entities = Array.from({ length: count }, (_, index) => ({
          score: index === 2 ? null : 1,
        }));
        sendJson(response, {
          data: { _entities },
          errors: [
            { message: 'Gone.', path: ['_entities', 2, 'score'], extensions: { code: 'GONE' } },
          ],
        });
      });
      const { data, errors } = await project.ask(
        '{ customers(first: 4) { edges { node { score: rating name } } } }',
      );
      expect(JSON.stringify(data)).toMatch(/"score":1.*"score":1.*"score":null.*"score":1/);
      expect(errors).toMatchObject([
        { message: 'Gone.', path: ['customers', 'edges', 2, 'node', 'score'] },
      ]);
    });

    it('has its error under the alias that the caller gave, whatever field has that name too', async () => {
      reviews.behave((_, response) => void response.end('?'));
      const { data, errors } = await project.ask('{ customer(id: "C0000042") { name: rating } }');
      expect(data).toEqual({ customer: { name: null } });
      expect(errors?.map(({ path }) => path)).toEqual([['customer', 'name']]);
    });

    it('has an error for each entity of a list when it fails for all', async () => {
      reviews.behave((_, response) => void response.end('?'));
      const { data, errors } = await project.ask('{ customers(first: 3) { nodes { id rating } } }');
      expect(data?.['customers']).toMatchObject({
        nodes: [{ rating: null }, { rating: null }, { rating: null }],
      });
      expect(errors?.map(({ path }) => path?.join('.'))).toEqual([
        'customers.nodes.0.rating',
        'customers.nodes.1.rating',
        'customers.nodes.2.rating',
      ]);
    });

    it('nulls what is no list or no object, and keeps its neighbours', async () => {
      reviews.behave((_, response) =>
        sendJson(response, {
          data: {
            reviews: [
              { id: 'R1', body: 'fine', stars: 1.5, mood: 'SAD', tags: 'none', author: [] },
              { id: 'R2', body: 'fine', stars: 5, mood: 'ANGRY', tags: ['a', 7], author: null },
            ],
          },
        }),
      );
      const { data, errors } = await project.ask(
        '{ reviews { id body stars mood tags author { id } } }',
      );
      expect(data).toEqual({
        reviews: [
          { id: 'R1', body: 'fine', stars: null, mood: null, tags: null, author: null },
          { id: 'R2', body: 'fine', stars: 5, mood: 'ANGRY', tags: null, author: null },
        ],
      });
      expect(errors?.map(({ path }) => path?.join('.'))).toEqual([
        'reviews.0.stars',
        'reviews.0.mood',
        'reviews.0.tags',
        'reviews.0.author',
        'reviews.1.tags.1',
      ]);
      expect(errors?.[0]?.message).toContain('Review.stars');
    });

    it('is asked no more once the caller has left', async () => {
      reviews.behave(() => {});
      const before = reviews.received.length;
      const controller = new AbortController();
      const answer = fetch(`${project.server.url}/graphql`, {
        method: 'POST',
        signal: controller.signal,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: '{ reviews { author { name } } }' }),
      }).catch((error: unknown) => error);
      while (reviews.received.length === before) await sleep(5);
      project.statements.length = 0;
      const startedMs = performance.now();
      controller.abort();
      await answer;
      await reviews.received.at(-1)?.hungUp;
      expect(performance.now() - startedMs).toBeLessThan(timeoutMs / 2);
      expect(project.statements).toEqual([]);
    });
  });

  describe('that refers to entities', () => {
    it('has errors of the hub at the right item of a list of several types', async () => {
      reviews.behave((_, response) =>
        sendJson(response, {
          data: {
            reviews: [
              { subject: { __typename: 'Customer', id: 'C0000001' } },
              { subject: null },
              { subject: { __typename: 'Customer', id: 'C0000002' } },
              { subject: { __typename: 'Invoice', id: 'I-none' } },
            ],
          },
        }),
      );
      const { data, errors } = await project.ask(
        '{ reviews { subject { ... on Invoice { amount } ... on Customer { name } } } }',
      );
      expect(data?.['reviews']).toMatchObject([
        { subject: { name: expect.any(String) } },
        { subject: null },
        { subject: { name: expect.any(String) } },
        { subject: null },
      ]);
      expect(errors?.map(({ path }) => path)).toEqual([['reviews', 3, 'subject', 'amount']]);
    });

    it('says where a reference leads nowhere', async () => {
      reviews.behave((_, response) =>
        sendJson(response, {
          data: { review: { author: { __typename: 'Customer', id: 'nobody' } } },
        }),
      );
      const { data, errors } = await project.ask('{ review(id: "R9") { author { name } } }');
      expect(data).toEqual({ review: { author: null } });
      expect(errors).toMatchObject([
        { path: ['review', 'author', 'name'], extensions: { code: 'VALUE_MISSING' } },
      ]);
    });
  });

  it('that is down leaves the rest of the answer', async () => {
    const other = await startReviews();
    const dataDirectory = join(folder, 'down');
    const projectDirectory = projectWith(other.url, join(folder, 'down-project')).directory;
    await other.close();
    const down = await startProjectUntilClosed({ projectDirectory, dataDirectory });
    const { data, errors } = await down.ask('{ customer(id: "C0000042") { accountValue rating } }');
    await down.server.close();
    expect(data).toEqual({ customer: { accountValue: 95761.38, rating: null } });
    expect(errors).toMatchObject([
      {
        message: 'The subgraph reviews could not be reached.',
        path: ['customer', 'rating'],
        extensions: { code: 'SUBGRAPH_UNREACHABLE', serviceName: 'reviews' },
      },
    ]);
  });

  it('is all that a given supergraph needs, without a lake', async () => {
    const sdl = supergraphOf(reviews.url);
    const alone = await serveSupergraph(sdl, join(folder, 'alone'));
    const { data } = await alone.ask('{ reviews { id } }');
    await alone.server.close();
    expect(data).toEqual({ reviews: [{ id: 'R1' }, { id: 'R2' }, { id: 'R3' }] });
    expect(existsSync(join(folder, 'alone/data'))).toBe(false);
    expect(readdirSync(join(folder, 'alone'))).toEqual(['supergraph.graphql']);
  });

  it.each([
    ['no supergraph', 'type Query { a: Int }', 'SUPERGRAPH_FILE_INVALID'],
    ['no GraphQL', 'type Query {', 'SCHEMA_SYNTAX'],
    ['a subgraph without an address', supergraphOf(''), 'SUBGRAPH_URL_INVALID'],
    ['a subgraph that is not on the web', supergraphOf('file:///a'), 'SUBGRAPH_URL_INVALID'],
  ])('cannot be served from a file that holds %s', async (name, sdl, code) => {
    await expect(serveSupergraph(sdl, join(folder, name))).rejects.toMatchObject({ code });
  });
});

function supergraphOf(url: string): string {
  return compose({ subgraphs: [{ name: 'reviews', url, sdl: reviewsSchema }] }).supergraphSdl;
}

function serveSupergraph(sdl: string, directory: string): Promise<TestProject> {
  const supergraphFile = join(directory, 'supergraph.graphql');
  mkdirSync(directory);
  writeFileSync(supergraphFile, sdl);
  return startProjectUntilClosed({
    projectDirectory: directory,
    dataDirectory: join(directory, 'data'),
    supergraphFile,
  });
}

/** The four domains and the reviews of another team. */
function projectWith(url: string, directory: string): ProjectFolder {
  const project = ProjectFolder.copyOfRepository(directory);
  project.addSubgraph('reviews', reviewsSchema, url);
  return project;
}
