import { randomBytes } from 'node:crypto';
import type { FetchTrace, RequestTrace } from './request-trace.ts';

/**
 * A request that is not sampled. Most are not, so this costs next to nothing; only a remote subgraph makes it think of
 * ids, so that it is told not to sample either.
 */
export class UnsampledTrace implements RequestTrace, FetchTrace {
  readonly traceId = undefined;
  readonly tellsDocuments = false;
  readonly statements = undefined;
  #headers: Readonly<Record<string, string>> | undefined;

  /** @param headers what the caller's trace makes of it; a trace of its own by default */
  constructor(headers?: Readonly<Record<string, string>>) {
    this.#headers = headers;
  }

  get headers(): Readonly<Record<string, string>> {
    return (this.#headers ??= { traceparent: `00-${randomId(16)}-${randomId(8)}-00` });
  }

  startStage(): undefined {}
  enterStage(): undefined {}
  addStage(): void {}
  startFetch(): FetchTrace {
    return this;
  }
  noteShared(): void {}
  startAttempt(): undefined {}
  end(): void {}
}

function randomId(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}
