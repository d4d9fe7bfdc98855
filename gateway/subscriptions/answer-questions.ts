import type { CurrentGraph } from '../graph/current-graph.ts';
import type { RouteHandler } from '../http/route.ts';
import { answerOrStream, type Answering } from './answer-or-stream.ts';
import { begin, follow } from './follow-subscription.ts';

/** Answers questions; a subscription outlives the graph that it began with. */
export function answerQuestions(current: CurrentGraph): RouteHandler {
  const answering: Answering = {
    answer: (request) =>
      current.answerKept(request) ?? current.use((graph) => graph.answer(request)),
    answerKnown: (request) =>
      current.answerKept(request) ?? current.use((graph) => graph.answerKnown(request)),
    async begin(request, isByGet) {
      const begun = await begin(current, request, isByGet);
      if (begun.kind === 'answer') return begun;
      const { heartbeatMs } = begun;
      const run = (signal: AbortSignal) => follow(begun, { current, request, signal });
      return { kind: 'subscription', heartbeatMs, run };
    },
  };
  return (request) => answerOrStream(request, answering);
}
