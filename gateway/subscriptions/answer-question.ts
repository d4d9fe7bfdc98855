import { systemScheduler as scheduler } from '../../foundation/scheduler.ts';
import type { CurrentGraph } from '../graph/current-graph.ts';
import { eventStream, eventStreamHeaders, wholeEventStream } from './event-stream.ts';
import { readStreamAccept, toPost } from './stream-request.ts';
import { isStream } from '../http/is-stream.ts';
import type { FrontRequest, FrontResponse } from '../http/route.ts';
import { begin, follow } from './follow-subscription.ts';
import { textOf } from './response-text.ts';

/**
 * Answers a question, with a stream of server-sent events where it accepts one: a subscription with one that goes on
 * and outlives the graph that it began with, other operations with one that is over at once unless JSON will do. What
 * is wrong with a subscription is said before its stream begins, in JSON, as of every operation.
 */
export async function answerQuestion(
  current: CurrentGraph,
  request: FrontRequest,
): Promise<FrontResponse> {
  const accept = readStreamAccept(request.headers.accept);
  if (request.openStream === undefined || accept === undefined) {
    return current.answerKept(request) ?? current.use((graph) => graph.answer(request));
  }
  const withoutStream = { ...request, headers: { ...request.headers, accept: accept.otherwise } };
  const known = accept.isJsonFine
    ? (current.answerKept(withoutStream) ??
      (await current.use((graph) => graph.answerKnown(withoutStream))))
    : undefined;
  if (known !== undefined) return known;
  const asked = toPost(withoutStream);
  const begun = await begin(current, asked, request.method === 'GET');
  if (begun.kind === 'answer') {
    const { body, status } = begun.response;
    const isWhole = accept.isJsonFine || status >= 300 || isStream(body);
    if (isWhole) return begun.response;
    const text = wholeEventStream(textOf(begun.response).trim());
    return { status, headers: eventStreamHeaders, body: text };
  }
  const signal = request.openStream();
  const following = await follow(begun, { current, request: asked, signal });
  if (following.kind === 'refused') return following.response;
  const { heartbeatMs } = begun;
  const body = eventStream({ results: following.results, signal, heartbeatMs, scheduler });
  return { status: 200, headers: eventStreamHeaders, body };
}
