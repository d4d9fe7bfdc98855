import { setMaxListeners } from 'node:events';
import { raise } from '../../foundation/errors/tributary-error.ts';
import type { Exchange } from './exchange.ts';

/** The place of one answer among them. */
export interface Reservation {
  readonly signal: AbortSignal;
  /** The signal is aborted with the reason. */
  readonly end: (reason?: unknown) => void;
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
  open({ outgoing }: Pick<Exchange, 'outgoing'>): Reservation {
    const reservation = this.reserve();
    if (outgoing.destroyed) reservation.end();
    else outgoing.once('close', () => reservation.end());
    return reservation;
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
    const end = (reason?: unknown): void => {
      this.#open.delete(controller);
      controller.abort(reason);
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
