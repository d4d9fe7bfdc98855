import type { Clock } from '../../foundation/clock.ts';
import type { Log } from '../../foundation/log.ts';
import { askedMembers } from './access-log.ts';
import type { Exchange } from './exchange.ts';
import type { FrontTelemetry } from './front-telemetry.ts';
import type { FrontRequest, RequestFacts } from './route.ts';

/** An operation that came over a WebSocket, until it is over. */
export interface SocketOperation {
  /** What its request carries to those who know more of it. */
  readonly carried: Required<Pick<FrontRequest, 'noteFacts' | 'trace'>>;
  readonly end: () => void;
}

interface SocketOperationOptions {
  readonly log: Log;
  readonly clock: Clock;
  readonly telemetry: FrontTelemetry;
}

/** Counts, traces and logs an operation as if it had come in a request of its own. */
export function beginSocketOperation(
  id: string,
  exchange: Exchange,
  { log, clock, telemetry: { meter, tracing } }: SocketOperationOptions,
): SocketOperation {
  const startedMs = clock.monotonicMs();
  const { path, incoming, origination } = exchange;
  const { headers } = incoming;
  const clientAddress = origination.address;
  const trace = tracing?.begin({ id, method: 'GET', path, headers, clientAddress });
  let facts: RequestFacts = {};
  let isOver = false;
  return {
    carried: { trace, noteFacts: (more) => (facts = { ...facts, ...more }) },
    end() {
      if (isOver) return;
      isOver = true;
      const durationMs = clock.monotonicMs() - startedMs;
      meter.addOperation(facts, durationMs / 1_000);
      trace?.end({ route: path, status: 101, isComplete: true, facts });
      const asked = askedMembers(exchange, { facts, trace, durationMs });
      log.info({ requestId: id, path, ...asked }, 'WebSocket operation');
    },
  };
}
