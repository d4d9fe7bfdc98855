/** The documents that clients have sent together with their hash, the most recently used of them. */
export class AutomaticDocuments {
  readonly #limitBytes: number;
  readonly #texts = new Map<string, string>();
  #sizeBytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  get(hash: string): string | undefined {
    const text = this.#texts.get(hash);
    if (text === undefined) return undefined;
    // A Map keeps the order of insertion, so that the first one is the one that was not used for the longest time.
    this.#texts.delete(hash);
    this.#texts.set(hash, text);
    return text;
  }

  /** @param hash of the text, which was checked */
  add(hash: string, text: string): void {
    if (this.#texts.has(hash) || sizeOf(text) > this.#limitBytes) return;
    this.#texts.set(hash, text);
    this.#sizeBytes += sizeOf(text);
    for (const [oldest, dropped] of this.#texts) {
      if (this.#sizeBytes <= this.#limitBytes) return;
      this.#sizeBytes -= sizeOf(dropped);
      this.#texts.delete(oldest);
    }
  }
}

/** What an entry takes at most: two bytes a character, its hash, and its place in the map. */
function sizeOf(text: string): number {
  return text.length * 2 + 256;
}
