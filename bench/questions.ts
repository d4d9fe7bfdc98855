/** What is asked. Every contender that can answer a question gives the same answer for the same number. */
export type QuestionId =
  | 'point'
  | 'hot'
  | 'single'
  | 'page'
  | 'aliases'
  | 'filtered'
  | 'groups'
  | 'newest'
  | 'export';

/** Makes the request body for a number from 0, which stands for a customer, or chooses the values of a filter. */
export type BodyOf = (number: number) => string;

export interface Question {
  readonly title: string;
  /** Customers that have to come after the one with the number, for the answer to be as long as it should be. */
  readonly customersAfter: number;
  /** Of how many numbers one is drawn; of all customers where that is not said. */
  readonly numbers?: number;
  /** Connections at once. */
  readonly concurrencies: readonly number[];
}

export const pageSize = 50;
export const exportSize = 10_000;
export const aliasCount = 20;
export const hotCount = 100;

const fewAndMany = [1, 16, 64];
const oneAndMany = [1, 16];

export const questions: Readonly<Record<QuestionId, Question>> = {
  point: {
    title: 'One customer by id, the fields of all four domains',
    customersAfter: 1,
    concurrencies: fewAndMany,
  },
  hot: {
    title: `The same, of ${hotCount} customers that are asked for again and again`,
    customersAfter: 1,
    numbers: hotCount,
    concurrencies: fewAndMany,
  },
  single: {
    title: 'One customer by id, the fields of one domain',
    customersAfter: 1,
    concurrencies: fewAndMany,
  },
  page: {
    title: 'A page of 50 customers, the fields of all four domains',
    customersAfter: pageSize,
    concurrencies: fewAndMany,
  },
  aliases: {
    title: `${aliasCount} customers as ${aliasCount} aliased look-ups in one operation`,
    customersAfter: aliasCount,
    concurrencies: fewAndMany,
  },
  filtered: {
    title:
      'The best 50 customers of two tiers on the same terms: filter on two domains, sort on two',
    customersAfter: 0,
    concurrencies: fewAndMany,
  },
  groups: {
    title: 'All customers by representative and tier, with count and sum',
    customersAfter: 0,
    concurrencies: oneAndMany,
  },
  newest: {
    title: '50 customers with the 5 newest invoices of each',
    customersAfter: pageSize,
    concurrencies: oneAndMany,
  },
  export: {
    title: '10,000 customers in one answer, the fields of all four domains',
    customersAfter: exportSize,
    concurrencies: [1],
  },
};

export const questionIds = Object.keys(questions) as readonly QuestionId[];
