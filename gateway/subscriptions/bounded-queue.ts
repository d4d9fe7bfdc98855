interface QueueOptions {
  readonly limit: number;
  /** Called when so much waits that the sender has to pause. */
  readonly onFull: () => void;
  /** Called when there is room again. */
  readonly onRoom: () => void;
}

/** Lets a reader take, at its own pace, what a sender pushes that can be told to pause. */
export class BoundedQueue<Item> implements AsyncIterable<Item> {
  readonly #options: QueueOptions;
  readonly #items: Item[] = [];
  #isFull = false;
  #hasEnded = false;
  #wake: () => void = () => undefined;

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#items.length;
  }

  push(item: Item): void {
    if (this.#hasEnded) return;
    this.#items.push(item);
    if (!this.#isFull && this.#items.length >= this.#options.limit) {
      this.#isFull = true;
      this.#options.onFull();
    }
    this.#wake();
  }

  /** What waits is still read; nothing is taken any more. */
  end(): void {
    this.#hasEnded = true;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Item> {
    for (;;) {
      const item = this.#items.shift();
      if (this.#isFull && this.#items.length <= this.#options.limit / 2) {
        this.#isFull = false;
        this.#options.onRoom();
      }
      if (item !== undefined) {
        yield item;
      } else if (this.#hasEnded) {
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}
