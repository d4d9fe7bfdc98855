import DataLoader from 'dataloader';
import type { Rows } from '../lake/rows.ts';
import type { Statement } from '../lake/sql.ts';
import { keyText, type KeyLookup, type RowKey } from './key-lookup.ts';

/** What a subgraph needs of the lake. */
export interface LakeReader {
  read(
    statement: Statement,
    options?: { readonly lane?: 'point' | 'scan'; readonly signal?: AbortSignal },
  ): Promise<Rows>;
}

/** One row among those that a statement answered. */
export interface Row {
  readonly rows: Rows;
  readonly index: number;
}

/** More keys than this are no point: the statement may take a while, and must not hold up those that do not. */
const mostKeysOfAPoint = 1_024;

/** Collects the look-ups of one request, so that each table is asked once for all keys known at that moment. */
export class RequestLoaders {
  readonly #lake: LakeReader;
  readonly #signal: AbortSignal | undefined;
  readonly #loaders = new Map<KeyLookup, DataLoader<RowKey, readonly Row[], string>>();

  constructor(lake: LakeReader, signal: AbortSignal | undefined) {
    this.#lake = lake;
    this.#signal = signal;
  }

  /** The rows with this key, in the look-up's order. */
  load(lookup: KeyLookup, key: RowKey): Promise<readonly Row[]> {
    let loader = this.#loaders.get(lookup);
    if (loader === undefined) {
      loader = new DataLoader((keys) => this.#loadBatch(lookup, keys), { cacheKeyFn: keyText });
      this.#loaders.set(lookup, loader);
    }
    return loader.load(key);
  }

  async #loadBatch(
    lookup: KeyLookup,
    keys: readonly RowKey[],
  ): Promise<readonly (readonly Row[] | Error)[]> {
    try {
      const lane = keys.length > mostKeysOfAPoint ? 'scan' : 'point';
      const signal = this.#signal === undefined ? {} : { signal: this.#signal };
      const rows = await this.#lake.read(lookup.statementFor(keys), { lane, ...signal });
      const rowsByKey = groupByKey(lookup, rows);
      return keys.map((key) => rowsByKey.get(keyText(key)) ?? []);
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      return keys.map(() => failure);
    }
  }
}

function groupByKey(lookup: KeyLookup, rows: Rows): ReadonlyMap<string, readonly Row[]> {
  const groups = new Map<string, Row[]>();
  for (let index = 0; index < rows.rowCount; index++) {
    const text = keyText(lookup.keyOf(rows.columns, index));
    const group = groups.get(text);
    if (group === undefined) groups.set(text, [{ rows, index }]);
    else group.push({ rows, index });
  }
  return groups;
}
