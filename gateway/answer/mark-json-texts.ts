import type { ApolloServerPlugin } from '@apollo/server';
import type { RequestContext } from '../graph/request-context.ts';

/** Leaves marks where JSON text stands in an answer. `answerGraphql` puts it there, once Apollo Server wrote the rest. */
export function markJsonTexts(): ApolloServerPlugin<RequestContext> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        willSendResponse: ({ response: { body }, contextValue }) => {
          if (body.kind === 'single' && body.singleResult.data)
            body.singleResult.data = contextValue.jsonTexts.take(
              body.singleResult.data,
            ) as typeof body.singleResult.data;
          return Promise.resolve();
        },
      }),
  };
}
