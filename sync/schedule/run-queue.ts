interface Waiting {
  readonly key: string;
  readonly begin: () => void;
}

/** Work that waits in line: so much at once, and for one key never two pieces. */
export class RunQueue {
  readonly #parallelism: number;
  readonly #waiting = new Set<Waiting>();
  readonly #active = new Set<string>();
  readonly #running = new Set<Promise<unknown>>();

  constructor(parallelism: number) {
    this.#parallelism = parallelism;
  }

  /** Whether something with this key waits or runs. */
  has(key: string): boolean {
    return this.#active.has(key) || [...this.#waiting].some((waiting) => waiting.key === key);
  }

  /** Does the work when its turn has come; gives what comes of it. */
  run<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const turn = new Promise<void>((resolve) => this.#waiting.add({ key, begin: resolve }));
    const result = turn.then(work).finally(() => {
      this.#active.delete(key);
      this.#serve();
    });
    const settled = result.catch(() => undefined).finally(() => this.#running.delete(settled));
    this.#running.add(settled);
    this.#serve();
    return result;
  }

  /** Waits for all that was begun or waits. */
  async settle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  #serve(): void {
    for (const waiting of this.#waiting) {
      if (this.#active.size >= this.#parallelism) return;
      if (this.#active.has(waiting.key)) continue;
      this.#waiting.delete(waiting);
      this.#active.add(waiting.key);
      waiting.begin();
    }
  }
}
