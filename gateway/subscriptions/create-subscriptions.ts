import { TributaryError } from '../../foundation/errors/tributary-error.ts';
import { ExactNumbers } from '../../wire/exact-numbers.ts';
import { ledgerName } from '../../motion/names.ts';
import type { Graph } from '../graph/graph.ts';
import type { RequestContext } from '../graph/request-context.ts';
import type { StreamServing } from './run-stream.ts';
import { errorResponse } from '../http/client-error.ts';
import type { FrontRequest, FrontResponse } from '../http/route.ts';
import type { OpenedEvents, OpenOptions } from './event-source.ts';
import { openLedgerEvents } from './ledger-events.ts';
import type { RemoteOpened, RemoteOptions, RemoteOwner } from './remote-subscription.ts';
import { textOf } from './response-text.ts';
import { planPass, type RootFetch } from './root-fetch.ts';
import type { StreamWish } from './stream-wish.ts';
import { openSseEvents } from './sse-events.ts';
import { openWebSocketEvents } from './websocket-events.ts';

interface SubscriptionOptions {
  /** Lets the graph answer a request. */
  readonly run: (
    request: FrontRequest,
    more: Pick<RequestContext, 'subscription' | 'streamWish'> &
      Partial<Pick<RequestContext, 'exactNumbers'>>,
  ) => Promise<FrontResponse>;
  /** The subscriptions of this process; undefined where there are none. */
  readonly streams: StreamServing | undefined;
  readonly remoteOwner: (subgraph: string) => RemoteOwner;
}

/** The subscriptions of one graph: what it makes of one, and of each of its events. */
export function createSubscriptions(
  options: SubscriptionOptions,
): Pick<Graph, 'begin' | 'completeEvent'> {
  const { run, streams, remoteOwner } = options;
  const completeEvent: Graph['completeEvent'] = async (request, event, signal) => {
    const { answer, exactNumbers } = event;
    const isEvent = answer.data !== undefined;
    const root = isEvent ? answer : { ...answer, data: null };
    const response = await run(
      { ...request, signal },
      {
        subscription: { kind: 'event', answer: root },
        streamWish: { isGet: false, found: undefined },
        ...(exactNumbers && { exactNumbers }),
      },
    );
    const text = textOf(response).trim();
    return isEvent ? text : withoutData(text);
  };
  return {
    async begin(request, isByGet) {
      const pass = planPass();
      const streamWish: StreamWish = { isGet: isByGet, found: undefined };
      const response = await run(request, { subscription: pass, streamWish });
      const { found: root, isWhole } = pass;
      if (root === undefined) return { kind: 'answer', response };
      const open = (opening: OpenOptions): Promise<OpenedEvents> =>
        root.subgraph === ledgerName && streams !== undefined
          ? openLedgerEvents(root, isWhole ? streamWish.found : undefined, streams, opening)
          : openRemote(root, opening);
      return { kind: 'subscription', planned: { root, open } };
    },
    completeEvent,
  };

  async function openRemote(
    root: RootFetch,
    { request, signal }: OpenOptions,
  ): Promise<OpenedEvents> {
    const exactNumbers = new ExactNumbers();
    const options = { root, request, signal, exactNumbers };
    const opened = await openByUrl(remoteOwner(root.subgraph), options);
    if (opened instanceof TributaryError) {
      return { kind: 'refused', response: { ...errorResponse(opened, request.id), status: 502 } };
    }
    if (opened.kind === 'opened') return opened;
    const body = await completeEvent(request, { answer: { errors: opened.errors } }, signal);
    return { kind: 'refused', response: refusal(body, opened) };
  }
}

async function openByUrl(
  owner: RemoteOwner,
  options: RemoteOptions,
): Promise<RemoteOpened | TributaryError> {
  const open = /^wss?:/.test(owner.url) ? openWebSocketEvents : openSseEvents;
  try {
    return await open(owner, options);
  } catch (error) {
    if (error instanceof TributaryError) return error;
    throw error;
  }
}

/**
 * As an error that nothing was executed for, which the failure of a source is:
 * https://spec.graphql.org/September2025/#sec-Source-Stream
 */
function withoutData(text: string): string {
  const { data: _data, ...others } = JSON.parse(text) as Record<string, unknown>;
  return JSON.stringify(others);
}

/** A client that waits for a stream looks at the status first. */
function refusal(body: string, { isOfCaller }: { readonly isOfCaller: boolean }): FrontResponse {
  return {
    status: isOfCaller ? 400 : 502,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
    body,
  };
}
