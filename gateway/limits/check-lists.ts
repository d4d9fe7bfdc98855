import { BREAK, Kind, visit, type DocumentNode } from 'graphql';
import { raise } from '../../foundation/errors/tributary-error.ts';

/** @throws LIST_ITEMS_EXCEEDED where a list that is written in the document is too long */
export function checkListsOfDocument(document: DocumentNode, limit: number): void {
  let found = 0;
  visit(document, {
    [Kind.LIST]({ values }) {
      if (values.length <= limit) return undefined;
      found = values.length;
      return BREAK;
    },
  });
  if (found > 0)
    throw raise('LIST_ITEMS_EXCEEDED', { place: 'An argument is a list of', found, limit });
}

/**
 * Every value is looked at several times on its way, in whichever list it stands.
 * @throws LIST_ITEMS_EXCEEDED where the lists in the variables, on whatever level, have too many values together
 */
export function checkListsOfVariables(
  variables: Readonly<Record<string, unknown>>,
  limit: number,
): void {
  let found = 0;
  for (const name in variables) {
    const value = variables[name];
    if (typeof value !== 'object' || value === null) continue;
    found += countItems(value, limit - found);
    if (found <= limit) continue;
    const place = `With "$${name}", the lists of the variables have`;
    throw raise('LIST_ITEMS_EXCEEDED', { place, found, limit });
  }
}

/** The values of all lists within it, counted until there are more than `most`. */
function countItems(variable: object, most: number): number {
  let found = 0;
  const pending: object[] = [variable];
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    const items: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
    if (items === value) found += items.length;
    if (found > most) return found;
    for (const item of items) if (typeof item === 'object' && item !== null) pending.push(item);
  }
  return found;
}
