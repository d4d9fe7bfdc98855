import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../clock.ts';
import type { Scheduler } from '../scheduler.ts';

interface Appointment {
  readonly atMs: number;
  readonly place: number;
  readonly work: () => void;
}

/** Time that stands still until a test lets it go on: a clock and a scheduler that agree with each other. */
export class ManualTime implements Clock, Scheduler {
  #nowMs: number;
  #places = 0;
  readonly #startMs: number;
  readonly #appointments = new Set<Appointment>();

  constructor(start: Date | string = '2026-11-28T12:00:00Z') {
    this.#startMs = new Date(start).getTime();
    this.#nowMs = this.#startMs;
  }

  now(): Date {
    return new Date(this.#nowMs);
  }

  monotonicMs(): number {
    return this.#nowMs - this.#startMs;
  }

  after(delayMs: number, work: () => void): () => void {
    const atMs = this.#nowMs + Math.max(0, delayMs);
    const appointment: Appointment = { atMs, place: this.#places++, work };
    this.#appointments.add(appointment);
    return () => this.#appointments.delete(appointment);
  }

  /** How much is still to happen. */
  get waiting(): number {
    return this.#appointments.size;
  }

  /**
   * Lets time go on, and does everything that was to happen until then, in order, each at its own time. What that
   * sets off gets a turn of the event loop between two appointments; files and sockets may need more: see `until`.
   */
  async advance(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    for (let next = this.#next(endMs); next !== undefined; next = this.#next(endMs)) {
      this.#appointments.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.work();
      await setImmediate();
    }
    this.#nowMs = endMs;
    await setImmediate();
  }

  /**
   * Lets time go on a step at a time until something is true, with real turns for files and sockets in between.
   * @throws when it is not true after half a minute of real time
   */
  async until(isTrue: () => boolean | Promise<boolean>, stepMs = 50): Promise<void> {
    const deadline = performance.now() + 30_000;
    while (!(await isTrue())) {
      if (performance.now() > deadline) throw new Error(`Never was it true that ${String(isTrue)}`);
      await this.advance(stepMs);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  #next(endMs: number): Appointment | undefined {
    let first: Appointment | undefined;
    for (const appointment of this.#appointments) {
      if (appointment.atMs > endMs) continue;
      if (first === undefined || isBefore(appointment, first)) first = appointment;
    }
    return first;
  }
}

function isBefore(one: Appointment, other: Appointment): boolean {
  return one.atMs === other.atMs ? one.place < other.place : one.atMs < other.atMs;
}
