import {
  HeaderMap,
  type ApolloServer,
  type BaseContext,
  type HTTPGraphQLResponse,
} from '@apollo/server';
import type { JsonTexts } from '../../wire/json-text.ts';
import type { CheckQuery } from '../limits/check-query.ts';
import type { FrontRequest, FrontResponse } from '../http/route.ts';
import { queryOf, readGraphqlBody } from './graphql-request.ts';
import { withFoundDocument } from './named-request.ts';
import type { KnownDocuments } from './persisted-documents.ts';

/** What is asked before Apollo Server parses anything. */
export interface QuestionChecks {
  readonly documents: KnownDocuments;
  readonly checkQuery: CheckQuery;
}

/** Lets an Apollo Server answer a request that came through our front. */
export async function answerGraphql<Context extends BaseContext>(
  server: ApolloServer<Context>,
  request: FrontRequest,
  context: Context & { readonly jsonTexts?: JsonTexts },
  { documents, checkQuery }: QuestionChecks,
): Promise<FrontResponse> {
  const asked = { search: request.search, body: readGraphqlBody(request) };
  const { search, body } = withFoundDocument(request.method, asked, documents);
  checkQuery(queryOf({ search }, body));
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
