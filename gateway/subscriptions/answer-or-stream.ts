import { systemScheduler as scheduler } from '../../foundation/scheduler.ts';
import { isStream } from '../http/is-stream.ts';
import type { FrontRequest, FrontResponse } from '../http/route.ts';
import {
  eventStream,
  eventStreamHeaders,
  wholeEventStream,
  type StreamedResult,
} from './event-stream.ts';
import { textOf } from './response-text.ts';
import { readStreamAccept, toPost } from './stream-request.ts';

/** A subscription that runs, or why it does not. */
export type RunningStream =
  | { readonly kind: 'running'; readonly results: AsyncGenerator<StreamedResult> }
  | { readonly kind: 'refused'; readonly response: FrontResponse };

/** What comes of a request that may be a subscription. */
type BegunStream =
  | { readonly kind: 'answer'; readonly response: FrontResponse }
  | {
      readonly kind: 'subscription';
      /** @param signal ends it */
      readonly run: (signal: AbortSignal) => Promise<RunningStream>;
      /** How often a stream without events shows that it is alive. */
      readonly heartbeatMs: number;
    };

/** Who answers, and runs subscriptions. */
export interface Answering {
  readonly answer: (request: FrontRequest) => FrontResponse | Promise<FrontResponse>;
  /** Answers sooner what it knows already and is no subscription. */
  readonly answerKnown?: (
    request: FrontRequest,
  ) => FrontResponse | Promise<FrontResponse | undefined>;
  readonly begin: (request: FrontRequest, isByGet: boolean) => Promise<BegunStream>;
}

/**
 * Answers a request that came through our front, with a stream of server-sent events where it accepts one: a
 * subscription with one that goes on, other operations with one that is over at once unless JSON will do. What is
 * wrong with a subscription is said before its stream begins, in JSON, as of every operation.
 */
export async function answerOrStream(
  request: FrontRequest,
  { answer, answerKnown, begin }: Answering,
): Promise<FrontResponse> {
  const accept = readStreamAccept(request.headers.accept);
  if (request.openStream === undefined || accept === undefined) return answer(request);
  const withoutStream = { ...request, headers: { ...request.headers, accept: accept.otherwise } };
  const known = accept.isJsonFine ? await answerKnown?.(withoutStream) : undefined;
  if (known !== undefined) return known;
  const begun = await begin(toPost(withoutStream), request.method === 'GET');
  if (begun.kind === 'answer') return accept.isJsonFine ? begun.response : asStream(begun.response);
  const signal = request.openStream();
  const running = await begun.run(signal);
  if (running.kind === 'refused') return running.response;
  const { heartbeatMs } = begun;
  const body = eventStream({ results: running.results, signal, heartbeatMs, scheduler });
  return { status: 200, headers: eventStreamHeaders, body };
}

function asStream(response: FrontResponse): FrontResponse {
  const { body, status } = response;
  if (status >= 300 || isStream(body)) return response;
  const text = wholeEventStream(textOf(response).trim());
  return { status, headers: eventStreamHeaders, body: text };
}
