import {
  HeaderMap,
  type ApolloServer,
  type BaseContext,
  type HTTPGraphQLResponse,
} from '@apollo/server';
import type { ExactNumbers } from '../../wire/exact-numbers.ts';
import type { JsonTexts } from '../../wire/json-text.ts';
import type { CheckQuery } from '../limits/check-query.ts';
import type { FrontRequest, FrontResponse } from '../http/route.ts';
import { queryOf, readGraphqlBody, readGraphqlSearch } from './graphql-request.ts';
import type { KeepDigits } from './exact-variables.ts';
import { withFoundDocument } from './named-request.ts';
import type { KnownDocuments } from './persisted-documents.ts';

/** What is asked before Apollo Server parses anything. */
export interface QuestionChecks {
  readonly documents: KnownDocuments;
  readonly checkQuery: CheckQuery;
  /** Not there where variables are what they are to JavaScript. */
  readonly keepDigits?: KeepDigits;
}

/** What an answer is written with. */
interface Written {
  readonly jsonTexts?: JsonTexts;
  readonly exactNumbers?: ExactNumbers;
}

/** Lets an Apollo Server answer a request that came through our front. */
export async function answerGraphql<Context extends BaseContext>(
  server: ApolloServer<Context>,
  request: FrontRequest,
  context: Context & Written,
  { documents, checkQuery, keepDigits }: QuestionChecks,
): Promise<FrontResponse> {
  const asked = { search: readGraphqlSearch(request), body: readGraphqlBody(request) };
  const found = withFoundDocument(request.method, asked, documents);
  checkQuery(queryOf(found, found.body));
  const { exactNumbers } = context;
  const { search, body } =
    keepDigits && exactNumbers ? keepDigits(found, request, exactNumbers) : found;
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  const response = await server.executeHTTPGraphQLRequest({
    httpGraphQLRequest: { method: request.method, headers, search, body },
    context: () => Promise.resolve(context),
  });
  return {
    status: response.status ?? 200,
    headers: Object.fromEntries(response.headers),
    body: bodyOf(response.body, context),
  };
}

function bodyOf(
  body: HTTPGraphQLResponse['body'],
  { jsonTexts, exactNumbers }: Written,
): FrontResponse['body'] {
  if (body.kind !== 'complete') return body.asyncIterator;
  const json = exactNumbers?.write(body.string) ?? body.string;
  return jsonTexts?.fill(json) ?? json;
}
