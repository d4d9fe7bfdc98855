import { Kind, OperationTypeNode, type DocumentNode, type SelectionSetNode } from 'graphql';
import { raise } from '../../foundation/errors/tributary-error.ts';
import { fragmentsOf } from '../../hub/compile/collect-fields.ts';

/**
 * Refuses conditions on the one field of a subscription, which leave nothing to subscribe to where they exclude it
 * (CollectSubscriptionFields of the GraphQL specification of September 2025, 5.2.4.1). The rule of graphql-js (16.15)
 * knows no such error, and fails where a variable decides.
 *
 * @throws GRAPHQL_VALIDATION_FAILED
 */
export function checkRootConditions(document: DocumentNode): void {
  const fragments = fragmentsOf(document);
  const visited = new Set<string>();
  for (const node of document.definitions) {
    const isSubscription =
      node.kind === Kind.OPERATION_DEFINITION && node.operation === OperationTypeNode.SUBSCRIPTION;
    if (isSubscription) check(node.selectionSet);
  }

  function check({ selections }: SelectionSetNode): void {
    for (const selection of selections) {
      const names = selection.directives?.map(({ name }) => name.value) ?? [];
      const condition = names.find((name) => name === 'skip' || name === 'include');
      if (condition !== undefined) throw refusal(condition);
      if (selection.kind === Kind.INLINE_FRAGMENT) check(selection.selectionSet);
      if (selection.kind !== Kind.FRAGMENT_SPREAD || visited.has(selection.name.value)) continue;
      visited.add(selection.name.value);
      const fragment = fragments.get(selection.name.value);
      if (fragment !== undefined) check(fragment.selectionSet);
    }
  }
}

function refusal(condition: string): Error {
  const problem = `A subscription must not have @${condition} on its one field, nor on a fragment around it: without the field there is nothing to subscribe to. Leave the subscription out instead.`;
  return raise('GRAPHQL_VALIDATION_FAILED', { problem });
}
