import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../foundation/config/load-config.ts';
import { sharedTempFolder, tempFolder } from '../foundation/testing/temp-folder.ts';
import { canRun } from './testing/can-run.ts';
import { followSteps } from './testing/follow-steps.ts';
import { ProjectFolder } from './testing/project-folder.ts';
import type { ReadmeReader } from './testing/readme-reader.ts';
import { readmeSteps } from './testing/readme-steps.ts';
import { readerOfRepository } from './testing/reader-of-repository.ts';
import { repositoryDirectory } from './testing/start-project.ts';

const page = readFileSync(join(repositoryDirectory, 'docs/sync-a-domain.md'), 'utf8');
const steps = readmeSteps(page);

const hasCurl = canRun('curl', '--version');
if (!hasCurl) console.warn('Skipped: following docs/sync-a-domain.md. Install curl.');

describe.skipIf(!hasCurl)('somebody who syncs a domain as docs/sync-a-domain.md says', () => {
  const projectDirectory = sharedTempFolder();
  const commandDirectory = sharedTempFolder();
  let reader: ReadmeReader;

  beforeAll(() => {
    reader = readerOfRepository({ projectDirectory, commandDirectory });
  });
  afterAll(() => reader.close());

  followSteps(steps, () => reader);
});

it.each(steps.filter(({ verb }) => verb === 'settings').map(({ line, text }) => [line, text]))(
  'docs/sync-a-domain.md shows settings that are accepted on line %i',
  (_line, text) => {
    const project = ProjectFolder.empty(tempFolder());
    project.write('tributary.yaml', text);
    expect(loadConfig({ projectDirectory: project.directory, environment: {} })).toBeDefined();
  },
);
