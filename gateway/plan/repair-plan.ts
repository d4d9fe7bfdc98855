import type { QueryPlan } from '@apollo/query-planner';
import { Kind, print, type SelectionSetNode } from 'graphql';
import { raise } from '../../foundation/errors/tributary-error.ts';
import type { SubgraphFields } from '../../registry/subgraph-fields.ts';
import { asRefusal } from '../graph/as-refusal.ts';
import { isBrought, isOfSome, isPossible } from './brought-fields.ts';
import {
  byKey,
  fieldIn,
  withKeys,
  withoutFields,
  withoutOwnNeeds,
  withSelected,
} from './changed-step.ts';
import { computingStep } from './computing-step.ts';
import { broughtPlaces, isInOrder, orderSteps } from './order-steps.ts';
import { planOf, stepsOf, type AnswerPlace, type PlanStep } from './plan-step.ts';
import { withoutComputed, type WithdrawnField } from './withdraw-fields.ts';

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
  const isMixed = isSomeMixed(kept, fields);
  if (isAsPlanned && !isMixed && isInOrder(node, fields)) return;
  const asked = kept.filter(({ selected }) => selected.selections.length > 0);
  const lean = asked.map((step) => withoutOwnNeeds(step, fields));
  const groups =
    (isMixed ? undefined : arrange(asked, withdrawn, fields)) ??
    arrangeApart(asked, withdrawn, fields) ??
    arrange(lean, withdrawn, fields) ??
    arrangeApart(lean, withdrawn, fields);
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

/** Whether a fetch of several fields of an interface object is made for fewer objects than have them. */
function isSomeMixed(steps: readonly PlanStep[], fields: SubgraphFields): boolean {
  const asked = steps.filter((step) => isOfInterfaceObject(step, fields) && hasSeveral(step));
  if (asked.length === 0) return false;
  const brought = steps.flatMap((step) => [...broughtPlaces(step, fields)]);
  return asked.some(({ fetch, path }) => isOfSome(fetch.requires ?? [], path, brought, fields));
}

function isOfInterfaceObject({ fetch }: PlanStep, fields: SubgraphFields): boolean {
  return (fetch.requires ?? []).some(({ kind, ...selection }) => {
    const type =
      kind === 'InlineFragment' && 'typeCondition' in selection && selection.typeCondition;
    return type ? fields.typeOf(fetch.serviceName, type)?.isInterfaceObject === true : false;
  });
}

function hasSeveral({ selected }: PlanStep): boolean {
  const fieldsIn = ({ selections }: SelectionSetNode): number =>
    selections.reduce((sum, one) => {
      if (one.kind === Kind.FIELD) return sum + 1;
      return one.kind === Kind.INLINE_FRAGMENT ? sum + fieldsIn(one.selectionSet) : sum;
    }, 0);
  return fieldsIn(selected) > 1;
}

/** No plan needs nearly as many; it only has to end. */
const mostAdded = 500;

/** The steps, and those by which what was withdrawn is asked for again, in groups that follow each other. */
function arrange(
  asked: readonly PlanStep[],
  withdrawn: readonly WithdrawnField[],
  fields: SubgraphFields,
): readonly (readonly PlanStep[])[] | undefined {
  const computing = new Map<PlanStep, WithdrawnField>();
  const pending = [...withdrawn];
  for (let one = pending.shift(); one !== undefined; one = pending.shift()) {
    if (computing.size >= mostAdded) return undefined;
    const brought = [...asked, ...computing.keys()].flatMap((step) => [
      ...broughtPlaces(step, fields),
    ]);
    if (!isPossible(one, brought, fields) || isBrought(one, brought, fields)) continue;
    const step = withoutFields(computingStep([one], fields), fields, pending);
    const field = fieldIn(step);
    if (field !== undefined) computing.set(step, { ...one, field });
  }
  const ordered = orderSteps([...asked, ...computing.keys()], fields);
  return ordered?.map((group) => mergeComputing(group, computing, ordered.flat(), fields));
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
      : [rest === step.selected ? step : byKey(withSelected(step, rest, fields), fields)];
  });
  return arrange(plain, [...withdrawn, ...computed], fields);
}

function neverComputable(withdrawn: readonly WithdrawnField[]): Error {
  const coordinates = withdrawn.map(({ typeName, field }) => `${typeName}.${field.name.value}`);
  const field = [...new Set(coordinates)].join(' or ') || 'a field';
  return asRefusal(raise('FIELD_NEVER_COMPUTABLE', { field }));
}

/** Computed fields of one subgraph, place and type that can be asked for at once are one fetch. */
function mergeComputing(
  group: readonly PlanStep[],
  computing: ReadonlyMap<PlanStep, WithdrawnField>,
  all: readonly PlanStep[],
  fields: SubgraphFields,
): readonly PlanStep[] {
  let brought: readonly AnswerPlace[] | undefined;
  const alike = new Map<string, [WithdrawnField, ...WithdrawnField[]]>();
  for (const step of group) {
    const one = computing.get(step);
    if (one === undefined) continue;
    const ofSome = isForSome(step) ? print(one.required) : '';
    const id = `${one.subgraph} ${one.typeName} ${one.path.join('.')} ${ofSome}`;
    const known = alike.get(id) ?? [one];
    const isTwice = known.some(({ field }) => print(field) === print(one.field));
    alike.set(id, isTwice ? known : [...known, one]);
  }
  const merged = [...alike.values()].map((some) => computingStep(some, fields));
  return [...group.filter((step) => !computing.has(step)), ...merged];

  function isForSome(step: PlanStep): boolean {
    if (!isOfInterfaceObject(step, fields)) return false;
    brought ??= all.flatMap((one) => [...broughtPlaces(one, fields)]);
    return isOfSome(step.fetch.requires ?? [], step.path, brought, fields);
  }
}
