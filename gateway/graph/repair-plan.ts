import type { QueryPlan, QueryPlanSelectionNode } from '@apollo/query-planner';
import { Kind, print, type FieldNode, type SelectionNode, type SelectionSetNode } from 'graphql';
import { raise } from '../../foundation/errors/tributary-error.ts';
import type { SubgraphFields } from '../../registry/subgraph-fields.ts';
import { asRefusal } from './as-refusal.ts';
import { computingStep, toRequires, variablesIn, withKeys } from './computing-step.ts';
import { broughtPlaces, isInOrder, orderSteps } from './order-steps.ts';
import { namesIn, planOf, stepsOf, type AnswerPlace, type PlanStep } from './plan-step.ts';
import {
  covers,
  givenTree,
  treeOf,
  withdrawFields,
  withoutComputed,
  type WithdrawnField,
} from './withdraw-fields.ts';

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
  const { node } = plan;
  const steps = node && stepsOf(node);
  if (node === undefined || steps === undefined) return;
  const withdrawn: WithdrawnField[] = [];
  const kept = steps.map((step) => withKeys(withoutFields(step, fields, withdrawn), fields));
  const isAsPlanned = kept.every((step, index) => step === steps[index]);
  if (isAsPlanned && isInOrder(node, fields)) return;
  const asked = kept.filter(({ selected }) => selected.selections.length > 0);
  const groups = arrange(asked, withdrawn, fields) ?? arrangeApart(asked, withdrawn, fields);
  if (groups === undefined) {
    // Nothing is wrong for certain: the planner may know better what is where.
    if (withdrawn.length === 0) return;
    throw neverComputable(withdrawn);
  }
  const [[primary] = [], ...others] = groups;
  const isSubscription = node.kind === 'Subscription' && primary !== undefined;
  const repaired = isSubscription
    ? { kind: 'Subscription', primary: primary.fetch, rest: planOf(others) }
    : planOf(groups);
  Object.assign(plan, { node: repaired });
}

/** The steps, and those by which what was withdrawn is asked for again, in groups that follow each other. */
function arrange(
  asked: readonly PlanStep[],
  withdrawn: readonly WithdrawnField[],
  fields: SubgraphFields,
): readonly (readonly PlanStep[])[] | undefined {
  const computing = new Map<PlanStep, WithdrawnField>();
  const pending = [...withdrawn];
  for (let one = pending.shift(); one !== undefined; one = pending.shift()) {
    const brought = [...asked, ...computing.keys()].flatMap((step) => [
      ...broughtPlaces(step, fields),
    ]);
    if (!isPossible(one, brought, fields) || isBrought(one, brought, fields)) continue;
    const step = withoutFields(computingStep([one], fields), fields, pending);
    const field = fieldIn(step);
    if (field !== undefined) computing.set(step, { ...one, field });
  }
  const ordered = orderSteps([...asked, ...computing.keys()], fields);
  return ordered?.map((group) => mergeComputing(group, computing, fields));
}

/** Where one step asks for a field and for what is computed of it by a detour, the two have to be parted. */
function arrangeApart(
  asked: readonly PlanStep[],
  withdrawn: readonly WithdrawnField[],
  fields: SubgraphFields,
): readonly (readonly PlanStep[])[] | undefined {
  const computed: WithdrawnField[] = [];
  const plain = asked.flatMap((step) => {
    const rest = withoutComputed(step, fields, computed);
    return rest === undefined
      ? []
      : [rest === step.selected ? step : byKey(withSelected(step, rest), fields)];
  });
  return arrange(plain, [...withdrawn, ...computed], fields);
}

/** With representations that have no more than the key. */
function byKey(step: PlanStep, fields: SubgraphFields): PlanStep {
  const { fetch } = step;
  const requires = (fetch.requires ?? []).map((selection): QueryPlanSelectionNode => {
    if (selection.kind === 'Field') return selection;
    const type = selection.typeCondition ?? '';
    const given = givenTree([selection], type, fields);
    const keys = fields.typeOf(fetch.serviceName, type)?.keys ?? [];
    const key = keys.find((one) => covers(given, treeOf(one)));
    if (key === undefined) return selection;
    return {
      ...selection,
      selections: [{ kind: 'Field', name: '__typename' }, ...toRequires([key])],
    };
  });
  return { ...step, fetch: { ...fetch, requires } };
}

function fieldIn({ selected }: PlanStep): FieldNode | undefined {
  const [fragment] = selected.selections;
  if (fragment?.kind !== Kind.INLINE_FRAGMENT) return undefined;
  return fragment.selectionSet.selections.find(
    (one) => one.kind === Kind.FIELD && one.name.value !== '__typename',
  ) as FieldNode | undefined;
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

/** Whether some step brings all of a field, for every object of the type: often the planner has the right one besides. */
function isBrought(
  { typeName, field, path }: WithdrawnField,
  brought: readonly AnswerPlace[],
  fields: SubgraphFields,
): boolean {
  const names = namesIn(path);
  return [...placesOf(field, names)].every(({ path: place, isBelow }) =>
    brought.some(
      (one) =>
        one.path === place &&
        (isBelow || one.type === undefined || fields.isWithin(typeName, one.type)),
    ),
  );
}

/** Whether an object of the type can be there: the planner also asks for what never is. */
function isPossible(
  { typeName, path }: WithdrawnField,
  brought: readonly AnswerPlace[],
  fields: SubgraphFields,
): boolean {
  const place = namesIn(path).join('.');
  const types = brought.flatMap((one) =>
    one.path === place && one.below !== undefined ? [one.below] : [],
  );
  return types.every((type) => fields.overlap(type, typeName));
}

function* placesOf(
  field: FieldNode,
  above: readonly string[],
  isBelow = false,
): Generator<{ readonly path: string; readonly isBelow: boolean }> {
  const path = [...above, (field.alias ?? field.name).value];
  yield { path: path.join('.'), isBelow };
  yield* below(field.selectionSet?.selections ?? []);

  function* below(
    selections: readonly SelectionNode[],
  ): Generator<{ readonly path: string; readonly isBelow: boolean }> {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        if (selection.name.value !== '__typename') yield* placesOf(selection, path, true);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        yield* below(selection.selectionSet.selections);
      }
    }
  }
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
