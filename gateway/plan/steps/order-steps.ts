import type { PlanNode, SubscriptionNode } from '@apollo/query-planner';
import { OperationTypeNode } from 'graphql';
import type { SubgraphFields } from '../../../registry/subgraph-fields.ts';
import { broughtPlaces } from './brought-places.ts';
import { contextPlaces } from './context-paths.ts';
import { namesOf, neededPlaces, toStep, type AnswerPlace, type PlanStep } from './plan-step.ts';

/** Whether each step of a plan comes after what brings what it needs. */
export function isInOrder(node: PlanNode | SubscriptionNode, fields: SubgraphFields): boolean {
  return found(node, [], new PlacesThere(undefined, fields)) !== undefined;

  /** What a part brings; undefined where it needs what is not there before it. */
  function found(
    part: PlanNode | SubscriptionNode,
    above: PlanStep['path'],
    before: PlacesThere,
  ): readonly AnswerPlace[] | undefined {
    switch (part.kind) {
      case 'Sequence':
        return inTurnFound(part.nodes, above, before);
      case 'Parallel': {
        const all = part.nodes.map((below) => found(below, above, before));
        return all.includes(undefined) ? undefined : all.flatMap((some) => some ?? []);
      }
      case 'Flatten':
        return found(part.node, [...above, ...part.path], before);
      case 'Fetch': {
        const { needs, contexts, brings } = toPlaced(toStep(part, above), fields);
        return [...needs, ...contexts].every((need) => before.has(need)) ? brings : undefined;
      }
      case 'Subscription': {
        const { primary, rest } = part;
        return inTurnFound(rest === undefined ? [primary] : [primary, rest], above, before);
      }
      case 'Condition':
      case 'Defer':
        return [];
    }
  }

  function inTurnFound(
    parts: readonly PlanNode[],
    above: PlanStep['path'],
    before: PlacesThere,
  ): readonly AnswerPlace[] | undefined {
    const there = new PlacesThere(before, fields);
    const all: (readonly AnswerPlace[])[] = [];
    for (const part of parts) {
      const brings = found(part, above, there);
      if (brings === undefined) return undefined;
      there.add(brings);
      all.push(brings);
    }
    return all.flat();
  }
}

/** Places that are there before a step, by their path: a plan of hundreds of steps has thousands of them. */
class PlacesThere {
  readonly #outer: PlacesThere | undefined;
  readonly #fields: SubgraphFields;
  readonly #byPath = new Map<string, AnswerPlace[]>();

  constructor(outer: PlacesThere | undefined, fields: SubgraphFields) {
    this.#outer = outer;
    this.#fields = fields;
  }

  add(places: readonly AnswerPlace[]): void {
    for (const place of places) {
      const known = this.#byPath.get(place.path);
      if (known === undefined) this.#byPath.set(place.path, [place]);
      else known.push(place);
    }
  }

  has(need: AnswerPlace): boolean {
    const known = this.#byPath.get(need.path) ?? [];
    if (known.some((place) => isThere(place, need, this.#fields))) return true;
    return this.#outer?.has(need) ?? false;
  }
}

interface Placed {
  readonly step: PlanStep;
  readonly needs: readonly AnswerPlace[];
  /** What its contextual arguments are made of. The planner may name more than there can be. */
  readonly contexts: readonly AnswerPlace[];
  readonly brings: readonly AnswerPlace[];
}

/**
 * The steps in groups, each of which may run at once when those before it are done: a step comes after all that bring
 * what its representations are made of. Where steps bring each other something, one goes first that finds all that it
 * needs for every type of object. Undefined when something that is needed is brought by nobody, or too late.
 */
export function orderSteps(
  steps: readonly PlanStep[],
  fields: SubgraphFields,
): readonly (readonly PlanStep[])[] | undefined {
  let waiting = withBroughtContexts(
    steps.map((step) => toPlaced(step, fields)),
    fields,
  );
  const done: Placed[] = [];
  const groups: (readonly PlanStep[])[] = [];
  while (waiting.length > 0) {
    const ready = waiting.filter((one) => isReady(one, done, waiting, fields, 'all'));
    const first = waiting.filter((one) => isReady(one, done, waiting, fields, 'other')).slice(0, 1);
    const group = inTurn(ready.length > 0 ? ready : first, waiting);
    if (group.length === 0) return undefined;
    groups.push(group.map(({ step }) => step));
    done.push(...group);
    waiting = waiting.filter((one) => !group.includes(one));
  }
  return groups;
}

function toPlaced(step: PlanStep, fields: SubgraphFields): Placed {
  const names = namesOf(step);
  const isObject = (type: string): boolean => fields.isObject(type);
  const prefix = names.map((_, index) => {
    return { path: names.slice(0, index + 1).join('.'), type: undefined };
  });
  return {
    step,
    needs: [...prefix, ...neededPlaces(step.fetch.requires ?? [], names, isObject)],
    contexts: contextPlaces(step),
    brings: [...broughtPlaces(step, fields)],
  };
}

function withBroughtContexts(all: readonly Placed[], fields: SubgraphFields): readonly Placed[] {
  const brings = all.some(({ contexts }) => contexts.length > 0)
    ? all.flatMap((one) => one.brings)
    : [];
  return all.map((one) => {
    const contexts = one.contexts.filter((need) =>
      brings.some((place) => isThere(place, need, fields)),
    );
    return { ...one, needs: [...one.needs, ...contexts] };
  });
}

/** Root fields of a mutation are asked for one after the other. */
function inTurn(ready: readonly Placed[], waiting: readonly Placed[]): readonly Placed[] {
  const isMutation = ({ step }: Placed): boolean =>
    step.operation.operation === OperationTypeNode.MUTATION;
  const first = waiting.find(isMutation);
  return ready.filter((one) => !isMutation(one) || one === first);
}

/** @param awaited whether all that bring a need have to be done, or those that bring it for other types of objects */
function isReady(
  { needs, step }: Placed,
  done: readonly Placed[],
  waiting: readonly Placed[],
  fields: SubgraphFields,
  awaited: 'all' | 'other',
): boolean {
  return needs.every((need) => {
    const bringing = (some: readonly Placed[]): readonly AnswerPlace[] =>
      some
        .filter((one) => one.step !== step)
        .flatMap(({ brings }) => brings.filter((place) => isThere(place, need, fields)));
    const there = bringing(done);
    if (there.length === 0) return false;
    const missing = bringing(waiting);
    if (awaited === 'all') return missing.length === 0;
    return missing.every(({ type }) => there.some((one) => isOfAll(one.type, type, fields)));
  });
}

/** Whether what is brought for objects of the one type is there for all of the other. */
function isOfAll(
  type: string | undefined,
  other: string | undefined,
  fields: SubgraphFields,
): boolean {
  return type === undefined || (other !== undefined && fields.isWithin(other, type));
}

function isThere(place: AnswerPlace, need: AnswerPlace, fields: SubgraphFields): boolean {
  if (place.path !== need.path) return false;
  if (place.type === undefined || need.type === undefined) return true;
  return fields.overlap(place.type, need.type);
}
