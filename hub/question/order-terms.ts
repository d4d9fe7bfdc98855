import { raise } from '../../foundation/errors/tributary-error.ts';
import { placeText, type ArgumentPlace } from './argument-place.ts';
import { givenMembers } from './input-members.ts';

/** Which way a term of an order goes. */
export interface Way {
  readonly isDescending: boolean;
  readonly hasNullsFirst: boolean;
}

/** @param value a `RowOrder` */
export function wayOf(value: unknown): Way {
  const way = String(value);
  return { isDescending: way.startsWith('DESC'), hasNullsFirst: way.endsWith('_NULLS_FIRST') };
}

/**
 * The one thing that an object of the order names; undefined when it names none.
 *
 * @param list the field, for errors
 * @throws ORDER_TERM_AMBIGUOUS
 */
export function onlyMember(
  value: unknown,
  list: string,
  place: ArgumentPlace,
): readonly [string, unknown] | undefined {
  const given = givenMembers(value);
  if (given.length <= 1) return given[0];
  const names = given.map(([name]) => name).join(', ');
  throw raise('ORDER_TERM_AMBIGUOUS', { list, place: placeText(place), names });
}

/** What is equal in something once is so the second time, whichever way it then goes. */
export function withoutRepetitions<Term>(
  terms: readonly Term[],
  nameOf: (term: Term) => string,
): readonly Term[] {
  const first = new Map<string, Term>();
  for (const term of terms) {
    const name = nameOf(term);
    if (!first.has(name)) first.set(name, term);
  }
  return [...first.values()];
}
