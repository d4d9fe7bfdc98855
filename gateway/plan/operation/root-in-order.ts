import {
  Kind,
  OperationTypeNode,
  separateOperations,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionNode,
} from 'graphql';
import { rootFields, selectionOf } from '../../request/root-fields.ts';

/**
 * A mutation, alone in its document, each of whose fields stands once, those of fragments in their places. Apollo's
 * planner (2.14.4) puts what a fragment brings before what stands beside it, and mutations would run in that order:
 * https://spec.graphql.org/September2025/#sec-Normal-and-Serial-Execution
 */
export function withRootInOrder(
  document: DocumentNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): DocumentNode {
  const mutation = document.definitions.find(isMutation);
  if (mutation === undefined) return document;
  const selections = together(rootFields(mutation, fragments).map(selectionOf));
  const inOrder = { ...mutation, selectionSet: { ...mutation.selectionSet, selections } };
  const definitions = document.definitions.map((node) => (node === mutation ? inOrder : node));
  // The planner would find the fragments again that are not spread any more, and spread them.
  return separateOperations({ ...document, definitions })[mutation.name?.value ?? ''] ?? document;
}

function isMutation(node: DocumentNode['definitions'][number]): node is OperationDefinitionNode {
  return node.kind === Kind.OPERATION_DEFINITION && node.operation === OperationTypeNode.MUTATION;
}

/** Those of one response key where the first of them stands; validation has found that they are the same field. */
function together(selections: readonly SelectionNode[]): readonly SelectionNode[] {
  const merged = new Map<unknown, SelectionNode>();
  for (const selection of selections) {
    const key =
      selection.kind === Kind.FIELD ? (selection.alias ?? selection.name).value : selection;
    const known = merged.get(key);
    merged.set(key, known === undefined ? selection : withSelectionsOf(known, selection));
  }
  return [...merged.values()];
}

function withSelectionsOf(field: SelectionNode, other: SelectionNode): SelectionNode {
  if (field.kind !== Kind.FIELD || other.kind !== Kind.FIELD) return field;
  const { selectionSet } = field;
  if (selectionSet === undefined || other.selectionSet === undefined) return field;
  const selections = [...selectionSet.selections, ...other.selectionSet.selections];
  return { ...field, selectionSet: { ...selectionSet, selections } } satisfies FieldNode;
}
