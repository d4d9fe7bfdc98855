import { setMaxListeners } from 'node:events';
import type { FormattedExecutionResult, GraphQLFormattedError } from 'graphql';
import { toAbortSignal } from '../../foundation/early-end.ts';
import type { ExactNumbers } from '../../wire/exact-numbers.ts';
import type { CurrentGraph } from '../graph/current-graph.ts';
import type { StreamedResult } from './event-stream.ts';
import type { FrontRequest, FrontResponse } from '../http/route.ts';
import { begin, follow } from './follow-subscription.ts';
import { textOf } from './response-text.ts';

/** What became of an operation that came over a WebSocket. */
export type StartedOperation =
  | { readonly kind: 'refused'; readonly errors: readonly GraphQLFormattedError[] }
  | { readonly kind: 'result'; readonly result: FormattedExecutionResult }
  | { readonly kind: 'events'; readonly results: AsyncGenerator<StreamedResult> };

interface StartOptions {
  readonly current: CurrentGraph;
  /** Its signal ends it as a whole. */
  readonly request: FrontRequest;
  /** Longest time until there is a result, or until the subscription stands. */
  readonly timeoutMs: number;
  /** Those with which results are read. */
  readonly exactNumbers: ExactNumbers;
}

/** Runs an operation; what is wrong with it as a whole is a refusal. */
export async function startOperation({
  current,
  request,
  timeoutMs,
  exactNumbers,
}: StartOptions): Promise<StartedOperation> {
  const { signal } = request;
  const limit = AbortSignal.any([toAbortSignal(signal), AbortSignal.timeout(timeoutMs)]);
  setMaxListeners(0, limit);
  const begun = await begin(current, { ...request, signal: limit });
  if (begun.kind === 'answer') return readAnswer(begun.response, exactNumbers);
  const following = await follow(begun, { current, request, signal: toAbortSignal(signal) });
  if (following.kind === 'refused') return readAnswer(following.response, exactNumbers);
  return { kind: 'events', results: following.results };
}

function readAnswer(response: FrontResponse, exactNumbers: ExactNumbers): StartedOperation {
  const result = exactNumbers.read(textOf(response)) as FormattedExecutionResult;
  const { errors, data } = result;
  return errors !== undefined && data === undefined
    ? { kind: 'refused', errors }
    : { kind: 'result', result };
}
