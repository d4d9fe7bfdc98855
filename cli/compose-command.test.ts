import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ProjectFolder } from '../conformance/testing/project-folder.ts';
import { repositoryDirectory } from '../conformance/testing/start-project.ts';
import { tempFolder } from '../foundation/testing/temp-folder.ts';
import { runCli } from './testing/run-cli.ts';

describe('tributary compose', () => {
  it('writes the supergraph, and can tell when it is stale', async () => {
    const project = ProjectFolder.copyOfRepository(tempFolder());
    const compose = ['compose', '--project', project.directory];
    const check = [...compose, '--check'];
    expect(await runCli(check)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('[SUPERGRAPH_STALE]'),
    });
    expect(await runCli(compose)).toMatchObject({ code: 0, stdout: '' });
    expect(project.read('supergraph.graphql')).toContain('type Customer');
    expect((await runCli(check)).code).toBe(0);
    project.edit('subgraphs/sales/schema.graphql', '  salesRep: String', '  rep: String');
    const before = project.read('supergraph.graphql');
    expect((await runCli(check)).code).toBe(1);
    expect(project.read('supergraph.graphql')).toBe(before);
    expect((await runCli([...compose, '--out', 'other/super.graphql'])).code).toBe(1);
    expect((await runCli([...compose, '--out', 'super.graphql'])).code).toBe(0);
    expect(project.read('super.graphql')).toContain('rep: String');
  });

  it('writes what is committed', async () => {
    const project = ProjectFolder.copyOfRepository(tempFolder());
    await runCli(['compose', '--project', project.directory]);
    const committed = readFileSync(join(repositoryDirectory, 'supergraph.graphql'), 'utf8');
    expect(project.read('supergraph.graphql')).toBe(committed);
  });

  it('prints what is wrong with file, line and hint, and writes nothing', async () => {
    const project = ProjectFolder.copyOfRepository(tempFolder());
    project.removeSubgraph('billing');
    const { code, stdout, stderr } = await runCli(['compose', '--project', project.directory]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/subgraphs\/sales\/schema\.graphql:\d+:\d+/);
    expect(stderr).toContain('creditLimit');
    expect(stderr).toContain('[COMPOSITION_FAILED]');
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(() => project.read('supergraph.graphql')).toThrow('ENOENT');
  });
});
