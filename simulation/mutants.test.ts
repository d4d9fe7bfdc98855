import { execFile } from 'node:child_process';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../foundation/testing/temp-folder.ts';

/** A deliberate mistake in the product: `find` stands once in the file. */
interface Mutant {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** Where it shows, if that takes a rare turn of events. */
  readonly seeds?: string;
}

const mutants: readonly Mutant[] = [
  {
    name: 'an older row overwrites a newer one',
    seeds: '16-40',
    file: 'ledger/apply-delta.ts',
    find: 'const isStale = sql`(r."_watermark" <',
    replace: 'const isStale = sql`(FALSE AND r."_watermark" <',
  },
  {
    name: 'a late event overwrites a newer state',
    file: 'ledger/receive.ts',
    find: 'command.stamp <= current.stamp',
    replace: 'command.stamp < ""',
  },
  {
    name: 'a late event overwrites what a newer one has confirmed',
    seeds: '20-60',
    file: 'ledger/receive.ts',
    find: 'state.putStamp(current, command.stamp);',
    replace: '',
  },
  {
    name: 'a replay passes over what was not sent yet',
    seeds: '6-40',
    file: 'events/subscribers.ts',
    find: 'found.replay(Math.min(cursor, found.record.progress.position)),',
    replace: 'found.replay(cursor),',
  },
  {
    name: 'a veto overwrites a later version',
    file: 'ledger/decide.ts',
    find: 'if (current.sequence === change.sequence) return undefined;',
    replace: 'if (current.sequence >= change.sequence) return undefined;',
  },
  {
    name: 'a request that is sent again is carried out again',
    file: 'ledger/request-id.ts',
    find: 'return idempotencyKey === undefined ||',
    replace: 'return idempotencyKey !== undefined ||',
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
  {
    name: 'events of one customer overtake each other',
    file: 'events/delivery-window.ts',
    find: 'const lane = this.#lanes.get(item.partition);',
    replace: 'const lane = undefined as Entry<Place, Item>[] | undefined;',
  },
  {
    name: 'what did not arrive is not sent again',
    file: 'events/dispatcher.ts',
    find: '} else window.retry(entry, nowMs + retryDelayMs(entry.attempts, chance, settings));',
    replace: '} else window.finish(entry);',
  },
  {
    name: 'a place is written down before everything up to it was delivered',
    seeds: '18-40',
    file: 'events/delivery-window.ts',
    find: "if (state !== 'done') break;",
    replace: "if (state !== 'done' && state !== 'underWay') break;",
  },
  {
    name: 'reading goes on behind the watermark, not with it',
    seeds: '9-40',
    file: 'sync/run-table.ts',
    find: 'return state.watermark - sync.watermark.overlap;',
    replace: 'return state.watermark + 1_000n;',
  },
  {
    name: 'a watermark is written down before its rows',
    seeds: '295-300',
    file: 'sync/stage/take-over.ts',
    find: 'const counts = await rows.write(async (tx) => {',
    replace: `await rows.write(async (tx) => {
      const read = await tx.read(sql\`SELECT max("_watermark") FROM \${delivery.staging.table('checked')}\`);
      const newest = read.columns[0]?.[0] ?? null;
      if (newest !== null) await advanceWatermark(tx, delivery.sync, BigInt(String(newest)));
    });
    const counts = await rows.write(async (tx) => {`,
  },
];

const firstSeeds = '1-40';
const root = join(import.meta.dirname, '..');

describe('the simulator finds', () => {
  it.each(mutants)(
    '$name',
    { timeout: 240_000 },
    async ({ file, find, replace, seeds = firstSeeds }) => {
      const text = readFileSync(join(root, file), 'utf8');
      expect(text.split(find)).toHaveLength(2);
      const program = await bundleWith({ file, text: text.replace(find, () => replace) });
      const { code, output } = await simulate(program, seeds);
      expect([code, output]).toEqual([1, expect.stringContaining('breaks a rule')]);
    },
  );
});

/** The simulator with other text in a file, as one file that can be run. */
async function bundleWith(changed: {
  readonly file: string;
  readonly text: string;
}): Promise<string> {
  const path = join(root, changed.file);
  const bundled = await build({
    absWorkingDir: root,
    entryPoints: ['simulation/main.ts'],
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    write: false,
    plugins: [
      {
        name: 'change',
        setup({ onLoad }) {
          onLoad({ filter: /\.ts$/ }, (asked) =>
            asked.path === path ? { contents: changed.text, loader: 'ts' } : undefined,
          );
        },
      },
    ],
  });
  const folder = tempFolder();
  // Where the packages are found that stay outside of it.
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const program = join(folder, 'simulation.mjs');
  writeFileSync(program, bundled.outputFiles[0]?.contents ?? '');
  return program;
}

/** Plays seeds until one fails. */
function simulate(
  program: string,
  seeds: string,
): Promise<{ readonly code: number; readonly output: string }> {
  const args = [program, '--quiet', '--seeds', seeds, '--bail'];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { maxBuffer: 2 ** 26 }, (error, out, err) => {
      resolve({ code: Number(error?.code ?? 0), output: out + err });
    });
  });
}
