import { placeWithin, type ArgumentPlace } from './argument-place.ts';
import { allOf, anyOf, notOf } from './combine-conditions.ts';
import { always, type Condition } from './condition.ts';
import type { FilterBudget } from './filter-budget.ts';
import { givenMembers, itemsOf } from './input-members.ts';

/** Reads what an input asks with a member that is none of `and`, `or` and `not`, and not null. */
export type MemberReader = (name: string, asked: unknown, place: ArgumentPlace) => Condition;

/** Reads an input object of which all has to hold, and whose `and`, `or` and `not` hold objects of the same kind. */
export function readConnected(
  value: unknown,
  budget: FilterBudget,
  place: ArgumentPlace,
  readMember: MemberReader,
): Condition {
  if (value === null || value === undefined) return always;
  const read = (inner: unknown, at: ArgumentPlace): Condition =>
    readConnected(inner, budget, at, readMember);
  const members = givenMembers(value);
  budget.countEmpty(members, place);
  return budget.nest(place, () =>
    allOf(
      members.map(([name, asked]) => {
        const here = placeWithin(place, name);
        const readItems = (): readonly Condition[] => {
          const items = itemsOf(asked);
          budget.countEmpty(items, here);
          return items.map((item, position) => read(item, placeWithin(here, position)));
        };
        switch (name) {
          case 'and':
            return allOf(readItems());
          case 'or':
            return anyOf(readItems());
          case 'not':
            return notOf(read(asked, here));
          default:
            return readMember(name, asked, here);
        }
      }),
    ),
  );
}
