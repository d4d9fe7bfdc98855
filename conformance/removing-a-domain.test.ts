import { describe, expect, it } from 'vitest';
import { tempFolder } from '../foundation/testing/temp-folder.ts';
import { ProjectFolder } from './testing/project-folder.ts';
import { startProject } from './testing/start-project.ts';
import { startUpError } from './testing/start-up-error.ts';

describe('removing a domain', () => {
  it('leaves a working graph when nothing requires its fields', async () => {
    const project = ProjectFolder.copyOfRepository(tempFolder());
    project.removeSubgraph('support');
    project.remove('lake-data/seed/support');
    const { ask } = await startProject({ projectDirectory: project.directory });
    expect(
      await ask(
        '{ customer(id: "C0000042") { name accountValue creditLimit paymentTerms invoices { id } } }',
      ),
    ).toMatchObject({ data: { customer: { creditLimit: 9576.14, paymentTerms: 'NET_60' } } });
    const { errors } = await ask('{ customer(id: "C0000042") { supportTier } }');
    expect(errors?.[0]?.message).toContain('supportTier');
  });

  it('keeps its rows in the lake, so that it may come back', async () => {
    const project = ProjectFolder.copyOfRepository(tempFolder());
    const schema = project.read('subgraphs/support/schema.graphql');
    const options = { projectDirectory: project.directory, dataDirectory: tempFolder() };
    await (await startProject(options)).server.close();
    project.removeSubgraph('support');
    project.remove('lake-data/seed/support');
    await (await startProject(options)).server.close();
    project.addSubgraph('support', schema);
    const { ask } = await startProject(options);
    expect(await ask('{ customer(id: "C0000042") { supportTier } }')).toMatchObject({
      data: { customer: { supportTier: 'SILVER' } },
    });
  });

  it('is refused while a field of another domain requires one of its fields, which the error names', async () => {
    const project = ProjectFolder.copyOfRepository(tempFolder());
    project.removeSubgraph('billing');
    const error = await startUpError(project, tempFolder());
    expect(error).toMatchObject({
      code: 'COMPOSITION_FAILED',
      place: expect.stringMatching(/^subgraphs\/sales\/schema\.graphql:\d+:\d+$/),
    });
    expect(`${error.message} ${error.hint}`).toMatch(/creditLimit/);
    expect(error.message).toMatch(/paymentTerms/);
  });

  it('is refused for the identity while others hold a part of its entity', async () => {
    const project = ProjectFolder.copyOfRepository(tempFolder());
    project.removeSubgraph('identity');
    expect(await startUpError(project, tempFolder())).toMatchObject({
      code: 'ENTITY_WITHOUT_IDENTITY',
      message: expect.stringContaining('sales, support, billing'),
    });
  });
});
