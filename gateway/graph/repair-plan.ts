import type { QueryPlan } from '@apollo/query-planner';
import { Kind, print, type SelectionSetNode } from 'graphql';
import { raise } from '../../foundation/errors/tributary-error.ts';
import type { SubgraphFields } from '../../registry/subgraph-fields.ts';
import { asRefusal } from './as-refusal.ts';
import { computingStep, variablesIn } from './computing-step.ts';
import { orderSteps } from './order-steps.ts';
import { planOf, stepsOf, type PlanStep } from './plan-step.ts';
import { withdrawFields, type WithdrawnField } from './withdraw-fields.ts';

/**
 * Mends wrong answers of Apollo's gateway (2.14.4). A field may require one that its own subgraph computes of what it
 * requires in turn: `total @requires(fields: "postage")`, and elsewhere `postage @requires(fields: "grams")`. Where
 * the question comes to the object by way of the subgraph that computes `postage`, the planner merges the fetch of
 * `postage`, which has to wait for `grams`, into the first one there, which waits for nothing; or it asks that
 * subgraph for `grams`, which only others have. The answer is wrong, or an error.
 *
 * So each fetch gives up what its subgraph cannot answer there and then. What is computed is asked for again in a
 * fetch of its own, as soon as all that it needs is there, and the steps are put in the order of what they need.
 *
 * The plan is changed in place, since the gateway keeps and runs this very object, before it runs for the first time.
 * A plan without such a fetch stays as it is.
 *
 * @returns what throws FIELD_NEVER_COMPUTABLE for a plan that cannot be mended
 */
export function planRepair(fields: SubgraphFields): (plan: QueryPlan) => void {
  const repaired = new WeakSet<QueryPlan>();
  return (plan) => {
    if (repaired.has(plan)) return;
    if (!fields.isEmpty) repair(plan, fields);
    repaired.add(plan);
  };
}

function repair(plan: QueryPlan, fields: SubgraphFields): void {
  const steps = plan.node && stepsOf(plan.node);
  if (steps === undefined) return;
  const withdrawn: WithdrawnField[] = [];
  const kept = steps.map((step) => withoutFields(step, fields, withdrawn));
  if (kept.every((step, index) => step === steps[index])) return;
  const asked = kept.filter(({ selected }) => selected.selections.length > 0);
  const again = withdrawn.filter((one) => !isFetchedElsewhere(one, asked));
  const computing = new Map(again.map((one) => [computingStep([one], fields), one]));
  const ordered = orderSteps([...asked, ...computing.keys()], fields);
  if (ordered === undefined) throw neverComputable(withdrawn);
  const groups = ordered.map((group) => mergeComputing(group, computing, fields));
  const [[primary] = [], ...others] = groups;
  const isSubscription = plan.node?.kind === 'Subscription' && primary !== undefined;
  const node = isSubscription
    ? { kind: 'Subscription', primary: primary.fetch, rest: planOf(others) }
    : planOf(groups);
  Object.assign(plan, { node });
}

function neverComputable(withdrawn: readonly WithdrawnField[]): Error {
  const coordinates = withdrawn.map(({ typeName, field }) => `${typeName}.${field.name.value}`);
  const field = [...new Set(coordinates)].join(' or ') || 'a field';
  return asRefusal(raise('FIELD_NEVER_COMPUTABLE', { field }));
}

function withoutFields(
  step: PlanStep,
  fields: SubgraphFields,
  withdrawn: WithdrawnField[],
): PlanStep {
  const selected = withdrawFields(step, fields, withdrawn);
  return selected === step.selected ? step : withSelected(step, selected);
}

function withSelected(step: PlanStep, selected: SelectionSetNode): PlanStep {
  const { fetch, operation, path } = step;
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
  return {
    path,
    selected,
    operation: changed,
    fetch: { ...fetch, operation: print(changed), variableUsages },
  };
}

/** The planner often has the fetch that is right besides. */
function isFetchedElsewhere(
  { subgraph, path, field, typeName }: WithdrawnField,
  steps: readonly PlanStep[],
): boolean {
  const text = print(field);
  return steps.some(
    ({ fetch, path: other, selected }) =>
      fetch.serviceName === subgraph &&
      other.join('.') === path.join('.') &&
      selected.selections.some(
        (selection) =>
          selection.kind === Kind.INLINE_FRAGMENT &&
          selection.typeCondition?.name.value === typeName &&
          selection.selectionSet.selections.some((one) => print(one) === text),
      ),
  );
}

/** Computed fields of one subgraph, place and type that can be asked for at once are one fetch. */
function mergeComputing(
  group: readonly PlanStep[],
  computing: ReadonlyMap<PlanStep, WithdrawnField>,
  fields: SubgraphFields,
): readonly PlanStep[] {
  const alike = new Map<string, [WithdrawnField, ...WithdrawnField[]]>();
  for (const step of group) {
    const one = computing.get(step);
    if (one === undefined) continue;
    const id = `${one.subgraph} ${one.typeName} ${one.path.join('.')}`;
    const known = alike.get(id) ?? [one];
    const isTwice = known.some(({ field }) => print(field) === print(one.field));
    alike.set(id, isTwice ? known : [...known, one]);
  }
  const merged = [...alike.values()].map((some) => computingStep(some, fields));
  return [...group.filter((step) => !computing.has(step)), ...merged];
}
