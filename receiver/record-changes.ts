import type { StoreContent } from './store-file.ts';
import { placeOf, type VersionChange } from './version-store.ts';

/** Changes of records, which are made when the handler is done: all of them, or none. */
export interface RecordChanges<Value> {
  /**
   * Keeps what `make` gives for what is known by then; undefined removes the record. `make` may not wait, so that
   * nothing comes between what it saw and what it gives.
   */
  put(id: string, make: (known: Value | undefined) => Value | undefined): void;
  remove(id: string): void;
}

interface Change<Value> {
  readonly id: string;
  readonly make: (known: Value | undefined) => Value | undefined;
}

/** What is done altogether or not at all. */
export interface Commit<Value> {
  /** With it the changes are made only while nothing as new is known. */
  readonly version: VersionChange | undefined;
  readonly changes: readonly Change<Value>[];
}

export interface Draft<Value> extends StoreContent<Value> {
  readonly versions: Map<string, number>;
  readonly records: Map<string, Value>;
}

export function draftOf<Value>({ versions, records }: StoreContent<Value>): Draft<Value> {
  return { versions: new Map(versions), records: new Map(records) };
}

/** Lets a handler say what is to be changed. */
export async function collectChanges<Value>(
  work: (changes: RecordChanges<Value>) => void | Promise<void>,
): Promise<readonly Change<Value>[]> {
  const changes: Change<Value>[] = [];
  await work({
    put: (id, make) => void changes.push({ id, make }),
    remove: (id) => void changes.push({ id, make: () => undefined }),
  });
  return changes;
}

/** Makes the changes in a draft. What `make` throws is given back, and the draft is as before then. */
export function carryOut<Value>(
  { version, changes }: Commit<Value>,
  draft: Draft<Value>,
): 'done' | 'known' | Error {
  const place = version === undefined ? undefined : placeOf(version.entity, version.subject);
  if (place !== undefined && (draft.versions.get(place) ?? 0) >= (version?.version ?? 0)) {
    return 'known';
  }
  const made = new Map<string, Value | undefined>();
  try {
    for (const { id, make } of changes) {
      made.set(id, make(made.has(id) ? made.get(id) : draft.records.get(id)));
    }
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error), { cause: error });
  }
  for (const [id, value] of made) {
    if (value === undefined) draft.records.delete(id);
    else draft.records.set(id, value);
  }
  if (place !== undefined && version !== undefined) draft.versions.set(place, version.version);
  return 'done';
}
