import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../foundation/testing/temp-folder.ts';
import { runCli } from './testing/run-cli.ts';

describe('tributary key', () => {
  it.each(['list', 'create --name retool', 'revoke abcdefghij'])(
    'says so when the folder is none of a server, and makes none: %s',
    async (command) => {
      const parent = tempFolder();
      const data = join(parent, 'typo');
      const { code, stdout, stderr } = await runCli(['key', ...command.split(' '), '--data', data]);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain(`There is no lake in ${data}.`);
      expect(stderr).toMatch(/--data[^]*\[LAKE_MISSING\]/);
      expect(readdirSync(parent)).toEqual([]);
    },
  );

  it('says so when there is no key yet', async () => {
    const data = tempFolder();
    writeFileSync(join(data, 'lake.duckdb'), '');
    const { code, stdout, stderr } = await runCli(['key', 'list', '--data', data]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toBe('There is no API key yet. Make one with `tributary key create`.\n');
  });

  it('makes the first key of a server without a lake when it is told so', async () => {
    const data = join(tempFolder(), 'keys');
    const create = ['key', 'create', '--name', 'retool', '--data', data];
    expect((await runCli(create)).stderr).toContain('--without-lake');
    expect((await runCli([...create, '--without-lake'])).code).toBe(0);
    expect((await runCli(create)).code).toBe(0);
    const { code, stdout } = await runCli(['key', 'list', '--data', data]);
    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\n')).toHaveLength(2);
  });
});
