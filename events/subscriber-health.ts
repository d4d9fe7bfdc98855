import type { DeliveryAnswer } from './attempt-delivery.ts';
import type { EventSettings } from './event-settings.ts';

/** What is remembered of an event's failures. */
export interface FailedEvent {
  failures: number;
  refusals: number;
  acceptedBefore: number | undefined;
}

export type FailedAnswer = Exclude<
  DeliveryAnswer,
  { readonly kind: 'accepted' | 'vetoed' | 'gone' }
>;

/**
 * Tells a poisoned event from a subscriber that is down.
 *
 * - Something was accepted: the subscriber is up. So an event that failed `maxAttempts` times while others were
 *   accepted is to blame itself, and becomes a dead letter; one that was answered with a 4xx after `maxRefusals` times.
 * - `failingAfter` attempts in a row failed, whichever events they were of: nothing gets through, and the subscriber is
 *   failing. From then on one event at a time probes it, each time another one where there are several, and no failure
 *   speaks against an event. The first acceptance ends that.
 * - A 4xx says something of the event, but a subscriber that was installed at the wrong path says it of all events. So
 *   without anything accepted one event may be blamed, and only while no other fails.
 * - An answer of 429 or 503 with Retry-After says nothing of the event.
 */
export class SubscriberHealth {
  readonly #settings: EventSettings;
  readonly #failedSinceAccepted = new Set<FailedEvent>();
  #accepted = 0;
  #inARow = 0;
  #blamedSinceAccepted = 0;
  #failingSince: Date | null;

  constructor(settings: EventSettings, failingSince: Date | null) {
    this.#settings = settings;
    this.#failingSince = failingSince;
  }

  /** Since when nothing gets through; null while something does. */
  get failingSince(): Date | null {
    return this.#failingSince;
  }

  /** An event was taken. Gives whether that ends a time of failing. */
  accept(): boolean {
    const wasFailing = this.#failingSince !== null;
    this.#accepted++;
    this.#inARow = 0;
    this.#blamedSinceAccepted = 0;
    this.#failedSinceAccepted.clear();
    this.#failingSince = null;
    return wasFailing;
  }

  /** An attempt failed. Gives what is to become of the event. */
  fail(event: FailedEvent, { kind }: FailedAnswer, now: Date): 'retry' | 'bury' {
    event.acceptedBefore ??= this.#accepted;
    this.#failedSinceAccepted.add(event);
    this.#inARow++;
    if (this.#failingSince === null) {
      if (kind !== 'busy') event.failures++;
      if (kind === 'refused') event.refusals++;
    }
    if (this.#isToBlame(event, kind)) {
      this.#failedSinceAccepted.delete(event);
      this.#inARow = 0;
      this.#blamedSinceAccepted++;
      return 'bury';
    }
    if (this.#inARow >= this.#settings.failingAfter) this.#failingSince ??= now;
    return 'retry';
  }

  /** Begins anew, as after a pause. */
  forget(): void {
    this.#inARow = 0;
    this.#failingSince = null;
    this.#failedSinceAccepted.clear();
  }

  #isToBlame(event: FailedEvent, kind: FailedAnswer['kind']): boolean {
    const { maxAttempts, maxRefusals } = this.#settings;
    const isRefused = kind === 'refused' && event.refusals >= maxRefusals;
    const othersArrive = this.#accepted > (event.acceptedBefore ?? 0);
    if (othersArrive) return isRefused || event.failures >= maxAttempts;
    const isAlone = this.#failedSinceAccepted.size === 1 && this.#blamedSinceAccepted === 0;
    return isRefused && isAlone;
  }
}
