import { replaceFile } from './replace-file.ts';
import { readStoreFile, stampOf, type StoreContent, storeText } from './store-file.ts';
import {
  carryOut,
  collectChanges,
  type Commit,
  draftOf,
  type RecordChanges,
} from './record-changes.ts';
import { placeOf, type VersionChange, type VersionStore } from './version-store.ts';

/** A small tool's whole memory in one JSON file: its records, and the versions of the entities that they stand for. */
export interface FileStore<Value> extends VersionStore<RecordChanges<Value>> {
  apply(
    change: VersionChange,
    work: (changes: RecordChanges<Value>) => void | Promise<void>,
  ): Promise<boolean>;
  get(id: string): Value | undefined;
  list(): readonly Value[];
  /** Changes records for the tool's own reasons. Resolves when the disk has them. */
  write(work: (changes: RecordChanges<Value>) => void | Promise<void>): Promise<void>;
}

/**
 * Opens the file, or begins a new one. Values are whatever JSON can hold. The whole file is written with every
 * change (changes that come while it is being written go together), so it is for some ten thousand records; a larger
 * tool writes a store for its database. One process at a time may have it.
 * @throws {Error} for a file that is no store
 */
export function fileStore<Value = unknown>(path: string): FileStore<Value> {
  return new JsonFileStore<Value>(path);
}

interface Waiting<Value> {
  readonly commit: Commit<Value>;
  readonly resolve: (isDone: boolean) => void;
  readonly reject: (error: unknown) => void;
}

class JsonFileStore<Value> implements FileStore<Value> {
  readonly #path: string;
  /** What the file holds; never ahead of it, or a failed write would pass for a known event. */
  #content: StoreContent<Value>;
  #stamp: string | undefined;
  #waiting: Waiting<Value>[] = [];
  #isWriting = false;

  constructor(path: string) {
    this.#path = path;
    this.#content = readStoreFile(path);
    this.#stamp = stampOf(path);
  }

  async versionOf(entity: string, subject: string): Promise<number | undefined> {
    return this.#content.versions.get(placeOf(entity, subject));
  }

  async remember(entity: string, subject: string, version: number): Promise<void> {
    await this.apply({ entity, subject, version }, () => {});
  }

  async apply(
    version: VersionChange,
    work: (changes: RecordChanges<Value>) => void | Promise<void>,
  ): Promise<boolean> {
    return this.#commit({ version, changes: await collectChanges(work) });
  }

  async write(work: (changes: RecordChanges<Value>) => void | Promise<void>): Promise<void> {
    await this.#commit({ version: undefined, changes: await collectChanges(work) });
  }

  get(id: string): Value | undefined {
    return this.#content.records.get(id);
  }

  list(): readonly Value[] {
    return [...this.#content.records.values()];
  }

  #commit(commit: Commit<Value>): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ commit, resolve, reject });
      void this.#writeAll();
    });
  }

  async #writeAll(): Promise<void> {
    if (this.#isWriting) return;
    this.#isWriting = true;
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      await this.#writeGroup(group);
    }
    this.#isWriting = false;
  }

  /** All commits of a group get their answers after the write, since one may rest on what another has done. */
  async #writeGroup(group: readonly Waiting<Value>[]): Promise<void> {
    const draft = draftOf(this.#content);
    const results = group.map(({ commit }) => carryOut(commit, draft));
    try {
      if (results.includes('done')) await this.#write(draft);
    } catch (error) {
      for (const { reject } of group) reject(error);
      return;
    }
    for (const [index, { resolve, reject }] of group.entries()) {
      const result = results[index];
      if (result instanceof Error) reject(result);
      else resolve(result === 'done');
    }
  }

  async #write(draft: StoreContent<Value>): Promise<void> {
    if (stampOf(this.#path) !== this.#stamp) {
      throw new Error(
        `Something else has written to ${this.#path}. Start the tool anew, and only one of it.`,
      );
    }
    try {
      await replaceFile(this.#path, storeText(draft));
    } finally {
      // Also a write that failed may have come as far as to the new file.
      this.#stamp = stampOf(this.#path);
    }
    this.#content = draft;
  }
}
