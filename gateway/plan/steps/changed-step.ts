import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import { Kind, print, type FieldNode, type SelectionSetNode } from 'graphql';
import type { SubgraphFields } from '../../../registry/subgraph-fields.ts';
import { variablesIn } from '../../../hub/compile/variables-in.ts';
import { toRequires } from './computing-step.ts';
import { contextRewritesBelow } from './context-paths.ts';
import { withDistinctShapes } from './distinct-shapes.ts';
import type { PlanStep } from './plan-step.ts';
import {
  covers,
  givenTree,
  keyGiven,
  treeOf,
  withdrawFields,
  type WithdrawnField,
} from './withdraw-fields.ts';

/** The step without what its subgraph cannot answer; the same one where there is nothing of that. */
export function withoutFields(
  step: PlanStep,
  fields: SubgraphFields,
  withdrawn: WithdrawnField[],
): PlanStep {
  const selected = withdrawFields(step, fields, withdrawn);
  return selected === step.selected ? step : withSelected(step, selected, fields);
}

/** The step with other selections. */
export function withSelected(
  step: PlanStep,
  selection: SelectionSetNode,
  fields: SubgraphFields,
): PlanStep {
  const { fetch, operation, path } = step;
  const selected = withDistinctShapes(step, selection, fields);
  const [entities] = operation.selectionSet.selections;
  const isOfEntities = fetch.requires !== undefined && entities?.kind === Kind.FIELD;
  const selectionSet: SelectionSetNode = isOfEntities
    ? { kind: Kind.SELECTION_SET, selections: [{ ...entities, selectionSet: selected }] }
    : selected;
  const used = variablesIn([selectionSet, ...(operation.directives ?? [])]);
  const definitions = (operation.variableDefinitions ?? []).filter(({ variable }) =>
    used.has(variable.name.value),
  );
  const changed = { ...operation, variableDefinitions: definitions, selectionSet };
  const variableUsages = (fetch.variableUsages ?? []).filter((name) => used.has(name));
  const contextRewrites = contextRewritesBelow(fetch, used, 0);
  return {
    path,
    selected,
    operation: changed,
    fetch: {
      ...fetch,
      operation: print(changed),
      variableUsages,
      ...(fetch.contextRewrites && { contextRewrites: [...contextRewrites] }),
    },
  };
}

/** The step with representations that have no more than the key. */
export function byKey(step: PlanStep, fields: SubgraphFields): PlanStep {
  const { fetch } = step;
  const requires = (fetch.requires ?? []).map((selection): QueryPlanSelectionNode => {
    if (selection.kind === 'Field') return selection;
    const type = selection.typeCondition ?? '';
    const key = keyGiven([selection], fetch.serviceName, type, fields);
    if (key === undefined) return selection;
    return {
      ...selection,
      selections: [{ kind: 'Field', name: '__typename' }, ...toRequires([key])],
    };
  });
  return { ...step, fetch: { ...fetch, requires } };
}

/**
 * The step without what it needs of what it asks for itself, where it still has a key: the planner gives all that it
 * takes for known, and where that was wrong, the step would wait for itself.
 */
export function withoutOwnNeeds(step: PlanStep, fields: SubgraphFields): PlanStep {
  const { fetch, selected } = step;
  if (fetch.requires === undefined) return step;
  const asked = new Set(fieldNamesIn(selected));
  const requires = fetch.requires.map((selection): QueryPlanSelectionNode => {
    if (selection.kind === 'Field') return selection;
    const selections = selection.selections.filter(
      (one) => one.kind !== 'Field' || one.name === '__typename' || !asked.has(one.name),
    );
    const lean = { ...selection, selections };
    return hasKey(lean, fetch.serviceName, fields) ? lean : selection;
  });
  return { ...step, fetch: { ...fetch, requires } };
}

function fieldNamesIn({ selections }: SelectionSetNode): readonly string[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection.name.value];
    return selection.kind === Kind.INLINE_FRAGMENT ? fieldNamesIn(selection.selectionSet) : [];
  });
}

/** The field that a step of one field asks for. */
export function fieldIn({ selected }: PlanStep): FieldNode | undefined {
  const [fragment] = selected.selections;
  if (fragment?.kind !== Kind.INLINE_FRAGMENT) return undefined;
  return fragment.selectionSet.selections.find(
    (one) => one.kind === Kind.FIELD && one.name.value !== '__typename',
  ) as FieldNode | undefined;
}

/**
 * A fragment of a representation that has no key finds nothing: of an interface object, the planner may put the key
 * into the one on a type, and what is required into the one on the interface.
 */
export function withKeys(step: PlanStep, fields: SubgraphFields): PlanStep {
  const { fetch } = step;
  const { requires = [] } = fetch;
  if (requires.length < 2) return step;
  const isKeyed = (selection: QueryPlanSelectionNode): boolean =>
    selection.kind === 'Field' || hasKey(selection, fetch.serviceName, fields);
  const keyed = requires.filter(isKeyed);
  if (keyed.length === 0 || keyed.length === requires.length) return step;
  const others = requires.filter((one) => !keyed.includes(one));
  const completed = keyed.map((selection): QueryPlanSelectionNode => {
    if (selection.kind === 'Field') return selection;
    const fitting = others.filter(
      (one) =>
        one.kind === 'InlineFragment' &&
        fields.overlap(one.typeCondition ?? '', selection.typeCondition ?? ''),
    );
    const more = fitting.flatMap(({ selections = [] }) => selections);
    return { ...selection, selections: mergeSelections([...selection.selections, ...more]) };
  });
  return { ...step, fetch: { ...fetch, requires: completed } };
}

function hasKey(
  selection: QueryPlanSelectionNode & { readonly kind: 'InlineFragment' },
  subgraph: string,
  fields: SubgraphFields,
): boolean {
  const given = givenTree(selection.selections, '', fields);
  const keys = fields.keysFor(subgraph, selection.typeCondition ?? '');
  return keys.length === 0 || keys.some((key) => covers(given, treeOf(key)));
}

function mergeSelections(selections: readonly QueryPlanSelectionNode[]): QueryPlanSelectionNode[] {
  const merged = new Map<string, QueryPlanSelectionNode>();
  for (const one of selections) {
    const id = one.kind === 'Field' ? one.name : `... ${one.typeCondition ?? ''}`;
    const known = merged.get(id);
    const below = [...(known?.selections ?? []), ...(one.selections ?? [])];
    merged.set(id, below.length === 0 ? one : { ...one, selections: mergeSelections(below) });
  }
  return [...merged.values()];
}
