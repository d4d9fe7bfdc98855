import { Kind, type FieldNode, type SelectionNode, type SelectionSetNode } from 'graphql';
import { variablesIn } from '../../../hub/compile/variables-in.ts';
import type { SubgraphFields } from '../../../registry/subgraph-fields.ts';
import { withSelected } from './changed-step.ts';
import type { PlanStep } from './plan-step.ts';
import { isContextual } from '../operation/reserved-variable.ts';
import { onlyTypename } from './withdraw-fields.ts';

interface Parts {
  readonly plain: SelectionSetNode | undefined;
  readonly contextual: SelectionSetNode | undefined;
}

/**
 * A step as two: the fields that have arguments out of the context, and all others. The planner may put them into one,
 * though what the context has is made of what the others bring.
 */
export function withContextsApart(step: PlanStep, fields: SubgraphFields): readonly PlanStep[] {
  if (step.fetch.contextRewrites === undefined) return [step];
  const { plain, contextual } = partsOf(step.selected);
  if (plain === undefined || contextual === undefined) return [step];
  return [plain, contextual].map((selected) => withSelected(step, selected, fields));
}

function partsOf({ selections }: SelectionSetNode): Parts {
  const plain: SelectionNode[] = [];
  const contextual: SelectionNode[] = [];
  for (const selection of selections) {
    if (selection.kind === Kind.FRAGMENT_SPREAD) {
      plain.push(selection);
      continue;
    }
    if (selection.kind === Kind.FIELD && hasContext(selection)) {
      contextual.push(selection);
      continue;
    }
    const below = selection.selectionSet && partsOf(selection.selectionSet);
    if (below?.contextual === undefined) {
      plain.push(selection);
      continue;
    }
    contextual.push({ ...selection, selectionSet: below.contextual });
    if (selection.kind === Kind.FIELD)
      plain.push({ ...selection, selectionSet: below.plain ?? onlyTypename });
    else if (below.plain !== undefined) plain.push({ ...selection, selectionSet: below.plain });
  }
  return { plain: asSet(plain), contextual: asSet(contextual) };
}

function hasContext({ arguments: given = [] }: FieldNode): boolean {
  return [...variablesIn(given)].some(isContextual);
}

function asSet(selections: readonly SelectionNode[]): SelectionSetNode | undefined {
  return selections.length === 0 ? undefined : { kind: Kind.SELECTION_SET, selections };
}
