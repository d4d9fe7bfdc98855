import type { EndSignal } from '../../foundation/early-end.ts';
import { raise } from '../../foundation/errors/tributary-error.ts';
import type { Lake, StatementTrace } from '../../lake/engine.ts';
import { keyText, type KeyLookup, type RowKey } from '../../lake/key-lookup.ts';
import type { LakeValue } from '../../lake/sql.ts';
import { isKnownByKey } from './answer-reads.ts';
import type { HubMeter } from '../hub-meter.ts';
import type { CachedRow, EntityCache } from './entity-cache.ts';

/** Rows of several askers. */
export interface FoundRows {
  readonly columns: readonly (readonly LakeValue[])[];
  /** Row numbers by the text of the key. */
  readonly byKey: ReadonlyMap<string, readonly number[]>;
}

interface JoinOptions {
  readonly lake: Pick<Lake, 'read' | 'versions'>;
  /** Undefined where no rows are kept. */
  readonly cache: EntityCache | undefined;
  readonly timeoutMs: number;
  readonly meter: HubMeter;
}

/** The request that asks. */
export interface AskingRequest {
  /** Ends it. */
  readonly signal?: EndSignal | undefined;
  /** Told of the statement, also of one that it shares with others. */
  readonly observe?: StatementTrace | undefined;
}

interface Asker {
  readonly keys: readonly RowKey[];
  readonly observe: StatementTrace | undefined;
  readonly resolve: (found: FoundRows) => void;
  readonly reject: (error: unknown) => void;
}

interface Line {
  readonly lookup: KeyLookup;
  readonly entity: string;
  waiting: Asker[];
}

/** Beyond this an `IN` list gains nothing more from joining. */
const mostKeysJoined = 256;

/**
 * Look-ups by key of all requests at once: those that read the same columns of the same table, and come while one of
 * them is under way, are one statement. To find a row costs DuckDB little beside a statement (1,000,000 rows, a wide
 * table: 0.9 CPU ms for one key alone, 0.1 ms for each of 64), and who asks alone waits for nobody.
 */
export class JoinedLookups {
  readonly #options: JoinOptions;
  /** Of each kind of look-up those that wait while one is under way, or about to begin. */
  readonly #lines = new Map<string, Line>();

  constructor(options: JoinOptions) {
    this.#options = options;
  }

  /** Whether it is worth it: rows that share a key may be many, and one asker would wait for those of another. */
  static suits(lookup: KeyLookup, keys: readonly RowKey[]): boolean {
    return lookup.isUnique && keys.length <= mostKeysJoined;
  }

  /**
   * @param entity whose rows they are
   * @param keys at least one, all distinct
   * @throws what the lake throws, and LAKE_CANCELLED when the signal aborts
   */
  async find(
    lookup: KeyLookup,
    entity: string,
    keys: readonly RowKey[],
    request: AskingRequest,
  ): Promise<FoundRows> {
    const cache = this.#cacheOf(lookup);
    if (cache === undefined) return this.#ask({ lookup, entity, waiting: [] }, keys, request);
    const known = new Map<string, CachedRow>();
    const missing: RowKey[] = [];
    for (const key of keys) {
      const text = keyText(key);
      const row = cache.get({ text: lookup.text, entity, key: text });
      if (row === undefined) missing.push(key);
      else known.set(text, row);
    }
    if (missing.length === 0) return fromRows(known);
    const found = await this.#ask({ lookup, entity, waiting: [] }, missing, request);
    if (known.size === 0) return found;
    for (const key of missing) {
      const text = keyText(key);
      known.set(text, rowOf(found, text));
    }
    return fromRows(known);
  }

