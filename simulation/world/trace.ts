import { VirtualTime } from './virtual-time.ts';

/** What happened, line by line: the same text for the same seed. */
export class Trace {
  readonly #time: VirtualTime;
  readonly #lines: string[] = [];

  constructor(time: VirtualTime) {
    this.#time = time;
  }

  get lines(): readonly string[] {
    return this.#lines;
  }

  add(who: string, what: string): void {
    const seconds = (this.#time.monotonicMs() / 1_000).toFixed(3).padStart(10);
    this.#lines.push(`${seconds} ${who.padEnd(10)} ${what}`);
  }
}
