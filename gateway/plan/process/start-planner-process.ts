import { fork, type ChildProcess, type ForkOptions } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Starts it from the sources, where these run, or else from the bundle, of which it is an entry of its own. */
export function startPlannerProcess(heapMb: number): ChildProcess {
  const here = import.meta.url;
  const isSource = here.endsWith('.ts');
  const path = isSource
    ? './planner-process-entry.ts'
    : '../gateway/plan/process/planner-process-entry.js';
  const options: ForkOptions = {
    // What holds for this process is about its own sources, and its secrets are nobody else's.
    execArgv: [
      `--max-old-space-size=${heapMb}`,
      ...(isSource ? ['--import', import.meta.resolve('tsx')] : []),
    ],
    env: {},
    // When it runs out of memory, the runtime writes pages about that.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    // A supergraph has maps.
    serialization: 'advanced',
  };
  return fork(fileURLToPath(new URL(path, here)), [], options);
}
