import { createHash } from 'node:crypto';
import { chmod, mkdtemp, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const socketName = 'control.sock';
/** Says where the socket is, where the data directory's own path is too long for one. */
const pathName = 'control.path';

/** The kernel holds 104 to 108 bytes, of which the last is a zero. https://man7.org/linux/man-pages/man7/unix.7.html */
const longestPathBytes = 103;

export interface SocketPlace {
  /** Where to listen: in a folder that nobody else may enter, so that nobody connects before the socket is ours alone. */
  readonly path: string;
  /** Lets the commands find it, in place of what a server that is gone has left. */
  open(): Promise<void>;
  remove(): Promise<void>;
}

/** A place for the socket of the server that has this data directory; there is one such server at a time. */
export async function makeSocketPlace(directory: string): Promise<SocketPlace> {
  await removeTraces(directory);
  return fits(join(directory, socketName)) ? placeWithin(directory) : placeElsewhere(directory);
}

async function placeWithin(directory: string): Promise<SocketPlace> {
  const folder = await mkdtemp(join(directory, '.c-'));
  const path = join(folder, 's');
  return {
    path,
    async open() {
      await chmod(path, 0o600);
      await rename(path, join(directory, socketName));
      await rm(folder, { recursive: true });
    },
    async remove() {
      await rm(folder, { recursive: true, force: true });
      await removeTraces(directory);
    },
  };
}

/** The folder of temporary files is everybody's, so nobody may guess the name. */
async function placeElsewhere(directory: string): Promise<SocketPlace> {
  const digest = createHash('sha256').update(directory).digest('hex').slice(0, 12);
  const folder = await mkdtemp(join(tmpdir(), `tributary-${digest}-`));
  const path = join(folder, socketName);
  return {
    path,
    async open() {
      await chmod(path, 0o600);
      await writeFile(join(directory, pathName), path, { mode: 0o600 });
    },
    async remove() {
      await rm(folder, { recursive: true, force: true });
      await removeTraces(directory);
    },
  };
}

/** Where the socket of a running server would be. */
export async function findSocket(directory: string): Promise<string> {
  const place = await realpath(directory).catch(() => directory);
  const own = join(place, socketName);
  return fits(own) ? own : readFile(join(place, pathName), 'utf8');
}

async function removeTraces(directory: string): Promise<void> {
  for (const name of [socketName, pathName]) await rm(join(directory, name), { force: true });
}

function fits(path: string): boolean {
  return Buffer.byteLength(path) <= longestPathBytes;
}
