import type { GraphQLDataSource } from '@apollo/gateway';
import type { GatewayExecutionResult, GatewayInterface } from '@apollo/server-gateway-interface';
import { GraphQLError } from 'graphql';
import type { RequestContext } from '../graph/request-context.ts';
import { SubgraphError } from './subgraph-error.ts';
import { wrapExecutor } from '../graph/wrap-executor.ts';

/**
 * The errors of subgraphs go around Apollo's gateway (2.14.4), each to its place in the answer. By itself the gateway
 * counts entities that it left out of a fetch, knows no place for an error that has none in the fetch, and where there
 * is any error says nothing of nulls where the schema allows none, whoever brought them about.
 */
export class PlacedErrors {
  readonly #found = new WeakMap<object, GraphQLError[]>();

  /** The way to a subgraph, whose errors the gateway does not see. */
  keep(
    serviceName: string,
    source: GraphQLDataSource<RequestContext>,
  ): GraphQLDataSource<RequestContext> {
    return {
      process: async (processing) => {
        const { errors = [], ...answer } = await source.process(processing);
        if (errors.length === 0 || !('incomingRequestContext' in processing)) return answer;
        const { incomingRequestContext } = processing;
        const found = this.#found.get(incomingRequestContext) ?? [];
        this.#found.set(incomingRequestContext, found);
        const others = errors.filter((error) => !(error instanceof SubgraphError));
        for (const error of errors)
          if (error instanceof SubgraphError) found.push(placedError(error, serviceName));
        return others.length === 0 ? answer : { ...answer, errors: others };
      },
    };
  }

  /** The gateway with the errors that were kept. */
  place(gateway: GatewayInterface): GatewayInterface {
    return wrapExecutor(gateway, (execute) => async (requestContext) => {
      const result = await execute(requestContext);
      const found = this.#found.get(requestContext);
      return found === undefined ? result : withErrors(result, found);
    });
  }
}

function placedError(error: SubgraphError, serviceName: string): GraphQLError {
  const { message, clientPath: path, extensions } = error;
  return new GraphQLError(message, {
    path,
    extensions: { ...extensions, serviceName },
    originalError: error,
  });
}

function withErrors(
  result: GatewayExecutionResult,
  found: readonly GraphQLError[],
): GatewayExecutionResult {
  const { extensions, errors = [] } = result;
  const completion: unknown = extensions?.['valueCompletion'];
  const places = found.flatMap(({ originalError }) =>
    originalError instanceof SubgraphError ? originalError.emptied : [],
  );
  const emptied = new Set(places.map((place) => place.join('.')));
  return {
    ...result,
    errors: [...found, ...errors],
    ...(Array.isArray(completion) && {
      extensions: {
        ...extensions,
        valueCompletion: completion.filter((error: unknown) => !isWithin(error, emptied)),
      },
    }),
  };
}

/** One null has one error: https://spec.graphql.org/September2025/#sec-Handling-Execution-Errors */
function isWithin(error: unknown, emptied: ReadonlySet<string>): boolean {
  if (emptied.size === 0 || !(error instanceof GraphQLError)) return false;
  const { path = [] } = error;
  return path.some((_, index) => emptied.has(path.slice(0, index + 1).join('.')));
}
