import { Supergraph } from '@apollo/federation-internals';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedTempFolder } from '../foundation/testing/temp-folder.ts';
import type { GraphAnswer } from './testing/ask-graph.ts';
import { knownIds, unknownIds, writeHardProject } from './testing/hard-project.ts';
import { randomOperation } from './testing/random-operation.ts';
import { startProjectUntilClosed, type TestProject } from './testing/start-project.ts';

const caseCount = Number(process.env['PROPERTY_CASES'] ?? 320);
const seed = Number(process.env['PROPERTY_SEED'] ?? 3);

describe('a graph with the hub and one without', () => {
  const folders = {
    project: sharedTempFolder(),
    hub: sharedTempFolder(),
    plain: sharedTempFolder(),
  };
  let hub: TestProject;
  let plain: TestProject;

  beforeAll(async () => {
    const { directory } = writeHardProject(folders.project);
    const start = (dataDirectory: string, isWithHub: boolean): Promise<TestProject> =>
      startProjectUntilClosed({
        projectDirectory: directory,
        dataDirectory,
        flags: { graph: { hub: isWithHub } },
      });
    [hub, plain] = await Promise.all([start(folders.hub, true), start(folders.plain, false)]);
  });

  afterAll(async () => {
    await Promise.all([hub.server.close(), plain.server.close()]);
  });

  it(`give equal answers to ${caseCount} random operations (seed ${seed})`, async () => {
    const schema = Supergraph.build(plain.server.supergraphSdl()).apiSchema().toGraphQLJSSchema();
    const ids = fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...knownIds) },
      { weight: 1, arbitrary: fc.constantFrom(...unknownIds) },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
    );
    await fc.assert(
      fc.asyncProperty(randomOperation({ schema, ids, depth: 4 }), async ({ query, variables }) => {
        const [withHub, without] = await Promise.all([
          hub.ask(query, variables),
          plain.ask(query, variables),
        ]);
        expect(comparable(withHub)).toEqual(comparable(without));
      }),
      { numRuns: caseCount, seed },
    );
  });
});

/**
 * What has to be equal. Errors below a null count as one at the null: when several of them forbid it, GraphQL lets a
 * server report any (specification, 6.4.4).
 */
function comparable({ status, data, errors = [] }: GraphAnswer) {
  const places = errors.map(({ path, message }) =>
    path === undefined ? message : JSON.stringify(untilNull(path, data)),
  );
  return { status, data, errorPlaces: [...new Set(places)].toSorted() };
}

function untilNull(path: readonly (string | number)[], data: unknown): typeof path {
  let value = data;
  for (const [length, key] of path.entries()) {
    if (typeof value !== 'object' || value === null) return path.slice(0, length);
    value = (value as Readonly<Record<string, unknown>>)[key];
  }
  return path;
}
