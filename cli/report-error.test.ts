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
      says: /^The data directory \S+data cannot be used: it is no folder\.\n.*--data.*\[DATA_UNUSABLE\]$/m,
    },
    {
      what: 'a path below a file',
      make: (folder: string): string => {
        writeFileSync(join(folder, 'data'), '');
        return join(folder, 'data', 'below');
      },
      says: /^The data directory \S+below cannot be used: its path leads through a file\.\n.*--data.*\[DATA_UNUSABLE\]$/m,
    },
    {
      // Not even root may write there.
      what: 'one that may not be written',
      make: (): string => '/proc/self',
      says: /^The data directory \S+ cannot be used: \S.*\.\n.*--data.*\[DATA_UNUSABLE\]$/m,
    },
    {
      what: 'one whose lock is no file',
      make: (folder: string): string => {
        mkdirSync(join(folder, 'lake.lock'));
        return folder;
      },
      says: /EISDIR[^]*\[FILE_REFUSED\]/,
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

describe('a supergraph file that is none', () => {
  it.each([
    [
      'is not there',
      'missing.graphql',
      /missing\.graphql cannot be read: there is no such file\.\n.*\[SUPERGRAPH_FILE_UNREADABLE\]/,
    ],
    ['is a folder', '.', / cannot be read: it is a folder\.\n.*\[SUPERGRAPH_FILE_UNREADABLE\]/],
    ['is empty', 'empty.graphql', /empty\.graphql:1:1: The schema cannot be read: It is empty\.\n/],
    [
      'is no GraphQL',
      'prose.graphql',
      /prose\.graphql:1:1: The schema cannot be read: Unexpected Name "Hello"\.\n.*\[SCHEMA_SYNTAX\]/,
    ],
    [
      'is one subgraph',
      'subgraph.graphql',
      /subgraph\.graphql holds no supergraph[^]*\[SUPERGRAPH_FILE_INVALID\]/,
    ],
  ])('is refused with the reason: it %s', async (_, name, says) => {
    const cwd = tempFolder();
    writeFileSync(join(cwd, 'empty.graphql'), '');
    writeFileSync(join(cwd, 'prose.graphql'), 'Hello');
    writeFileSync(join(cwd, 'subgraph.graphql'), 'type Query { a: Int }');
    const { code, stderr } = await runCli(['serve', '--port', '0', '--supergraph', name], { cwd });
    expect(stderr).toMatch(says);
    expect(code).toBe(1);
  });
});
