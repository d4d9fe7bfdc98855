import { LRUCache } from 'lru-cache';
import type { CacheMeter } from '../../foundation/metrics/cache-meter.ts';
import { entityId, type LakeVersions } from '../../lake/versions.ts';
import type { LakeValue } from '../../lake/sql.ts';

/** A row, or null where there is none with that key. */
export type CachedRow = readonly LakeValue[] | null;

interface Entry {
  readonly row: CachedRow;
  readonly since: number;
}

interface EntityCacheOptions {
  readonly maxBytes: number;
  readonly versions: LakeVersions;
  readonly meter: CacheMeter;
}

/** A row as it is looked for: `text` is that of the look-up, since rows of other columns are other rows. */
export interface RowPlace {
  readonly text: string;
  readonly entity: string;
  readonly key: string;
}

/**
 * Rows that were looked up by the key of their entity. One is given out only while nothing of its entity was changed
 * since it was read: see `LakeVersions`. The least recently used make room.
 */
export class EntityCache {
  readonly #versions: LakeVersions;
  readonly #rows: LRUCache<string, Entry>;
  readonly #meter: CacheMeter;

  constructor({ maxBytes, versions, meter }: EntityCacheOptions) {
    this.#versions = versions;
    this.#rows = new LRUCache<string, Entry>({
      maxSize: maxBytes,
      sizeCalculation: ({ row }, id) => bytesOf(row, id),
      dispose: meter.dispose,
    });
    this.#meter = meter;
    meter.follow(this.#rows);
  }

  get bytes(): number {
    return this.#rows.calculatedSize;
  }

  /** Undefined when it has to be read. */
  get({ text, entity, key }: RowPlace): CachedRow | undefined {
    const id = entityId(entity, key);
    const found = this.#rows.get(`${text}\n${id}`);
    if (found !== undefined && this.#versions.isEntityCurrent(id, found.since)) {
      this.#meter.hits++;
      return found.row;
    }
    this.#meter.misses++;
    return undefined;
  }

  /** @param since the version of the lake before the row was read */
  set({ text, entity, key }: RowPlace, row: CachedRow, since: number): void {
    this.#rows.set(`${text}\n${entityId(entity, key)}`, { row, since });
  }
}

/** About: what V8 takes for an entry, and for values of each kind. */
function bytesOf(row: CachedRow, id: string): number {
  let bytes = 200 + id.length * 2;
  for (const value of row ?? []) bytes += 16 + bytesOfValue(value);
  return bytes;
}

function bytesOfValue(value: unknown): number {
  if (typeof value === 'string') return 2 * value.length;
  if (typeof value !== 'object' || value === null) return 8;
  if ('items' in value && Array.isArray(value.items))
    return value.items.reduce((sum: number, item) => sum + 16 + bytesOfValue(item), 48);
  return 64;
}
