import type { ApolloServerPlugin } from '@apollo/server';
import { checkIntrospection } from '../limits/check-introspection.ts';
import { refusalOf } from '../graph/as-refusal.ts';

/** Of a subgraph that is served to other routers, whose operations are not limited by their cost. */
export function limitIntrospection(limit: number): ApolloServerPlugin {
  return {
    requestDidStart: () =>
      Promise.resolve({
        didResolveOperation({ operation, document, schema }) {
          if (operation === undefined) return Promise.resolve();
          try {
            checkIntrospection({ document, operation, schema }, limit);
          } catch (error) {
            throw refusalOf(error);
          }
          return Promise.resolve();
        },
      }),
  };
}
