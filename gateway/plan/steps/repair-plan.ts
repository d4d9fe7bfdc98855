import type { QueryPlan } from '@apollo/query-planner';
import { Kind, print, type SelectionSetNode } from 'graphql';
import { raise } from '../../../foundation/errors/tributary-error.ts';
import type { SubgraphFields } from '../../../registry/subgraph-fields.ts';
import { withContextsApart } from './apart-contexts.ts';
import { isBrought, isPossible } from './brought-fields.ts';
import {
  byKey,
  fieldIn,
  withKeys,
  withoutFields,
  withoutOwnNeeds,
  withSelected,
} from './changed-step.ts';
import { computingStep } from './computing-step.ts';
import { FedInPart } from './fed-in-part.ts';
import { broughtPlaces } from './brought-places.ts';
import { isInOrder, orderSteps } from './order-steps.ts';
import { withContextsByDepth } from './contexts-by-depth.ts';
import { planOf, stepsOf, type PlanStep } from './plan-step.ts';
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
 * A plan without such a fetch stays as it is.
 *
 * @param missing fields that the plan does not ask for, and which are to be asked for
 * @throws FIELD_NEVER_COMPUTABLE for a plan that cannot be mended
 */
export function repairedPlan(
  plan: QueryPlan,
  fields: SubgraphFields,
  missing: readonly WithdrawnField[] = [],
): QueryPlan {
  const { node } = plan;
  const steps = node && !fields.isEmpty ? stepsOf(node) : undefined;
  if (node === undefined || steps === undefined) return plan;
  const withdrawn = [...missing];
  const kept = steps.map((step) => {
    const own = withContextsByDepth(step, fields);
    return withKeys(withoutFields(own, fields, withdrawn), fields);
  });
  const isAsPlanned = kept.every((step, index) => step === steps[index]);
  const isMixed = isSomeMixed(kept, fields);
  if (isAsPlanned && !isMixed && withdrawn.length === 0 && isInOrder(node, fields)) return plan;
  const asked = kept.filter(({ selected }) => selected.selections.length > 0);
  const groups =
    arrangeAny(asked, withdrawn, fields, isMixed) ??
    arrangeAny(
      asked.flatMap((step) => withContextsApart(step, fields)),
      withdrawn,
      fields,
      isMixed,
    );
  if (groups === undefined) {
    // Nothing is wrong for certain: the planner may know better what is where.
    if (withdrawn.length === 0) return plan;
    throw neverComputable(withdrawn);
  }
  const [[primary] = [], ...others] = groups;
  const repaired: QueryPlan['node'] =
    node.kind === 'Subscription' && primary !== undefined
      ? { kind: 'Subscription', primary: primary.fetch, rest: planOf(others) }
      : planOf(groups);
  return { ...plan, node: repaired };
}

/** Whether a fetch of several fields is made for fewer objects than have them. */
function isSomeMixed(steps: readonly PlanStep[], fields: SubgraphFields): boolean {
  const inPart = new FedInPart(steps, fields);
  return steps.some((step) => inPart.has(step) && hasSeveral(step));
}

function hasSeveral({ selected }: PlanStep): boolean {
  const fieldsIn = ({ selections }: SelectionSetNode): number =>
    selections.reduce((sum, one) => {
      if (one.kind === Kind.FIELD) return sum + 1;
      return one.kind === Kind.INLINE_FRAGMENT ? sum + fieldsIn(one.selectionSet) : sum;
    }, 0);
  return fieldsIn(selected) > 1;
}

function arrangeAny(
  asked: readonly PlanStep[],
  withdrawn: readonly WithdrawnField[],
  fields: SubgraphFields,
  isMixed: boolean,
): readonly (readonly PlanStep[])[] | undefined {
  const lean = asked.map((step) => withoutOwnNeeds(step, fields));
  return (
    (isMixed ? undefined : arrange(asked, withdrawn, fields)) ??
    arrangeApart(asked, withdrawn, fields) ??
    arrange(lean, withdrawn, fields) ??
    arrangeApart(lean, withdrawn, fields)
  );
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
  const inPart = new FedInPart(ordered?.flat() ?? [], fields);
  return ordered?.map((group) => mergeComputing(group, computing, inPart, fields));
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
  return raise('FIELD_NEVER_COMPUTABLE', { field });
}

/** Computed fields of one subgraph, place and type that can be asked for at once are one fetch. */
function mergeComputing(
  group: readonly PlanStep[],
  computing: ReadonlyMap<PlanStep, WithdrawnField>,
  inPart: FedInPart,
  fields: SubgraphFields,
): readonly PlanStep[] {
  const alike = new Map<string, [WithdrawnField, ...WithdrawnField[]]>();
  for (const step of group) {
    const one = computing.get(step);
    if (one === undefined) continue;
    const apart = inPart.has(step) ? print(one.required) : '';
    const id = `${one.subgraph} ${one.typeName} ${one.path.join('.')} ${apart}`;
    const known = alike.get(id) ?? [one];
    const isTwice = known.some(({ field }) => print(field) === print(one.field));
    alike.set(id, isTwice ? known : [...known, one]);
  }
  const merged = [...alike.values()].map((some) => computingStep(some, fields));
  return [...group.filter((step) => !computing.has(step)), ...merged];
}
