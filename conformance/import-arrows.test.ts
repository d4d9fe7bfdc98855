import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../foundation/testing/temp-folder.ts';
import { repositoryDirectory } from './testing/start-project.ts';

/** What each room may import from. Tests, and the rooms of tests, may import from everywhere. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  foundation: [],
  mapping: ['foundation'],
  wire: ['foundation', 'mapping'],
  lake: ['foundation', 'mapping'],
  ledger: ['foundation', 'mapping', 'wire', 'lake'],
  domains: ['foundation', 'mapping', 'wire', 'lake', 'ledger'],
  hub: ['foundation', 'mapping', 'wire', 'lake'],
  registry: ['foundation', 'mapping'],
  access: ['foundation'],
  console: ['foundation'],
  seed: ['foundation', 'mapping', 'lake', 'ledger'],
  events: ['foundation', 'mapping', 'wire', 'lake', 'ledger'],
  sync: ['foundation', 'mapping', 'wire', 'lake', 'ledger'],
  motion: ['foundation', 'mapping', 'wire', 'lake', 'ledger', 'events', 'sync'],
  control: ['foundation', 'mapping', 'lake', 'ledger', 'events', 'sync'],
  receiver: [],
  examples: ['receiver'],
  'subgraphs/sales': [],
};
const rooms = [...Object.keys(arrows), 'subgraphs/support', 'gateway', 'cli'];
const tops = [
  'receiver',
  'examples',
  'conformance',
  'bench',
  'demo',
  'subgraphs/sales',
  'subgraphs/support',
];
const aboveAll: Readonly<Record<string, readonly string[]>> = {
  gateway: [...tops, 'cli'],
  cli: [...tops, 'console'],
};

describe('the import arrows', () => {
  it('are held by the lint rule, for every room and every other', async () => {
    const probes = [
      ...Object.entries(arrows).flatMap(([from, allowed]) =>
        [...rooms, 'conformance', 'bench', 'demo']
          .filter((to) => to !== from)
          .map((to) => ({ from, to, isAllowed: allowed.includes(to) })),
      ),
      ...Object.entries(aboveAll).flatMap(([from, refused]) =>
        [...new Set([...rooms, ...refused])]
          .filter((to) => to !== from)
          .map((to) => ({ from, to, isAllowed: !refused.includes(to) })),
      ),
    ];
    const refused = await lint(probes);
    for (const { from, to, isAllowed } of probes) {
      const place = nameOf(from, to);
      expect([place, refused.has(place)]).toEqual([place, !isAllowed]);
    }
  });

  it('are about rooms that are there', () => {
    for (const room of rooms) expect(existsSync(join(repositoryDirectory, room))).toBe(true);
  });
});

interface Probe {
  readonly from: string;
  readonly to: string;
}

/** Writes a file for each probe that imports from the other room; gives the files that the rule refuses. */
async function lint(probes: readonly Probe[]): Promise<ReadonlySet<string>> {
  const folder = tempFolder();
  cpSync(join(repositoryDirectory, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
  for (const { from, to } of probes) {
    const file = join(folder, nameOf(from, to));
    mkdirSync(dirname(file), { recursive: true });
    const up = from.replaceAll(/[^/]+/g, '..');
    writeFileSync(file, `import { x } from '${up}/${to}/x.ts';\nexport const y: number = x;\n`);
  }
  const oxlint = join(repositoryDirectory, 'node_modules/.bin/oxlint');
  const { stdout } = await promisify(execFile)(oxlint, ['--format', 'json'], { cwd: folder }).catch(
    (error: unknown) => error as { readonly stdout: string },
  );
  const { diagnostics } = JSON.parse(stdout) as {
    readonly diagnostics: readonly { readonly code: string; readonly filename: string }[];
  };
  return new Set(
    diagnostics
      .filter(({ code }) => code.includes('no-restricted-imports'))
      .map(({ filename }) => filename),
  );
}

function nameOf(from: string, to: string): string {
  return `${from}/to-${to.replace('/', '-')}.ts`;
}
