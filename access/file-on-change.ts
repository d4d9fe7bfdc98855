import { closeSync, fstatSync, openSync, readFileSync, statSync, type BigIntStats } from 'node:fs';

/**
 * The parsed content of a small file, read again as soon as the file changes, so that a revoked key is refused on
 * the very next request. Reads are synchronous on purpose: a stat takes microseconds, whereas the thread pool behind
 * asynchronous reads may be full of slow queries.
 */
export class FileOnChange<Content> {
  readonly #path: string;
  readonly #parse: (text: string | undefined) => Content;
  #version: string | undefined;
  #content: Content | undefined;

  /** `parse` gets undefined when there is no file. What it throws is thrown by every look until the file changes. */
  constructor(path: string, parse: (text: string | undefined) => Content) {
    this.#path = path;
    this.#parse = parse;
  }

  /** The content now. Throws what `parse` throws: a broken file never counts as its last good state. */
  read(): Content {
    const version = versionOf(statSync(this.#path, { bigint: true, throwIfNoEntry: false }));
    if (this.#content !== undefined && version === this.#version) return this.#content;
    this.#content = undefined;
    const { text, version: readVersion } = readVersioned(this.#path);
    this.#content = this.#parse(text);
    this.#version = readVersion;
    return this.#content;
  }
}

const missing = 'missing';

/** Text and version come from one open file, since a rename may replace the file at any moment. */
function readVersioned(path: string): { text: string | undefined; version: string } {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return { text: undefined, version: missing };
    }
    throw error;
  }
  try {
    const version = versionOf(fstatSync(descriptor, { bigint: true }));
    return { text: readFileSync(descriptor, 'utf8'), version };
  } finally {
    closeSync(descriptor);
  }
}

/** The change time is part of it: tools can set a file's modification time back, but not that. */
function versionOf(stats: BigIntStats | undefined): string {
  if (stats === undefined) return missing;
  return `${stats.dev}:${stats.ino}:${stats.size}:${stats.mtimeNs}:${stats.ctimeNs}`;
}
