/** Each kind of row draws from a stream of its own, so that a change to one domain leaves the others' data alone. */
export type Stream = keyof typeof streams;

const streams = { identity: 1, sales: 2, support: 3, billing: 4, invoices: 5 } as const;

/** Calls after which every bit of the starting state has reached every bit of the output. */
const warmUpCalls = 12;

/**
 * Random numbers that depend on nothing but the seed, the customer and the stream.
 *
 * The generator is sfc32 (Doty-Humphrey's "small fast counting", 128 bits of state, period at least 2^32). Seed,
 * customer and stream are its starting state as they are, so no two customers can share a sequence. Only 32-bit
 * integers and exact multiplications are used: the numbers are the same on every platform.
 */
export class Random {
  readonly #seed: number;
  #a = 0;
  #b = 0;
  #c = 0;
  #counter = 0;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** Goes to the start of a customer's stream. */
  seek(customer: number, stream: Stream): void {
    this.#a = this.#seed | 0;
    this.#b = customer | 0;
    this.#c = streams[stream];
    this.#counter = 1;
    for (let call = 0; call < warmUpCalls; call++) this.#next();
  }

  /** A whole number from 0 to `limit` - 1, all equally likely; `limit` is at most 2^32. */
  below(limit: number): number {
    return Math.floor((this.#next() / 0x1_0000_0000) * limit);
  }

  /** True once in `count` times. */
  oneIn(count: number): boolean {
    return this.below(count) === 0;
  }

  pick<Item>(items: readonly [Item, ...Item[]]): Item {
    return items[this.below(items.length)] ?? items[0];
  }

  #next(): number {
    const output = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + output) | 0;
    return output >>> 0;
  }
}

/** Repeats each item as often as its weight says, so that `pick` finds it that often. */
export function weighted<Item>(
  ...weights: readonly (readonly [item: Item, weight: number])[]
): readonly [Item, ...Item[]] {
  const [first, ...rest] = weights.flatMap(([item, weight]) =>
    Array.from({ length: weight }, () => item),
  );
  if (first === undefined) throw new RangeError('A weighted choice needs an item with a weight.');
  return [first, ...rest];
}
