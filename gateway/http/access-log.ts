import { callerId } from '../../access/caller.ts';
import type { Log } from '../../foundation/log.ts';
import { clientOf } from '../telemetry/client-name.ts';
import { isAnswered, type Exchange } from './exchange.ts';

/** What nginx writes, and operators look for, when the client left before the answer began. */
const clientClosedRequest = 499;

const longestPath = 500;

/** One line for each request. The query string stays out: it may hold what nobody should find in a log. */
export function logAccess(log: Log, exchange: Exchange, durationMs: number): void {
  const { id, incoming, path, origination, caller, facts, trace } = exchange;
  const { operation, ...more } = facts;
  const { name: clientName, version: clientVersion } = clientOf(incoming.headers);
  log.info(
    {
      requestId: id,
      method: incoming.method,
      path: path.slice(0, longestPath),
      status: statusOf(exchange),
      isComplete: isAnswered(exchange),
      durationMs: Math.round(durationMs * 1000) / 1000,
      client: origination.address,
      clientName,
      clientVersion,
      operation: operation?.name,
      operationType: operation?.type,
      ...more,
      traceId: trace?.traceId,
      caller: caller && { kind: caller.kind, id: callerId(caller) },
    },
    'request',
  );
}

/** Of the answer, or why there is none. */
export function statusOf({ outgoing }: Exchange): number {
  return outgoing.headersSent ? outgoing.statusCode : clientClosedRequest;
}
