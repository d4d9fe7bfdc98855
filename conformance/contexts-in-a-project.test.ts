import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { tempFolder } from '../foundation/testing/temp-folder.ts';
import { linkFederation, startFederationServer } from './testing/federation-server.ts';
import { ProjectFolder } from './testing/project-folder.ts';
import { startProject } from './testing/start-project.ts';

const sdl = `
  type Query { reviews: [Review] }
  type Review @key(fields: "id") @context(name: "review") {
    id: ID!
    stars: Int
    author: Customer
    note: Note
  }
  type Customer @key(fields: "id") { id: ID!  name: String! @external }
  type Note @key(fields: "id") {
    id: ID!
    text(
      stars: Int @fromContext(field: "$review { stars }")
      name: String @fromContext(field: "$review { author { name } }")
    ): String
  }
`;

it('a remote subgraph of a project takes arguments out of what the lake holds', async () => {
  const note = { id: 'n1' };
  const server = await startFederationServer({
    sdl,
    resolvers: {
      Query: {
        reviews: () => [
          { id: 'r1', stars: 5, author: { id: 'C0000042' }, note },
          { id: 'r2', stars: 1, author: null, note },
        ],
      },
      Note: { text: (_: unknown, given: object) => JSON.stringify(given) },
    },
  });
  onTestFinished(() => server.close());
  const files = ProjectFolder.copyOfRepository(join(tempFolder(), 'project'));
  files.addSubgraph('reviews', linkFederation(sdl), server.url);
  const project = await startProject({ projectDirectory: files.directory });
  const { data, errors } = await project.ask(
    '{ reviews { note { text } author { supportTier } } }',
  );
  expect(errors).toBeUndefined();
  expect(data).toEqual({
    reviews: [
      {
        note: { text: JSON.stringify({ stars: 5, name: "Kunze - O'Keefe" }) },
        author: { supportTier: 'SILVER' },
      },
      { note: { text: JSON.stringify({ stars: 1, name: null }) }, author: null },
    ],
  });
});
