import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError, Kind, type OperationDefinitionNode } from 'graphql';
import { didYouMean } from '../../foundation/errors/did-you-mean.ts';
import { raise } from '../../foundation/errors/tributary-error.ts';
import type { RequestContext } from '../graph/request-context.ts';

/**
 * Refuses a request whose operation cannot be told, or is of a kind that the schema does not have; Apollo's gateway
 * would answer that as a failure of its own.
 */
export function requireOperation(): ApolloServerPlugin<RequestContext> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        didResolveOperation({ operation, document, request, schema }) {
          if (operation !== undefined) {
            if (schema.getRootType(operation.operation)) return Promise.resolve();
            throw withoutRoot(operation);
          }
          const names = document.definitions.flatMap((node) =>
            node.kind === Kind.OPERATION_DEFINITION && node.name ? [node.name.value] : [],
          );
          throw refusal(describe(request.operationName, names));
        },
      }),
  };
}

function describe(asked: string | undefined, names: readonly string[]): string {
  if (asked && names.length === 0)
    return `The query has no operation "${asked}": those that it has are without a name.`;
  return asked
    ? `The query has no operation "${asked}". ${didYouMean(asked, names)}`
    : `The query has several operations (${names.join(', ')}), and none of them was named.`;
}

/** The rules of validation say nothing of a kind of operation that the schema does not have at all. */
function withoutRoot(operation: OperationDefinitionNode): GraphQLError {
  const problem = `The schema has no ${operation.operation}s.`;
  const { message, extensions } = raise('GRAPHQL_VALIDATION_FAILED', { problem });
  return new GraphQLError(message, {
    nodes: operation,
    extensions: { ...extensions, http: { status: 400 } },
  });
}

function refusal(problem: string): GraphQLError {
  const { message, extensions } = raise('OPERATION_RESOLUTION_FAILURE', { problem });
  return new GraphQLError(message, { extensions: { ...extensions, http: { status: 400 } } });
}
