import type { Readable } from 'node:stream';
import type { IdentifyCaller } from '../../access/caller.ts';
import { TributaryError } from '../../foundation/errors/tributary-error.ts';
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
  const caller = await identify(exchange, stages.identify, route.admits ?? 'callers');
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
    openStream: () => stages.streams.open(exchange),
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

async function identify(
  exchange: Exchange,
  identifyCaller: IdentifyCaller,
  admits: 'callers' | 'routers' | 'anyone',
): Promise<NonNullable<Exchange['caller']>> {
  const { headers, socket } = exchange.incoming;
  const { remoteAddress } = socket;
  exchange.caller =
    admits === 'anyone'
      ? { kind: 'anonymous' }
      : await identifyCaller({ headers, remoteAddress, admits });
  return exchange.caller;
}
