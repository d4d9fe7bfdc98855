import { customerId } from '../seed/customer-number.ts';
import { filterOf, type FilterValues } from './filter-values.ts';
import type { BodyOf } from './questions.ts';

/** The questions as servers are asked that are no GraphQL servers. */
export type PlainQuestion =
  | { readonly question: 'point'; readonly id: string }
  | { readonly question: 'page' | 'newest' | 'export'; readonly after: number }
  | ({ readonly question: 'filtered' } & FilterValues)
  | { readonly question: 'groups' };

export const askPlainPoint: BodyOf = (after) =>
  body({ question: 'point', id: customerId(after + 1) });

export const askPlainPage: BodyOf = (after) => body({ question: 'page', after });

export const askPlainFiltered: BodyOf = (number) =>
  body({ question: 'filtered', ...filterOf(number) });

export const askPlainGroups: BodyOf = () => body({ question: 'groups' });

export const askPlainNewest: BodyOf = (after) => body({ question: 'newest', after });

export const askPlainExport: BodyOf = (after) => body({ question: 'export', after });

function body(question: PlainQuestion): string {
  return JSON.stringify(question);
}
