import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CommanderError, type Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../foundation/testing/temp-folder.ts';
import { createProgram } from './program.ts';
import { builtProgram } from './testing/built-program.ts';
import { runCli, type CliResult } from './testing/run-cli.ts';
import { version } from './version.ts';

describe('the command line', () => {
  it.each([
    {
      args: [],
      says: ['serve', 'compose', 'explain', 'seed', 'subgraph', 'key', 'sync', 'freshness'],
    },
    { args: [], says: ['quarantine', 'subscribers', 'export'] },
    { args: ['serve'], says: ['--port', '--host', '--watch', '--supergraph', '--data'] },
    { args: ['compose'], says: ['--out', '--check', '--project'] },
    { args: ['explain'], says: ['[file]', '--variables', '--url', '--json', '--data'] },
    { args: ['seed'], says: ['--customers', '--seed', '--replace', '--data'] },
    { args: ['subgraph'], says: ['<name>', '--port', '--data'] },
    { args: ['key'], says: ['create', 'list', 'revoke'] },
    { args: ['key', 'create'], says: ['--name', '--without-lake', '--data'] },
    { args: ['key', 'list'], says: ['--data'] },
    { args: ['key', 'revoke'], says: ['<id>', '--data'] },
    { args: ['sync'], says: ['[domain]', '[table]', '--snapshot', '--json', '--data'] },
    { args: ['freshness'], says: ['--json', '--data'] },
    { args: ['quarantine'], says: ['list', 'replay', 'discard'] },
    { args: ['quarantine', 'list'], says: ['--domain', '--kind', '--first', '--after', '--json'] },
    { args: ['quarantine', 'replay'], says: ['<id...>', '--set', '--data'] },
    { args: ['quarantine', 'discard'], says: ['<id...>', '--data'] },
    { args: ['subscribers'], says: ['--json', '--data'] },
    { args: ['export'], says: ['--parquet', '--replace', '--data'] },
  ])('explains itself: $args --help', async ({ args, says }) => {
    const { code, stdout, stderr } = await parse([...args, '--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(['Usage: tributary', ...args].join(' '));
    for (const word of says) expect(stdout).toContain(word);
    expect(stdout).not.toContain('{}');
  });

  it('tells its version', async () => {
    expect(await parse(['--version'])).toEqual({ code: 0, stdout: `${version()}\n`, stderr: '' });
  });

  it('runs as it is built', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [builtProgram, '--version']);
    expect(stdout).toBe(`${version()}\n`);
  });

  it.each([
    { args: ['serv'], says: /unknown command 'serv'[^]*Did you mean serve\?/ },
    { args: ['serve', '--prot', '1'], says: /unknown option '--prot'[^]*Did you mean --port\?/ },
    { args: ['serve', '--port', '70000'], says: /'70000' is invalid.*0 to 65535/ },
    { args: ['serve', '--port', ''], says: /'' is invalid.*0 to 65535/ },
    { args: ['serve', 'extra'], says: /too many arguments/ },
    { args: ['seed'], says: /required option '--customers <number>'/ },
    { args: ['seed', '--customers', '-1'], says: /'-1' is invalid.*whole number/ },
    { args: ['seed', '--customers', '1e3'], says: /'1e3' is invalid.*whole number/ },
    { args: ['serve', '--port', '0x10'], says: /'0x10' is invalid.*0 to 65535/ },
    { args: ['explain', '--variables', '[1]'], says: /'\[1\]' is invalid.*JSON object/ },
    { args: ['explain', '--variables', '{'], says: /'{' is invalid.*JSON object/ },
    { args: ['explain', '--header', 'x'], says: /'x' is invalid.*"name: value"/ },
    { args: ['subgraph', '--port', '0'], says: /missing required argument 'name'/ },
    { args: ['subgraph', 'sales'], says: /required option '--port <number>'/ },
    { args: ['key', 'create'], says: /required option '--name <name>'/ },
    { args: ['key', 'remove', 'x'], says: /unknown command 'remove'/ },
    { args: ['sync', 'sales', 'customer', 'x'], says: /too many arguments/ },
    {
      args: ['quarantine', 'list', '--kind', 'OLD'],
      says: /'OLD' is invalid.*WAITING, BAD, MERGED/,
    },
    { args: ['quarantine', 'list', '--first', '0'], says: /'0' is invalid.*1 to 10000/ },
    {
      args: ['quarantine', 'list', '--after', 'C1'],
      says: /'C1' is invalid.*whole number, as the list shows it/,
    },
    { args: ['quarantine', 'replay'], says: /missing required argument 'id'/ },
    { args: ['quarantine', 'replay', '1', '--set', 'x'], says: /'x' is invalid.*"column=value"/ },
    { args: ['export'], says: /required option '--parquet <folder>'/ },
    { args: ['export', '--parquet'], says: /argument missing/ },
  ])('refuses what it does not know: $args', async ({ args, says }) => {
    const { code, stdout, stderr } = await parse(args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(says);
    expect(stderr).toContain('--help');
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('ends with code 1 after a mistake, and says nothing on standard output', async () => {
    const { code, stdout, stderr } = await runCli(['serve', '--prot'], { cwd: tempFolder() });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('Did you mean --port?');
  });

  it('says where a project is looked for when there is none', async () => {
    const cwd = tempFolder();
    const { code, stderr } = await runCli(['compose'], { cwd });
    expect(code).toBe(1);
    expect(stderr).toContain(join(cwd, 'supergraph.yaml'));
    expect(stderr).toContain('[SUPERGRAPH_CONFIG_UNREADABLE]');
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it.each(['serve --port 0', 'explain', 'subgraph sales --port 0', 'seed --customers 1'])(
    'leaves nothing behind in a folder without a project: %s',
    async (command) => {
      const cwd = tempFolder();
      const { code, stderr } = await runCli(command.split(' '), { cwd, input: '{ __typename }' });
      expect(code).toBe(1);
      expect(stderr).toContain('[SUPERGRAPH_CONFIG_UNREADABLE]');
      expect(readdirSync(cwd)).toEqual([]);
    },
  );

  it('refuses an environment variable that names no setting', async () => {
    const environment = { TRIBUTARY_SERVER_PROT: '1' };
    const { code, stderr } = await runCli(['key', 'list'], { cwd: tempFolder(), environment });
    expect(code).toBe(1);
    expect(stderr).toMatch(/TRIBUTARY_SERVER_PROT[^]*TRIBUTARY_SERVER_PORT/);
  });
});

/** Parses in this process, which costs a hundredth of a process of its own. */
async function parse(args: readonly string[]): Promise<CliResult> {
  let stdout = '';
  let stderr = '';
  const program = createProgram();
  const capture = (command: Command): void => {
    command.exitOverride();
    command.configureOutput({
      writeOut: (text) => void (stdout += text),
      writeErr: (text) => void (stderr += text),
    });
    if (command.commands.length === 0) {
      command.action(() => {
        throw new Error('The arguments were taken.');
      });
    }
    for (const child of command.commands) capture(child);
  };
  for (const command of program.commands) capture(command);
  program.exitOverride().configureOutput({
    writeOut: (text) => void (stdout += text),
    writeErr: (text) => void (stderr += text),
  });
  const outcome = await program
    .parseAsync(['node', 'tributary', ...args])
    .catch((error: unknown) => error);
  if (outcome instanceof CommanderError) return { code: outcome.exitCode, stdout, stderr };
  throw outcome;
}
