import {
  Kind,
  parse,
  type FragmentDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { AnswerPath, Representation } from './answer-so-far.ts';
import { clientKey } from './planner-aliases.ts';

/** More errors of one failed fetch tell a reader nothing new. */
export const maximumPlaces = 50;

/**
 * The places of a subgraph's answer that stay empty when it fails: its root fields, or every field of every entity.
 * Without representations the fetch is one of root fields. An entity of which all fields depend on a type that nobody
 * knows yet stays empty as a whole.
 */
export function fetchPlaces(
  query: string,
  representations: readonly Representation[] | undefined,
): readonly AnswerPath[] {
  const { definitions } = parse(query, { noLocation: true });
  const fragments = new Map(
    definitions
      .filter((node) => node.kind === Kind.FRAGMENT_DEFINITION)
      .map((node) => [node.name.value, node]),
  );
  const operation = definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  if (operation === undefined) return [];
  if (representations === undefined) {
    return responseNames(operation.selectionSet, undefined, fragments)
      .slice(0, maximumPlaces)
      .map((name) => [name]);
  }
  const [entities] = operation.selectionSet.selections;
  const selectionSet = entities?.kind === Kind.FIELD ? entities.selectionSet : undefined;
  return representations
    .slice(0, maximumPlaces)
    .flatMap(({ __typename }, index) => {
      const names = selectionSet ? responseNames(selectionSet, __typename, fragments) : [];
      const entity: AnswerPath = ['_entities', index];
      return names.length === 0 ? [entity] : names.map((name) => [...entity, name]);
    })
    .slice(0, maximumPlaces);
}

/** Names of the fields that are selected of an object; fragments on another type than this one are left out. */
function responseNames(
  selectionSet: SelectionSetNode,
  typename: unknown,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): readonly string[] {
  const names = selectionSet.selections.flatMap((selection: SelectionNode): readonly string[] => {
    if (selection.kind === Kind.FIELD) {
      return selection.name.value === '__typename' ? [] : [clientKey(selection)];
    }
    const fragment =
      selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
    if (fragment === undefined) return [];
    const condition = fragment.typeCondition?.name.value;
    if (typename !== undefined && condition !== undefined && condition !== typename) return [];
    return responseNames(fragment.selectionSet, typename, fragments);
  });
  return [...new Set(names)];
}
