import type {
  GatewayExecutor,
  GatewayGraphQLRequestContext,
} from '@apollo/server-gateway-interface';
import {
  getVariableValues,
  GraphQLError,
  type GraphQLErrorExtensions,
  type GraphQLFormattedError,
} from 'graphql';
import type { Config } from '../../foundation/config/schema.ts';
import { AnswerReads } from '../../hub/execute/answer-reads.ts';
import type { FrontRequest, FrontResponse } from '../http/route.ts';
import type { Limits } from '../limits/limits.ts';
import type { AnswerCache } from './answer-cache.ts';
import { answerFacts, keptFacts } from './answer-facts.ts';
import { tellCost, type AdmitOperation } from './admit-operation.ts';
import { checkNesting } from './check-nesting.ts';
import { finishAnswer, type FinishedResult } from './finish-answer.ts';
import { isJson } from './graphql-request.ts';
import type { KnownOperation, KnownOperations } from './known-operations.ts';
import type { KnownDocuments } from './persisted-documents.ts';
import { shortenErrorsOf } from './shorten-errors.ts';
import { decimalsHeader, type RequestContext } from './request-context.ts';
import { isJsonObject, parseJsonObject } from '../../foundation/json-object.ts';

export interface KnownLane {
  readonly operations: KnownOperations;
  /** Undefined where answers are not kept. */
  readonly cache: AnswerCache | undefined;
  readonly documents: KnownDocuments;
  readonly admit: AdmitOperation;
  readonly admitKept: Limits['admitKept'];
  readonly errorDetail: Config['graph']['errorDetail'];
  /** The gateway's way to execute, which Apollo Server takes as well. */
  readonly execute: GatewayExecutor;
  readonly formatError: (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;
}

interface KnownRequest {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly known: KnownOperation;
}

/**
 * Answers a request whose operation was parsed, checked and found valid before: what Apollo Server would do once more
 * is left out, which is two thirds of the time of a small question. All that remains are the same functions in the
 * same order: coerce the variables, execute, put the errors in form, finish.
 *
 * Undefined for whatever is in any way unusual, before anything was done: Apollo Server has an answer to everything.
 */
export async function answerKnown(
  request: FrontRequest,
  lane: KnownLane,
  contextOf: () => RequestContext,
): Promise<FrontResponse | undefined> {
  if (!isPlain(request)) return undefined;
  const { cache } = lane;
  const asked = `${String(request.headers[decimalsHeader] ?? '')}\n${request.body}`;
  const kept = cache?.find(asked);
  if (kept !== undefined) {
    lane.admitKept(request);
    request.noteFacts?.(kept.facts);
    return toResponse(200, kept.body);
  }
  const found = findKnown(request.body, lane);
  if (found === undefined) return undefined;
  const reads = cache && new AnswerReads();
  const context = { ...contextOf(), reads };
  lane.admit(found.known, found.variables, context);
  const { status, result } = await execute(found, context, lane);
  finishAnswer(result);
  tellCost(result, context);
  if (lane.errorDetail === 'code') shortenErrorsOf(result);
  request.noteFacts?.(answerFacts(result, 'known'));
  const { errors, data, extensions } = result;
  const { jsonTexts } = context;
  const shown = { errors, data: jsonTexts.take(data), extensions };
  const body = jsonTexts.fill(`${JSON.stringify(shown)}\n`);
  if (reads?.since === undefined) return toResponse(status, body);
  const whole = typeof body === 'string' ? body : Buffer.concat(body);
  const { tables, entities, since } = reads;
  const facts = keptFacts(found.known.operation);
  cache?.keep(asked, { body: whole, facts, reads: { tables, entities }, since });
  return toResponse(status, whole);
}

function toResponse(status: number, body: FrontResponse['body']): FrontResponse {
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
  };
  return { status, headers, body };
}

/** With it, Apollo's gateway is asked for its plan as well. */
const planHeader = 'apollo-query-plan-experimental';

/** Whether the client has no special wishes. */
function isPlain({ method, headers }: FrontRequest): boolean {
  const { accept, [planHeader]: plan } = headers;
  const isAnyJson = accept === undefined || accept === '*/*' || accept === 'application/json';
  return method === 'POST' && isAnyJson && isJson(headers['content-type']) && plan === undefined;
}

