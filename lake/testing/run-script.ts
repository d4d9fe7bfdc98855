import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { onTestFinished } from 'vitest';

/** A child process that runs one of the scripts beside this file; it is killed when the running test ends. */
export interface RunningScript {
  readonly process: ChildProcess;
  readonly lines: AsyncIterator<string>;
  /** kill -9, and wait until it is gone. */
  kill(): Promise<void>;
}

export function runScript(name: string, ...parameters: readonly string[]): RunningScript {
  const child = spawn(process.execPath, ['--import', 'tsx', scriptPath(name), ...parameters], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  onTestFinished(kill);
  return { process: child, lines, kill };
}

/** The same in a thread of this process. Node 20 runs TypeScript in a thread only by a loader that the thread calls. */
export function runScriptInThread(name: string, ...parameters: readonly string[]): Worker {
  const code = `import('tsx/esm/api').then(({ tsImport }) => tsImport(${JSON.stringify(scriptPath(name))}, ${JSON.stringify(import.meta.url)}))`;
  const worker = new Worker(code, { eval: true, argv: [...parameters], stdout: true });
  onTestFinished(async () => {
    await worker.terminate();
  });
  return worker;
}

function scriptPath(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}
