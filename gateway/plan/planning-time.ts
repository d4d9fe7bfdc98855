import { systemClock, type Clock } from '../../foundation/clock.ts';

/** A plan takes some milliseconds, of a very large supergraph some hundred. */
const ownMs = 1_000;

/** Nobody else is answered meanwhile. */
export const longestPlanningMs = 3_000;

const mostReserveMs = 2 * (longestPlanningMs - ownMs);

/** A tenth of one core, in the long run. */
const refillPerMs = 0.1;

/**
 * How long a question may be planned. Each has a second of its own, and what takes longer has to find the rest in a
 * reserve that all of them share: so a deep question is planned, and many of them do not hold up everybody else.
 */
export class PlanningTime {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  #reserveMs = mostReserveMs;
  #refilledMs: number;

  constructor(clock: Pick<Clock, 'monotonicMs'> = systemClock) {
    this.#clock = clock;
    this.#refilledMs = clock.monotonicMs();
  }

  /** What is left for the next plan, whole milliseconds. */
  left(): number {
    const nowMs = this.#clock.monotonicMs();
    const refilled = this.#reserveMs + (nowMs - this.#refilledMs) * refillPerMs;
    this.#reserveMs = Math.min(mostReserveMs, refilled);
    this.#refilledMs = nowMs;
    return Math.min(longestPlanningMs, Math.floor(ownMs + this.#reserveMs));
  }

  spend(planningMs: number): void {
    this.#reserveMs = Math.max(0, this.#reserveMs - Math.max(0, planningMs - ownMs));
  }
}
