import type { Entity, OwnedRelation } from '../../mapping/model.ts';
import { always, never, type Condition } from './condition.ts';

/**
 * What conditions come to when they are put together. Whatever is decided already is left out, so that a question
 * costs what it asks and not how it is written.
 */

/** All of them hold; so does an empty list. */
export function allOf(conditions: readonly Condition[]): Condition {
  const of = conditions
    .flatMap((condition) => (condition.kind === 'all' ? condition.of : [condition]))
    .filter(({ kind }) => kind !== 'always');
  if (of.some(({ kind }) => kind === 'never')) return never;
  const [only, another] = of;
  if (only === undefined) return always;
  return another === undefined ? only : { kind: 'all', of };
}

/** At least one of them holds, so an empty list does not. */
export function anyOf(conditions: readonly Condition[]): Condition {
  const of = conditions
    .flatMap((condition) => (condition.kind === 'any' ? condition.of : [condition]))
    .filter(({ kind }) => kind !== 'never');
  if (of.some(({ kind }) => kind === 'always')) return always;
  const [only, another] = of;
  if (only === undefined) return never;
  return another === undefined ? only : { kind: 'any', of };
}

export function notOf(condition: Condition): Condition {
  switch (condition.kind) {
    case 'always':
      return never;
    case 'never':
      return always;
    case 'not':
      return condition.of;
    default:
      return { kind: 'not', of: condition };
  }
}

/** There is a row at the other end of the relation for which the condition holds. */
export function hasRelated(
  relation: OwnedRelation,
  target: Entity,
  condition: Condition,
): Condition {
  return condition.kind === 'never' ? never : { kind: 'related', relation, target, condition };
}

/** The figures of the related rows that are like `where` are like `having`. */
export function hasFigures(
  relation: OwnedRelation,
  target: Entity,
  where: Condition,
  having: Condition,
): Condition {
  if (having.kind === 'always' || having.kind === 'never') return having;
  return { kind: 'measured', relation, target, where, having };
}
