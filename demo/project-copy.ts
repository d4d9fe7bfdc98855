import { cpSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The folder of this project, which the demo only reads. */
const sourceDirectory = join(import.meta.dirname, '..');

const copied = ['subgraphs', 'supergraph.yaml', 'lake-data/seed'] as const;

/** This project's domains and seed files in a folder of their own, which may be changed. */
export interface ProjectCopy {
  readonly directory: string;
  /** May be called again. */
  readonly remove: () => void;
}

/** Copies the project to a temporary folder. It goes when this process ends, if nobody removed it before. */
export function copyProject(): ProjectCopy {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'tributary-demo-')));
  const removeFolder = (): void => rmSync(directory, { recursive: true, force: true });
  process.once('exit', removeFolder);
  for (const path of copied) {
    cpSync(join(sourceDirectory, path), join(directory, path), { recursive: true });
  }
  return {
    directory,
    remove() {
      process.removeListener('exit', removeFolder);
      removeFolder();
    },
  };
}
