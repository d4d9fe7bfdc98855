import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedTempFolder } from '../foundation/testing/temp-folder.ts';
import { ProjectFolder } from './testing/project-folder.ts';
import {
  reviewsSchema,
  sendJson,
  startReviews,
  type ReviewsServer,
} from './testing/reviews-subgraph.ts';
import { startProjectUntilClosed, type TestProject } from './testing/start-project.ts';

describe('where errors are to say no more than their code', () => {
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
      flags: { graph: { errorDetail: 'code' }, server: { requestTimeoutMs: 1_000 } },
    });
  });
  afterAll(async () => {
    await project?.server.close();
    await reviews?.close();
  });

  it('a name that there is not has no near one told', async () => {
    const { status, errors } = await project.ask('{ customer(id: "C0000042") { supportTear } }');
    expect({ status, errors }).toEqual({
      status: 400,
      errors: [
        {
          message: 'Cannot query field "supportTear" on type "Customer".',
          locations: [{ line: 1, column: 30 }],
          extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
        },
      ],
    });
  });

  it('what a subgraph says is not told, each time that it is asked', async () => {
    reviews.behave((_, response) =>
      sendJson(response, {
        data: { reviews: null },
        errors: [
          {
            message: 'Table reviews_2024 is locked.',
            path: ['reviews'],
            extensions: { code: 'LOCKED', table: 'reviews_2024' },
          },
        ],
      }),
    );
    for (let times = 0; times < 2; times++)
      expect(await project.ask('{ reviews { id } }')).toEqual({
        status: 200,
        data: { reviews: null },
        errors: [
          {
            message: 'A part of the answer could not be had.',
            path: ['reviews'],
            extensions: { code: 'LOCKED' },
          },
        ],
      });
  });

  it('the whole time of a request ends what a subgraph was asked for', async () => {
    reviews.behave(() => undefined);
    const before = reviews.received.length;
    const { status, errors } = await project.ask('{ reviews { body } }');
    expect([status, errors?.[0]?.extensions?.['code']]).toEqual([504, 'REQUEST_TIMEOUT']);
    await reviews.received[before]?.hungUp;
  });
});
