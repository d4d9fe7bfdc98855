import type { Clock } from '../../foundation/clock.ts';

/** A clock that stands until it is set. */
export class ManualClock implements Clock {
  #nowMs = Date.parse('2026-11-28T12:00:00Z');

  now(): Date {
    return new Date(this.#nowMs);
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  advance(ms: number): void {
    this.#nowMs += ms;
  }
}
