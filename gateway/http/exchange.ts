import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Origination } from '../../access/forwarding.ts';
import type { Caller } from '../../access/caller.ts';
import type { EarlyEnd } from '../../foundation/early-end.ts';
import { raise } from '../../foundation/errors/tributary-error.ts';
import type { RequestTrace } from '../telemetry/request-trace.ts';
import type { RequestFacts } from './route.ts';

/** One request and its answer, as the stages know it. */
export interface Exchange {
  readonly id: string;
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  /** The method that routes are looked up by: HEAD counts as GET. */
  readonly method: string;
  readonly path: string;
  readonly search: string;
  readonly origination: Origination;
  /** Headers that every answer of this exchange carries, errors too. Stages add to them. */
  readonly headers: Record<string, string>;
  readonly earlyEnd: EarlyEnd;
  /** What the handler adds to log, metrics and traces. */
  facts: RequestFacts;
  /** The path of the route, or its prefix and a star; undefined until it was found. */
  route: string | undefined;
  /** Undefined where nothing is traced. */
  trace: RequestTrace | undefined;
  /** Undefined until the caller was asked for. */
  caller: Caller | undefined;
  /** Whether the body is read as it comes; what is left of it when the answer is there is no small rest. */
  isBodyStreamed: boolean;
}

/** Why the signal of a request was aborted when nobody waits for the answer any more. */
export class ClientGone extends Error {
  constructor() {
    super('The client closed the connection before it had the answer.');
    this.name = 'ClientGone';
  }
}

/** True once the answer was handed over as a whole. */
export function isAnswered({ outgoing }: Exchange): boolean {
  return outgoing.writableFinished && outgoing.errored === null;
}

interface ExchangeOptions {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly origination: Origination;
  readonly earlyEnd: EarlyEnd;
}

export function createExchange({
  incoming,
  outgoing,
  origination,
  earlyEnd,
}: ExchangeOptions): Exchange {
  const id = requestId(incoming);
  const target = incoming.url ?? '/';
  const queryStart = target.indexOf('?');
  return {
    id,
    incoming,
    outgoing,
    method: incoming.method === 'HEAD' ? 'GET' : (incoming.method ?? ''),
    path: queryStart === -1 ? target : target.slice(0, queryStart),
    search: queryStart === -1 ? '' : target.slice(queryStart),
    origination,
    headers: {
      'x-request-id': id,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'strict-origin-when-cross-origin',
    },
    earlyEnd,
    facts: noFacts,
    route: undefined,
    trace: undefined,
    caller: undefined,
    isBodyStreamed: false,
  };
}

const noFacts: RequestFacts = {};

export function addFacts(exchange: Exchange, facts: RequestFacts): void {
  exchange.facts = exchange.facts === noFacts ? facts : { ...exchange.facts, ...facts };
}

/**
 * Refuses a request target that is no path: proxies send whole URLs, and we are none. And one with two hosts, of
 * which a proxy in front may have taken the other: https://www.rfc-editor.org/rfc/rfc9112#section-3.2
 *
 * @throws MALFORMED_REQUEST
 */
export function checkTarget({ path, incoming }: Exchange): void {
  if (hasTwoHosts(incoming)) {
    throw raise('MALFORMED_REQUEST', { problem: 'it has more than one Host header' });
  }
  if (path.startsWith('/') || (incoming.method === 'OPTIONS' && path === '*')) return;
  throw raise('MALFORMED_REQUEST', { problem: 'the request target has to begin with /' });
}

function hasTwoHosts({ rawHeaders }: IncomingMessage): boolean {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (name.length === 4 && name.toLowerCase() === 'host') count++;
  }
  return count > 1;
}

/** The id that the caller gave, if it is fit for a log line and a header, so that traces meet across systems. */
function requestId({ headers }: IncomingMessage): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID();
}
