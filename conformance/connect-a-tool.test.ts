import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { sharedTempFolder } from '../foundation/testing/temp-folder.ts';
import { canRun } from './testing/can-run.ts';
import { followSteps } from './testing/follow-steps.ts';
import { freePort } from './testing/free-port.ts';
import type { ReadmeReader } from './testing/readme-reader.ts';
import { readmeSteps } from './testing/readme-steps.ts';
import { readerOfRepository } from './testing/reader-of-repository.ts';
import { repositoryDirectory } from './testing/start-project.ts';

const page = readFileSync(join(repositoryDirectory, 'docs/connect-a-tool.md'), 'utf8');

const hasCurl = canRun('curl', '--version');
if (!hasCurl) console.warn('Skipped: following docs/connect-a-tool.md. Install curl.');

describe.skipIf(!hasCurl)('somebody who connects a tool as docs/connect-a-tool.md says', () => {
  const projectDirectory = sharedTempFolder();
  const commandDirectory = sharedTempFolder();
  let reader: ReadmeReader;

  beforeAll(async () => {
    const toolPorts = { 5001: String(await freePort()) };
    reader = readerOfRepository({ projectDirectory, commandDirectory, toolPorts });
  });
  afterAll(async () => {
    endTool(join(projectDirectory, 'my-tool.pid'));
    await reader.close();
  });

  followSteps(readmeSteps(page), () => reader);
});

/** The page ends its tool itself; when a step before that fails, nobody else does. */
function endTool(pidFile: string): void {
  if (!existsSync(pidFile)) return;
  try {
    process.kill(Number(readFileSync(pidFile, 'utf8')));
  } catch {
    // It is gone already.
  }
}
