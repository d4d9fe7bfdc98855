import type { IdentifyCaller } from '../../access/caller.ts';
import { checkTarget, type Exchange } from './exchange.ts';
import type { ApplyCors } from './cors.ts';
import { readBody } from './read-body.ts';
import type { FrontResponse, HttpMethod } from './route.ts';
import type { FindRoute } from './route-table.ts';

/** What the stages are made of; prepared once, when the server starts. */
export interface Stages {
  readonly checkHost: (exchange: Exchange) => void;
  readonly applyCors: ApplyCors;
  readonly findRoute: FindRoute;
  readonly identify: IdentifyCaller;
  readonly maxBodyBytes: number;
}

/**
 * The stages of a request, in the order in which they run. Each may refuse by throwing an error of the catalogue.
 * The cheap ones stand first, and nobody's body is read before it is known who they are. The request id was given
 * before the first stage; writing the answer and the log line follow the last.
 */
export async function runStages(exchange: Exchange, stages: Stages): Promise<FrontResponse> {
  checkTarget(exchange);
  stages.checkHost(exchange);
  const preflightAnswer = stages.applyCors(exchange);
  if (preflightAnswer !== undefined) return preflightAnswer;
  const route = stages.findRoute(exchange);
  const caller = await identify(exchange, stages.identify, route.admits ?? 'callers');
  const body = await readBody(exchange, stages.maxBodyBytes);
  const { id, path, search, signal, incoming } = exchange;
  const { headers } = incoming;
  const method: HttpMethod = route.method;
  return route.handle({ id, method, path, search, headers, body, caller, signal });
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
