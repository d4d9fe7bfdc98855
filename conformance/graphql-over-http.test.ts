import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedTempFolder } from '../foundation/testing/temp-folder.ts';
import { startProjectUntilClosed, type TestProject } from './testing/start-project.ts';

const places = [
  '/graphql',
  '/subgraphs/identity',
  '/subgraphs/sales',
  '/subgraphs/support',
  '/subgraphs/billing',
  '/subgraphs/_hub',
  '/subgraphs/_ledger',
];

describe('GraphQL over HTTP', () => {
  const dataDirectory = sharedTempFolder();
  let project: TestProject;

  beforeAll(async () => {
    project = await startProjectUntilClosed({ dataDirectory });
  });

  afterAll(() => project?.server.close());

  describe.each(places)('at %s', (path) => {
    const audits = serverAudits({ url: () => `${project.server.url}${path}` });

    it.each(audits)('$id: it $name', async ({ fn }) => {
      const { response, ...result } = { response: undefined, ...(await fn()) };
      await response?.body?.cancel();
      expect(result).toMatchObject({ status: 'ok' });
    });
  });
});
