import { raise } from '../../foundation/errors/tributary-error.ts';
import type { FrontRequest } from '../http/route.ts';
import { checkNesting } from '../limits/check-nesting.ts';

/**
 * The parsed body; Apollo Server looks at its shape itself. Only JSON is read: a page of another origin can send
 * forms and plain text without asking first.
 *
 * @throws CONTENT_TYPE_UNSUPPORTED, BODY_NOT_JSON, DOCUMENT_TOO_NESTED
 */
export function readGraphqlBody({ method, body, headers }: FrontRequest): unknown {
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

/** Parameters of a GET with nothing in them. */
const emptyParameter = /[?&](?:operationName=|(?:variables|extensions)=(?:null)?)(?=&|$)/g;

/** The parameters of a GET without those that are empty or null, which Apollo Server refuses. */
export function readGraphqlSearch({ method, search }: FrontRequest): string {
  return method === 'GET' ? search.replace(emptyParameter, '').replace(/^&/, '?') : search;
}

/** The text of the operation; empty when there is none, as Apollo Server will say. */
export function queryOf({ search }: Pick<FrontRequest, 'search'>, body: unknown): string {
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

export function isJson(contentType = ''): boolean {
  if (contentType === 'application/json') return true;
  const [essence = ''] = contentType.split(';');
  return /^application\/([\w.-]+\+)?json$/i.test(essence.trim());
}
