import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { builtProgram } from '../cli/testing/built-program.ts';
import { tempFolder } from '../foundation/testing/temp-folder.ts';
import { askGraph } from './testing/ask-graph.ts';
import { repositoryDirectory } from './testing/start-project.ts';

/** Node programs besides the one that runs the tests, separated by colons; `.ci/run` names 22 and 24. */
const others = (process.env['NODES_TO_TEST'] ?? '').split(':').filter(Boolean);
if (others.length === 0) {
  console.info('Only this version of Node is tested: NODES_TO_TEST names no others.');
}

describe('the compiled program', () => {
  it.each([process.execPath, ...others])('serves the graph under %s', async (node) => {
    const child = spawn(node, [builtProgram, 'serve', '--port', '0', '--data', tempFolder()], {
      cwd: repositoryDirectory,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    try {
      const url = await readUrl(child.stderr);
      const { data } = await askGraph(
        url,
        '{ customer(id: "C0000042") { creditLimit vatNumber } }',
      );
      expect(data).toEqual({ customer: { creditLimit: 9576.14, vatNumber: 'ES11152909X' } });
    } finally {
      child.kill('SIGTERM');
    }
    const [code] = (await once(child, 'exit')) as [number | null];
    expect(code).toBe(0);
    expect(execFileSync(node, ['--version'], { encoding: 'utf8' })).toMatch(/^v2[0246]\./);
  });
});

/** The address in the greeting. */
async function readUrl(stream: AsyncIterable<Buffer>): Promise<string> {
  let text = '';
  for await (const chunk of stream) {
    text += chunk.toString();
    const [, url] = /answers at (\S+\/graphql)/.exec(text) ?? [];
    if (url !== undefined) return url;
  }
  throw new Error(`The server ended without a greeting:\n${text}`);
}
