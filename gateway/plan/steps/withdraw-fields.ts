import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import {
  Kind,
  type FieldNode,
  type InlineFragmentNode,
  type NamedTypeNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { SubgraphFields } from '../../../registry/subgraph-fields.ts';
import type { PlanStep } from './plan-step.ts';

/** A field that a step asked for where its subgraph cannot answer it. */
export interface WithdrawnField {
  readonly step: PlanStep;
  /** The one that can, once it has what the field requires. */
  readonly subgraph: string;
  readonly path: PlanStep['path'];
  /** That of the objects. */
  readonly typeName: string;
  /** That of the objects as the subgraph knows it. */
  readonly askedAs: string;
  readonly field: FieldNode;
  readonly required: SelectionSetNode;
  /** By which that subgraph is asked for it. */
  readonly key: SelectionSetNode;
}

/** Names of fields, whatever type has them. */
export interface FieldTree extends ReadonlyMap<string, FieldTree> {}

/**
 * What a step asks, but for what its subgraph cannot answer: a field of another subgraph that this one does not
 * provide there, and a field that is computed of what it is not given. Where one of the latter stood, the step asks
 * for the key.
 */
export function withdrawFields(
  step: PlanStep,
  fields: SubgraphFields,
  withdrawn: WithdrawnField[],
): SelectionSetNode {
  const { fetch, operation } = step;
  const subgraph = fetch.serviceName;
  const isOfEntities = fetch.requires !== undefined;
  const rootType = rootTypes[operation.operation];
  return select(
    step.selected,
    isOfEntities ? '' : rootType,
    [...step.path],
    new Map(),
    isOfEntities,
  );

  function select(
    set: SelectionSetNode,
    typeName: string,
    path: PlanStep['path'],
    provided: FieldTree,
    isEntity: boolean,
  ): SelectionSetNode {
    const given = isEntity
      ? merge(provided, givenTree(fetch.requires ?? [], typeName, fields))
      : provided;
    const keys: SelectionNode[] = [];
    let isChanged = false;
    const kept = set.selections.flatMap((selection): readonly SelectionNode[] => {
      const found = visitSelection(selection);
      if (found.length !== 1 || found[0] !== selection) isChanged = true;
      return found;
    });
    if (!isChanged) return set;
    return { ...set, selections: [...kept, ...keys] };

    function visitSelection(selection: SelectionNode): readonly SelectionNode[] {
      if (selection.kind === Kind.FRAGMENT_SPREAD) return [selection];
      if (selection.kind === Kind.FIELD) {
        if (isOfOneType(selection.name.value))
          return [visitField(selection, given)].flatMap(present);
        const types = fields.objectsIn(subgraph, typeName);
        return types.flatMap((type) => visitSelection(fragmentOn(type, [selection])));
      }
      const condition = selection.typeCondition?.name.value;
      const type = typeName === '' ? condition : fields.narrow(typeName, condition);
      // A named fragment may hold what no object there is of.
      if (type === undefined) return [selection];
      const below = select(selection.selectionSet, type, path, provided, isEntity);
      if (below === selection.selectionSet) return [selection];
      if (below.selections.length === 0) return [];
      // What was added are fields of the type, which an interface around it need not have.
      const typeCondition =
        condition === undefined || typeName === '' ? selection.typeCondition : namedType(type);
      return [{ ...selection, ...(typeCondition && { typeCondition }), selectionSet: below }];
    }

    /** Whether the subgraph has a field of an interface for all of its types, as it has it for the interface. */
    function isOfOneType(name: string): boolean {
      if (provided.has(name) || fields.typeBelow(typeName, name) === undefined) return true;
      const types = fields.objectsIn(subgraph, typeName);
      if (types.length === 0 || types.includes(typeName)) return true;
      return types.every((type) => fields.isOwn(subgraph, type, name));
    }

    function visitField(field: FieldNode, known: FieldTree): FieldNode | undefined {
      const name = field.name.value;
      // An interface object would put the name of the interface over that of the object's type, which was there before.
      if (name === '__typename' && isEntity && isInterfaceObject()) return undefined;
      const said = fields.fieldOf(subgraph, typeName, name);
      const isForeign = said.kind === 'external' || !fields.has(subgraph, typeName, name);
      if (isForeign && !provided.has(name)) {
        withdrawForeign(field);
        return undefined;
      }
      if (said.kind === 'computed') {
        const beside = merge(known, treeOf(set));
        if (!covers(isEntity ? known : localTree(beside), treeOf(said.required))) {
          const [key] = fields.typeOf(subgraph, typeName)?.keys ?? [];
          if (key !== undefined) {
            keys.push(typename, ...key.selections);
            const at = { path, typeName, askedAs: typeName, key, required: said.required };
            withdrawn.push({ step, subgraph, field, ...at });
            return undefined;
          }
        }
      }
      if (field.selectionSet === undefined) return field;
      const type = fields.typeBelow(typeName, name);
      if (type === undefined) return field;
      const own = fields.providedBy(subgraph, typeName, name);
      const inside = merge(
        provided.get(name) ?? new Map(),
        own === undefined ? new Map() : treeOf(own),
      );
      const lists = fields.listsIn(typeName, name);
      const response = (field.alias ?? field.name).value;
      const place = [...path, response, ...Array.from({ length: lists }, () => '@')];
      const below = select(field.selectionSet, type, place, inside, false);
      if (below === field.selectionSet) return field;
      return { ...field, selectionSet: below.selections.length === 0 ? onlyTypename : below };
    }

    function isInterfaceObject(): boolean {
      return fields.typeOf(subgraph, typeName)?.isInterfaceObject === true;
    }

    /** From whoever has it. */
    function withdrawForeign(field: FieldNode): void {
      const owner = fields
        .ownersOf(typeName, field.name.value)
        .find(({ key }) => leavesOf(key).every((one) => fields.isOwn(subgraph, typeName, one)));
      if (owner === undefined) return;
      keys.push(typename, ...owner.key.selections);
      withdrawn.push({ step, path, typeName, field, ...owner });
    }

    /** Of what stands beside a field, that which the subgraph can tell. */
    function localTree(beside: FieldTree): FieldTree {
      return new Map(
        [...beside].filter(
          ([name]) =>
            fields.fieldOf(subgraph, typeName, name).kind !== 'external' || provided.has(name),
        ),
      );
    }
  }
}

/** What a step asks of entities but for what is computed; undefined when nothing is left. */
export function withoutComputed(
  step: PlanStep,
  fields: SubgraphFields,
  withdrawn: WithdrawnField[],
): SelectionSetNode | undefined {
  const { fetch, path, selected } = step;
  if (fetch.requires === undefined) return selected;
  const subgraph = fetch.serviceName;
  const part = (set: SelectionSetNode, typeName: string): SelectionSetNode => {
    const selections = set.selections.flatMap((selection): readonly SelectionNode[] => {
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        const type = selection.typeCondition?.name.value ?? typeName;
        const selectionSet = part(selection.selectionSet, type);
        if (selectionSet === selection.selectionSet) return [selection];
        return selectionSet.selections.length === 0 ? [] : [{ ...selection, selectionSet }];
      }
      if (selection.kind === Kind.FRAGMENT_SPREAD) return [selection];
      const said = fields.fieldOf(subgraph, typeName, selection.name.value);
      const key = keyGiven(fetch.requires ?? [], subgraph, typeName, fields);
      if (said.kind !== 'computed' || key === undefined) return [selection];
      const { required } = said;
      const at = { path, typeName, askedAs: typeName, key, required };
      withdrawn.push({ step, subgraph, field: selection, ...at });
      return [];
    });
    const isSame = selections.every((one, index) => one === set.selections[index]);
    return isSame && selections.length === set.selections.length ? set : { ...set, selections };
  };
  const rest = part(selected, '');
  return rest.selections.length === 0 ? undefined : rest;
}

