import {
  Kind,
  visit,
  type FieldNode,
  type SelectionNode,
  type SelectionSetNode,
  type VariableDefinitionNode,
} from 'graphql';
import { variablesIn } from '../../../hub/compile/variables-in.ts';
import type { SubgraphFields } from '../../../registry/subgraph-fields.ts';
import { withSelected } from './changed-step.ts';
import { levelsUpIn } from './context-paths.ts';
import type { PlanStep } from './plan-step.ts';

/**
 * Mends a wrong answer of Apollo's planner (2.14.4). It has one variable for an argument, wherever the field stands in a
 * fetch. An entity may have the context for objects below it, and itself have the same field, whose context is above:
 * `line { price  parts { price } }`, where a line has a context for its parts. So what stands below gets a variable
 * of its own.
 */
export function withContextsByDepth(step: PlanStep, fields: SubgraphFields): PlanStep {
  const { fetch, operation, selected } = step;
  const { contextRewrites = [] } = fetch;
  const ofEntity = contextRewrites.filter(({ path }) => levelsUpIn(path) === 0);
  const atEntity = variablesIn(argumentsAt(selected));
  const shared = new Set(
    ofEntity.map(({ renameKeyTo }) => renameKeyTo).filter((name) => atEntity.has(name)),
  );
  if (shared.size === 0) return step;
  const definitions = (operation.variableDefinitions ?? []).flatMap((definition) =>
    shared.has(definition.variable.name.value)
      ? [definition, withNamesBelow(definition, shared)]
      : [definition],
  );
  const rewrites = contextRewrites.flatMap((rewrite) => {
    const { renameKeyTo, path } = rewrite;
    if (!shared.has(renameKeyTo)) return [rewrite];
    const below = { ...rewrite, renameKeyTo: nameBelow(renameKeyTo) };
    return levelsUpIn(path) === 0 ? [below] : [rewrite, below];
  });
  const more = [...shared].map(nameBelow);
  const opened: PlanStep = {
    ...step,
    operation: { ...operation, variableDefinitions: definitions },
    fetch: {
      ...fetch,
      contextRewrites: rewrites,
      variableUsages: [...(fetch.variableUsages ?? []), ...more],
    },
  };
  return withSelected(opened, withVariablesBelow(selected, shared), fields);
}

function nameBelow(variable: string): string {
  return `${variable}_below`;
}

/** The arguments of an entity's own fields. */
function argumentsAt({ selections }: SelectionSetNode): NonNullable<FieldNode['arguments']> {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return selection.arguments ?? [];
    return selection.kind === Kind.INLINE_FRAGMENT ? argumentsAt(selection.selectionSet) : [];
  });
}

function withVariablesBelow(set: SelectionSetNode, names: ReadonlySet<string>): SelectionSetNode {
  const selections = set.selections.map((selection): SelectionNode => {
    if (selection.kind === Kind.FRAGMENT_SPREAD || selection.selectionSet === undefined)
      return selection;
    const { selectionSet } = selection;
    if (selection.kind === Kind.INLINE_FRAGMENT)
      return { ...selection, selectionSet: withVariablesBelow(selectionSet, names) };
    return { ...selection, selectionSet: withNamesBelow(selectionSet, names) };
  });
  return { ...set, selections };
}

function withNamesBelow<Node extends SelectionSetNode | VariableDefinitionNode>(
  node: Node,
  names: ReadonlySet<string>,
): Node {
  return visit(node, {
    Variable: (variable) =>
      names.has(variable.name.value)
        ? { ...variable, name: { kind: Kind.NAME, value: nameBelow(variable.name.value) } }
        : undefined,
  });
}
