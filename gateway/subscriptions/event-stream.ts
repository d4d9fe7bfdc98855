import { TributaryError } from '../../foundation/errors/tributary-error.ts';
import type { Scheduler } from '../../foundation/scheduler.ts';

/** One result of a stream. */
export interface StreamedResult {
  /** The JSON of a GraphQL result. */
  readonly json: string;
  /** Where a client can go on after it. */
  readonly cursor?: string | undefined;
}

interface EventStreamOptions {
  readonly results: AsyncIterable<StreamedResult>;
  /** Ends the stream at once. A reason that clients may read is told to them. */
  readonly signal: AbortSignal;
  readonly heartbeatMs: number;
  readonly scheduler: Scheduler;
}

export const eventStreamHeaders: Readonly<Record<string, string>> = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  // Proxies that collect what they pass on would keep events back.
  'x-accel-buffering': 'no',
};

/** Readers skip comments. The first one sends the head of the answer on its way. */
const comment = ':\n\n';

/** Browsers pass over an event without data. */
const complete = 'event: complete\ndata:\n\n';

/**
 * Results as server-sent events, after GraphQL over SSE in its distinct connections mode.
 * https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md
 *
 * A stream that is ended from outside says no `complete`: its client is to come back, and goes on after the last
 * cursor that it has seen. One whose caller is not let in any more is told so, which is its end.
 */
export async function* eventStream(options: EventStreamOptions): AsyncGenerator<string> {
  const arrivals = new Arrivals(options);
  try {
    yield comment;
    for (;;) {
      const arrival = await arrivals.next();
      if (arrival === 'end') {
        const refusal = refusalOf(options.signal);
        if (refusal !== undefined) yield wholeEventStream(refusal);
        return;
      }
      if (arrival === 'silence') {
        yield comment;
      } else if (arrival.done === true) {
        yield complete;
        return;
      } else {
        yield nextText(arrival.value);
      }
    }
  } finally {
    arrivals.stop();
  }
}

/** The answer to an operation that is over with one result. */
export function wholeEventStream(json: string): string {
  return `${nextText({ json })}${complete}`;
}

function nextText({ json, cursor }: StreamedResult): string {
  const id = cursor === undefined || /[\r\n\0]/.test(cursor) ? '' : `id: ${cursor}\n`;
  return `event: next\n${id}data: ${json}\n\n`;
}

function refusalOf({ reason }: AbortSignal): string | undefined {
  if (!(reason instanceof TributaryError) || !reason.isShownToClients) return undefined;
  const { message, extensions } = reason;
  return JSON.stringify({ errors: [{ message, extensions }] });
}

type Result = IteratorResult<StreamedResult, unknown>;

/** Waits for results one by one, and is woken when there is none for a while. */
class Arrivals {
  readonly #options: EventStreamOptions;
  readonly #iterator: AsyncIterator<StreamedResult, unknown>;
  #isPulling = false;
  #arrived: Result | { readonly error: unknown } | undefined;
  #wake: () => void = () => undefined;
  readonly #onAbort = (): void => this.#wake();

  constructor(options: EventStreamOptions) {
    this.#options = options;
    this.#iterator = options.results[Symbol.asyncIterator]();
    options.signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** A result, or that there was none for a while, or that the stream has to end. */
  async next(): Promise<Result | 'silence' | 'end'> {
    const { signal } = this.#options;
    if (!this.#isPulling) {
      this.#isPulling = true;
      void this.#pull();
    }
    const isSilent = this.#arrived === undefined && !signal.aborted && (await this.#wait());
    if (signal.aborted) return 'end';
    if (isSilent) return 'silence';
    const arrived = this.#arrived;
    this.#arrived = undefined;
    if (arrived === undefined) return 'silence';
    this.#isPulling = false;
    if ('error' in arrived) throw arrived.error;
    return arrived;
  }

  stop(): void {
    this.#options.signal.removeEventListener('abort', this.#onAbort);
    // The iterator may still wait for an event; who made it has the signal.
    void Promise.resolve(this.#iterator.return?.()).catch(() => undefined);
  }

  async #pull(): Promise<void> {
    try {
      this.#arrived = await this.#iterator.next();
    } catch (error) {
      this.#arrived = { error };
    }
    this.#wake();
  }

  /** True when the time was up before anything happened. */
  #wait(): Promise<boolean> {
    const { scheduler, heartbeatMs } = this.#options;
    return new Promise((resolve) => {
      const stopTimer = scheduler.after(heartbeatMs, () => resolve(true));
      this.#wake = () => {
        stopTimer();
        resolve(false);
      };
    });
  }
}
