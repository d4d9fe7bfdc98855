import { randomUUID } from 'node:crypto';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { raise } from '../foundation/errors/tributary-error.ts';

/** Tells this process from an earlier one with the same pid, as in a container that was restarted. */
const processToken = randomUUID();

/** What is done under the lock takes milliseconds; whoever holds it this long is gone. */
const staleAfterMs = 60_000;
const defaultWaitMs = 5_000;

/**
 * Runs `work` while no other process, and no other call in this one, runs work under the same lock file. The lock of
 * a process that died is taken over.
 * @throws KEY_FILE_LOCKED after `waitAtMostMs`, five seconds unless told otherwise
 */
export async function withFileLock<Result>(
  lockFile: string,
  work: () => Promise<Result>,
  waitAtMostMs = defaultWaitMs,
): Promise<Result> {
  const content = [process.pid, hostname(), processToken, randomUUID()].join(' ');
  await acquire(lockFile, content, waitAtMostMs);
  try {
    return await work();
  } finally {
    // After a minute's sleep somebody else may rightly hold the lock.
    if ((await readHolder(lockFile))?.content === content) await rm(lockFile, { force: true });
  }
}

async function acquire(lockFile: string, content: string, waitAtMostMs: number): Promise<void> {
  const deadlineMs = performance.now() + waitAtMostMs;
  while (!(await createExclusively(lockFile, content))) {
    const holder = await readHolder(lockFile);
    if (holder === undefined) continue;
    if (isStale(holder)) await removeStaleLock(lockFile, holder);
    if (performance.now() > deadlineMs) {
      throw raise('KEY_FILE_LOCKED', { holder: describeHolder(holder), file: lockFile });
    }
    await sleep(5 + Math.random() * 20);
  }
}

interface Holder {
  readonly content: string;
  readonly ageMs: number;
}

async function readHolder(lockFile: string): Promise<Holder | undefined> {
  try {
    const [content, { mtimeMs }] = await Promise.all([readFile(lockFile, 'utf8'), stat(lockFile)]);
    return { content, ageMs: Date.now() - mtimeMs };
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function isStale({ content, ageMs }: Holder): boolean {
  if (ageMs > staleAfterMs) return true;
  const [pid = '', host, token] = content.split(' ');
  if (token === undefined || host !== hostname()) return false;
  if (Number(pid) === process.pid) return token !== processToken;
  return !isRunning(Number(pid));
}

/**
 * Between judging a lock and removing it, another process may have done both and hold a new lock by now. The claim,
 * a file named after the judged lock, lets one process at a time remove that lock, after looking again.
 */
async function removeStaleLock(lockFile: string, { content }: Holder): Promise<void> {
  const claim = `${lockFile}.${content.split(' ').at(-1) || 'unnamed'}.claim`;
  if (!(await createExclusively(claim, String(process.pid)))) {
    const claimant = await readHolder(claim);
    if (claimant !== undefined && claimant.ageMs > staleAfterMs) await rm(claim, { force: true });
    return;
  }
  try {
    if ((await readHolder(lockFile))?.content === content) await rm(lockFile, { force: true });
  } finally {
    await rm(claim, { force: true });
  }
}

async function createExclusively(file: string, content: string): Promise<boolean> {
  try {
    await writeFile(file, content, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !isCode(error, 'ESRCH');
  }
}

function describeHolder({ content }: Holder): string {
  const [pid = '', host = ''] = content.split(' ');
  return pid === '' ? 'unknown' : `pid ${pid} on ${host}`;
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
