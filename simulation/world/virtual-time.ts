import type { Clock } from '../../foundation/clock.ts';
import type { Scheduler } from '../../foundation/scheduler.ts';

interface Appointment {
  readonly atMs: number;
  readonly place: number;
  readonly work: () => void;
}

/** The scheduler of something that may die: then nothing that it had planned happens any more. */
export interface Lifetime extends Scheduler {
  readonly isOver: boolean;
  end(): void;
}

/** Time that goes on only when the world lets the next thing happen. The wall clock may jump, as real ones do. */
export class VirtualTime implements Clock, Scheduler {
  #elapsedMs = 0;
  #startMs = Date.parse('2026-11-28T12:00:00Z');
  #places = 0;
  readonly #appointments = new Set<Appointment>();

  now(): Date {
    return new Date(this.#startMs + this.#elapsedMs);
  }

  monotonicMs(): number {
    return this.#elapsedMs;
  }

  /** Sets the wall clock forwards or back; what is planned is not moved by that. */
  setWall(byMs: number): void {
    this.#startMs += byMs;
  }

  after(delayMs: number, work: () => void): () => void {
    const atMs = this.#elapsedMs + Math.max(0, delayMs);
    const appointment: Appointment = { atMs, place: this.#places++, work };
    this.#appointments.add(appointment);
    return () => this.#appointments.delete(appointment);
  }

  lifetime(): Lifetime {
    const open = new Set<() => void>();
    let isOver = false;
    return {
      get isOver() {
        return isOver;
      },
      after: (delayMs, work) => {
        if (isOver) return () => undefined;
        const cancel = this.after(delayMs, () => {
          open.delete(cancel);
          work();
        });
        open.add(cancel);
        return () => {
          open.delete(cancel);
          cancel();
        };
      },
      end: () => {
        isOver = true;
        for (const cancel of open) cancel();
      },
    };
  }

  /** How long until the next thing happens; undefined when nothing is planned. */
  get nextInMs(): number | undefined {
    const next = this.#next();
    return next && Math.max(0, next.atMs - this.#elapsedMs);
  }

  /** Lets the next thing happen, at its time. Gives false when nothing is planned. */
  step(): boolean {
    const next = this.#next();
    if (next === undefined) return false;
    this.#appointments.delete(next);
    this.#elapsedMs = Math.max(this.#elapsedMs, next.atMs);
    next.work();
    return true;
  }

  #next(): Appointment | undefined {
    let first: Appointment | undefined;
    for (const one of this.#appointments)
      if (
        first === undefined ||
        one.atMs < first.atMs ||
        (one.atMs === first.atMs && one.place < first.place)
      )
        first = one;
    return first;
  }
}
