import type { Change } from '../ledger/change.ts';
import { attemptDelivery, type AttemptContext, type DeliveryAnswer } from './attempt-delivery.ts';
import { buryEvent } from './bury-event.ts';
import { DeliveryBacklog, type BacklogOptions } from './delivery-backlog.ts';
import type { EventItem, Place } from './delivery-source.ts';
import type { DeliveryWindow, Entry } from './delivery-window.ts';
import { isChosen, isWanted } from './is-wanted.ts';
import { retryDelayMs } from './retry-delay.ts';
import type { Sagas, Standing } from './sagas.ts';
import { SubscriberCondition, type ConditionOptions } from './subscriber-condition.ts';
import type { FailedAnswer } from './subscriber-health.ts';
import type { SubscriberChoices, SubscriberRecord } from './subscriber-record.ts';

export interface DispatcherOptions extends AttemptContext, BacklogOptions, ConditionOptions {
  readonly sagas: Sagas;
}

/** Since the program was started; dead letters are those that there are. */
export interface DeliveryCounts {
  readonly delivered: number;
  readonly failed: number;
  readonly deadLetters: number;
}

type Window = DeliveryWindow<Place, EventItem>;
type WindowEntry = Entry<Place, EventItem>;

/**
 * Delivers events to one subscriber: at least once, and those of one entity in their order.
 *
 * - `DeliveryBacklog` reads a window ahead of what is done; `DeliveryWindow` says which of its events may be sent side
 *   by side.
 * - What failed is tried again, later each time. `SubscriberCondition` says when an event is given up as a dead letter,
 *   and when it is the subscriber that is down: then one event at a time is sent, and none is given up.
 * - Everything that happens ends in `#pump`, which begins whatever may be begun, and sets one timer for what may be
 *   begun later. It never waits, so there is no lock: what a pause or a replay changes holds from the next line on.
 * - An event is done when it was accepted, vetoed, buried as a dead letter, or passed over. `Deliveries` writes down how
 *   far everything is done; after a crash, what was done beyond that is sent again.
 */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #backlog: DeliveryBacklog;
  readonly #condition: SubscriberCondition;
  readonly #inFlight = new Set<AbortController>();
  readonly #counts = { delivered: 0, failed: 0, deadLetters: 0 };
  #record: SubscriberRecord;
  #isRunning = false;
  #endTimer: (() => void) | undefined;
  #onIdle: (() => void) | undefined;

  /** @param isNew nothing was ever sent to it */
  constructor(record: SubscriberRecord, isNew: boolean, options: DispatcherOptions) {
    this.#options = options;
    this.#record = record;
    this.#backlog = new DeliveryBacklog(() => this.#record, isNew, options);
    this.#condition = new SubscriberCondition(record.id, record.progress, options);
  }

  /** The subscriber as it is at this moment. */
  get record(): SubscriberRecord {
    const progress = { ...this.#backlog.progress, ...this.#condition.progress };
    return { ...this.#record, progress };
  }

  get counts(): DeliveryCounts {
    return this.#counts;
  }

  get backlog(): Pick<DeliveryBacklog, 'size' | 'lagSeconds'> {
    return this.#backlog;
  }

  countDeadLetters(more: number): void {
    this.#counts.deadLetters = Math.max(0, this.#counts.deadLetters + more);
  }

  /** What the subscriber knows of a change of an identity. */
  standingOf(change: Change): Standing {
    const { id, name } = this.#record;
    return { id, name, knows: this.#backlog.knows(change) };
  }

  start(): void {
    this.#isRunning = true;
    this.#pump();
  }

  /** Something may have come. */
  wake(): void {
    this.#pump();
  }

  /** Begins nothing more; resolves when nothing is under way. When the signal aborts, what is under way is called off. */
  async stop(signal: AbortSignal): Promise<void> {
    this.#isRunning = false;
    this.#endTimer?.();
    if (this.#inFlight.size === 0) return;
    const idle = new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
    if (signal.aborted) this.#callOff();
    else signal.addEventListener('abort', () => this.#callOff(), { once: true });
    await idle;
  }

  /** From the next attempt on. */
  choose(choices: SubscriberChoices): void {
    this.#record = { ...this.#record, ...choices };
    this.#pump();
  }

  /** What is under way ends as it ends. */
  pause(): void {
    this.#condition.pause();
  }

  resume(): void {
    this.#backlog.window.hurry(this.#nowMs());
    this.#condition.resume();
    this.#pump();
  }

  /** Sends everything behind this place again. What is under way is called off, and what comes of it ignored. */
  replay(after: number): void {
    this.#backlog.jump(after);
    this.#callOff();
    this.#options.onProgress();
    this.#pump();
  }

  /** Ends at once, whatever is under way. */
  discard(): void {
    this.#isRunning = false;
    this.#endTimer?.();
    this.#callOff();
  }

  #pump(): void {
    if (!this.#isRunning || this.#condition.isResting) return;
    this.#backlog.readMore(() => {
      this.#options.onProgress();
      this.#pump();
    });
    while (this.#mayBegin()) {
      const { window } = this.#backlog;
      const isProbe = this.#condition.isFailing;
      const entry = isProbe ? window.takeProbe() : window.take(this.#nowMs());
      if (entry === undefined) break;
      this.#begin(entry, window, isProbe);
    }
    this.#setTimer();
  }

  #mayBegin(): boolean {
    const { mostAtOnce, fromMs } = this.#condition;
    return this.#inFlight.size < mostAtOnce && this.#nowMs() >= fromMs;
  }

  #begin(entry: WindowEntry, window: Window, isProbe: boolean): void {
    const verdict = this.#verdictOn(entry.item);
    if (verdict === 'send') void this.#deliver(entry, window, isProbe);
    else if (verdict === 'skip') this.#finish(entry, window);
    else void this.#beginAfter(verdict, entry, window);
  }

  #verdictOn({ change, entity, event }: EventItem): 'send' | 'skip' | Promise<void> {
    if (change === undefined) return isChosen(entity, event.type, this.#record) ? 'send' : 'skip';
    if (!isWanted(change, this.#record, this.#options.model())) return 'skip';
    return this.#options.sagas.verdictOn(change, this.#record.id);
  }

  async #beginAfter(verdict: Promise<void>, entry: WindowEntry, window: Window): Promise<void> {
    window.hold(entry);
    await verdict;
    window.release(entry);
    this.#pump();
  }

  async #deliver(entry: WindowEntry, window: Window, isProbe: boolean): Promise<void> {
    const controller = new AbortController();
    this.#inFlight.add(controller);
    entry.attempts++;
    entry.isSent = true;
    const { event } = entry.item;
    const answer = await attemptDelivery(event, this.#record, this.#options, controller.signal);
    // After a replay it is another window, and nobody asks what became of this one.
    if (controller.signal.aborted && answer.kind === 'failed') window.retry(entry, 0);
    else if (window === this.#backlog.window) await this.#take(answer, entry, window, isProbe);
    this.#inFlight.delete(controller);
    if (this.#inFlight.size === 0) this.#onIdle?.();
    this.#pump();
  }

  async #take(
    answer: DeliveryAnswer,
    entry: WindowEntry,
    window: Window,
    isProbe: boolean,
  ): Promise<void> {
    switch (answer.kind) {
      case 'accepted':
        this.#accept(entry, window);
        return;
      case 'vetoed': {
        const failure = await this.#veto(entry.item, answer.reason);
        if (failure === undefined) this.#accept(entry, window);
        else await this.#fail(failure, entry, window, isProbe);
        return;
      }
      case 'gone':
        window.retry(entry, 0);
        this.#condition.leave();
        return;
      case 'refused':
      case 'busy':
      case 'failed':
        await this.#fail(answer, entry, window, isProbe);
        return;
    }
  }

  #accept(entry: WindowEntry, window: Window): void {
    this.#counts.delivered++;
    if (this.#condition.accept()) window.hurry(this.#nowMs());
    this.#finish(entry, window);
  }

  /** Gives what went wrong, if anything: then the subscriber is asked again. */
  async #veto({ change, event }: EventItem, reason: string): Promise<FailedAnswer | undefined> {
    if (change === undefined) return undefined;
    try {
      await this.#options.sagas.veto(change, this.#record, reason);
      return undefined;
    } catch (error) {
      this.#options.log.error({ err: error, event: event.id }, 'a veto was not written down');
      const problem = 'Its veto was not written down.';
      return { kind: 'busy', status: 422, error: problem, retryAfterMs: 1_000 };
    }
  }

  async #fail(
    answer: FailedAnswer,
    entry: WindowEntry,
    window: Window,
    isProbe: boolean,
  ): Promise<void> {
    const { settings, random } = this.#options;
    const { event } = entry.item;
    this.#counts.failed++;
    const fate = this.#condition.fail(entry, answer, `${event.type} ${event.id}`);
    if (fate === 'bury' && (await this.#bury(entry, answer))) {
      this.#finish(entry, window);
      return;
    }
    const nowMs = this.#nowMs();
    const chance = random(`retry:${this.#record.id}:${event.id}:${entry.attempts}`);
    if (answer.kind === 'busy') {
      this.#condition.hold(nowMs + answer.retryAfterMs);
      window.retry(entry, nowMs + answer.retryAfterMs);
    } else window.retry(entry, nowMs + retryDelayMs(entry.attempts, chance, settings));
    this.#condition.slowDown(isProbe);
  }

  async #bury({ item, attempts }: WindowEntry, answer: FailedAnswer): Promise<boolean> {
    const isBuried = await buryEvent({ item, attempts, answer }, this.#record.id, this.#options);
    if (isBuried) this.#counts.deadLetters++;
    return isBuried;
  }

  #finish(entry: WindowEntry, window: Window): void {
    window.finish(entry);
    this.#options.onProgress();
  }

  #setTimer(): void {
    this.#endTimer?.();
    this.#endTimer = undefined;
    const nowMs = this.#nowMs();
    const { hasReady, nextDueMs } = this.#backlog.window;
    const { isFailing, fromMs } = this.#condition;
    const dueMs = hasReady || isFailing ? 0 : nextDueMs;
    const times = [
      ...(dueMs === undefined ? [] : [Math.max(dueMs, fromMs)]),
      this.#backlog.readAgainAtMs,
    ].filter((timeMs) => timeMs > nowMs);
    if (times.length === 0) return;
    this.#endTimer = this.#options.scheduler.after(Math.min(...times) - nowMs, () => this.#pump());
  }

  #callOff(): void {
    for (const controller of this.#inFlight) controller.abort();
  }

  #nowMs(): number {
    return this.#options.clock.monotonicMs();
  }
}
