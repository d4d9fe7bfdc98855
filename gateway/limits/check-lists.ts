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
  if (found > 0) throw raise('LIST_ITEMS_EXCEEDED', { place: 'An argument', found, limit });
}

/** @throws LIST_ITEMS_EXCEEDED where a list in a variable is too long, on whatever level */
export function checkListsOfVariables(
  variables: Readonly<Record<string, unknown>>,
  limit: number,
): void {
  for (const name in variables) {
    const value = variables[name];
    if (typeof value === 'object' && value !== null) checkListsIn(name, value, limit);
  }
}

function checkListsIn(name: string, variable: object, limit: number): void {
  const pending: object[] = [variable];
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    const items: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
    if (items !== value || items.length <= limit) {
      for (const item of items) if (typeof item === 'object' && item !== null) pending.push(item);
      continue;
    }
    const place = `The variable "$${name}"${value === variable ? '' : ', somewhere within it,'}`;
    throw raise('LIST_ITEMS_EXCEEDED', { place, found: items.length, limit });
  }
}
