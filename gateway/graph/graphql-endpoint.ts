import {
  HeaderMap,
  type ApolloServer,
  type BaseContext,
  type HTTPGraphQLResponse,
} from '@apollo/server';
import { raise } from '../../foundation/errors/tributary-error.ts';
import type { JsonTexts } from '../../wire/json-text.ts';
import type { FrontRequest, FrontResponse } from '../http/route.ts';
import { checkNesting } from './check-nesting.ts';

/** Lets an Apollo Server answer a request that came through our front. */
export async function answerGraphql<Context extends BaseContext>(
  server: ApolloServer<Context>,
  request: FrontRequest,
  context: Context & { readonly jsonTexts?: JsonTexts },
): Promise<FrontResponse> {
  const body = readBody(request);
  checkNesting(queryOf(request, body), 'The query');
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  const response = await server.executeHTTPGraphQLRequest({
    httpGraphQLRequest: {
      method: request.method,
      headers,
      search: request.search,
      body,
    },
    context: () => Promise.resolve(context),
  });
  return {
    status: response.status ?? 200,
    headers: Object.fromEntries(response.headers),
    body: bodyOf(response.body, context.jsonTexts),
  };
}

function bodyOf(
  body: HTTPGraphQLResponse['body'],
  jsonTexts: JsonTexts | undefined,
): FrontResponse['body'] {
  if (body.kind !== 'complete') return body.asyncIterator;
  return jsonTexts === undefined ? body.string : jsonTexts.fill(body.string);
}

/**
 * The parsed body; Apollo Server looks at its shape itself. Only JSON is read: a page of another origin can send
 * forms and plain text without asking first.
 */
function readBody({ method, body, headers }: FrontRequest): unknown {
  if (method !== 'POST') return body;
  const type = headers['content-type'];
  if (!isJson(type)) {
    const problem = type === undefined ? 'has no content-type' : `is of the type "${type}"`;
    throw raise('CONTENT_TYPE_UNSUPPORTED', { problem });
  }
  checkNesting(body, 'The JSON of the request');
  try {
    return withoutEmptyTexts(JSON.parse(body));
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw raise('BODY_NOT_JSON', { problem }, { cause: error });
  }
}

/** The text of the operation; empty when there is none, as Apollo Server will say. */
function queryOf({ search }: FrontRequest, body: unknown): string {
  const query =
    typeof body === 'object' && body !== null && 'query' in body
      ? body.query
      : new URLSearchParams(search).get('query');
  return typeof query === 'string' ? query : '';
}

/** Tools that make requests of forms send an empty text where they have no name and no variables. */
function withoutEmptyTexts(request: unknown): unknown {
  if (typeof request !== 'object' || request === null || Array.isArray(request)) return request;
  const isEmpty = ([name, value]: [string, unknown]): boolean =>
    value === '' && (name === 'operationName' || name === 'variables');
  const members = Object.entries(request);
  return members.some(isEmpty)
    ? Object.fromEntries(members.filter((member) => !isEmpty(member)))
    : request;
}

function isJson(contentType = ''): boolean {
  const [essence = ''] = contentType.split(';');
  return /^application\/([\w.-]+\+)?json$/i.test(essence.trim());
}
