import { LRUCache } from 'lru-cache';

/** The documents that clients have sent together with their hash, the most recently used of them. */
export class AutomaticDocuments {
  readonly #texts: LRUCache<string, string>;

  constructor(limitBytes: number) {
    this.#texts = new LRUCache({ maxSize: limitBytes, sizeCalculation: sizeOf });
  }

  get sizeBytes(): number {
    return this.#texts.calculatedSize;
  }

  get(hash: string): string | undefined {
    return this.#texts.get(hash);
  }

  /** @param hash of the text, which was checked */
  add(hash: string, text: string): void {
    if (!this.#texts.has(hash)) this.#texts.set(hash, text);
  }
}

/** What an entry takes at most: two bytes a character, its hash, and its place in the map. */
function sizeOf(text: string): number {
  return text.length * 2 + 256;
}
