import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryDirectory } from './testing/start-project.ts';

const rows = readFileSync(join(repositoryDirectory, 'docs/status.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| ---'))
  .map((line) => line.split(' | '));

describe('docs/status.md', () => {
  it('has the state of every promise, and what shows it', () => {
    expect(rows.length).toBeGreaterThan(100);
    expect(rows.filter((cells) => cells.length !== 3)).toEqual([]);
  });

  it('names tests and files that exist', () => {
    const missing = rows.flatMap(([, , shown = '']) => {
      let file = '';
      // A name in quotes is a test of the file before it.
      return [...shown.matchAll(/`([^`\s]+\/[^`\s]*|[\w.-]+\.(?:md|json))`|"([^"]+)"/g)].flatMap(
        ([, path, name]) => {
          if (path !== undefined) file = join(repositoryDirectory, path);
          const isThere =
            existsSync(file) && (name === undefined || readFileSync(file, 'utf8').includes(name));
          return isThere ? [] : [path ?? name];
        },
      );
    });
    expect(missing).toEqual([]);
  });
});
