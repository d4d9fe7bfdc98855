import type { EventSettings } from './event-settings.ts';
import { retryDelayMs } from './retry-delay.ts';

/** When a subscriber may be sent to: not before its Retry-After is over, and while it is failing only now and then. */
export class DeliveryPace {
  readonly #settings: EventSettings;
  #holdUntilMs = 0;
  #probes = 0;
  #probeAtMs = 0;

  constructor(settings: EventSettings) {
    this.#settings = settings;
  }

  /** The subscriber may be sent to from then on. */
  fromMs(isFailing: boolean): number {
    return isFailing ? Math.max(this.#probeAtMs, this.#holdUntilMs) : this.#holdUntilMs;
  }

  /** So many deliveries may be under way. */
  mostAtOnce(isFailing: boolean): number {
    return isFailing ? 1 : this.#settings.maxInFlight;
  }

  /** As a Retry-After asked for. */
  hold(untilMs: number): void {
    this.#holdUntilMs = Math.max(this.#holdUntilMs, untilMs);
  }

  /** Nothing gets through: the next probe is later than the one before. `random` is given the number of the probe. */
  slowDown(nowMs: number, random: (probe: number) => number): void {
    this.#probes++;
    const delayMs = retryDelayMs(this.#probes, random(this.#probes), this.#settings);
    this.#probeAtMs = nowMs + delayMs;
  }

  /** Something got through. */
  speedUp(): void {
    this.#probes = 0;
    this.#probeAtMs = 0;
  }

  /** Somebody says that it may be sent to right now. */
  forget(): void {
    this.speedUp();
    this.#holdUntilMs = 0;
  }
}
