/** Repetitions that are saved up at the most, so that a long quiet time allows no storm. */
const mostSaved = 50;
const savedAtStart = 10;

/** Lets repetitions be a share of all requests, so that a subgraph that is down is not asked twice as much. */
export class RetryBudget {
  readonly #perRequest: number;
  #saved: number;

  constructor(percent: number) {
    this.#perRequest = percent / 100;
    this.#saved = percent === 0 ? 0 : savedAtStart;
  }

  /** To be called for every request that is no repetition. */
  earn(): void {
    this.#saved = Math.min(mostSaved, this.#saved + this.#perRequest);
  }

  /** True when there may be a repetition, which is taken off then. */
  spend(): boolean {
    if (this.#saved < 1) return false;
    this.#saved--;
    return true;
  }
}
