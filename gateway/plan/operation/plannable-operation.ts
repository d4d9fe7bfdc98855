import {
  Kind,
  visit,
  type ASTNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type InlineFragmentNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { fragmentsOf } from '../../../hub/compile/collect-fields.ts';
import { isLikePlanners } from '../../fetch/planner-aliases.ts';
import { ResponseKeys, type NameKey } from './response-keys.ts';
import { clashingKeys, keyed } from './clashing-keys.ts';
import { foldConditions, type ConditionValues } from './fold-conditions.ts';
import { withRootInOrder } from './root-in-order.ts';
import type { SupergraphNames } from './supergraph-names.ts';

/** An operation in a form that Apollo's gateway answers right, and the way back to what the client asked for. */
export interface PlannableOperation {
  readonly document: DocumentNode;
  /** Undefined when the answer is what the client asked for. */
  readonly restore: Restore | undefined;
}

export interface Restore {
  /** The same data under the client's own response keys. */
  readonly data: (value: unknown) => unknown;
  readonly path: (path: readonly (string | number)[]) => readonly (string | number)[];
}

/**
 * Mends wrong answers of Apollo's gateway (2.14.4), all silent, before it sees the operation.
 * There has to be one alone in the document.
 *
 * Conditions. Where a computed field is excluded, `{ customer { salesRep creditLimit @include(if: $a) } }`, its
 * neighbours in the same fetch come out null, since what it requires was not fetched; within an object with a
 * condition of its own, others are lost and excluded fields are fetched; an object of which conditions leave nothing
 * is null. So there are none: each outcome of the conditions is an operation of its own.
 *
 * An alias that is also the name of a field, `{ customer { id: name salesRep } }`. The planner adds the key `id`, or
 * a field that another one requires, under the same response key, so that the client gets the id for the name, or a
 * computed field gets the name for the id. Such an alias gets a name that no field has.
 *
 * An alias as the planner makes them, `{ customer { id__alias_0: name } }`: what it made is undone.
 *
 * A fragment within one on an interface, `{ customer { ... on Named { ... on Customer { tags } } } }`. Where no
 * `__typename` was fetched the gateway takes the interface for the type of the object, and leaves `tags` out. So one
 * is fetched, hidden from the client.
 *
 * Nothing but fragments, `{ tool { next { ... on Axe { edge } } } }`, in a field that one subgraph has of fewer types
 * than another. The planner may take the way where there is nothing to fetch: the object is null. So its `__typename` is
 * fetched, hidden from the client.
 *
 * Two fields under one response key: see `clashingKeys`. All but one get another key.
 *
 * Fragments at the root of a mutation: see `withRootInOrder`.
 */
export function toPlannableOperation(
  authored: DocumentNode,
  conditions: ConditionValues,
  { fields, abstractTypes, interfaceObjects, behindFields, partialFields }: SupergraphNames,
): PlannableOperation {
  const folded = foldConditions(authored, conditions);
  const fragments = fragmentsOf(folded);
  const document = withRootInOrder(folded, fragments);
  const prefix = unusedPrefix(document);
  const behindNames = new Map(
    [...behindFields].map(([id, { own }]) => [id.replace(/.*\./, ''), own]),
  );
  const hidesTypename = someSelectionSet(document, needsTypename);
  const clashing = clashingKeys(document, fragments, interfaceObjects.size > 0);
  const names = new Map<string, string>();
  const clientKeys = new Map<string, string>();
  const plannable = visit(document, {
    SelectionSet: {
      leave: (node, _key, parent) => (needsTypename(node, parent) ? withTypename(node) : undefined),
    },
    Field: {
      leave(node) {
        const key = responseKey(node);
        const whole = keyed(node);
        if (!isMistakable(node, key) && !clashing.has(whole)) return undefined;
        return { ...node, alias: { kind: Kind.NAME, value: nameFor(key, whole) } };
      },
    },
  });
  const isAsAsked = clientKeys.size === 0 && !hidesTypename;
  return {
    document: plannable,
    restore: isAsAsked ? undefined : restorer(plannable, nameKey),
  };

  function nameFor(key: string, whole: string): string {
    const known = names.get(whole);
    if (known !== undefined) return known;
    let name = isLikePlanners(key) ? `${prefix}${key}_` : `${prefix}${key}`;
    while (clientKeys.has(name)) name += '_';
    names.set(whole, name);
    clientKeys.set(name, key);
    return name;
  }

  function nameKey(field: FieldNode): string | undefined {
    const key = responseKey(field);
    // A plain one is ours where any is, since the client's own have another name.
    if (key === '__typename' && hidesTypename) return undefined;
    return clientKeys.get(key) ?? key;
  }

  function isMistakable({ name }: FieldNode, key: string): boolean {
    if (key === '__typename' && hidesTypename) return true;
    if (key === name.value) return false;
    return fields.has(key) || key.startsWith('__') || isLikePlanners(key);
  }

  function needsTypename(node: SelectionSetNode, parent: Parent): boolean {
    if (node.selections.length === 0) return true;
    const isOfField = parent !== undefined && 'kind' in parent && parent.kind === Kind.FIELD;
    if (!isOfField) return false;
    const isPartial = partialFields.has(parent.name.value) && !node.selections.some(isField);
    const own = behindNames.get(parent.name.value);
    // All else goes into a fragment on an interface.
    const isApart = node.selections.some(
      (one) => isField(one) && own?.has(one.name.value) === false,
    );
    return isPartial || isApart || hasFragmentInAbstract(node, own !== undefined);
  }

  function hasFragmentInAbstract(node: SelectionSetNode, isInAbstract: boolean): boolean {
    return fragmentsIn(node).some(({ typeCondition, selectionSet }) => {
      const type = typeCondition?.name.value;
      if (isInAbstract && type !== undefined) return true;
      const isAbstract = type === undefined ? isInAbstract : abstractTypes.has(type);
      return hasFragmentInAbstract(selectionSet, isAbstract);
    });
  }

  function fragmentsIn(node: SelectionSetNode): readonly Fragment[] {
    return node.selections.flatMap((selection): readonly Fragment[] => {
      if (selection.kind === Kind.FIELD) return [];
      if (selection.kind === Kind.INLINE_FRAGMENT) return [selection];
      const fragment = fragments.get(selection.name.value);
      return fragment === undefined ? [] : [fragment];
    });
  }
}

type Fragment = InlineFragmentNode | FragmentDefinitionNode;
type Parent = ASTNode | readonly ASTNode[] | undefined;

function isField(node: SelectionNode): node is FieldNode {
  return node.kind === Kind.FIELD;
}

function responseKey({ alias, name }: FieldNode): string {
  return (alias ?? name).value;
}

function withTypename({ selections }: SelectionSetNode): SelectionSetNode {
  const typename: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };
  return { kind: Kind.SELECTION_SET, selections: [typename, ...selections] };
}

/** A beginning that no response key of the operation has. */
function unusedPrefix(document: DocumentNode): string {
  const keys = new Set<string>();
  visit(document, {
    Field: (node) => {
      keys.add(responseKey(node));
    },
  });
  let prefix = 'alias_';
  while ([...keys].some((key) => key.startsWith(prefix))) prefix += '_';
  return prefix;
}

function someSelectionSet(
  document: DocumentNode,
  holds: (node: SelectionSetNode, parent: Parent) => boolean,
): boolean {
  let isFound = false;
  visit(document, {
    SelectionSet: (node, _key, parent) => {
      isFound ||= holds(node, parent);
    },
  });
  return isFound;
}

function restorer(document: DocumentNode, nameKey: NameKey): Restore {
  const operation = document.definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  const sets = operation?.kind === Kind.OPERATION_DEFINITION ? [operation.selectionSet] : [];
  const keys = new ResponseKeys(sets, fragmentsOf(document), nameKey);
  return { data: (value) => keys.rename(value), path: (path) => keys.renamePath(path) };
}
