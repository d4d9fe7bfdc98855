import type { Change } from '../ledger/change.ts';
import { countDeadLetters } from './dead-letter-store.ts';
import { Dispatcher, type DispatcherOptions } from './dispatcher.ts';
import type { Sagas, Standing } from './sagas.ts';
import type { SubscriberRecord } from './subscriber-record.ts';
import { loadSubscribers, saveProgress } from './subscriber-store.ts';

export type DeliveriesOptions = Omit<DispatcherOptions, 'onProgress' | 'sagas'>;

/**
 * The dispatchers of all subscribers. Their progress is written down together, some time after the first of it, so
 * that a thousand deliveries cost one small transaction.
 */
export class Deliveries {
  readonly #options: DeliveriesOptions;
  readonly #dispatchers = new Map<string, Dispatcher>();
  readonly #unsaved = new Set<string>();
  #isRunning = false;
  #endSaveTimer: (() => void) | undefined;
  #stopListening: (() => void) | undefined;

  constructor(options: DeliveriesOptions) {
    this.#options = options;
  }

  /** In the order in which subscribers came. */
  get all(): readonly Dispatcher[] {
    return [...this.#dispatchers.values()];
  }

  find(id: string): Dispatcher | undefined {
    return this.#dispatchers.get(id);
  }

  /** What every subscriber knows of a change. */
  standings(change: Change): readonly Standing[] {
    return this.all.map((dispatcher) => dispatcher.standingOf(change));
  }

  /** Begins to deliver to a subscriber that was just made, or read. */
  add(record: SubscriberRecord, isNew: boolean, sagas: Sagas): Dispatcher {
    const onProgress = (): void => this.#saveSoon(record.id);
    const dispatcher = new Dispatcher(record, isNew, { ...this.#options, sagas, onProgress });
    this.#dispatchers.set(record.id, dispatcher);
    if (this.#isRunning) dispatcher.start();
    return dispatcher;
  }

  remove(id: string): void {
    this.#dispatchers.get(id)?.discard();
    this.#dispatchers.delete(id);
    this.#unsaved.delete(id);
  }

  /** Reads the subscribers. Nothing is delivered before `start`. */
  async load(sagas: Sagas): Promise<void> {
    const { lake } = this.#options;
    const letters = await countDeadLetters(lake);
    for (const record of await loadSubscribers(lake)) {
      const dispatcher = this.add(record, false, sagas);
      dispatcher.countDeadLetters(letters.get(record.id) ?? 0);
    }
  }

  start(): void {
    this.#isRunning = true;
    this.#stopListening = this.#options.feed.onCommit(() => {
      for (const dispatcher of this.#dispatchers.values()) dispatcher.wake();
    });
    for (const dispatcher of this.#dispatchers.values()) dispatcher.start();
  }

  /** Lets deliveries that are under way end, for a moment, and writes progress down. */
  async stop(): Promise<void> {
    const { scheduler, settings } = this.#options;
    this.#isRunning = false;
    this.#stopListening?.();
    const controller = new AbortController();
    const endTimer = scheduler.after(settings.stopAfterMs, () => controller.abort());
    await Promise.all(this.all.map((dispatcher) => dispatcher.stop(controller.signal)));
    endTimer();
    this.#endSaveTimer?.();
    // Also where nothing is left to write: what is being written comes before it.
    await this.#save([...this.#unsaved]);
  }

  /** Writes progress down at once. */
  saveNow(id: string): Promise<void> {
    return this.#save([id]);
  }

  #saveSoon(id: string): void {
    this.#unsaved.add(id);
    if (this.#endSaveTimer !== undefined || !this.#isRunning) return;
    this.#endSaveTimer = this.#options.scheduler.after(this.#options.settings.saveAfterMs, () => {
      this.#endSaveTimer = undefined;
      this.#save([...this.#unsaved]).catch((error: unknown) => {
        this.#options.log.error({ err: error }, 'the progress of deliveries was not written down');
        for (const unsaved of this.#unsaved) this.#saveSoon(unsaved);
      });
    });
  }

  async #save(ids: readonly string[]): Promise<void> {
    let saved: readonly string[] = [];
    try {
      await saveProgress(this.#options.lake, () => {
        saved = [...new Set([...ids, ...this.#unsaved])];
        this.#unsaved.clear();
        return saved.flatMap((id) => {
          const dispatcher = this.#dispatchers.get(id);
          return dispatcher === undefined ? [] : [[id, dispatcher.record.progress] as const];
        });
      });
    } catch (error) {
      for (const id of saved) this.#unsaved.add(id);
      throw error;
    }
  }
}
