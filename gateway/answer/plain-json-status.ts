import type { ApolloServerPlugin } from '@apollo/server';

/**
 * GraphQL over HTTP: to a client that asks for `application/json` by name, a request that could be read is answered
 * with 200, also when its document is refused. A client that knows `application/graphql-response+json`, or that takes
 * anything, gets the status of what is wrong.
 * https://graphql.github.io/graphql-over-http/draft/#sec-application-json
 */
export function plainJsonStatus(): ApolloServerPlugin {
  return {
    requestDidStart: () =>
      Promise.resolve({
        willSendResponse({ request, response: { body, http } }) {
          if (http.status !== 400 || body.kind !== 'single') return Promise.resolve();
          const codes = body.singleResult.errors?.map(({ extensions }) => extensions?.['code']);
          const isUnreadable = codes?.includes('BAD_REQUEST') === true;
          if (!isUnreadable && asksForPlainJson(request.http?.headers.get('accept')))
            http.status = 200;
          return Promise.resolve();
        },
      }),
  };
}

/** Whether the header names `application/json`, and not the type that has statuses of its own. */
export function asksForPlainJson(accept = ''): boolean {
  const types = accept.split(',').map((range) => (range.split(';')[0] ?? '').trim().toLowerCase());
  return types.includes('application/json') && !types.includes('application/graphql-response+json');
}
