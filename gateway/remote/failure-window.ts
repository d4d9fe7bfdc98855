const bucketCount = 10;

/** How many requests of the last time failed, kept as ten counts that are forgotten one after the other. */
export class FailureWindow {
  readonly #bucketMs: number;
  readonly #requests = new Uint32Array(bucketCount);
  readonly #failures = new Uint32Array(bucketCount);
  /** Number of the bucket that is written to, counted from the beginning of time. */
  #current = 0;

  constructor(windowMs: number) {
    this.#bucketMs = Math.max(1, windowMs / bucketCount);
  }

  add(isFailure: boolean, nowMs: number): void {
    this.#forget(nowMs);
    const index = this.#current % bucketCount;
    this.#requests[index] = (this.#requests[index] ?? 0) + 1;
    if (isFailure) this.#failures[index] = (this.#failures[index] ?? 0) + 1;
  }

  /** Share from 0 to 100; 0 while there are fewer requests than it takes to judge. */
  failurePercent(leastRequests: number, nowMs: number): number {
    this.#forget(nowMs);
    const requests = sum(this.#requests);
    return requests < leastRequests ? 0 : (100 * sum(this.#failures)) / requests;
  }

  clear(): void {
    this.#requests.fill(0);
    this.#failures.fill(0);
  }

  #forget(nowMs: number): void {
    const now = Math.floor(nowMs / this.#bucketMs);
    const passed = Math.min(now - this.#current, bucketCount);
    for (let step = 0; step < passed; step++) {
      const index = (now - step) % bucketCount;
      this.#requests[index] = 0;
      this.#failures[index] = 0;
    }
    this.#current = now;
  }
}

function sum(counts: Uint32Array): number {
  return counts.reduce((total, count) => total + count, 0);
}
