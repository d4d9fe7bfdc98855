import { Worker, type WorkerOptions } from 'node:worker_threads';
import type { PlanningThreadData } from './planning-thread-entry.ts';

/** Starts the thread from the sources, where these run, or else from the bundle, of which it is an entry of its own. */
export function startPlanningThread(workerData: PlanningThreadData, heapMb: number): Worker {
  const options: WorkerOptions = {
    name: 'planner',
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: heapMb },
    // Those of the process are about its own sources.
    execArgv: [],
  };
  const here = import.meta.url;
  if (!here.endsWith('.ts')) {
    return new Worker(new URL('../gateway/plan/planning-thread-entry.js', here), options);
  }
  // Node 20 runs TypeScript in a thread only by a loader that the thread calls.
  const loader = import.meta.resolve('tsx/esm/api');
  const entry = new URL('planning-thread-entry.ts', here).href;
  const [loaderText, ...parameters] = [loader, entry, here].map((text) => JSON.stringify(text));
  const code = `import(${loaderText}).then(({ tsImport }) => tsImport(${parameters.join()}))`;
  return new Worker(code, { ...options, eval: true });
}
