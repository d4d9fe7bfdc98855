import type { GraphQLFormattedError, GraphQLSchema } from 'graphql';
import { raise, TributaryError } from '../../foundation/errors/tributary-error.ts';
import { checkAnswer } from './check-answer.ts';
import { decimalsHeader } from './request-context.ts';
import type { SubgraphAnswer, SubgraphFetch } from './guarded-source.ts';

interface RemoteSubgraph {
  readonly subgraph: string;
  readonly url: string;
  /** The supergraph, which says what an answer may look like. */
  readonly schema: () => GraphQLSchema;
  /** Bytes that it may answer with: more is no answer but an accident. */
  readonly maximumAnswerBytes?: number;
}

/**
 * The way to a federation server over HTTP (GraphQL over HTTP, POST with JSON). What it answers is checked before
 * the gateway merges it.
 *
 * @throws SUBGRAPH_URL_INVALID; the function that it gives: SUBGRAPH_UNREACHABLE, SUBGRAPH_ANSWER_INVALID,
 *   SUBGRAPH_ANSWER_TOO_LARGE, and the reason of an aborted signal
 */
export function remoteSource(
  remote: RemoteSubgraph,
): (fetch: SubgraphFetch) => Promise<SubgraphAnswer> {
  const { subgraph, url, schema } = remote;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw raise('SUBGRAPH_URL_INVALID', { subgraph, url });
  }
  return async (request) => {
    const { response, text } = await receive(remote, request);
    const answer = readAnswer(text, request);
    if (answer === undefined) throw invalid(response, text, subgraph);
    return checkAnswer(answer, { subgraph, schema: schema(), query: request.query });
  };
}

interface Received {
  readonly response: Response;
  readonly text: string;
}

async function receive(remote: RemoteSubgraph, request: SubgraphFetch): Promise<Received> {
  try {
    const response = await post(remote.url, request);
    return { response, text: await readText(response, remote) };
  } catch (error) {
    request.signal.throwIfAborted();
    if (error instanceof TributaryError) throw error;
    throw raise('SUBGRAPH_UNREACHABLE', { subgraph: remote.subgraph }, { cause: error });
  }
}

function post(
  url: string,
  { query, operationName, variables, context, signal }: SubgraphFetch,
): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    signal,
    // A redirected POST may lose its body, and would take the request to a place that nobody configured.
    redirect: 'error',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json, application/json;q=0.9',
      'x-request-id': context.requestId,
      [decimalsHeader]: context.wire.decimals,
    },
    body: JSON.stringify({
      query,
      variables,
      ...(operationName === undefined ? {} : { operationName }),
    }),
  });
}

const defaultMaximumAnswerBytes = 64 * 1024 * 1024;

async function readText(
  response: Response,
  { subgraph, maximumAnswerBytes = defaultMaximumAnswerBytes }: RemoteSubgraph,
): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let sizeBytes = 0;
  for await (const chunk of response.body ?? []) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > maximumAnswerBytes) {
      throw raise('SUBGRAPH_ANSWER_TOO_LARGE', { subgraph, limitBytes: maximumAnswerBytes });
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** The beginning of the answer is for the log; callers do not see causes. */
function invalid({ status, headers }: Response, text: string, subgraph: string): Error {
  const type = headers.get('content-type') ?? 'no content type';
  const cause = new Error(`status ${status}, ${type}: ${text.slice(0, 200)}`);
  return raise('SUBGRAPH_ANSWER_INVALID', { subgraph }, { cause });
}

/** The status is not asked: a GraphQL response with errors may come with any. Undefined for what is none. */
function readAnswer(text: string, { variables }: SubgraphFetch): SubgraphAnswer | undefined {
  const { data, errors } = parseObject(text) ?? {};
  if (data !== undefined && data !== null && !isObject(data)) return undefined;
  if (errors !== undefined && errors !== null && !Array.isArray(errors)) return undefined;
  const read = (errors ?? []).map(readError);
  if (data && isWhole(data, variables['representations'])) return { data, errors: read };
  // Nothing at all is no answer: every field would be null, and nobody would know why.
  return read.length === 0 ? undefined : { data: null, errors: read };
}

/** The gateway counts on one entity for each representation. */
function isWhole({ _entities }: Record<string, unknown>, representations: unknown): boolean {
  if (!Array.isArray(representations)) return true;
  return Array.isArray(_entities) && _entities.length === representations.length;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return isObject(json) ? json : undefined;
  } catch {
    return undefined;
  }
}

function readError(error: unknown): GraphQLFormattedError {
  const { message, path, extensions } = isObject(error) ? error : {};
  return {
    message: typeof message === 'string' ? message : 'An error without a message.',
    ...(isPath(path) && { path }),
    ...(isObject(extensions) && { extensions }),
  };
}

function isPath(value: unknown): value is (string | number)[] {
  return (
    Array.isArray(value) &&
    value.every((part) => typeof part === 'string' || typeof part === 'number')
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
