import { setMaxListeners } from 'node:events';
import type { CurrentGraph } from '../graph/current-graph.ts';
import type { RunningStream } from './answer-or-stream.ts';
import type { StreamedResult } from './event-stream.ts';
import type { FrontRequest, FrontResponse } from '../http/route.ts';
import type { PlannedSubscription, RootEvent } from './event-source.ts';
import { textOf } from './response-text.ts';
import { isSameRoot } from './root-fetch.ts';

interface FollowOptions {
  readonly current: CurrentGraph;
  readonly request: FrontRequest;
  /** Ends the subscription. */
  readonly signal: AbortSignal;
}

/** A subscription that was planned by a graph, and the signal that another graph has taken over. */
export interface PlannedByGraph {
  readonly planned: PlannedSubscription;
  readonly replaced: AbortSignal;
}

/** What comes of a request that may be a subscription. */
export type Beginning =
  | ({ readonly kind: 'subscription'; readonly heartbeatMs: number } & PlannedByGraph)
  | { readonly kind: 'answer'; readonly response: FrontResponse };

/** Lets the graph of now plan a subscription, or answer what is none. */
export function begin(
  current: CurrentGraph,
  request: FrontRequest,
  isByGet = false,
): Promise<Beginning> {
  return current.use(async (graph, replaced): Promise<Beginning> => {
    const begun = await graph.begin(request, isByGet);
    return begun.kind === 'answer' ? begun : { ...begun, replaced, heartbeatMs: graph.heartbeatMs };
  });
}

/**
 * Follows a subscription at the subgraph that owns its root, and lets the graph of now complete each event. When
 * another graph takes over, the subscription is planned anew: it goes on where it asks its owner for the same, is
 * opened again where it asks for something else, and ends with an error where the new graph does not have it.
 */
export async function follow(
  first: PlannedByGraph,
  options: FollowOptions,
): Promise<RunningStream> {
  const opened = await Opened.open(first, options, undefined);
  if (!(opened instanceof Opened)) return { kind: 'refused', response: opened };
  return { kind: 'running', results: results(opened, options) };
}

async function* results(
  first: Opened,
  options: FollowOptions,
): AsyncGenerator<StreamedResult, void, undefined> {
  const { current, request, signal } = options;
  let opened = first;
  let cursor: string | undefined;
  try {
    for (;;) {
      const arrival = await opened.next();
      if (signal.aborted) return;
      if (opened.isReplaced) {
        const next = await replan(opened, options, cursor);
        if (!(next instanceof Opened)) {
          yield { json: textOf(next).trim() };
          return;
        }
        const isOpenedAnew = next !== opened;
        opened = next;
        // What has a cursor comes again from the new source.
        if (arrival === 'replaced' || (isOpenedAnew && isResumable(arrival))) continue;
      }
      if (arrival === 'replaced') continue;
      if (arrival.done === true) return;
      const event = arrival.value;
      const text =
        event.json ?? (await current.use((graph) => graph.completeEvent(request, event, signal)));
      if (signal.aborted) return;
      cursor = event.cursor ?? cursor;
      yield { json: text, cursor: event.cursor };
    }
  } finally {
    opened.close();
  }
}

function isResumable(arrival: IteratorResult<RootEvent, unknown>): boolean {
  return arrival.done !== true && arrival.value.cursor !== undefined;
}

async function replan(
  opened: Opened,
  options: FollowOptions,
  cursor: string | undefined,
): Promise<Opened | FrontResponse> {
  const begun = await begin(options.current, options.request);
  if (begun.kind === 'answer') return begun.response;
  if (isSameRoot(begun.planned.root, opened.planned.root)) {
    opened.goOnWith(begun);
    return opened;
  }
  opened.close();
  return Opened.open(begun, options, cursor);
}

/** A subscription at its owner, until it is closed. */
class Opened {
  planned: PlannedSubscription;
  #replaced: AbortSignal;
  readonly #events: AsyncIterator<RootEvent>;
  readonly #controller: AbortController;
  readonly #stopListening: () => void;
  #waiting: Promise<IteratorResult<RootEvent, unknown>> | undefined;

  private constructor(
    { planned, replaced }: PlannedByGraph,
    events: AsyncIterator<RootEvent>,
    controller: AbortController,
    stopListening: () => void,
  ) {
    this.planned = planned;
    this.#replaced = replaced;
    this.#events = events;
    this.#controller = controller;
    this.#stopListening = stopListening;
  }

  static async open(
    begun: PlannedByGraph,
    { request, signal }: FollowOptions,
    after: string | undefined,
  ): Promise<Opened | FrontResponse> {
    const controller = new AbortController();
    // All fetches of an event listen to it.
    setMaxListeners(0, controller.signal);
    const abort = (): void => controller.abort(signal.reason);
    const stopListening = (): void => signal.removeEventListener('abort', abort);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    try {
      const opened = await begun.planned.open({ request, signal: controller.signal, after });
      if (opened.kind === 'opened') {
        return new Opened(begun, opened.events, controller, stopListening);
      }
      stopListening();
      return opened.response;
    } catch (error) {
      stopListening();
      throw error;
    }
  }

  get isReplaced(): boolean {
    return this.#replaced.aborted;
  }

  goOnWith({ planned, replaced }: PlannedByGraph): void {
    this.planned = planned;
    this.#replaced = replaced;
  }

  /** The next event, or that another graph has taken over; an event that is under way then comes next. */
  async next(): Promise<IteratorResult<RootEvent, unknown> | 'replaced'> {
    this.#waiting ??= this.#events.next();
    const arrival = await untilAborted(this.#waiting, this.#replaced);
    if (arrival !== 'replaced') this.#waiting = undefined;
    return arrival;
  }

  close(): void {
    this.#stopListening();
    this.#controller.abort();
    // It may still wait for an event; who made it has the signal.
    this.#waiting?.catch(() => undefined);
    void Promise.resolve(this.#events.return?.()).catch(() => undefined);
  }
}

/** A race would leave a listener behind for each event, as long as the graph is in service. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | 'replaced'> {
  return new Promise((resolve, reject) => {
    const stop = (): void => resolve('replaced');
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
