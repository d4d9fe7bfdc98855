import {
  isAbstractType,
  Kind,
  type DirectiveNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { ArgumentReader } from './argument-value.ts';
import type { Variables } from './expression.ts';

/** Whether something is selected: known, or for the variables of `@skip` and `@include` to decide. */
export type Condition = boolean | ((variables: Variables) => boolean);

/** All fields of one response key, which the answer holds once. */
export interface Group {
  readonly nodes: readonly [FieldNode, ...FieldNode[]];
  /** Whether at least one of them is selected. */
  readonly condition: Condition;
  /** What is selected of them, where the group is selected at all. */
  readonly selections: readonly ConditionalSet[];
}

export interface ConditionalSet {
  readonly selectionSet: SelectionSetNode;
  readonly condition: Condition;
}

/** Known conditions of selections: the same closure for the same selection, however often it is met. */
type KnownConditions = WeakMap<SelectionNode, Condition>;

export interface CollectScope {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly argumentsOf: ArgumentReader;
  readonly conditions: KnownConditions;
}

/**
 * The fields that an object of this type is asked for, as CollectFields of the specification has them, but for every
 * choice of the variables at once.
 */
export function collectGroups(
  type: GraphQLObjectType,
  sets: readonly ConditionalSet[],
  scope: CollectScope,
): readonly Group[] {
  const groups = new Map<string, { nodes: [FieldNode, ...FieldNode[]]; conditions: Condition[] }>();
  /** Fragments that were spread without a condition; what comes again of them changes nothing. */
  const spread = new Set<string>();
  for (const { selectionSet, condition } of sets) collect(selectionSet, condition);
  return [...groups.values()].map(({ nodes, conditions }) => ({
    nodes,
    condition: anyOf(conditions),
    selections: selectionsOf(nodes, conditions),
  }));

  function collect({ selections }: SelectionSetNode, outer: Condition): void {
    for (const selection of selections) {
      const condition = bothOf(outer, conditionOf(selection, scope));
      if (condition === false) continue;
      switch (selection.kind) {
        case Kind.FIELD: {
          const key = (selection.alias ?? selection.name).value;
          const group = groups.get(key);
          if (group === undefined) groups.set(key, { nodes: [selection], conditions: [condition] });
          else {
            group.nodes.push(selection);
            group.conditions.push(condition);
          }
          break;
        }
        case Kind.INLINE_FRAGMENT:
          if (holds(selection.typeCondition?.name.value))
            collect(selection.selectionSet, condition);
          break;
        case Kind.FRAGMENT_SPREAD: {
          const name = selection.name.value;
          const fragment = scope.fragments.get(name);
          if (fragment === undefined || spread.has(name)) break;
          if (condition === true) spread.add(name);
          if (holds(fragment.typeCondition.name.value)) collect(fragment.selectionSet, condition);
        }
      }
    }
  }

  function holds(name: string | undefined): boolean {
    if (name === undefined || name === type.name) return true;
    const condition = scope.schema.getType(name);
    return isAbstractType(condition) && scope.schema.isSubType(condition, type);
  }
}

/** The condition of a field that stands alone is that of its group. */
function selectionsOf(
  nodes: readonly FieldNode[],
  conditions: readonly Condition[],
): readonly ConditionalSet[] {
  return nodes.flatMap(({ selectionSet }, index) => {
    if (selectionSet === undefined) return [];
    const condition = nodes.length === 1 ? true : (conditions[index] ?? true);
    return [{ selectionSet, condition }];
  });
}

function conditionOf(selection: SelectionNode, scope: CollectScope): Condition {
  const { directives = [] } = selection;
  if (directives.length === 0) return true;
  const known = scope.conditions.get(selection) ?? readCondition(directives, scope.argumentsOf);
  scope.conditions.set(selection, known);
  return known;
}

function readCondition(
  directives: readonly DirectiveNode[],
  argumentsOf: ArgumentReader,
): Condition {
  let condition: Condition = true;
  for (const directive of directives) {
    const name = directive.name.value;
    if (name !== 'skip' && name !== 'include') continue;
    const wanted = name === 'include';
    const given = argumentsOf.read(directive, ['if']);
    if (given.kind === 'open')
      condition = bothOf(condition, (variables) => (given.read(variables) === true) === wanted);
    else if (given.kind === 'known') condition = bothOf(condition, given.value === wanted);
  }
  return condition;
}

function bothOf(left: Condition, right: Condition): Condition {
  if (left === true || right === false) return right;
  if (right === true || left === false) return left;
  return (variables) => left(variables) && right(variables);
}

function anyOf(conditions: readonly Condition[]): Condition {
  if (conditions.includes(true)) return true;
  const [only] = conditions;
  if (conditions.length === 1 && only !== undefined) return only;
  const open = conditions.filter((condition) => typeof condition === 'function');
  return (variables) => open.some((condition) => condition(variables));
}
