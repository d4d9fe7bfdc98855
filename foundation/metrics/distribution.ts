/** Upper bounds of requests and fetches, in seconds: those that OpenTelemetry advises for HTTP, and shorter ones. */
export const requestSeconds = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
] as const;

/** Upper bounds of numbers that double, such as of requests that share a statement. */
export const powersOfTwo = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024] as const;

/**
 * How often values of each size came: the numbers behind a histogram of Prometheus. Where every request counts,
 * nothing is made and nothing is looked up by name; whoever asks for the histogram reads it here.
 */
export class Distribution {
  readonly bounds: readonly number[];
  /** For each bound the values up to it and above the one before; at the end those above all bounds. */
  readonly counts: Float64Array;
  #sum = 0;

  /** @param bounds ascending */
  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.counts = new Float64Array(bounds.length + 1);
  }

  get sum(): number {
    return this.#sum;
  }

  get count(): number {
    return this.counts.reduce((total, count) => total + count, 0);
  }

  add(value: number): void {
    const { bounds, counts } = this;
    let place = 0;
    while (place < bounds.length && value > (bounds[place] ?? 0)) place++;
    counts[place] = (counts[place] ?? 0) + 1;
    this.#sum += value;
  }
}