/** With the status that Apollo Server would give it. */
async function execute(
  found: KnownRequest,
  context: RequestContext,
  lane: KnownLane,
): Promise<{ readonly status: number; readonly result: FinishedResult }> {
  const toFormatted = (errors: readonly GraphQLError[]): readonly GraphQLFormattedError[] =>
    errors.map((error) => withCode(error, lane.formatError));
  try {
    const { data, errors, extensions } = await lane.execute(toGatewayRequest(found, context));
    const result = {
      ...(errors !== undefined && { errors: toFormatted(errors) }),
      ...(data !== undefined && { data: data as Record<string, unknown> | null }),
      ...(extensions !== undefined && { extensions }),
    };
    const isRefused = data === undefined && errors !== undefined;
    return { status: statusOf(errors) ?? (isRefused ? 400 : 200), result };
  } catch (thrown) {
    const error = toGraphqlError(thrown);
    return { status: statusOf([error]) ?? 500, result: { errors: toFormatted([error]) } };
  }
}

function toGraphqlError(thrown: unknown): GraphQLError {
  if (thrown instanceof GraphQLError) return thrown;
  const originalError = thrown instanceof Error ? thrown : new Error(String(thrown));
  return new GraphQLError(originalError.message, { originalError });
}

/** As Apollo Server's errors and our refusals have it. */
function httpStatus({ http }: GraphQLErrorExtensions): number | undefined {
  const { status } = (http ?? {}) as { readonly status?: unknown };
  return typeof status === 'number' ? status : undefined;
}

/** The last one that an error asks for. */
function statusOf(errors: readonly GraphQLError[] | undefined): number | undefined {
  return errors
    ?.map(({ extensions }) => httpStatus(extensions))
    .findLast((status) => status !== undefined);
}

function findKnown(body: string, { operations, documents }: KnownLane): KnownRequest | undefined {
  checkNesting(body, 'The JSON of the request');
  const asked = parsePlain(body);
  if (asked === undefined) return undefined;
  // What the product asks itself for a subscription is known as well, and nobody else may ask it.
  if (documents.isOnlyTrusted && !documents.trusted.has(asked.query)) return undefined;
  const known = operations.find(asked.query, asked.operationName);
  if (known === undefined) return undefined;
  const { schema, operation } = known;
  const definitions = operation.variableDefinitions ?? [];
  const { errors } = getVariableValues(schema, definitions, asked.variables);
  return errors === undefined ? { ...asked, known } : undefined;
}

/** The members that a request has, when it has no others. */
function parsePlain(body: string): Omit<KnownRequest, 'known'> | undefined {
  const json = parseJsonObject(body);
  if (json === undefined) return undefined;
  const { query, operationName, variables, extensions, ...others } = json;
  for (const name in others) if (Object.hasOwn(others, name)) return undefined;
  if (typeof query !== 'string' || query === '' || !isNothing(extensions)) return undefined;
  const isNamed = typeof operationName === 'string' && operationName !== '';
  if (!isNamed && !isNothing(operationName)) return undefined;
  if (!isNothing(variables) && !isJsonObject(variables)) return undefined;
  return {
    query,
    operationName: isNamed ? operationName : undefined,
    variables: isJsonObject(variables) ? variables : {},
  };
}

function isNothing(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

/** What the gateway looks at of a request of Apollo Server. */
function toGatewayRequest(
  { query, operationName, variables, known }: KnownRequest,
  context: RequestContext,
): GatewayGraphQLRequestContext {
  const { document, operation, queryHash, schema } = known;
  return {
    request: { query, ...(operationName !== undefined && { operationName }), variables },
    operationName: operation.name?.value ?? null,
    source: query,
    document,
    operation,
    queryHash,
    schema,
    context,
    metrics: {},
    overallCachePolicy: undefined,
  } as unknown as GatewayGraphQLRequestContext;
}

/** As Apollo Server does it: every error has a code. */
function withCode(
  error: GraphQLError,
  formatError: KnownLane['formatError'],
): GraphQLFormattedError {
  const { http: _, ...extensions } = error.extensions;
  const code = extensions['code'] ?? 'INTERNAL_SERVER_ERROR';
  return formatError({ ...error.toJSON(), extensions: { ...extensions, code } }, error);
}
