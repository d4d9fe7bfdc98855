import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tempFolder } from '../foundation/testing/temp-folder.ts';
import { compose } from '../registry/compose.ts';
import { StreamReader } from './testing/read-stream.ts';
import { startProject, type TestProject } from './testing/start-project.ts';

const head = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])`;

/** A graph of one subgraph, which somebody else serves. */
function serve(schema: string): Promise<TestProject> {
  const sdl = `${head}\n${schema}`;
  const subgraph = { name: 'reviews', url: 'http://127.0.0.1:9/graphql', sdl };
  const projectDirectory = join(tempFolder(), 'project');
  const supergraphFile = join(projectDirectory, 'supergraph.graphql');
  mkdirSync(projectDirectory);
  writeFileSync(supergraphFile, compose({ subgraphs: [subgraph] }).supergraphSdl);
  return startProject({ projectDirectory, supergraphFile });
}

it('a graph that only reads says so to whoever wants to write or to subscribe', async () => {
  const { ask } = await serve('type Query { latest: String }');
  for (const [kind, message] of [
    ['mutation', 'The schema has no mutations.'],
    ['subscription', 'The schema has no subscriptions.'],
  ]) {
    expect(await ask(`${kind} { customer(id: "C0000042") { id } }`)).toMatchObject({
      status: 400,
      errors: [
        {
          message,
          locations: [{ line: 1, column: 1 }],
          extensions: { code: 'GRAPHQL_VALIDATION_FAILED', hint: expect.any(String) },
        },
      ],
    });
  }
});

it('a subscription of a remote subgraph needs a stream, and that subgraph', async () => {
  const { ask, server } = await serve(
    'type Query { latest: String } type Subscription { reviewed: String }',
  );
  expect(await ask('subscription { reviewed }')).toMatchObject({
    status: 406,
    errors: [{ extensions: { code: 'SUBSCRIPTION_NEEDS_STREAM' } }],
  });
  const stream = await StreamReader.open(server.url, 'subscription { reviewed }');
  expect([stream.status, stream.refusal]).toEqual([
    502,
    expect.stringContaining('SUBGRAPH_UNREACHABLE'),
  ]);
});
