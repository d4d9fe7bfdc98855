import type { GatewayExecutor, GatewayInterface } from '@apollo/server-gateway-interface';
import {
  execute,
  Kind,
  type DocumentNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { fragmentsOf } from '../../hub/compile/collect-fields.ts';
import { wrapExecutor } from './wrap-executor.ts';

/**
 * A gateway that answers questions about the schema from the schema alone. Apollo's planner (2.14.4) knows an older
 * set of fields, and fails for `isOneOf`, which tools ask for.
 */
export function withIntrospection(gateway: GatewayInterface): GatewayInterface {
  return wrapExecutor(gateway, (otherwise) => introspect(otherwise));
}

function introspect(otherwise: GatewayExecutor): GatewayExecutor {
  /** Apollo Server keeps parsed documents, so that a known operation comes as the same object again. */
  const known = new WeakMap<OperationDefinitionNode, boolean>();
  return async (requestContext) => {
    const { document, operation, request, schema } = requestContext;
    const isOfSchema = known.get(operation) ?? asksForSchemaAlone(document, operation);
    known.set(operation, isOfSchema);
    if (!isOfSchema) return otherwise(requestContext);
    const { data, errors } = await execute({
      schema,
      document,
      operationName: operation.name?.value,
      variableValues: request.variables,
    });
    return { data: data ?? null, ...(errors === undefined ? {} : { errors }) };
  };
}

function asksForSchemaAlone(document: DocumentNode, operation: OperationDefinitionNode): boolean {
  const fragments = fragmentsOf(document);
  const names = rootFields(operation.selectionSet);
  return (
    names.some((name) => name !== '__typename') && names.every((name) => name.startsWith('__'))
  );

  function rootFields({ selections }: SelectionSetNode): readonly string[] {
    return selections.flatMap((selection): readonly string[] => {
      if (selection.kind === Kind.FIELD) return [selection.name.value];
      if (selection.kind === Kind.INLINE_FRAGMENT) return rootFields(selection.selectionSet);
      const fragment = fragments.get(selection.name.value);
      return fragment === undefined ? [] : rootFields(fragment.selectionSet);
    });
  }
}
