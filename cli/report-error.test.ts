import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../foundation/testing/temp-folder.ts';
import { runCli } from './testing/run-cli.ts';

describe('a data directory that cannot be one', () => {
  it.each([
    {
      what: 'a file',
      make: (folder: string): string => {
        writeFileSync(join(folder, 'data'), '');
        return join(folder, 'data');
      },
      says: /EEXIST[^]*data'[^]*\[LAKE_UNREADABLE\]/,
    },
    {
      what: 'a path below a file',
      make: (folder: string): string => {
        writeFileSync(join(folder, 'data'), '');
        return join(folder, 'data', 'below');
      },
      says: /ENOTDIR[^]*below'[^]*\[LAKE_UNREADABLE\]/,
    },
    {
      what: 'one whose lock is no file',
      make: (folder: string): string => {
        mkdirSync(join(folder, 'lake.lock'));
        return folder;
      },
      says: /EISDIR[^]*\[(FILE_REFUSED|LAKE_UNREADABLE)\]/,
    },
    {
      what: 'one whose lake is no database',
      make: (folder: string): string => {
        writeFileSync(join(folder, 'lake.duckdb'), 'id,name\n');
        return folder;
      },
      says: /lake\.duckdb[^]*\[LAKE_UNREADABLE\]/,
    },
  ])('is a mistake that a person can mend: $what', async ({ make, says }) => {
    const data = make(tempFolder());
    const { code, stdout, stderr } = await runCli(['serve', '--port', '0', '--data', data]);
    expect(stderr).toMatch(says);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).not.toMatch(/unforeseen|\n\s+at /);
  });
});