export const rootTypes = {
  query: 'Query',
  mutation: 'Mutation',
  subscription: 'Subscription',
} as const;

export const typename: FieldNode = {
  kind: Kind.FIELD,
  name: { kind: Kind.NAME, value: '__typename' },
};

export function fragmentOn(type: string, selections: readonly SelectionNode[]): InlineFragmentNode {
  return {
    kind: Kind.INLINE_FRAGMENT,
    typeCondition: namedType(type),
    selectionSet: { kind: Kind.SELECTION_SET, selections },
  };
}

function namedType(name: string): NamedTypeNode {
  return { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: name } };
}

function present<Value>(value: Value | undefined): readonly Value[] {
  return value === undefined ? [] : [value];
}

export const onlyTypename: SelectionSetNode = { kind: Kind.SELECTION_SET, selections: [typename] };

/** Names of the fields of a key at its first level. */
function leavesOf(key: SelectionSetNode): readonly string[] {
  return [...treeOf(key).keys()];
}

export function treeOf({ selections }: SelectionSetNode): FieldTree {
  let tree: FieldTree = new Map();
  for (const selection of selections) {
    if (selection.kind === Kind.FRAGMENT_SPREAD) continue;
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      tree = merge(tree, treeOf(selection.selectionSet));
      continue;
    }
    const below = selection.selectionSet === undefined ? new Map() : treeOf(selection.selectionSet);
    tree = merge(tree, new Map([[selection.name.value, below]]));
  }
  return tree;
}

/** What representations have of a type. */
export function givenTree(
  selections: readonly QueryPlanSelectionNode[],
  typeName: string,
  fields: SubgraphFields,
): FieldTree {
  let tree: FieldTree = new Map();
  for (const selection of selections) {
    if (selection.kind === 'Field') {
      const below = givenTree(selection.selections ?? [], '', fields);
      tree = merge(tree, new Map([[selection.name, below]]));
    } else if (typeName === '' || fields.overlap(selection.typeCondition ?? typeName, typeName)) {
      tree = merge(tree, givenTree(selection.selections, '', fields));
    }
  }
  return tree;
}

/** A key of a subgraph's type that representations have. */
export function keyGiven(
  selections: readonly QueryPlanSelectionNode[],
  subgraph: string,
  typeName: string,
  fields: SubgraphFields,
): SelectionSetNode | undefined {
  const given = givenTree(selections, typeName, fields);
  return fields.keysFor(subgraph, typeName).find((one) => covers(given, treeOf(one)));
}

function merge(one: FieldTree, other: FieldTree): FieldTree {
  const merged = new Map(one);
  for (const [name, below] of other) merged.set(name, merge(merged.get(name) ?? new Map(), below));
  return merged;
}

export function covers(tree: FieldTree, needed: FieldTree): boolean {
  return [...needed].every(([name, below]) => {
    const found = tree.get(name);
    return found !== undefined && covers(found, below);
  });
}
