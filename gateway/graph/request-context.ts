import type { IncomingHttpHeaders } from 'node:http';
import type { Caller } from '../../access/caller.ts';
import type { EndSignal } from '../../foundation/early-end.ts';
import { raise } from '../../foundation/errors/tributary-error.ts';
import { ExactNumbers } from '../../wire/exact-numbers.ts';
import { JsonTexts } from '../../wire/json-text.ts';
import type { WireOptions } from '../../wire/to-wire.ts';
import type { AnswerReads } from '../../hub/execute/answer-reads.ts';
import type { FrontRequest } from '../http/route.ts';
import type { RequestTrace } from '../telemetry/request-trace.ts';
import type { AnswerFreshness } from '../answer/answer-freshness.ts';
import { AnswerSoFar } from '../fetch/answer-so-far.ts';
import type { Explanation } from '../answer/explanation.ts';
import type { SubscriptionPass } from '../subscriptions/root-fetch.ts';
import { RequestCost } from '../request/request-cost.ts';
import type { StreamWish } from '../subscriptions/stream-wish.ts';

/** What travels with a GraphQL request through planning and execution. */
export interface RequestContext {
  readonly requestId: string;
  readonly caller: Caller;
  /** Of the request; names in lower case. Subgraphs get of them what the settings say. */
  readonly headers: Readonly<IncomingHttpHeaders>;
  readonly clientAddress: string | undefined;
  readonly cost: RequestCost;
  /** Adds to what log, metrics and traces tell of the request. */
  readonly noteFacts?: FrontRequest['noteFacts'];
  /** Not there where nothing is traced. */
  readonly trace?: RequestTrace | undefined;
  readonly wire: WireOptions;
  readonly signal: EndSignal;
  readonly answerSoFar: AnswerSoFar;
  readonly jsonTexts: JsonTexts;
  readonly exactNumbers: ExactNumbers;
  /** Gathers how the answer comes about; undefined when nobody asked for that. */
  readonly explanation?: Explanation | undefined;
  /** Gathers how old what the answer is made of is; undefined when nobody asked for that. */
  readonly freshness?: AnswerFreshness | undefined;
  /** Gathers what an answer of the hub alone is made of; undefined where it is not to be kept. */
  readonly reads?: AnswerReads | undefined;
  /** Not there where the answer may be no stream. */
  readonly streamWish?: StreamWish | undefined;
  /** Whether the operation is only to be prepared: nobody is asked for anything. */
  readonly isWarming?: true | undefined;
  /** Why a subscription passes the gateway; not there for other operations. */
  readonly subscription?: SubscriptionPass | undefined;
}

/** The header with which a request chooses the form of its decimals, `number` or `string`. */
export const decimalsHeader = 'x-tributary-decimals';

/** @throws DECIMALS_UNKNOWN */
export function requestContext(
  {
    id,
    caller,
    headers,
    signal,
    clientAddress,
    noteFacts,
    trace,
  }: Pick<
    FrontRequest,
    'id' | 'caller' | 'headers' | 'signal' | 'clientAddress' | 'noteFacts' | 'trace'
  >,
  decimals: WireOptions['decimals'],
  { isCostTold = false }: { readonly isCostTold?: boolean } = {},
): RequestContext {
  const wire = { decimals: readDecimals(headers[decimalsHeader]) ?? decimals };
  return {
    requestId: id,
    caller,
    headers,
    clientAddress,
    cost: new RequestCost(isCostTold, noteFacts),
    noteFacts,
    trace,
    wire,
    signal,
    answerSoFar: new AnswerSoFar(),
    jsonTexts: new JsonTexts(),
    exactNumbers: new ExactNumbers(),
  };
}

function readDecimals(
  wished: string | readonly string[] | undefined,
): WireOptions['decimals'] | undefined {
  if (wished === undefined || wished === 'string' || wished === 'number') return wished;
  throw raise('DECIMALS_UNKNOWN', { wished: wished.toString() });
}
