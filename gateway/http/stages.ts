import type { Readable } from 'node:stream';
import type { Caller, IdentifyCaller } from '../../access/caller.ts';
import { watchCaller } from '../../access/watch-caller.ts';
import type { Clock } from '../../foundation/clock.ts';
import { TributaryError } from '../../foundation/errors/tributary-error.ts';
import { systemScheduler as scheduler } from '../../foundation/scheduler.ts';
import { addFacts, checkTarget, type Exchange } from './exchange.ts';
import type { ApplyCors } from './cors.ts';
import { refuseCrossSite } from './cross-site.ts';
import { readBody } from './read-body.ts';
import type { OpenStreams } from './open-streams.ts';
import type { FrontResponse, RequestOf, Route, StreamedRequest } from './route.ts';
import type { FindRoute } from './route-table.ts';
import { streamBody } from './stream-body.ts';

/** What the stages are made of; prepared once, when the server starts. */
export interface Stages {
  readonly checkHost: (exchange: Exchange) => void;
  readonly applyCors: ApplyCors;
  readonly findRoute: FindRoute;
  readonly identify: IdentifyCaller;
  readonly clock: Clock;
  readonly maxBodyBytes: number;
  readonly streams: OpenStreams;
}

/**
 * The stages of a request, in the order in which they run. Each may refuse by throwing an error of the catalogue.
 * The cheap ones stand first, and nobody's body is read before it is known who they are. The request id was given
 * before the first stage; writing the answer and the log line follow the last.
 *
 * @param endDeadline called where a body is read as it comes, which may take its time
 */
export async function runStages(
  exchange: Exchange,
  stages: Stages,
  endDeadline: () => void,
): Promise<FrontResponse> {
  checkTarget(exchange);
  stages.checkHost(exchange);
  const preflightAnswer = stages.applyCors(exchange);
  if (preflightAnswer !== undefined) return preflightAnswer;
  const route = stages.findRoute(exchange);
  if (route.isClosedToOtherSites === true) refuseCrossSite(exchange);
  const admits = route.admits ?? 'callers';
  const caller = await identify(exchange, stages.identify, admits);
  exchange.caller = caller;
  const requestWith = <Body>(body: Body): RequestOf<Body> => ({
    id: exchange.id,
    method: route.method,
    path: exchange.path,
    search: exchange.search,
    headers: exchange.incoming.headers,
    caller,
    clientAddress: exchange.origination.address,
    noteFacts: (facts) => addFacts(exchange, facts),
    trace: exchange.trace,
    signal: exchange.earlyEnd,
    openStream: () => openStream(exchange, stages, caller, admits),
    body,
  });
  if (route.takes === 'stream') {
    exchange.isBodyStreamed = true;
    endDeadline();
    return handleStreamed(exchange, route, requestWith);
  }
  return route.handle(requestWith(await readBody(exchange, stages.maxBodyBytes)));
}

/** What broke the body off is what the client is told, whatever the handler made of it. */
async function handleStreamed(
  exchange: Exchange,
  { limits, handle }: Extract<Route, { readonly takes: 'stream' }>,
  requestWith: (body: Readable) => StreamedRequest,
): Promise<FrontResponse> {
  const body = streamBody(exchange, limits);
  body.on('error', () => {});
  try {
    return await handle(requestWith(body));
  } catch (error) {
    throw body.errored instanceof TributaryError ? body.errored : error;
  } finally {
    body.destroy();
  }
}

type Admits = NonNullable<Route['admits']>;

/** A stream goes on no longer than its caller would be let in: its signal is aborted with what refuses the caller. */
function openStream(
  exchange: Exchange,
  { streams, identify: identifyCaller, clock }: Stages,
  caller: Caller,
  admits: Admits,
): AbortSignal {
  const { signal, end } = streams.open(exchange);
  const again = (): Promise<Caller> => identify(exchange, identifyCaller, admits);
  const stop = watchCaller({ caller, identify: again, onRefused: end, clock, scheduler });
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  return signal;
}

async function identify(
  { incoming: { headers, socket } }: Exchange,
  identifyCaller: IdentifyCaller,
  admits: Admits,
): Promise<Caller> {
  if (admits === 'anyone') return { kind: 'anonymous' };
  return identifyCaller({ headers, remoteAddress: socket.remoteAddress, admits });
}
