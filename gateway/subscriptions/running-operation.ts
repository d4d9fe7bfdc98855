import { setMaxListeners } from 'node:events';
import type { FormattedExecutionResult, GraphQLFormattedError } from 'graphql';
import type { ExactNumbers } from '../../wire/exact-numbers.ts';
import type { Reservation } from '../http/open-streams.ts';
import type { StartedOperation } from './started-operation.ts';

type Runnable = Exclude<StartedOperation, { readonly kind: 'refused' }>;

/** An operation until it is over, whichever way it ends. */
export class RunningOperation {
  readonly #controller = new AbortController();
  readonly #exactNumbers: ExactNumbers;
  readonly #onEnd: (operation: RunningOperation) => void;
  #started: Runnable | undefined;
  #reservation: Reservation | undefined;

  /** @param exactNumbers those with which results are read */
  constructor(exactNumbers: ExactNumbers, onEnd: (operation: RunningOperation) => void) {
    this.#exactNumbers = exactNumbers;
    this.#onEnd = onEnd;
    // All fetches of an operation listen to it.
    setMaxListeners(0, this.#controller.signal);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  run(started: Runnable, reservation: Reservation | undefined): void {
    this.#started = started;
    this.#reservation = reservation;
    reservation?.signal.addEventListener('abort', () => this.end(), { once: true });
  }

  /** Results as graphql-ws takes them; `return` is called when the client wants no more. */
  results(): AsyncGenerator<FormattedExecutionResult> {
    const started = this.#started;
    const exactNumbers = this.#exactNumbers;
    const end = (): void => this.end();
    const iterator = read();
    return {
      next: () => iterator.next(),
      return: () => {
        // The generator may wait for an event; the signal ends that.
        end();
        void iterator.return(undefined).catch(() => undefined);
        return Promise.resolve({ done: true as const, value: undefined });
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    } as unknown as AsyncGenerator<FormattedExecutionResult>;

    async function* read(): AsyncGenerator<FormattedExecutionResult> {
      try {
        if (started?.kind === 'result') yield started.result;
        if (started?.kind !== 'events') return;
        for await (const { json } of started.results) {
          yield eventOf(exactNumbers.read(json) as FormattedExecutionResult);
        }
      } finally {
        end();
      }
    }
  }

  end(): void {
    this.#controller.abort();
    this.#reservation?.end();
    this.#onEnd(this);
  }
}

/** That there are no events any more, by errors as clients may read them. */
export class BrokenOffError extends Error {
  readonly errors: readonly GraphQLFormattedError[];

  constructor(errors: readonly GraphQLFormattedError[]) {
    super('The subscription broke off.');
    this.errors = errors;
  }
}

/** @throws BrokenOffError */
function eventOf(result: FormattedExecutionResult): FormattedExecutionResult {
  const { data, errors } = result;
  if (data === undefined && errors !== undefined) throw new BrokenOffError(errors);
  return result;
}
