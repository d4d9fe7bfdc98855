import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, print, stripIgnoredCharacters, visit } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { customerRevenue } from '../console/example-query.ts';
import { loadConfig } from '../foundation/config/load-config.ts';
import { sharedTempFolder, tempFolder } from '../foundation/testing/temp-folder.ts';
import { canRun } from './testing/can-run.ts';
import { followSteps } from './testing/follow-steps.ts';
import { ProjectFolder } from './testing/project-folder.ts';
import type { ReadmeReader } from './testing/readme-reader.ts';
import { readmeSteps } from './testing/readme-steps.ts';
import { readerOfRepository } from './testing/reader-of-repository.ts';
import { settingsTable } from './testing/settings-table.ts';
import { repositoryDirectory } from './testing/start-project.ts';

const readme = readFileSync(join(repositoryDirectory, 'README.md'), 'utf8');
const steps = readmeSteps(readme);
const packageJson = JSON.parse(readFileSync(join(repositoryDirectory, 'package.json'), 'utf8')) as {
  readonly bin: { readonly tributary: string };
  readonly scripts: Readonly<Record<string, string>>;
};

const hasCurl = canRun('curl', '--version');
if (!hasCurl) console.warn('Skipped: following the README. Install curl.');

describe.skipIf(!hasCurl)('somebody who follows the README to the letter', () => {
  const projectDirectory = sharedTempFolder();
  const commandDirectory = sharedTempFolder();
  let reader: ReadmeReader;

  beforeAll(() => {
    reader = readerOfRepository({ projectDirectory, commandDirectory });
  });
  afterAll(() => reader.close());

  followSteps(steps, () => reader);
});

describe('the README', () => {
  it('asks first what the pages in a browser open on', () => {
    const [, body = ''] = /-d '(\{[\s\S]*?\})'/.exec(readme) ?? [];
    const { query } = JSON.parse(body) as { readonly query: string };
    const named = visit(parse(customerRevenue.query), {
      OperationDefinition: ({ name: _name, ...operation }) => operation,
    });
    expect(stripIgnoredCharacters(query)).toBe(stripIgnoredCharacters(print(named)));
  });

  it.each(steps.filter(({ verb }) => verb === 'settings').map(({ line, text }) => [line, text]))(
    'shows settings that are accepted on line %i',
    (_line, text) => {
      const project = ProjectFolder.empty(tempFolder());
      project.write('tributary.yaml', text);
      expect(loadConfig({ projectDirectory: project.directory, environment: {} })).toBeDefined();
    },
  );

  it('has a table of all settings with their defaults', () => {
    const [table = ''] = /^\| Setting \|[\s\S]*?\n\n/m.exec(readme) ?? [];
    expect(table.trimEnd()).toBe(settingsTable());
  });

  it('shows the schema of support as it is', () => {
    const shown = steps.find(({ verb, language }) => verb === undefined && language === 'graphql');
    const file = join(repositoryDirectory, 'subgraphs/support/schema.graphql');
    const schema = visit(parse(readFileSync(file, 'utf8')), {
      enter: (node) => ('description' in node ? { ...node, description: undefined } : undefined),
    });
    expect(print(schema)).toContain(shown?.text.trim());
  });

  it('calls the program by its name', () => {
    const { bin, scripts } = packageJson;
    expect(readme).toContain(`\`node ${bin.tributary}\` for \`tributary\``);
    expect(scripts['start']).toBe(`node ${bin.tributary} serve`);
  });
});
