/** As much of an `LRUCache` as tells how full it is. */
interface SizedCache {
  readonly size: number;
  readonly calculatedSize: number;
}

/** What was counted of a cache. It outlives the cache itself: a graph that takes over begins with an empty one. */
export class CacheMeter {
  hits = 0;
  misses = 0;
  /** Entries that made room for others. */
  evictions = 0;
  #cache: SizedCache = { size: 0, calculatedSize: 0 };

  get bytes(): number {
    return this.#cache.calculatedSize;
  }

  get entries(): number {
    return this.#cache.size;
  }

  /** To be called by the cache that is in use from now on. */
  follow(cache: SizedCache): void {
    this.#cache = cache;
  }

  /** What an `LRUCache` calls of entries that go. */
  readonly dispose = (_value: unknown, _key: unknown, reason: string): void => {
    if (reason === 'evict') this.evictions++;
  };
}
