import { statSync } from 'node:fs';
import { join } from 'node:path';

const fileName = 'lake.duckdb';

export function lakeFileOf(directory: string): string {
  return join(directory, fileName);
}

export function walFileOf(directory: string): string {
  return join(directory, `${fileName}.wal`);
}

/** Whether the data directory has a lake; opening one that is not there would make it. Throws where it may not look. */
export function hasLake(directory: string): boolean {
  return statSync(lakeFileOf(directory), { throwIfNoEntry: false }) !== undefined;
}
