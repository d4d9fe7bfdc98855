import type { FetchNode } from '@apollo/query-planner';
import { namesOf, type AnswerPlace, type PlanStep } from './plan-step.ts';

/** A way to the value of a contextual argument, from the entity whose field has the argument. */
export interface ContextPath {
  /** The variable of the fetch that takes the value. */
  readonly variable: string;
  /** How many fields lie between the entity and the object that has the context. */
  readonly levelsUp: number;
  readonly steps: readonly ContextStep[];
}

export type ContextStep =
  /** What is said next holds for objects of this type only. */
  { readonly kind: 'type' | 'field'; readonly name: string };

type Rewrite = NonNullable<FetchNode['contextRewrites']>[number];

const up = '..';
const fragment = '... on ';

/** The ways to the values of a fetch's contextual arguments, those that start nearest to the entity first. */
export function contextPathsOf({ contextRewrites = [] }: FetchNode): readonly ContextPath[] {
  return contextRewrites
    .map(({ path, renameKeyTo }): ContextPath => {
      const levelsUp = levelsUpIn(path);
      return { variable: renameKeyTo, levelsUp, steps: path.slice(levelsUp).map(toStep) };
    })
    .toSorted((one, other) => one.levelsUp - other.levelsUp);
}

export function levelsUpIn(path: readonly string[]): number {
  const below = path.findIndex((part) => part !== up);
  return below === -1 ? path.length : below;
}

function toStep(part: string): ContextStep {
  return part.startsWith(fragment)
    ? { kind: 'type', name: part.slice(fragment.length) }
    : { kind: 'field', name: part };
}

/** Where the answer has to have something before a step's contextual arguments are known. */
export function contextPlaces(step: PlanStep): readonly AnswerPlace[] {
  const names = namesOf(step);
  return contextPathsOf(step.fetch).flatMap(({ levelsUp, steps }) => {
    const above = names.slice(0, names.length - levelsUp);
    let type: string | undefined;
    return steps.flatMap(({ kind, name }): readonly AnswerPlace[] => {
      if (kind === 'type') {
        type = name;
        return [];
      }
      above.push(name);
      const place = { path: above.join('.'), type };
      type = undefined;
      return [place];
    });
  });
}

/** The rewrites of a fetch for some of its variables, for entities that stand some fields below its own. */
export function contextRewritesBelow(
  { contextRewrites = [] }: FetchNode,
  variables: ReadonlySet<string>,
  levels: number,
): readonly Rewrite[] {
  return contextRewrites
    .filter(({ renameKeyTo }) => variables.has(renameKeyTo))
    .map((rewrite) => ({
      ...rewrite,
      path: [...Array.from({ length: levels }, () => up), ...rewrite.path],
    }));
}
