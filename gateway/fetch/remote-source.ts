import type { GraphQLSchema } from 'graphql';
import { isJsonObject, type JsonObject } from '../../foundation/json-object.ts';
import { toAbortSignal } from '../../foundation/early-end.ts';
import { raise } from '../../foundation/errors/tributary-error.ts';
import { hasInexactNumber } from '../../wire/exact-json.ts';
import { followHeaderRules } from '../remote/header-rules.ts';
import { RemoteFailure } from '../remote/remote-failure.ts';
import type { RemoteRequest, RemoteResponse } from '../remote/remote-request.ts';
import type { RemoteSubgraph } from '../remote/remote-subgraphs.ts';
import { checkAnswer, type CheckedAnswer } from './check-answer.ts';
import { decimalsHeader } from '../graph/request-context.ts';
import type { SubgraphAnswer, SubgraphFetch } from './guarded-source.ts';
import { readForeignError } from './foreign-error.ts';

interface RemoteSourceOptions {
  readonly subgraph: string;
  readonly remote: RemoteSubgraph;
  /** The supergraph, which says what an answer may look like. */
  readonly schema: () => GraphQLSchema;
}

/**
 * The way to a federation server over HTTP (GraphQL over HTTP, POST with JSON). What it answers is checked before
 * the gateway merges it. How the request travels is the matter of `remote/remote-stages.ts`.
 *
 * @throws the function that it gives: SUBGRAPH_UNREACHABLE, SUBGRAPH_TIMEOUT, SUBGRAPH_ANSWER_INVALID,
 *   SUBGRAPH_ANSWER_TOO_LARGE, SUBGRAPH_CIRCUIT_OPEN, SUBGRAPH_OVERLOADED, and the reason of an aborted signal
 */
export function remoteSource({
  subgraph,
  remote,
  schema,
}: RemoteSourceOptions): (fetch: SubgraphFetch) => Promise<SubgraphAnswer> {
  return async (fetch) => {
    const response = await send(remote, fetch);
    if (!response.isGraphql) throw invalid(response, subgraph);
    const { mayLackDigits, ...answer } = read(response.takeJson(), response, fetch);
    // Only they may have numbers that no double has, of which `JSON.parse` kept some digits.
    if (!mayLackDigits || !hasInexactNumber(response.text)) return answer;
    const exact = fetch.context.exactNumbers.read(response.text);
    const { mayLackDigits: _, ...kept } = read(isJsonObject(exact) ? exact : {}, response, fetch);
    return kept;
  };

  function read(
    json: JsonObject | undefined,
    response: RemoteResponse,
    fetch: SubgraphFetch,
  ): CheckedAnswer {
    const answer = readAnswer(json ?? {}, fetch);
    if (answer === undefined) throw invalid(response, subgraph);
    const { query, variables, context } = fetch;
    return checkAnswer(answer, {
      subgraph,
      schema: schema(),
      query,
      variables,
      exactNumbers: context.exactNumbers,
    });
  }
}

async function send(remote: RemoteSubgraph, fetch: SubgraphFetch): Promise<RemoteResponse> {
  try {
    return await remote.send(toRequest(remote, fetch));
  } catch (error) {
    fetch.signal.throwIfAborted();
    throw error instanceof RemoteFailure ? error.error : error;
  }
}

function toRequest(
  { settings, clock }: RemoteSubgraph,
  { query, operationName, variables, context, signal, trace }: SubgraphFetch,
): RemoteRequest {
  const own = {
    'x-request-id': context.requestId,
    [decimalsHeader]: context.wire.decimals,
    ...trace?.headers,
  };
  return {
    body: context.exactNumbers.write(
      JSON.stringify({
        query,
        variables,
        ...(operationName === undefined ? {} : { operationName }),
      }),
    ),
    headers: followHeaderRules(settings.headers, own, context.headers),
    isQuery: isQuery(query),
    caller: context.caller,
    signal: toAbortSignal(signal),
    deadlineMs: clock.monotonicMs() + settings.timeoutMs,
    trace,
  };
}

/** The planner writes one operation, before its fragments. What looks otherwise may change something. */
function isQuery(query: string): boolean {
  return /^\s*(?:query\b|\{)/.test(query);
}

/** The beginning of the answer is for the log; callers do not see causes. */
function invalid({ status, contentType, text }: RemoteResponse, subgraph: string): Error {
  const cause = new Error(`status ${status}, ${contentType}: ${text.slice(0, 200)}`);
  return raise('SUBGRAPH_ANSWER_INVALID', { subgraph }, { cause });
}

/** The status is not asked: a GraphQL response with errors may come with any. Undefined for what is none. */
function readAnswer(
  { data, errors }: JsonObject,
  { variables }: SubgraphFetch,
): SubgraphAnswer | undefined {
  const read = Array.isArray(errors) ? errors.map(readForeignError) : [];
  if (isJsonObject(data) && isWhole(data, variables['representations']))
    return { data, errors: read };
  // Nothing at all is no answer: every field would be null, and nobody would know why.
  return read.length === 0 ? undefined : { data: null, errors: read };
}

/** The gateway counts on one entity for each representation. */
function isWhole({ _entities }: Record<string, unknown>, representations: unknown): boolean {
  if (!Array.isArray(representations)) return true;
  return Array.isArray(_entities) && _entities.length === representations.length;
}
