import { callerId } from '../../access/caller.ts';
import type { Log } from '../../foundation/log.ts';
import { isAnswered, type Exchange } from './exchange.ts';

/** What nginx writes, and operators look for, when the client left before the answer began. */
const clientClosedRequest = 499;

const longestPath = 500;

/** One line for each request. The query string stays out: it may hold what nobody should find in a log. */
export function logAccess(log: Log, exchange: Exchange, durationMs: number): void {
  const { id, incoming, outgoing, path, origination, caller, facts } = exchange;
  log.info(
    {
      requestId: id,
      method: incoming.method,
      path: path.slice(0, longestPath),
      status: outgoing.headersSent ? outgoing.statusCode : clientClosedRequest,
      isComplete: isAnswered(exchange),
      durationMs: Math.round(durationMs * 1000) / 1000,
      client: origination.address,
      ...facts,
      caller: caller && { kind: caller.kind, id: callerId(caller) },
    },
    'request',
  );
}
