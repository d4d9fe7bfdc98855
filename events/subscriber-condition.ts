import type { Clock } from '../foundation/clock.ts';
import type { Log } from '../foundation/log.ts';
import { DeliveryPace } from './delivery-pace.ts';
import type { SubscriberState } from './event-service.ts';
import type { EventSettings } from './event-settings.ts';
import { SubscriberHealth, type FailedAnswer, type FailedEvent } from './subscriber-health.ts';
import type { DeliveryProgress } from './subscriber-record.ts';

export interface ConditionOptions {
  readonly settings: EventSettings;
  readonly clock: Clock;
  readonly log: Log;
  /** From 0 up to 1, the same for the same key. */
  readonly random: (key: string) => number;
  /** There is progress to be written down. */
  readonly onProgress: () => void;
}

/** Whether a subscriber may be sent to now, by what its owner said and what came of the attempts so far. */
export class SubscriberCondition {
  readonly #id: string;
  readonly #options: ConditionOptions;
  readonly #health: SubscriberHealth;
  readonly #pace: DeliveryPace;
  #state: SubscriberState;
  #lastDeliveryAt: Date | null;
  #lastError: string | null;

  constructor(id: string, progress: DeliveryProgress, options: ConditionOptions) {
    this.#id = id;
    this.#options = options;
    this.#state = progress.state;
    this.#lastDeliveryAt = progress.lastDeliveryAt;
    this.#lastError = progress.lastError;
    this.#health = new SubscriberHealth(options.settings, progress.failingSince);
    this.#pace = new DeliveryPace(options.settings);
  }

  get progress(): Pick<
    DeliveryProgress,
    'state' | 'lastDeliveryAt' | 'lastError' | 'failingSince'
  > {
    return {
      state: this.#state,
      lastDeliveryAt: this.#lastDeliveryAt,
      lastError: this.#lastError,
      failingSince: this.isFailing ? this.#health.failingSince : null,
    };
  }

  /** Nothing gets through to it: one event at a time probes it. */
  get isFailing(): boolean {
    return this.#state === 'FAILING';
  }

  /** Nothing is sent to it until somebody resumes it. */
  get isResting(): boolean {
    return this.#state === 'PAUSED' || this.#state === 'GONE';
  }

  get mostAtOnce(): number {
    return this.#pace.mostAtOnce(this.isFailing);
  }

  /** It may be sent to from then on. */
  get fromMs(): number {
    return this.#pace.fromMs(this.isFailing);
  }

  pause(): void {
    this.#state = 'PAUSED';
    this.#options.onProgress();
  }

  resume(): void {
    this.#state = 'ACTIVE';
    this.#lastError = null;
    this.#health.forget();
    this.#pace.forget();
    this.#options.onProgress();
  }

  /** It wants no events any more. */
  leave(): void {
    this.#state = 'GONE';
    this.#lastError = 'It answered with status 410, so it wants no events any more.';
    this.#options.onProgress();
  }

  /** It took an event. Gives whether that ends a time of failing. */
  accept(): boolean {
    this.#lastDeliveryAt = this.#options.clock.now();
    const isBack = this.#health.accept();
    if (isBack) this.#pace.speedUp();
    if (this.isFailing) {
      this.#state = 'ACTIVE';
      this.#lastError = null;
    }
    return isBack;
  }

  /**
   * An attempt failed. Gives what is to become of the event.
   *
   * @param event words for a person: which one
   */
  fail(entry: FailedEvent, answer: FailedAnswer, event: string): 'retry' | 'bury' {
    this.#lastError = `${event}: ${answer.error}`;
    this.#options.onProgress();
    return this.#health.fail(entry, answer, this.#options.clock.now());
  }

  /** As a Retry-After asked for. */
  hold(untilMs: number): void {
    this.#pace.hold(untilMs);
  }

  /** To be told after a failure; where nothing gets through, the next attempt is later, and one day there is none. */
  slowDown(wasProbe: boolean): void {
    const { settings, random, clock, log } = this.#options;
    const { failingSince } = this.#health;
    if (failingSince === null) return;
    const begins = this.#state === 'ACTIVE';
    if (begins) {
      this.#state = 'FAILING';
      const told = { subscriber: this.#id, error: this.#lastError };
      log.warn(told, 'nothing gets through to a subscriber');
    }
    if (!this.isFailing) return;
    if (begins || wasProbe)
      this.#pace.slowDown(clock.monotonicMs(), (probe) =>
        random(`probe:${this.#id}:${failingSince.getTime()}:${probe}`),
      );
    if (clock.now().getTime() - failingSince.getTime() < settings.giveUpAfterMs) return;
    this.#state = 'PAUSED';
    this.#lastError = `Nothing got through since ${failingSince.toISOString()}, so it is tried no more. The last error: ${this.#lastError ?? ''}`;
    const told = { subscriber: this.#id };
    log.error(told, 'a subscriber was paused, since nothing gets through to it');
  }
}
