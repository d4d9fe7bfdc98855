import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError } from 'graphql';
import { TributaryError } from '../../foundation/errors/tributary-error.ts';
import { fragmentsOf } from '../../hub/compile/collect-fields.ts';
import { checkSelectionDepth } from '../../hub/compile/selection-depth.ts';
import type { HubLimits } from '../../hub/limits.ts';

/** Refuses operations that go deeper than allowed, before anybody plans or runs them. */
export function limitDepth(limits: Pick<HubLimits, 'selectionDepth'>): ApolloServerPlugin {
  /** Apollo Server keeps parsed documents, so that a known operation comes as the same object again. */
  const checked = new WeakSet<object>();
  return {
    requestDidStart: () =>
      Promise.resolve({
        didResolveOperation({ operation, document }) {
          if (operation === undefined || checked.has(operation)) return Promise.resolve();
          try {
            checkSelectionDepth({ operation, fragments: fragmentsOf(document) }, limits);
          } catch (error) {
            throw error instanceof TributaryError ? asRefusal(error) : error;
          }
          checked.add(operation);
          return Promise.resolve();
        },
      }),
  };
}

/** An error about the whole request, which comes with its status. */
export function asRefusal(error: TributaryError): GraphQLError {
  const { message, extensions, status } = error;
  return new GraphQLError(message, { extensions: { ...extensions, http: { status } } });
}
