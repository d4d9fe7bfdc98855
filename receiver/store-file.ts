import { readFileSync, statSync } from 'node:fs';

/** What a file store keeps. */
export interface StoreContent<Value> {
  /** By place, see `placeOf`. */
  readonly versions: ReadonlyMap<string, number>;
  readonly records: ReadonlyMap<string, Value>;
}

const format = 1;

/** @throws {Error} for a file that is no store */
export function readStoreFile<Value>(path: string): StoreContent<Value> {
  const text = textOf(path);
  if (text === undefined) return { versions: new Map(), records: new Map() };
  const json = parse(text) as {
    readonly format?: unknown;
    readonly versions?: Readonly<Record<string, number>>;
    readonly records?: Readonly<Record<string, Value>>;
  } | null;
  if (json?.format !== format || !json.versions || !json.records) {
    throw new Error(
      `${path} is not a store of this receiver. ` +
        'Name another file, or move it away and have Tributary replay all events.',
    );
  }
  return {
    versions: new Map(Object.entries(json.versions)),
    records: new Map(Object.entries(json.records)),
  };
}

export function storeText<Value>({ versions, records }: StoreContent<Value>): string {
  const json = {
    format,
    versions: Object.fromEntries(versions),
    records: Object.fromEntries(records),
  };
  return `${JSON.stringify(json, undefined, 1)}\n`;
}

/** Tells apart what was written to a path at different times; undefined when nothing is there. */
export function stampOf(path: string): string | undefined {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats === undefined ? undefined : `${stats.ino} ${stats.mtimeNs}`;
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
