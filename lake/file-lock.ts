import { randomUUID } from 'node:crypto';
import { link, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../foundation/clock.ts';
import { fileProblem } from '../foundation/errors/file-problem.ts';
import { raise } from '../foundation/errors/tributary-error.ts';
import { isRunning, processStart } from './running-process.ts';

/**
 * Who may open a data directory. One process owns it, and opens it once: a second open in the same process, which
 * DuckDB allows, corrupts the file.
 */
export interface FileLock {
  /** Lets others have the directory. A lock that somebody else has taken meanwhile is left alone. */
  release(): Promise<void>;
}

/** What a lock file holds. `token` is new for each lock, so a lock file is never mistaken for an earlier one. */
interface Owner {
  readonly token: string;
  readonly pid: number;
  readonly startedAt: string;
  /** When the process started, in the kernel's ticks since boot; tells a reused pid from the owner. */
  readonly processStart?: string | undefined;
}

const lockName = 'lake.lock';

/** Locks the directory, or raises `LAKE_LOCKED` naming the process that has it, `DATA_UNUSABLE` where it may not. */
export async function lockDirectory(directory: string, clock: Clock): Promise<FileLock> {
  const own: Owner = {
    token: randomUUID(),
    pid: process.pid,
    startedAt: clock.now().toISOString(),
    processStart: processStart(process.pid),
  };
  const prepared = join(directory, `${lockName}.${own.token}`);
  await writeDurably(prepared, JSON.stringify(own)).catch((error: unknown) => {
    throw raise('DATA_UNUSABLE', { directory, problem: fileProblem(error) }, { cause: error });
  });
  try {
    const owner = await acquire(directory, lockName, prepared);
    if (owner !== undefined) throw locked(directory, owner);
  } finally {
    await rm(prepared, { force: true });
  }
  return { release: () => release(join(directory, lockName), own.token) };
}

/**
 * For who has much to do before it locks the directory, which alone is certain; says nothing of one that is not there.
 * @throws LAKE_LOCKED
 */
export async function checkIsFree(directory: string): Promise<void> {
  const owner = await readOwner(join(directory, lockName)).catch(() => undefined);
  if (owner !== undefined && isAlive(owner)) throw locked(directory, owner);
}

function locked(directory: string, { pid }: Owner): Error {
  return raise('LAKE_LOCKED', { directory, pid, file: join(directory, lockName) });
}

/**
 * Puts the prepared file in the lock's place; gives the owner when there is a living one.
 *
 * A lock whose owner is gone is replaced by whoever holds the right to replace exactly that lock, which is itself a
 * lock named after the stale one's token. So of any number of processes and threads that find it stale one wins, and
 * the place is never empty in between. A process that dies while it holds that right leaves a stale lock of the
 * same kind, which is taken over in the same way.
 */
async function acquire(
  directory: string,
  name: string,
  prepared: string,
): Promise<Owner | undefined> {
  const file = join(directory, name);
  for (;;) {
    if (await placeIfFree(prepared, file)) return undefined;
    const owner = await readOwner(file);
    if (owner === undefined) continue;
    if (isAlive(owner)) return owner;
    const rightName = `${lockName}.takeover-${owner.token}`;
    const rival = await acquire(directory, rightName, prepared);
    if (rival !== undefined) return rival;
    try {
      const current = await readOwner(file);
      if (current?.token !== owner.token) continue;
      const replacement = `${prepared}.replacement`;
      await link(prepared, replacement);
      await rename(replacement, file);
      return undefined;
    } finally {
      await rm(join(directory, rightName), { force: true });
    }
  }
}

/** A link appears with its whole content at once, so nobody ever reads a half-written lock of a living process. */
async function placeIfFree(prepared: string, file: string): Promise<boolean> {
  try {
    await link(prepared, file);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

async function readOwner(file: string): Promise<Owner | undefined> {
  try {
    return parseOwner(await readFile(file, 'utf8'));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** A file that nobody can have written as a lock counts as one of a process that is gone. */
function parseOwner(text: string): Owner {
  try {
    const owner: unknown = JSON.parse(text);
    if (isOwner(owner)) return owner;
  } catch {
    // Not JSON: the same as JSON of another shape.
  }
  return { token: 'unreadable', pid: 0, startedAt: '' };
}

function isOwner(owner: unknown): owner is Owner {
  return (
    typeof owner === 'object' &&
    owner !== null &&
    'token' in owner &&
    typeof owner.token === 'string' &&
    /^[\w-]+$/.test(owner.token) &&
    'pid' in owner &&
    Number.isInteger(owner.pid)
  );
}

function isAlive({ pid, processStart: startThen }: Owner): boolean {
  if (!isRunning(pid)) return false;
  const startNow = processStart(pid);
  return startThen === undefined || startNow === undefined || startThen === startNow;
}

async function release(file: string, token: string): Promise<void> {
  const owner = await readOwner(file);
  if (owner?.token === token) await rm(file, { force: true });
}

async function writeDurably(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx');
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
