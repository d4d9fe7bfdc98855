import { setMaxListeners } from 'node:events';
import { raise } from '../../foundation/errors/tributary-error.ts';
import type { Exchange } from './exchange.ts';

/** The place of one answer among them. */
export interface Reservation {
  readonly signal: AbortSignal;
  readonly end: () => void;
}

/** The answers of a server that go on until somebody ends them, no more than it can bear. */
export class OpenStreams {
  readonly #limit: number;
  readonly #open = new Set<AbortController>();
  #isEnding = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#open.size;
  }

  /**
   * Counts an answer until it is over, whichever way it ends; the signal is aborted then, and when all have to end.
   * @throws STREAMS_EXHAUSTED
   */
  open({ outgoing }: Pick<Exchange, 'outgoing'>): AbortSignal {
    const { signal, end } = this.reserve();
    if (outgoing.destroyed) end();
    else outgoing.once('close', end);
    return signal;
  }

  /**
   * The same for an answer whose end its holder tells.
   * @throws STREAMS_EXHAUSTED
   */
  reserve(): Reservation {
    if (this.#open.size >= this.#limit) throw raise('STREAMS_EXHAUSTED', { limit: this.#limit });
    const controller = new AbortController();
    const { signal } = controller;
    setMaxListeners(0, signal);
    const end = (): void => {
      this.#open.delete(controller);
      controller.abort();
    };
    if (this.#isEnding) end();
    else this.#open.add(controller);
    return { signal, end };
  }

  /** Ends all of them, and whatever is opened later. */
  endAll(): void {
    this.#isEnding = true;
    for (const controller of this.#open) controller.abort();
  }
}