  #ask(
    line: Line,
    keys: readonly RowKey[],
    { signal, observe }: AskingRequest,
  ): Promise<FoundRows> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => reject(raise('LAKE_CANCELLED', {}, { cause: signal?.reason }));
      if (signal?.aborted === true) {
        onAbort();
        return;
      }
      signal?.addEventListener('abort', onAbort, { once: true });
      const asker: Asker = {
        keys,
        observe,
        resolve: (found) => {
          signal?.removeEventListener('abort', onAbort);
          resolve(found);
        },
        reject: (error) => {
          signal?.removeEventListener('abort', onAbort);
          reject(error);
        },
      };
      const known = this.#lines.get(line.lookup.text);
      if (known !== undefined) known.waiting.push(asker);
      else {
        line.waiting.push(asker);
        this.#begin(line);
      }
    });
  }

  /** What other requests ask in the same turn of the event loop is joined. */
  #begin(line: Line): void {
    this.#lines.set(line.lookup.text, line);
    setImmediate(() => void this.#serve(line));
  }

  async #serve(line: Line): Promise<void> {
    while (line.waiting.length > 0) {
      const askers = takeFirst(line);
      try {
        const found = await this.#read(line, askers);
        for (const { resolve } of askers) resolve(found);
      } catch (error) {
        await this.#serveAlone(line, askers, error);
      }
    }
    this.#lines.delete(line.lookup.text);
  }

  /** What is wrong with one look-up is not the fault of those that were joined with it. */
  async #serveAlone(line: Line, askers: readonly Asker[], error: unknown): Promise<void> {
    const [first, another] = askers;
    if (another === undefined) {
      first?.reject(error);
      return;
    }
    for (const asker of askers) await this.#read(line, [asker]).then(asker.resolve, asker.reject);
  }

  async #read({ lookup, entity }: Line, askers: readonly Asker[]): Promise<FoundRows> {
    const { lake, timeoutMs, meter } = this.#options;
    const keys = distinctKeys(askers);
    meter.askers.add(askers.length);
    meter.keys.add(keys.length);
    const since = lake.versions.now;
    const rows = await lake.read(lookup.statementFor(keys), {
      lane: 'point',
      timeoutMs,
      trace: traceOfAll(askers),
    });
    const found = { columns: rows.columns, byKey: indexRows(rows, lookup) };
    const cache = this.#cacheOf(lookup);
    for (const key of cache === undefined ? [] : keys) {
      const text = keyText(key);
      cache?.set({ text: lookup.text, entity, key: text }, rowOf(found, text), since);
    }
    return found;
  }

  /** Only of entities whose changes are told by this key. */
  #cacheOf(lookup: KeyLookup): EntityCache | undefined {
    return isKnownByKey(lookup) ? this.#options.cache : undefined;
  }
}

/** Tells every request of the statement that they share; undefined where nobody wants to know. */
function traceOfAll(askers: readonly Asker[]): StatementTrace | undefined {
  const traces = askers.flatMap(({ observe }) => observe ?? []);
  const [first] = traces;
  return (
    first && {
      clock: first.clock,
      add: (record) => {
        for (const trace of traces) trace.add({ ...record, askers: askers.length });
      },
    }
  );
}

function rowOf({ columns, byKey }: FoundRows, key: string): CachedRow {
  const [row] = byKey.get(key) ?? [];
  return row === undefined ? null : columns.map((column) => column[row] ?? null);
}

function fromRows(rows: ReadonlyMap<string, CachedRow>): FoundRows {
  const columns: LakeValue[][] = [];
  const byKey = new Map<string, readonly number[]>();
  for (const [key, row] of rows) {
    if (row === null) continue;
    byKey.set(key, [byKey.size]);
    row.forEach((value, position) => (columns[position] ??= []).push(value));
  }
  return { columns, byKey };
}

function takeFirst(line: Line): readonly Asker[] {
  let count = 0;
  let keyCount = 0;
  for (const { keys } of line.waiting) {
    keyCount += keys.length;
    if (count > 0 && keyCount > mostKeysJoined) break;
    count++;
  }
  return line.waiting.splice(0, count);
}

function distinctKeys(askers: readonly Asker[]): readonly RowKey[] {
  const [first, another] = askers;
  if (first !== undefined && another === undefined) return first.keys;
  const keys = new Map<string, RowKey>();
  for (const asker of askers) for (const key of asker.keys) keys.set(keyText(key), key);
  return [...keys.values()];
}

/** Row numbers by the text of their key in a look-up. */
export function indexRows(
  { columns, rowCount }: { readonly columns: FoundRows['columns']; readonly rowCount: number },
  lookup: Pick<KeyLookup, 'keyOf'>,
): ReadonlyMap<string, readonly number[]> {
  const byKey = new Map<string, number[]>();
  for (let row = 0; row < rowCount; row++) {
    const text = keyText(lookup.keyOf(columns, row));
    const rows = byKey.get(text);
    if (rows === undefined) byKey.set(text, [row]);
    else rows.push(row);
  }
  return byKey;
}
