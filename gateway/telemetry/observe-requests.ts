import { isAnswered, type Exchange } from '../http/exchange.ts';
import type { FrontTelemetry } from '../http/front-telemetry.ts';

/** Sees every request come and go. */
export interface ObserveRequests {
  readonly begin: (exchange: Exchange) => void;
  readonly end: (exchange: Exchange, status: number, durationMs: number) => void;
}

/** Counts requests, and traces them where they are traced. */
export function observeRequests({ meter, tracing }: FrontTelemetry): ObserveRequests {
  return {
    begin(exchange) {
      meter.active++;
      const { id, incoming, path, origination } = exchange;
      if (tracing === undefined || isWatching(path)) return;
      exchange.trace = tracing.begin({
        id,
        method: incoming.method ?? '',
        path,
        headers: incoming.headers,
        clientAddress: origination.address,
      });
    },
    end(exchange, status, durationMs) {
      meter.active--;
      const { incoming, route, facts, trace } = exchange;
      const seconds = durationMs / 1_000;
      meter.add({ method: incoming.method ?? '', route, status, facts, seconds });
      trace?.end({ route, status, isComplete: isAnswered(exchange), facts });
    },
  };
}

/** Who looks at the server every few seconds is not to fill the traces. */
function isWatching(path: string): boolean {
  return path === '/metrics' || path.startsWith('/health/');
}
