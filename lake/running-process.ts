import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** True when a process with this id runs, also when it belongs to somebody else. */
export function isRunning(pid: number): boolean {
  if (pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * When the process started, in ticks since boot; undefined where the kernel does not tell (`/proc` is Linux's).
 * Field 22 of https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
export function processStart(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The second field is the program's name in parentheses, and may hold spaces and parentheses itself.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

/** True when this process, in whichever thread, has the file open; false also where the kernel does not tell. */
export function hasOpen(file: string): boolean {
  try {
    return readdirSync('/proc/self/fd').some((descriptor) => linkTarget(descriptor) === file);
  } catch {
    return false;
  }
}

function linkTarget(descriptor: string): string | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`);
  } catch {
    // The descriptor was closed meanwhile.
    return undefined;
  }
}
