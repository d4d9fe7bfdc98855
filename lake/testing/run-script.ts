import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
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

export function scriptPath(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}
