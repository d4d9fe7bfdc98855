import { callerId } from '../../access/caller.ts';
import type { Log } from '../../foundation/log.ts';
import { clientOf } from '../telemetry/client-name.ts';
import type { RequestTrace } from '../telemetry/request-trace.ts';
import { isAnswered, type Exchange } from './exchange.ts';
import type { RequestFacts } from './route.ts';

/** What nginx writes, and operators look for, when the client left before the answer began. */
const clientClosedRequest = 499;

const longestPath = 500;

/** One line for each request. The query string stays out: it may hold what nobody should find in a log. */
export function logAccess(log: Log, exchange: Exchange, durationMs: number): void {
  const { id, incoming, path, facts, trace } = exchange;
  log.info(
    {
      requestId: id,
      method: incoming.method,
      path: path.slice(0, longestPath),
      status: statusOf(exchange),
      isComplete: isAnswered(exchange),
      ...askedMembers(exchange, { facts, trace, durationMs }),
    },
    'request',
  );
}

/** What somebody asked over an exchange: all that it was about, or one of several operations. */
interface Asked {
  readonly facts: RequestFacts;
  readonly trace: RequestTrace | undefined;
  readonly durationMs: number;
}

/** Who asked, for what, and what it took. */
export function askedMembers(
  { incoming, origination, caller }: Exchange,
  { facts, trace, durationMs }: Asked,
): object {
  const { name: clientName, version: clientVersion } = clientOf(incoming.headers);
  return {
    durationMs: Math.round(durationMs * 1000) / 1000,
    client: origination.address,
    clientName,
    clientVersion,
    ...facts,
    operation: facts.operation?.name,
    operationType: facts.operation?.type,
    traceId: trace?.traceId,
    caller: caller && { kind: caller.kind, id: callerId(caller) },
  };
}

/** Of the answer, or why there is none. */
export function statusOf({ outgoing }: Exchange): number {
  return outgoing.headersSent ? outgoing.statusCode : clientClosedRequest;
}
