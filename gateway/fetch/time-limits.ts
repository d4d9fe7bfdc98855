import type { Config } from '../../foundation/config/schema.ts';
import { raise, type TributaryError } from '../../foundation/errors/tributary-error.ts';
import { hubName } from '../../hub/derive/names.ts';
import { ledgerName } from '../../motion/names.ts';
import { callTimeoutMs } from '../remote/remote-settings.ts';

/** The time of a fetch, and what is said when it is up. */
export interface TimeLimit {
  readonly timeoutMs: number;
  readonly onTimeout: () => TributaryError;
}

/** What the hub gets beyond the time of a statement, which is stopped for itself and leaves the rest of the answer. */
const hubGraceMs = 1_000;

/** The hub has the time that a question may take, whatever a call to another subgraph may. */
export function timeLimitOf(subgraph: string, isLocal: boolean, config: Config): TimeLimit {
  const { graph, server } = config;
  if (subgraph === hubName && isLocal) {
    const { timeoutMs } = graph.limits;
    const onTimeout = (): TributaryError => raise('LAKE_TIMEOUT', { timeoutMs });
    return { timeoutMs: timeoutMs + hubGraceMs, onTimeout };
  }
  // It ends with the request: a sync may take longer than calls to subgraphs do.
  const isLedger = subgraph === ledgerName && isLocal;
  const timeoutMs = isLedger ? server.requestTimeoutMs : callTimeoutMs(subgraph, config);
  return { timeoutMs, onTimeout: () => raise('SUBGRAPH_TIMEOUT', { subgraph, timeoutMs }) };
}
