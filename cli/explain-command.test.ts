import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sharedTempFolder, tempFolder } from '../foundation/testing/temp-folder.ts';
import { runCli, startCli } from './testing/run-cli.ts';

const answersAt = /answers at (\S+)/;
const question = 'query Tier($id: ID!) { customer(id: $id) { supportTier } }';
const variables = ['--variables', '{"id":"C0000042"}'];

describe('tributary explain', () => {
  const data = sharedTempFolder();

  it('shows plan, SQL, rows and time of a question in a file', async () => {
    const { code, stdout, stderr } = await runCli([
      ...['explain', questionFile(), ...variables, '--data', data],
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Plan: the hub answers the operation as it is\.\n\n_hub: [\d.]+ ms\n/);
    expect(stdout).toMatch(
      /└─ [\d.]+ ms, waited [\d.]+ ms in lane point; 1 row returned; 1 read; 1 value bound\n {3}SELECT /,
    );
    expect(stdout).not.toContain('C0000042');
  });

  it('prints JSON, and takes the question from standard input', async () => {
    const { code, stdout } = await runCli(
      ['explain', '-', ...variables, '--json', '--data', data],
      { input: question },
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      plan: 'hub',
      fetches: [{ subgraph: '_hub' }],
      statements: [{ rowsReturned: 1, rowsRead: 1, values: 1, lane: 'point' }],
    });
  });

  it('asks a server that has the lake open, once it is told its address', async () => {
    const serve = startCli(['serve', '--data', data, '--port', '0']);
    const url = await serve.said(answersAt);
    const explain = ['explain', questionFile(), ...variables];
    const locked = await runCli([...explain, '--data', data]);
    expect(locked).toMatchObject({ code: 1, stdout: '' });
    expect(locked.stderr).toContain(`process ${serve.pid}`);
    expect(locked.stderr).toMatch(/--url http:\/\/127\.0\.0\.1:4000\/graphql[^]*\[LAKE_IN_USE\]/);
    const { code, stdout, stderr } = await runCli([...explain, '--url', url]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('1 row returned; 1 read');
    const refused = await runCli([
      ...[...explain, '--url', url, '--header', 'x-api-key: trib_abcdefghij_wrong'],
    ]);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/key/);
  });

  it('says what is wrong with the question', async () => {
    const { code, stdout, stderr } = await runCli(['explain', '--data', data], {
      input: '{ customer(id: "C0000042") { supporTier } }',
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^standard input:1:30: Cannot query field "supporTier"[^\n]*Did you mean "supportTier"[^\n]*\n( {2}\S[^\n]*)? \[GRAPHQL_VALIDATION_FAILED\]\n$/,
    );
    expect(stdout).toBe('Nothing was planned.\n');
    const file = join(tempFolder(), 'broken.graphql');
    writeFileSync(file, '{ customer(id: }');
    const broken = await runCli(['explain', file, '--data', data]);
    expect(broken.stderr).toMatch(
      /broken\.graphql:1:16: Syntax Error[^\n]*(\n {2}\S[^\n]*)? \[GRAPHQL_PARSE_FAILED\]\n$/,
    );
  });

  it('says so when it reads no question, or none of the name that it is to run', async () => {
    const empty = await runCli(['explain', '--data', data], { input: ' \n' });
    expect(empty).toMatchObject({ code: 1, stdout: '' });
    expect(empty.stderr).toMatch(
      /^There is no operation in standard input\.\n.*\[QUESTION_EMPTY\]\n$/,
    );
    const { stderr } = await runCli(['explain', '--data', data, '--operation', 'X'], {
      input: '{ __typename }',
    });
    expect(stderr).toMatch(
      /^The query has no operation "X": those that it has are without a name\./,
    );
  });

  it('says so when there is no file, no server, or no graph at the address', async () => {
    const missing = await runCli(['explain', 'nowhere.graphql', '--data', data]);
    expect(missing).toMatchObject({ code: 1, stdout: '' });
    expect(missing.stderr).toMatch(
      /nowhere\.graphql cannot be read: there is no such file\.[^]*\[QUESTION_UNREADABLE\]/,
    );
    const page = createServer((_, response) => response.end('<html>'));
    await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void page.close());
    const { port } = page.address() as AddressInfo;
    for (const url of [`http://127.0.0.1:${port}/`, 'http://127.0.0.1:1/graphql']) {
      const { code, stderr } = await runCli(['explain', questionFile(), '--url', url]);
      expect(code).toBe(1);
      expect(stderr).toContain(url);
      expect(stderr).toContain('[SERVER_NOT_ASKED]');
    }
  });
});

function questionFile(): string {
  const file = join(tempFolder(), 'tier.graphql');
  writeFileSync(file, question);
  return file;
}
