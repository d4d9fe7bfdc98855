import { readFileSync } from 'node:fs';

/** What some processes have used together so far. */
export interface ProcessUsage {
  readonly cpuMs: number;
  readonly residentBytes: number;
}

/** Linux counts CPU time in hundredths of a second on every architecture that Node runs on. */
const tickMs = 10;

/**
 * CPU time of all threads and resident memory of processes and those that they started, from `/proc`: what the kernel
 * charged, so that neither a sampler nor the process itself has a say. Linux only.
 */
export function readUsage(pids: readonly number[]): ProcessUsage {
  let cpuMs = 0;
  let residentBytes = 0;
  for (const pid of pids.flatMap(withChildren)) {
    cpuMs += readCpuMs(pid);
    residentBytes += readStatusBytes(pid, 'VmRSS');
  }
  return { cpuMs, residentBytes };
}

/** The most memory that a process ever had resident; 0 when it is gone. */
export function readPeakResidentBytes(pid: number): number {
  try {
    return readStatusBytes(pid, 'VmHWM');
  } catch {
    return 0;
  }
}

function withChildren(pid: number): readonly number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ');
  return [
    pid,
    ...children.filter((text) => text !== '').flatMap((text) => withChildren(Number(text))),
  ];
}

function readCpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field is the program's name in brackets, which may hold blanks and brackets itself.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * tickMs;
}

function readStatusBytes(pid: number, name: string): number {
  const line = new RegExp(String.raw`^${name}:\s+(\d+) kB$`, 'm').exec(
    readFileSync(`/proc/${pid}/status`, 'utf8'),
  );
  return Number(line?.[1] ?? 0) * 1024;
}
