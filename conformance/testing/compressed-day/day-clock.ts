import type { HttpSend } from '../../../foundation/http-send.ts';
import type { Scheduler } from '../../../foundation/scheduler.ts';
import { ManualTime } from '../../../foundation/testing/manual-time.ts';
import type { Lake } from '../../../lake/engine.ts';

/** The looks of a schedule that has nothing to do, once a minute: what is due is found at any later one. */
const idleLookMs = 60_000;
const longestStepMs = 10 * 60_000;

/**
 * Virtual time beside real files, sockets and a real lake. Time goes on only while none of them is at work, so that
 * nothing takes longer than it may because the machine is busy.
 */
export class DayClock {
  readonly time: ManualTime;
  /** When something other than an idle look is to happen. */
  readonly #appointments = new Set<{ readonly atMs: number }>();
  #atWork = 0;

  constructor(start: string) {
    this.time = new ManualTime(start);
  }

  get now(): Date {
    return this.time.now();
  }

  /** Parts for services that end with `kill` as if their process did: nothing happens in them any more. */
  openLife(lake: Lake, send: HttpSend): Life {
    let isDead = false;
    const never = new Promise<never>(() => undefined);
    return {
      lake: this.#watched(lake),
      send: (request) => (isDead ? never : this.#during(() => send(request))),
      scheduler: {
        after: (delayMs, work) =>
          this.#after(delayMs, () => {
            if (!isDead) work();
          }),
      },
      kill: () => {
        isDead = true;
        this.#appointments.clear();
      },
    };
  }

  /** Until a time of the day, `HH:MM` in UTC, which is the next one of that name. */
  async until(clock: string): Promise<void> {
    const [hours = 0, minutes = 0] = clock.split(':').map(Number);
    const end = new Date(this.now);
    end.setUTCHours(hours, minutes, 0, 0);
    if (end <= this.now) end.setUTCDate(end.getUTCDate() + 1);
    for (;;) {
      await this.rest();
      const leftMs = end.getTime() - this.now.getTime();
      if (leftMs === 0) return;
      await this.time.advance(Math.min(leftMs, longestStepMs, this.#untilNextMs()));
    }
  }

  /** Does something that needs time to go on a little. */
  async whileTimeGoesOn<Result>(work: Promise<Result>): Promise<Result> {
    let isOver = false;
    void work.catch(() => undefined).finally(() => (isOver = true));
    for (;;) {
      await this.rest();
      if (isOver) return work;
      await this.time.advance(Math.min(1_000, this.#untilNextMs()));
    }
  }

  /** Until nothing is at work but time. */
  async rest(): Promise<void> {
    for (let quiet = 0; quiet < 3; quiet++) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      if (this.#atWork > 0) quiet = -1;
    }
  }

  #untilNextMs(): number {
    const nowMs = this.now.getTime();
    const soonest = Math.min(...[...this.#appointments].map(({ atMs }) => atMs));
    return Math.max(1, soonest - nowMs);
  }

  #after(delayMs: number, work: () => void): () => void {
    const appointment = { atMs: this.now.getTime() + Math.max(0, delayMs) };
    if (delayMs !== idleLookMs) this.#appointments.add(appointment);
    const cancel = this.time.after(delayMs, () => {
      this.#appointments.delete(appointment);
      work();
    });
    return () => {
      this.#appointments.delete(appointment);
      cancel();
    };
  }

  async #during<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#atWork += 1;
    try {
      return await work();
    } finally {
      this.#atWork -= 1;
    }
  }

  /** The same lake; what it is asked counts as work. */
  #watched(lake: Lake): Lake {
    return new Proxy(lake, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        return (...values: readonly unknown[]): unknown => {
          const result: unknown = Reflect.apply(member, target, values);
          return result instanceof Promise ? this.#during(() => result) : result;
        };
      },
    });
  }
}

/** What services of one process are given. */
export interface Life {
  readonly lake: Lake;
  readonly send: HttpSend;
  readonly scheduler: Scheduler;
  readonly kill: () => void;
}
