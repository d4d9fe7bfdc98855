import { Kind, type DocumentNode } from 'graphql';
import { namedTypeOf } from '../../../mapping/field-type.ts';
import { findDirectives, stringArgument } from '../../../mapping/schema-source.ts';
import { graphOf, isExternal, joinFields } from '../../../registry/join-field.ts';

/**
 * Names of fields that several subgraphs have, of an interface or a union that is of more types in some of them than
 * in others.
 */
export function partialFields(supergraph: DocumentNode): ReadonlySet<string> {
  const typesIn = possibleTypes(supergraph);
  const names = new Set<string>();
  for (const node of supergraph.definitions) {
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION) continue;
    const ofType = findDirectives(node, 'join__type');
    for (const field of node.fields ?? []) {
      const ofField = joinFields(field);
      const joins = ofField.length === 0 ? ofType : ofField.filter((join) => !isExternal(join));
      const type = namedTypeOf(field.type);
      const possible = joins.map((join) => typesIn.get(`${graphOf(join)} ${type}`)?.join());
      if (new Set(possible).size > 1) names.add(field.name.value);
    }
  }
  return names;
}

/** By subgraph and the name of an interface or a union: the object types of it that the subgraph has. */
function possibleTypes(supergraph: DocumentNode): ReadonlyMap<string, readonly string[]> {
  const types = new Map<string, string[]>();
  const add = (graph: string, type: string | undefined, object: string | undefined): void => {
    const id = `${graph} ${type}`;
    if (object !== undefined) types.set(id, [...(types.get(id) ?? []), object]);
  };
  for (const node of supergraph.definitions) {
    if (node.kind === Kind.OBJECT_TYPE_DEFINITION) {
      for (const join of findDirectives(node, 'join__implements'))
        add(graphOf(join), stringArgument(join, 'interface'), node.name.value);
    } else if (node.kind === Kind.UNION_TYPE_DEFINITION) {
      for (const join of findDirectives(node, 'join__unionMember'))
        add(graphOf(join), node.name.value, stringArgument(join, 'member'));
    }
  }
  return types;
}
