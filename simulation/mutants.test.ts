import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../foundation/testing/temp-folder.ts';

/** A deliberate mistake in the product: `find` stands once in the file. */
interface Mutant {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

const mutants: readonly Mutant[] = [
  {
    name: 'an older row overwrites a newer one',
    file: 'ledger/apply-delta.ts',
    find: 'const isStale = sql`(r."_watermark" <',
    replace: 'const isStale = sql`(FALSE AND r."_watermark" <',
  },
  {
    name: 'a late event overwrites a newer state',
    file: 'ledger/receive.ts',
    find: 'command.stamp <= current.stamp',
    replace: 'command.stamp < firstKnown',
  },
  {
    name: 'a veto overwrites a later version',
    file: 'ledger/decide.ts',
    find: 'if (current.sequence === change.sequence) return undefined;',
    replace: 'if (current.sequence >= change.sequence) return undefined;',
  },
  {
    name: 'a request that is sent again is carried out again',
    file: 'ledger/command-queue.ts',
    find: 'if (remembered !== undefined)',
    replace: 'if (remembered !== undefined && remembered.fingerprint === undefined)',
  },
  {
    name: 'a projection is not brought up to date',
    file: 'ledger/write-delta.ts',
    find: "await refreshParts(tx, target, keysOf('insert', 'update', 'delete'), context);",
    replace: "await refreshParts(tx, target, keysOf('insert'), context);",
  },
  {
    name: 'a tool hears what it did itself, and another hears nothing',
    file: 'events/is-wanted.ts',
    find: 'change.actor === subscriber.owner &&',
    replace: 'change.actor !== subscriber.owner &&',
  },
];

const seeds = '1-10';

/** The rooms that the simulator needs. */
const rooms = [
  'events',
  'foundation',
  'gateway',
  'lake',
  'ledger',
  'mapping',
  'motion',
  'receiver',
  'registry',
  'seed',
  'simulation',
  'sync',
  'wire',
];

describe('the simulator finds', () => {
  it.each(mutants)('$name', { timeout: 240_000 }, async ({ file, find, replace }) => {
    const folder = copyOfProgram();
    const path = join(folder, file);
    const text = readFileSync(path, 'utf8');
    expect(text.split(find)).toHaveLength(2);
    const stamped = replace.replace('firstKnown', "''");
    writeFileSync(path, text.replace(find, () => stamped));
    const { code, output } = await simulate(folder);
    expect([code, output]).toEqual([1, expect.stringContaining('breaks a rule')]);
  });
});

function copyOfProgram(): string {
  const folder = tempFolder();
  const root = join(import.meta.dirname, '..');
  for (const room of rooms) {
    mkdirSync(join(folder, room), { recursive: true });
    cpSync(join(root, room), join(folder, room), { recursive: true });
  }
  for (const name of ['package.json', 'tsconfig.json']) cpSync(join(root, name), join(folder, name));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

/** Plays seeds until one fails. */
function simulate(folder: string): Promise<{ readonly code: number; readonly output: string }> {
  const args = ['--import', 'tsx', 'simulation/main.ts', '--quiet', '--seeds', seeds, '--bail'];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: folder, maxBuffer: 2 ** 26 }, (error, out, err) => {
      resolve({ code: Number(error?.code ?? 0), output: out + err });
    });
  });
}
