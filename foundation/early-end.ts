import { setMaxListeners } from 'node:events';

type AbortListener = () => void;

/** As much of an `AbortSignal` as nearly everybody needs of one. */
export interface EndSignal {
  readonly aborted: boolean;
  /** Undefined while it is not aborted. */
  readonly reason: unknown;
  readonly addEventListener: (
    type: 'abort',
    listener: AbortListener,
    options: { readonly once: true },
  ) => void;
  readonly removeEventListener: (type: 'abort', listener: AbortListener) => void;
  readonly throwIfAborted: () => void;
}

/**
 * The end of some work before its end: the client went away, or time is up. Whoever listens hears of it. An
 * `AbortController` would do the same; it costs as much as the rest of a small request.
 */
export class EarlyEnd implements EndSignal {
  #reason: Error | undefined;
  #controller: AbortController | undefined;
  #listeners: AbortListener[] = [];

  get aborted(): boolean {
    return this.#reason !== undefined;
  }

  get reason(): Error | undefined {
    return this.#reason;
  }

  addEventListener(_type: 'abort', listener: AbortListener): void {
    this.#listeners.push(listener);
  }

  removeEventListener(_type: 'abort', listener: AbortListener): void {
    const place = this.#listeners.indexOf(listener);
    if (place !== -1) this.#listeners.splice(place, 1);
  }

  throwIfAborted(): void {
    if (this.#reason !== undefined) throw this.#reason;
  }

  /** Only the first reason counts. */
  come(reason: Error): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    const listeners = this.#listeners;
    this.#listeners = [];
    for (const listener of listeners) listener();
    this.#controller?.abort(reason);
  }

  /** For who takes nothing but the runtime's own. */
  toAbortSignal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      // As many as a plan has fetches at once listen to it; Node would warn of a leak from the eleventh on.
      setMaxListeners(0, this.#controller.signal);
      if (this.#reason !== undefined) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }
}

/** The runtime's own signal for the same end. */
export function toAbortSignal(signal: EndSignal): AbortSignal {
  if (signal instanceof AbortSignal) return signal;
  if (signal instanceof EarlyEnd) return signal.toAbortSignal();
  throw new TypeError('Only an EarlyEnd can be made an AbortSignal of.');
}

/** The outcome of some work, or the reason why nobody waits for it any more. */
export function untilEnded<T>(work: Promise<T>, signal: EndSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = (): void => reject(signal.reason);
    if (signal.aborted) {
      end();
      return;
    }
    signal.addEventListener('abort', end, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', end));
  });
}
