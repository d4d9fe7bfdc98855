import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../foundation/testing/temp-folder.ts';
import { askGraph } from './testing/ask-graph.ts';
import { startCommand } from './testing/start-command.ts';

/** Node programs besides the one that runs the tests, separated by colons; `.ci/run` names 22 and 24. */
const others = (process.env['NODES_TO_TEST'] ?? '').split(':').filter(Boolean);
if (others.length === 0) {
  console.info('Only this version of Node is tested: NODES_TO_TEST names no others.');
}

describe('the compiled program', () => {
  it.each([process.execPath, ...others])('serves the graph under %s', async (node) => {
    const { child, url, ended } = await startCommand({ flags: ['--data', tempFolder()], node });
    try {
      const { data } = await askGraph(
        `${url}/graphql`,
        '{ customer(id: "C0000042") { creditLimit vatNumber } }',
      );
      expect(data).toEqual({ customer: { creditLimit: 9576.14, vatNumber: 'ES11152909X' } });
    } finally {
      child.kill('SIGTERM');
    }
    expect(await ended).toBe(0);
    expect(execFileSync(node, ['--version'], { encoding: 'utf8' })).toMatch(/^v2[0246]\./);
  });
});
