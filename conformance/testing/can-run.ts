import { execFileSync } from 'node:child_process';

/** Whether this machine has a program. */
export function canRun(command: string, ...args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
