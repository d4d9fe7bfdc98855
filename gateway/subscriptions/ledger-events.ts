import { parse } from 'graphql';
import { runStream, type StreamServing } from './run-stream.ts';
import type { FoundSubscription } from './stream-wish.ts';
import type { OpenedEvents, OpenOptions, RootEvent } from './event-source.ts';
import type { RootFetch } from './root-fetch.ts';

/**
 * Subscribes at the subgraph of what moves, in this process.
 *
 * @param whole the operation, if nothing but this subgraph answers it; then its results need no completion
 */
export async function openLedgerEvents(
  { query, operationName, variables }: RootFetch,
  whole: FoundSubscription | undefined,
  streams: StreamServing,
  { request, signal, after }: OpenOptions,
): Promise<OpenedEvents> {
  const found = whole ?? { document: parse(query, { noLocation: true }), operationName, variables };
  const from =
    after === undefined
      ? request
      : { ...request, headers: { ...request.headers, 'last-event-id': after } };
  const run = await runStream(found, from, signal, streams);
  if (run.kind === 'refused') return run;
  return { kind: 'opened', events: events() };

  async function* events(): AsyncGenerator<RootEvent> {
    if (run.kind === 'refused') return;
    for await (const { json, cursor } of run.results) {
      if (whole === undefined) yield { answer: JSON.parse(json) as RootEvent['answer'], cursor };
      else yield { answer: {}, json, cursor };
    }
  }
}
