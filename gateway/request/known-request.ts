import { isJsonObject, parseJson, parseJsonObject } from '../../foundation/json-object.ts';
import { hasInexactNumber } from '../../wire/exact-json.ts';
import type { FrontRequest } from '../http/route.ts';
import { answerMediaType, type AnswerMediaType } from '../answer/answer-media-type.ts';
import { checkNesting } from '../limits/check-nesting.ts';
import { isJson, readGraphqlSearch } from './graphql-request.ts';
import { findDocument, otherExtensions, type KnownDocuments } from './persisted-documents.ts';
import { decimalsHeader } from '../graph/request-context.ts';

/** What a request has to say, when it says nothing unusual. */
export interface PlainRequest {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** With it, Apollo's gateway is asked for its plan as well. */
const planHeader = 'apollo-query-plan-experimental';

/** How a client without special wishes wants its answer; undefined where it has some. */
export function plainMediaType({ method, headers }: FrontRequest): AnswerMediaType | undefined {
  if (headers[planHeader] !== undefined) return undefined;
  if (method !== 'GET' && !(method === 'POST' && isJson(headers['content-type']))) return undefined;
  return answerMediaType(headers.accept);
}

/** One text for all that decides what is answered. */
export function askedText(
  { method, headers, search, body }: FrontRequest,
  type: AnswerMediaType,
): string {
  const decimals = String(headers[decimalsHeader] ?? '');
  return `${method} ${type} ${decimals}\n${method === 'GET' ? search : body}`;
}

/**
 * Undefined where a request has anything that a plain one does not have.
 * @throws DOCUMENT_TOO_NESTED, and what `findDocument` throws
 */
export function readPlainRequest(
  request: FrontRequest,
  documents: KnownDocuments,
): PlainRequest | undefined {
  const json = request.method === 'GET' ? readSearch(request) : readBody(request.body);
  if (json === undefined) return undefined;
  const { query, operationName, variables, extensions, documentId, ...others } = json;
  for (const name in others) if (Object.hasOwn(others, name)) return undefined;
  if (!isNothing(operationName) && typeof operationName !== 'string') return undefined;
  if (!isNothing(variables) && !isJsonObject(variables)) return undefined;
  if (!isNothing(otherExtensions(extensions))) return undefined;
  const text = findDocument({ query, documentId, extensions }, documents);
  if (text === undefined) return undefined;
  return {
    query: text,
    operationName: operationName === '' ? undefined : (operationName ?? undefined),
    variables: isJsonObject(variables) ? variables : {},
  };
}

function readBody(body: string): Readonly<Record<string, unknown>> | undefined {
  checkNesting(body, 'The JSON of the request');
  const json = parseJsonObject(body);
  // `exact-variables.ts` looks at their types.
  return json === undefined || hasInexactNumber(body) ? undefined : json;
}

/** A parameter that stands there twice is for Apollo Server to refuse. */
function readSearch(request: FrontRequest): Readonly<Record<string, unknown>> | undefined {
  const parameters = new URLSearchParams(readGraphqlSearch(request));
  const json: Record<string, unknown> = {};
  for (const name of ['query', 'documentId', 'operationName', 'variables', 'extensions']) {
    const [text, another] = parameters.getAll(name);
    if (another !== undefined) return undefined;
    if (text === undefined) continue;
    if (name !== 'variables' && name !== 'extensions') json[name] = text;
    else {
      const parsed = parseJson(text);
      if (!isJsonObject(parsed) || hasInexactNumber(text)) return undefined;
      json[name] = parsed;
    }
  }
  return json;
}

function isNothing(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}
