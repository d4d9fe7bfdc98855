import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder of files for one test. */
export interface TemporaryProject {
  readonly directory: string;
  pathOf(name: string): string;
  write(name: string, text: string): Promise<void>;
  remove(): Promise<void>;
}

export async function createTemporaryProject(
  files: Readonly<Record<string, string>> = {},
): Promise<TemporaryProject> {
  const directory = await mkdtemp(join(tmpdir(), 'tributary-registry-'));
  const pathOf = (name: string): string => join(directory, name);
  const write = async (name: string, text: string): Promise<void> => {
    await mkdir(dirname(pathOf(name)), { recursive: true });
    await writeFile(pathOf(name), text);
  };
  for (const [name, text] of Object.entries(files)) await write(name, text);
  return {
    directory,
    pathOf,
    write,
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}
