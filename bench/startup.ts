import { rm } from 'node:fs/promises';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LakeCopies } from './data-set.ts';
import { median } from './measure/summary.ts';
import { startServerProcess, tributary } from './server-process.ts';

/** Milliseconds from the start of the process until `/health/ready` says yes. */
export interface StartupTimes {
  /** No lake yet: it is made and filled with the committed seed files. */
  readonly firstMs: number;
  /** The same small lake, once it is there. */
  readonly smallMs: number;
  /** The lake of the data set. */
  readonly dataSetMs: number;
}

export async function measureStartup(lakes: LakeCopies, runs: number): Promise<StartupTimes> {
  const small = await mkdtemp(join(tmpdir(), 'tributary-bench-'));
  try {
    const firstMs = await timeUntilReady(small);
    const smallMs = await medianUntilReady(small, runs);
    const dataSetMs = await medianUntilReady(await lakes.next(), runs);
    return { firstMs, smallMs, dataSetMs };
  } finally {
    await rm(small, { recursive: true, force: true });
  }
}

async function medianUntilReady(directory: string, runs: number): Promise<number> {
  const timesMs: number[] = [];
  for (let run = 0; run < runs; run++) timesMs.push(await timeUntilReady(directory));
  return median(timesMs);
}

async function timeUntilReady(directory: string): Promise<number> {
  const start = performance.now();
  const server = await startServerProcess([
    ...tributary,
    'serve',
    '--port',
    '0',
    '--data',
    directory,
  ]);
  try {
    const { status } = await fetch(`http://127.0.0.1:${server.port}/health/ready`);
    if (status !== 200) throw new Error(`/health/ready answers ${status} after the start.`);
    return performance.now() - start;
  } finally {
    await server.stop();
  }
}
