import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What Chromium and its kin are called on a PATH, the most open first. */
export const browserNames = ['chromium', 'chromium-browser', 'google-chrome', 'chrome'] as const;

/** The first Chromium on this PATH; undefined when there is none. */
export function findBrowser(path: string): string | undefined {
  const folders = path.split(delimiter).filter((folder) => folder !== '');
  return browserNames
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((file) => isProgram(file));
}

export function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
