import DataLoader from 'dataloader';
import type { Rows } from '../lake/rows.ts';
import type { Statement } from '../lake/sql.ts';
import { keyText, type KeyLookup, type RowKey } from '../lake/key-lookup.ts';
import type { TableKey } from './table-key.ts';

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

/** An entity by its key: with a row of the domain, with nothing but an identity, or not at all. */
export type FoundEntity =
  | { readonly kind: 'row' | 'identityOnly'; readonly row: Row }
  | { readonly kind: 'none' };

/** Collects the look-ups of one request, so that each table is asked once for all keys known at that moment. */
export class RequestLoaders {
  readonly #lake: LakeReader;
  readonly #signal: AbortSignal | undefined;
  readonly #rows = new Map<KeyLookup, DataLoader<RowKey, readonly Row[], string>>();
  readonly #entities = new Map<TableKey, DataLoader<RowKey, FoundEntity, string>>();

  constructor(lake: LakeReader, signal: AbortSignal | undefined) {
    this.#lake = lake;
    this.#signal = signal;
  }

  /** The rows with this key, in the look-up's order. */
  loadRows(lookup: KeyLookup, key: RowKey): Promise<readonly Row[]> {
    const loader = getOrMake(this.#rows, lookup, () =>
      loaderOf(async (keys) => {
        const groups = await this.#read(lookup, keys);
        return keys.map((one) => groups.get(keyText(one)) ?? []);
      }),
    );
    return loader.load(key);
  }

  /**
   * The entity with this key. Those without a row and those with one come back together, so that what is asked of
   * them next is again asked once for all.
   */
  loadEntity(tableKey: TableKey, key: RowKey): Promise<FoundEntity> {
    const loader = getOrMake(this.#entities, tableKey, () =>
      loaderOf((keys) => this.#findEntities(tableKey, keys)),
    );
    return loader.load(key);
  }

  /** Looks everything up anew from now on: rows have changed. */
  forget(): void {
    this.#rows.clear();
    this.#entities.clear();
  }

  async #findEntities(
    { lookup, identityCheck }: TableKey,
    keys: readonly RowKey[],
  ): Promise<readonly FoundEntity[]> {
    const rows = await this.#read(lookup, keys);
    const missing = keys.filter((key) => !rows.has(keyText(key)));
    const identities =
      identityCheck === undefined || missing.length === 0
        ? undefined
        : await this.#read(identityCheck, missing);
    return keys.map((key): FoundEntity => {
      const [row] = rows.get(keyText(key)) ?? [];
      if (row !== undefined) return { kind: 'row', row };
      const [identity] = identities?.get(keyText(key)) ?? [];
      return identity === undefined ? { kind: 'none' } : { kind: 'identityOnly', row: identity };
    });
  }

  async #read(
    lookup: KeyLookup,
    keys: readonly RowKey[],
  ): Promise<ReadonlyMap<string, readonly Row[]>> {
    const lane = keys.length > mostKeysOfAPoint ? 'scan' : 'point';
    const signal = this.#signal === undefined ? {} : { signal: this.#signal };
    return groupByKey(
      lookup,
      await this.#lake.read(lookup.statementFor(keys), { lane, ...signal }),
    );
  }
}

/** A failure of the lake is the failure of every key that it was asked for. */
function loaderOf<Value>(
  load: (keys: readonly RowKey[]) => Promise<readonly Value[]>,
): DataLoader<RowKey, Value, string> {
  return new DataLoader(
    async (keys) => {
      try {
        return await load(keys);
      } catch (error) {
        const failure = error instanceof Error ? error : new Error(String(error));
        return keys.map(() => failure);
      }
    },
    { cacheKeyFn: keyText },
  );
}

function getOrMake<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
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
