import { setMaxListeners } from 'node:events';

/**
 * The end of a request before its answer: the client went away, or its time is up. The signal for it is made when
 * somebody asks for it, which few requests do whose answer is there at once: it costs as much as the rest of a small one.
 */
export class EarlyEnd {
  #reason: Error | undefined;
  #controller: AbortController | undefined;
  #listener: ((reason: Error) => void) | undefined;

  /** Undefined while it has not come. */
  get reason(): Error | undefined {
    return this.#reason;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      // As many as the plan has fetches at once listen to it; Node would warn of a leak from the eleventh on.
      setMaxListeners(0, this.#controller.signal);
      if (this.#reason !== undefined) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  /** Whoever waits for the answer; told once, at once where it has come already. */
  listen(listener: (reason: Error) => void): void {
    if (this.#reason !== undefined) listener(this.#reason);
    else this.#listener = listener;
  }

  /** Only the first reason counts. */
  come(reason: Error): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.#controller?.abort(reason);
    this.#listener?.(reason);
  }
}
