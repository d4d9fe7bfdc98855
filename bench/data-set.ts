import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readPeakResidentBytes } from './measure/process-usage.ts';
import { projectDirectory, spawnNode, startServerProcess, tributary } from './server-process.ts';

export const workDirectory = join(projectDirectory, 'bench', '.work');

/** What `tributary seed` took. */
export interface SeedCost {
  readonly customers: number;
  readonly durationMs: number;
  readonly peakResidentBytes: number;
}

/** Lakes with the same rows, one for each process, since a process owns its lake. */
export interface LakeCopies {
  readonly next: () => Promise<string>;
}

export interface DataSet {
  readonly customers: number;
  readonly seedCost: SeedCost;
  readonly copies: LakeCopies;
  readonly removeCopies: () => Promise<void>;
}

/** A lake of so many customers. It is kept for the next run, with what it cost; `isFresh` makes it anew. */
export async function prepareDataSet(customers: number, isFresh: boolean): Promise<DataSet> {
  const directory = join(workDirectory, `seeded-${customers}`);
  const costFile = join(directory, 'seed-cost.json');
  if (isFresh || !existsSync(costFile)) {
    const cost = await seed(directory, customers);
    await writeFile(costFile, JSON.stringify(cost));
  }
  // A lake that an earlier build seeded is brought up to date here, and not within a measurement.
  await (
    await startServerProcess([...tributary, 'serve', '--port', '0', '--data', directory])
  ).stop();
  const copiesDirectory = join(workDirectory, 'copies');
  await rm(copiesDirectory, { recursive: true, force: true });
  let count = 0;
  return {
    customers,
    seedCost: JSON.parse(await readFile(costFile, 'utf8')) as SeedCost,
    copies: {
      async next() {
        const copy = join(copiesDirectory, String(++count));
        await mkdir(copy, { recursive: true });
        await copyFile(join(directory, 'lake.duckdb'), join(copy, 'lake.duckdb'));
        return copy;
      },
    },
    removeCopies: () => rm(copiesDirectory, { recursive: true, force: true }),
  };
}

async function seed(directory: string, customers: number): Promise<SeedCost> {
  await rm(directory, { recursive: true, force: true });
  const start = performance.now();
  const child = spawnNode([
    ...tributary,
    'seed',
    '--customers',
    String(customers),
    '--data',
    directory,
  ]);
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  let peakResidentBytes = 0;
  const sampler = setInterval(() => {
    peakResidentBytes = Math.max(peakResidentBytes, readPeakResidentBytes(child.pid ?? 0));
  }, 50);
  const [code] = (await once(child, 'exit')) as [number | null];
  clearInterval(sampler);
  if (code !== 0) throw new Error(`tributary seed ended with ${code}:\n${text}`);
  return { customers, durationMs: performance.now() - start, peakResidentBytes };
}
