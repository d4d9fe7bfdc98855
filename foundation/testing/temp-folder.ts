import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, onTestFinished } from 'vitest';

/** An empty folder that is removed when the running test ends, after whatever the test registers later. */
export function tempFolder(): string {
  const folder = createFolder();
  onTestFinished(() => removeFolder(folder));
  return folder;
}

/** An empty folder for all tests of a suite; call it at the top of the file or of a `describe`, not inside a hook. */
export function sharedTempFolder(): string {
  const folder = createFolder();
  afterAll(() => removeFolder(folder));
  return folder;
}

function createFolder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), 'tributary-test-')));
}

function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}
