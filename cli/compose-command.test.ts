import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ProjectFolder } from '../conformance/testing/project-folder.ts';
import { repositoryDirectory } from '../conformance/testing/start-project.ts';
import { tempFolder } from '../foundation/testing/temp-folder.ts';
import { runCli } from './testing/run-cli.ts';

describe('tributary compose', () => {
  it('writes the supergraph, and can tell when it is missing or stale', async () => {
    const project = ProjectFolder.copyOfRepository(tempFolder());
    const compose = ['compose', '--project', project.directory];
    const check = [...compose, '--check'];
    expect(await runCli(check)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /There is no supergraph\.graphql yet\.\n.*without --check.*\[SUPERGRAPH_MISSING\]/,
      ),
    });
    expect(await runCli(compose)).toMatchObject({ code: 0, stdout: '' });
    expect(project.read('supergraph.graphql')).toContain('type Customer');
    expect((await runCli(check)).code).toBe(0);
    project.edit('subgraphs/sales/schema.graphql', '  salesRep: String', '  rep: String');
    const before = project.read('supergraph.graphql');
    expect(await runCli(check)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('[SUPERGRAPH_STALE]'),
    });
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

  it.each([
    {
      mistake: 'a computed field without a resolver',
      spoil: (project: ProjectFolder) => {
        const schema = 'subgraphs/sales/schema.graphql';
        project.edit(
          schema,
          '  salesRep: String',
          '  salesRep: String\n  initials: String @computed',
        );
        project.edit(
          schema,
          'scalar Decimal',
          'scalar Decimal\ndirective @computed on FIELD_DEFINITION',
        );
      },
      said: /subgraphs\/sales\/schema\.graphql:\d+:\d+: .*initials.*\n.*\[RESOLVER_MISSING\]/,
    },
    {
      mistake: 'resolvers without a default export',
      spoil: (project: ProjectFolder) =>
        project.write('subgraphs/sales/resolvers.ts', 'export const Customer = {};\n'),
      said: /subgraphs\/sales\/resolvers\.ts: .*\n.*\[RESOLVERS_NOT_EXPORTED\]/,
    },
    {
      mistake: 'resolvers that are no program',
      spoil: (project: ProjectFolder) =>
        project.write('subgraphs/sales/resolvers.ts', 'export default {{;\n'),
      said: /subgraphs\/sales\/resolvers\.ts.*: [^]*\[RESOLVERS_FAILED\]/,
    },
    {
      mistake: 'a sync of a table that is none',
      spoil: (project: ProjectFolder) =>
        project.write(
          'subgraphs/sales/sync.yaml',
          'tables:\n  acount:\n    source: { push: true }\n',
        ),
      said: /subgraphs\/sales\/sync\.yaml:2:3: .*"acount".*\n.*\[SYNC_TABLE_UNKNOWN\]/,
    },
  ])('finds $mistake, for which a server would not start', async ({ spoil, said }) => {
    const project = ProjectFolder.copyOfRepository(tempFolder());
    spoil(project);
    const { code, stderr } = await runCli(['compose', '--project', project.directory]);
    expect(stderr).toMatch(said);
    expect(code).toBe(1);
  });

  it('says which declarations it could not check, since a variable is not set here', async () => {
    const project = ProjectFolder.copyOfRepository(tempFolder());
    const source = 'source: { http: { url: "${env.SALES_URL}" } }';
    project.write('subgraphs/sales/sync.yaml', `tables:\n  account:\n    ${source}\n`);
    const { code, stderr } = await runCli(['compose', '--project', project.directory]);
    expect(stderr).toMatch(/^WARN \S*sync\.yaml:3:\d+: .*SALES_URL.* \[SYNC_VARIABLE_UNSET\]$/m);
    expect(code).toBe(0);
  });

  it('warns of rules of access, which a server does not enforce', async () => {
    const project = ProjectFolder.copyOfRepository(tempFolder());
    project.edit('subgraphs/sales/schema.graphql', '"@key"', '"@key", "@authenticated"');
    project.edit(
      'subgraphs/sales/schema.graphql',
      '  salesRep: String',
      '  salesRep: String @authenticated',
    );
    const { code, stderr } = await runCli(['compose', '--project', project.directory]);
    expect(stderr).toMatch(/^WARN \S+\.salesRep.* serve refuses/m);
    expect(code).toBe(0);
  });
});
