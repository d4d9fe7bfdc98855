import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, print, stripIgnoredCharacters, visit } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { customerRevenue } from '../console/example-query.ts';
import { loadConfig } from '../foundation/config/load-config.ts';
import { sharedTempFolder, tempFolder } from '../foundation/testing/temp-folder.ts';
import { ProjectFolder } from './testing/project-folder.ts';
import { ReadmeReader } from './testing/readme-reader.ts';
import { answeredSteps, readmeSteps, type AnsweredStep } from './testing/readme-steps.ts';
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
  let project: ProjectFolder;
  let reader: ReadmeReader;

  beforeAll(() => {
    project = ProjectFolder.copyOfRepository(projectDirectory);
    const file = 'supergraph.graphql';
    cpSync(join(repositoryDirectory, file), project.pathOf(file));
    const program = join(repositoryDirectory, packageJson.bin.tributary);
    reader = new ReadmeReader({ project, commandDirectory, program });
  });
  afterAll(() => reader.close());

  const followed = answeredSteps(steps).filter(({ verb }) => verb !== 'settings');
  it.each(followed.map((step) => [`line ${step.line}: ${titleOf(step)}`, step] as const))(
    '%s',
    async (_title, step) => {
      switch (step.verb) {
        case 'serve':
          return reader.serve(asTributary(step.text));
        case 'run':
          return checkCommand(step);
        case 'ask': {
          const { status: _status, ...answer } = await reader.ask(step.text);
          return expect(answer).toEqual(JSON.parse(step.answer?.text ?? ''));
        }
        case 'file':
          return project.write(objectOf(step), step.text);
        case 'append': {
          const file = objectOf(step);
          return project.write(file, project.read(file) + step.text);
        }
        default:
          throw new Error(`The README says "${step.verb}", which no reader understands.`);
      }
    },
  );

  async function checkCommand({ text, object, answer }: AnsweredStep): Promise<void> {
    const { exitCode, output, standardOutput } = await reader.run(text);
    expect({ exitCode, output }).toEqual({ exitCode: object === 'fails' ? 1 : 0, output });
    if (answer?.language === 'json')
      expect(JSON.parse(standardOutput)).toEqual(JSON.parse(answer.text));
    else if (answer !== undefined) expect(output).toBe(answer.text);
  }
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

/** What `npm start` runs; `npm ci` was run before the tests. */
function asTributary(commandLine: string): string {
  return commandLine.replace('npm ci && ', '').replace('npm start', 'tributary serve');
}

function objectOf({ object, line }: AnsweredStep): string {
  if (object === undefined) throw new Error(`Line ${line} of the README names no file.`);
  return object;
}

function titleOf({ verb, object, text }: AnsweredStep): string {
  if (verb === 'file' || verb === 'append') return `${verb} ${object}`;
  return text.replaceAll(/\s+/g, ' ').slice(0, 80);
}

function canRun(command: string, ...args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
