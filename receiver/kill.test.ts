import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { sharedTempFolder } from '../foundation/testing/temp-folder.ts';
import { fileStore } from './receiver.ts';

const program = fileURLToPath(new URL('testing/write-until-killed.ts', import.meta.url));
const folder = sharedTempFolder();

/** Kills the writer so many milliseconds after its first write; gives the last version that it said it has. */
async function writeAndKill(path: string, afterMs: number): Promise<number> {
  const args = ['--import', 'tsx', program, path, '300000'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  const exit = once(child, 'close');
  await Promise.race([once(child.stdout, 'data'), exit]);
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  child.kill('SIGKILL');
  await exit;
  return Number(output.trimEnd().split('\n').at(-1));
}

it('a file store has all that it said it has, when its process is killed at any moment', async () => {
  const path = join(folder, 'tool.json');
  for (const afterMs of [0, 1, 2, 3, 5, 8, 13, 21]) {
    const said = await writeAndKill(path, afterMs);
    expect(said).toBeGreaterThan(0);
    const store = fileStore<{ readonly version: number }>(path);
    const version = await store.versionOf('Customer', 'C1');
    // The write that was under way may have come through; nobody was told.
    expect([said, said + 1]).toContain(version);
    expect(store.get('C1')?.version).toBe(version);
  }
});
