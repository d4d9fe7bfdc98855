import type {
  GatewayExecutor,
  GatewayGraphQLRequestContext,
} from '@apollo/server-gateway-interface';
import {
  GraphQLError,
  type GraphQLErrorExtensions,
  OperationTypeNode,
  type GraphQLFormattedError,
} from 'graphql';
import type { Config } from '../../foundation/config/schema.ts';
import { AnswerReads } from '../../hub/execute/answer-reads.ts';
import type { FrontRequest, FrontResponse } from '../http/route.ts';
import type { Limits } from '../limits/limits.ts';
import type { AnswerCache } from './answer-cache.ts';
import type { AnswerMediaType } from './answer-media-type.ts';
import { answerFacts, keptFacts } from './answer-facts.ts';
import { tellCost, type AdmitOperation } from '../request/admit-operation.ts';
import { finishAnswer, type FinishedResult } from './finish-answer.ts';
import type { KnownOperation, KnownOperations } from '../request/known-operations.ts';
import {
  askedText,
  plainMediaType,
  readPlainRequest,
  type PlainRequest,
} from '../request/known-request.ts';
import type { KnownDocuments } from '../request/persisted-documents.ts';
import { asksForPlainJson } from './plain-json-status.ts';
import { shortenErrorsOf } from './shorten-errors.ts';
import type { RequestContext } from '../graph/request-context.ts';

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

interface KnownRequest extends PlainRequest {
  readonly known: KnownOperation;
}

/** The answer to the same request, where it was kept and is still right. */
export function answerKept(request: FrontRequest, lane: KnownLane): FrontResponse | undefined {
  const mediaType = lane.cache && plainMediaType(request);
  if (mediaType === undefined) return undefined;
  const kept = lane.cache?.find(askedText(request, mediaType));
  if (kept === undefined) return undefined;
  lane.admitKept(request);
  request.noteFacts?.(kept.facts);
  kept.uses.count++;
  return toResponse(200, mediaType, kept.body);
}

/**
 * Answers a request whose operation was parsed, checked and found valid before: what Apollo Server would do once more
 * is left out, which is two thirds of the time of a small question. All that remains are the same functions in the
 * same order: execute, which checks the variables, put the errors in form, finish.
 *
 * Undefined for whatever is in any way unusual, before anything was done: Apollo Server has an answer to everything.
 */
export async function answerKnown(
  request: FrontRequest,
  lane: KnownLane,
  contextOf: () => RequestContext,
): Promise<FrontResponse | undefined> {
  const mediaType = plainMediaType(request);
  if (mediaType === undefined) return undefined;
  const found = findKnown(request, lane);
  if (found === undefined) return undefined;
  const { cache } = lane;
  const reads = cache && new AnswerReads();
  const context = { ...contextOf(), reads };
  lane.admit(found.known, found.variables, context);
  const { status, result } = await execute(found, context, lane);
  finishAnswer(result);
  tellCost(result, context);
  if (lane.errorDetail === 'code') shortenErrorsOf(result);
  request.noteFacts?.(answerFacts(result, 'known'));
  const { errors, data, extensions } = result;
  const { jsonTexts, exactNumbers } = context;
  const shown = { errors, data: jsonTexts.take(data), extensions };
  const body = jsonTexts.fill(exactNumbers.write(`${JSON.stringify(shown)}\n`));
  const shownStatus = status === 400 && asksForPlainJson(request.headers.accept) ? 200 : status;
  if (reads?.since !== undefined) {
    const { tables, entities, since } = reads;
    const { operation, uses } = found.known;
    const facts = keptFacts(operation);
    const answer = { body, facts, uses, reads: { tables, entities }, since };
    cache?.keep(askedText(request, mediaType), answer);
  }
  return toResponse(shownStatus, mediaType, body);
}

function toResponse(
  status: number,
  mediaType: AnswerMediaType,
  body: FrontResponse['body'],
): FrontResponse {
  return { status, headers: { 'content-type': mediaType, 'cache-control': 'no-store' }, body };
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

function findKnown(
  request: FrontRequest,
  { operations, documents }: KnownLane,
): KnownRequest | undefined {
  const asked = readPlainRequest(request, documents);
  if (asked === undefined) return undefined;
  const known = operations.find(asked.query, asked.operationName);
  if (known === undefined) return undefined;
  const { operation } = known;
  // Apollo Server says why nothing can be changed by GET.
  if (request.method === 'GET' && operation.operation !== OperationTypeNode.QUERY) return undefined;
  return { ...asked, known };
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
