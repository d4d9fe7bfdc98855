import { execute, GraphQLError, type DocumentNode, type ExecutionResult } from 'graphql';
import type { SubgraphService } from './build-subgraph.ts';
import type { SubgraphContext } from './subgraph-context.ts';

interface SubgraphRequest {
  /** A text is parsed and validated; a document is taken as valid, since a planner made it. */
  readonly query: string | DocumentNode;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
  readonly operationName?: string | undefined;
  readonly context: SubgraphContext;
}

/** Asks a subgraph in this process. What is wrong with the request is in the result; it never rejects. */
export async function executeSubgraph(
  service: SubgraphService,
  { query, variables, operationName, context }: SubgraphRequest,
): Promise<ExecutionResult> {
  try {
    const checked =
      typeof query === 'string'
        ? service.documents.get(query)
        : { kind: 'valid' as const, document: query };
    if (checked.kind === 'invalid') return { errors: checked.errors };
    return await execute({
      schema: service.schema,
      document: checked.document,
      variableValues: variables,
      operationName,
      contextValue: context,
    });
  } catch (error) {
    if (error instanceof GraphQLError) return { errors: [error] };
    throw error;
  }
}
