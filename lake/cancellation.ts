import type { EndSignal } from '../foundation/early-end.ts';
import { raise, type TributaryError } from '../foundation/errors/tributary-error.ts';

export interface CancellationOptions {
  /** Gives the work up when it aborts. */
  readonly signal?: EndSignal | undefined;
  /** The longest that waiting and running may take together. */
  readonly timeoutMs: number;
}

/** One piece of work's end before its end: the caller went away, or time is up. Whichever comes first is the reason. */
export class Cancellation {
  #reason: TributaryError | undefined;
  readonly #listeners = new Set<() => void>();
  readonly #signal: EndSignal | undefined;
  readonly #timer: NodeJS.Timeout;

  constructor({ signal, timeoutMs }: CancellationOptions) {
    this.#signal = signal;
    this.#timer = setTimeout(() => this.#cancel(raise('LAKE_TIMEOUT', { timeoutMs })), timeoutMs);
    if (signal?.aborted === true) this.#onAbort();
    else signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** Why the work is given up; undefined while it is not. */
  get reason(): TributaryError | undefined {
    return this.#reason;
  }

  throwIfCancelled(): void {
    if (this.#reason !== undefined) throw this.#reason;
  }

  /** Calls the listener when the work is given up; the function that it gives takes the listener away. */
  onCancel(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Ends the watch; to be called when the work is over. */
  dispose(): void {
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#listeners.clear();
  }

  readonly #onAbort = (): void => {
    this.#cancel(raise('LAKE_CANCELLED', {}, { cause: this.#signal?.reason }));
  };

  #cancel(reason: TributaryError): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    for (const listener of [...this.#listeners]) listener();
  }
}
