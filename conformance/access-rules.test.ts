import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tempFolder } from '../foundation/testing/temp-folder.ts';
import { compose } from '../registry/compose.ts';
import { ProjectFolder } from './testing/project-folder.ts';
import { startProject, startProjectUntilClosed } from './testing/start-project.ts';

const sales = 'subgraphs/sales/schema.graphql';
const imports = 'import: ["@key", "@external", "@requires"';
const question = '{ customer(id: "C0000042") { salesRep } }';

function guard(project: ProjectFolder): void {
  project.edit(sales, `${imports}]`, `${imports}, "@authenticated"]`);
  project.edit(sales, '  salesRep: String', '  salesRep: String @authenticated');
}

function copyOfProject(): ProjectFolder {
  return ProjectFolder.copyOfRepository(join(tempFolder(), 'project'));
}

const refused = {
  code: 'ACCESS_RULES_UNSUPPORTED',
  message: expect.stringContaining('Customer.salesRep'),
};

it('a project with access rules is not served, since nobody would enforce them', async () => {
  const project = copyOfProject();
  guard(project);
  const dataDirectory = tempFolder();
  const started = startProjectUntilClosed({ projectDirectory: project.directory, dataDirectory });
  await expect(started).rejects.toMatchObject(refused);
});

it('nor is a supergraph in a file that asks for policies, where no setting says who holds them', async () => {
  const projectDirectory = tempFolder();
  const supergraphFile = join(projectDirectory, 'supergraph.graphql');
  const sdl = `
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@policy"])
    type Query { a: Int @policy(policies: [["p"]]) b: Int }`;
  const subgraphs = [{ name: 'a', url: 'http://127.0.0.1:9/graphql', sdl }];
  writeFileSync(supergraphFile, compose({ subgraphs }).supergraphSdl);
  await expect(
    startProjectUntilClosed({ projectDirectory, dataDirectory: tempFolder(), supergraphFile }),
  ).rejects.toMatchObject({
    code: 'POLICIES_CLAIM_MISSING',
    message: expect.stringContaining('(Query.a)'),
    hint: expect.stringContaining('access.jwt.policiesClaim'),
  });
});

it('when they come with a reload, the graph of before goes on', async () => {
  const project = copyOfProject();
  const { server, ask } = await startProject({ projectDirectory: project.directory });
  guard(project);
  await expect(server.reload()).rejects.toMatchObject(refused);
  expect(await ask(question)).toMatchObject({ status: 200, data: { customer: {} } });
  expect(server.supergraphSdl()).not.toContain('@authenticated');
});

it('a subgraph alone is served, for a router that enforces them', async () => {
  const project = copyOfProject();
  guard(project);
  const { ask } = await startProject({
    projectDirectory: project.directory,
    onlySubgraph: 'sales',
  });
  expect(await ask('{ __typename }')).toMatchObject({ data: { __typename: 'Query' } });
});
