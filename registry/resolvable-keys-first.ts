import { Kind, visit, type ConstDirectiveNode, type DocumentNode } from 'graphql';
import { findArgument } from '../mapping/schema-source.ts';

/**
 * Mends a wrong answer of Apollo's gateway (2.14.4). A subgraph may declare several keys of an entity and find it by
 * some of them only: `@key(fields: "id", resolvable: false) @key(fields: "isbn")`. On its way back to that subgraph
 * with what a `@requires` there needs, the planner names the entity by the first key that is declared, without asking
 * whether it resolves; the subgraph then cannot find the entity, or finds another one. The order of keys means
 * nothing else, so those that resolve go first.
 */
export function putResolvableKeysFirst(supergraph: DocumentNode): DocumentNode {
  const put = <Node extends { readonly directives?: readonly ConstDirectiveNode[] | undefined }>(
    node: Node,
  ): Node | undefined => {
    const { directives = [] } = node;
    const isInOrder =
      directives.findIndex(isUnresolvable) >= directives.findLastIndex(isResolvable);
    if (isInOrder || !directives.some(isUnresolvable)) return undefined;
    const others = directives.filter((directive) => !isUnresolvable(directive));
    return { ...node, directives: [...others, ...directives.filter(isUnresolvable)] };
  };
  return visit(supergraph, {
    ObjectTypeDefinition: put,
    InterfaceTypeDefinition: put,
  });
}

function isResolvable(directive: ConstDirectiveNode): boolean {
  return directive.name.value === 'join__type' && !isUnresolvable(directive);
}

function isUnresolvable(directive: ConstDirectiveNode): boolean {
  if (directive.name.value !== 'join__type') return false;
  const value = findArgument(directive, 'resolvable');
  return value?.kind === Kind.BOOLEAN && !value.value;
}
