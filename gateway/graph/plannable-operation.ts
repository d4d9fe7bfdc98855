import {
  Kind,
  visit,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type FragmentSpreadNode,
  type InlineFragmentNode,
  type NamedTypeNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { SupergraphNames } from './supergraph-names.ts';

/** An operation in a form that Apollo's gateway answers right, and the way back to what the client asked for. */
export interface PlannableOperation {
  readonly document: DocumentNode;
  /** Undefined when the operation was fine as it was. */
  readonly restore: Restore | undefined;
}

export interface Restore {
  /** The same data under the client's own response keys. */
  readonly data: (value: unknown) => unknown;
  readonly path: (path: readonly (string | number)[]) => readonly (string | number)[];
}

/**
 * Mends three wrong answers of Apollo's gateway (2.14.4), all silent, before it sees the operation.
 *
 * An alias that is also the name of a field: `{ customer { id: name salesRep } }`. The planner adds the key `id`, or
 * a field that another one requires, under the same response key, so that the client gets the id for the name, or a
 * computed field gets the name for the id. Such an alias gets a name that no field has.
 *
 * An object of which conditions leave no field: `{ invoice @skip(if: $a) { id @include(if: $a) } }`. The planner finds
 * nothing to fetch, and the client gets null for an invoice that is there. A hidden `__typename` makes it look.
 *
 * A fragment within one on an interface: `{ customer { ... on Named { ... on Customer { tags } } } }`. Where no
 * `__typename` was fetched the gateway takes the interface for the type of the object, and leaves `tags` out.
 */
export function toPlannableOperation(
  document: DocumentNode,
  { fields, abstractTypes }: SupergraphNames,
): PlannableOperation {
  const fragments = fragmentsOf(document);
  const clientKeys = new Map<string, string>();
  const prefix = unusedPrefix(document);
  const hidesTypename = someField(document, ({ selectionSet }) => needsTypename(selectionSet));
  const rewritten = visit(document, {
    Field: {
      leave(node) {
        const field = needsTypename(node.selectionSet) ? withTypename(node) : node;
        const key = (node.alias ?? node.name).value;
        if (!isMistakable(node, key)) return field === node ? undefined : field;
        clientKeys.set(`${prefix}${key}`, key);
        return { ...field, alias: { kind: Kind.NAME, value: `${prefix}${key}` } };
      },
    },
  });
  if (clientKeys.size === 0 && !hidesTypename) return { document, restore: undefined };
  return { document: rewritten, restore: restorer(clientKeys, hidesTypename) };

  function isMistakable({ name }: FieldNode, key: string): boolean {
    if (key === '__typename' && hidesTypename) return true;
    return key !== name.value && (fields.has(key) || key.startsWith('__'));
  }

  function needsTypename(selectionSet: SelectionSetNode | undefined): boolean {
    return isEmptyable(selectionSet) || hasFragmentInAbstract(selectionSet, false);
  }

  function isEmptyable(selectionSet: SelectionSetNode | undefined): boolean {
    return selectionSet?.selections.every(isConditional) === true;
  }

  function isConditional(selection: SelectionNode): boolean {
    const names = selection.directives?.map(({ name }) => name.value) ?? [];
    if (names.includes('skip') || names.includes('include')) return true;
    return selection.kind !== Kind.FIELD && isEmptyable(fragmentOf(selection)?.selectionSet);
  }

  function hasFragmentInAbstract(
    selectionSet: SelectionSetNode | undefined,
    isInAbstract: boolean,
  ): boolean {
    return (selectionSet?.selections ?? []).some((selection) => {
      const fragment = selection.kind === Kind.FIELD ? undefined : fragmentOf(selection);
      if (fragment === undefined) return false;
      const type = fragment.typeCondition?.name.value;
      if (isInAbstract && type !== undefined) return true;
      const isAbstract = type === undefined ? isInAbstract : abstractTypes.has(type);
      return hasFragmentInAbstract(fragment.selectionSet, isAbstract);
    });
  }

  function fragmentOf(node: InlineFragmentNode | FragmentSpreadNode):
    | {
        readonly typeCondition?: NamedTypeNode | undefined;
        readonly selectionSet: SelectionSetNode;
      }
    | undefined {
    return node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value);
  }
}

function withTypename(node: FieldNode): FieldNode {
  const typename: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };
  const selections = [typename, ...(node.selectionSet?.selections ?? [])];
  return { ...node, selectionSet: { kind: Kind.SELECTION_SET, selections } };
}

function fragmentsOf(document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  const fragments = document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
  return new Map(fragments.map((node) => [node.name.value, node]));
}

/** A beginning that no response key of the operation has. */
function unusedPrefix(document: DocumentNode): string {
  let prefix = 'alias_';
  const isTaken = (node: FieldNode): boolean => (node.alias ?? node.name).value.startsWith(prefix);
  while (someField(document, isTaken)) prefix += '_';
  return prefix;
}

function someField(document: DocumentNode, holds: (node: FieldNode) => boolean): boolean {
  let isFound = false;
  visit(document, {
    Field: (node) => {
      isFound ||= holds(node);
    },
  });
  return isFound;
}

/** @param dropsTypename whether a plain `__typename` is ours, since the client's own have another name */
function restorer(clientKeys: ReadonlyMap<string, string>, dropsTypename: boolean): Restore {
  const keyOf = (key: string): string => clientKeys.get(key) ?? key;
  const restoreData = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(restoreData);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .filter(([key]) => key !== '__typename' || !dropsTypename)
        .map(([key, item]) => [keyOf(key), restoreData(item)]),
    );
  };
  return {
    data: restoreData,
    path: (path) => path.map((step) => (typeof step === 'string' ? keyOf(step) : step)),
  };
}
