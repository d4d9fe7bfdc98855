import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import type { SubgraphFields } from '../../../registry/subgraph-fields.ts';
import { broughtPlaces, type AskedObjects } from './brought-places.ts';
import { namesOf, neededPlaces, type AnswerPlace, type PlanStep } from './plan-step.ts';

/**
 * Steps for which a part of what they need is there for fewer objects than the rest: below objects of some types only,
 * or for some types of an interface object. The gateway asks of no object for which anything is missing: of what is
 * computed of it nothing is lost, but of all else in the same step.
 */
export class FedInPart {
  readonly #fields: SubgraphFields;
  /** The objects for which all is there. */
  readonly #fed = new Map<PlanStep, readonly AskedObjects[]>();

  constructor(steps: readonly PlanStep[], fields: SubgraphFields) {
    this.#fields = fields;
    const asked = steps.filter(needsSeveral);
    // What a step brings is there in part too, where it is fed in part.
    for (let found = -1; found < this.#fed.size;) {
      found = this.#fed.size;
      const rest = asked.filter((step) => !this.#fed.has(step));
      if (rest.length === 0) return;
      const brought = new Map<string, AnswerPlace[]>();
      for (const step of steps) {
        for (const place of broughtPlaces(step, fields, this.#fed.get(step))) {
          const known = brought.get(place.path);
          if (known === undefined) brought.set(place.path, [place]);
          else known.push(place);
        }
      }
      for (const step of rest) {
        const fed = this.#fedObjects(step, brought);
        if (fed !== undefined) this.#fed.set(step, fed);
      }
    }
  }

  has(step: PlanStep): boolean {
    return this.#fed.has(step);
  }

  /** Undefined where all is there for all. */
  #fedObjects(
    step: PlanStep,
    brought: ReadonlyMap<string, readonly AnswerPlace[]>,
  ): readonly AskedObjects[] | undefined {
    let isInPart = false;
    const fed = (step.fetch.requires ?? []).flatMap((selection) => {
      const type = selection.kind === 'InlineFragment' ? selection.typeCondition : undefined;
      const needs = this.#needsOf(selection, step).map((need) =>
        (brought.get(need.path) ?? []).filter((place) => this.#isOf(place, need)),
      );
      const here = namesOf(step).join('.');
      const wanted = needs.flat().map((place) => this.#objectsWith(place, type, here));
      const covered = wanted.filter((objects) =>
        needs.every((places) => places.some((place) => this.#covers(place, objects, here))),
      );
      if (covered.length < wanted.length) isInPart = true;
      return covered;
    });
    return isInPart ? fed : undefined;
  }

  #needsOf(selection: QueryPlanSelectionNode, step: PlanStep): readonly AnswerPlace[] {
    const isObject = (one: string): boolean => this.#fields.isObject(one);
    const needs = neededPlaces([selection], namesOf(step), isObject);
    return [...needs].filter(({ path }) => !path.endsWith('__typename'));
  }

  #isOf(place: AnswerPlace, need: AnswerPlace): boolean {
    if (place.type === undefined || need.type === undefined) return true;
    return this.#fields.overlap(place.type, need.type);
  }

  /** The objects at the path of the step which have what is there. */
  #objectsWith(place: AnswerPlace, type: string | undefined, here: string): AskedObjects {
    const conditions = place.under ?? [];
    const own =
      parentOf(place.path) === here
        ? place.type
        : conditions.find(({ path }) => path === here)?.type;
    const isNarrower = own !== undefined && type !== undefined && !this.#fields.isWithin(type, own);
    return {
      type: isNarrower ? own : type,
      under: conditions.filter(({ path }) => path.length < here.length),
    };
  }

  /** Whether what is there is there for all of the objects. */
  #covers(place: AnswerPlace, { type, under }: AskedObjects, here: string): boolean {
    const isOf = (one: string | undefined, other: string | undefined): boolean =>
      one === undefined || (other !== undefined && this.#fields.isWithin(other, one));
    if (parentOf(place.path) === here && !isOf(place.type, type)) return false;
    return (place.under ?? []).every((condition) => {
      if (condition.path === here) return isOf(condition.type, type);
      // Below the objects it is a matter of what they have.
      if (condition.path.length > here.length) return true;
      return isOf(condition.type, under.find(({ path }) => path === condition.path)?.type);
    });
  }
}

function needsSeveral({ fetch: { requires = [] } }: PlanStep): boolean {
  return requires.some(
    ({ selections = [] }) => selections.filter(({ kind }) => kind === 'Field').length > 2,
  );
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('.')));
}
