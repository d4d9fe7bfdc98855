import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Clock } from '../../foundation/clock.ts';
import type { FolderSource } from '../declaration/sync-declaration.ts';

/** A file in a folder that others drop files into. */
export interface DroppedFile {
  readonly name: string;
  readonly path: string;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  /** Whether it was moved here, or given its rights, after it was last written to: nobody is writing it any more. */
  readonly isMoved: boolean;
}

/** A file that was not written to for so long is complete. */
export const settledAfterMs = 2_000;

/** The files of a folder that match, in the order of their names; undefined when there is no such folder. */
export async function listFiles({
  path,
  pattern,
}: FolderSource): Promise<readonly DroppedFile[] | undefined> {
  const names = await readdir(path, { withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    },
  );
  if (names === undefined) return undefined;
  const wanted = matcherOf(pattern);
  const files: DroppedFile[] = [];
  for (const { name } of names.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (!wanted.test(name) || name.startsWith('.') || /\.(part|tmp)$/i.test(name)) continue;
    const file = await lookAt(join(path, name), name);
    if (file !== undefined) files.push(file);
  }
  return files;
}

/** The file as it is now; undefined when it is gone or is none. */
export async function lookAt(path: string, name: string): Promise<DroppedFile | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || !found.isFile()) return undefined;
  const { size: sizeBytes, mtimeMs: modifiedMs, ctimeMs } = found;
  return { name, path, sizeBytes, modifiedMs, isMoved: ctimeMs > modifiedMs };
}

/** Whether nobody has been writing to the file lately. One from the future was not: its clock is another. */
export function isSettled({ modifiedMs, isMoved }: DroppedFile, clock: Clock): boolean {
  return isMoved || Math.abs(clock.now().getTime() - modifiedMs) >= settledAfterMs;
}

export function isSameFile(one: DroppedFile, other: DroppedFile | undefined): boolean {
  return one.sizeBytes === other?.sizeBytes && one.modifiedMs === other.modifiedMs;
}

/** SHA-256 of the content. */
export async function digestOf({ path }: DroppedFile): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** `*.snapshot.csv` has all rows that there are. */
export function isSnapshotName(name: string): boolean {
  return /\.snapshot\.\w+$/i.test(name);
}

function matcherOf(pattern: string): RegExp {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`);
}
