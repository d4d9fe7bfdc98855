import { formatCursor } from '../hub/question/cursor.ts';
import { sequenceOrder } from '../hub/question/read-order.ts';
import { customerId } from '../seed/customer-number.ts';

/** What is asked. Every contender that can answer a question gives the same customers for the same number. */
export type QuestionId = 'point' | 'page' | 'aliases';

export const questionTitles: Readonly<Record<QuestionId, string>> = {
  point: 'One customer by id, the fields of all four domains',
  page: 'A page of 50 customers, the fields of all four domains',
  aliases: 'The same 50 customers as 50 aliased look-ups in one operation',
};

export const pageSize = 50;

/** Makes the request body that asks for the customer after a number, or for the page after it. */
export type BodyOf = (after: number) => string;

const fields =
  'id name email createdAt updatedAt createdBy accountValue salesRep supportTier lifetimeTickets vatNumber paymentTerms';

const pointQuery = `query Point($id: ID!) { customer(id: $id) { ${fields} } }`;

const connectionQuery = `query Page($after: String) { customers(first: ${pageSize}, after: $after) { nodes { ${fields} } } }`;

const stubsQuery = `query Page($ids: [ID!]!) { customerPage(ids: $ids) { ${fields} } }`;

const places = Array.from({ length: pageSize }, (_, place) => place);

// The ids are variables, so that the operation is planned once.
const aliasesQuery = `query Aliases(${places.map((place) => `$i${place}: ID!`).join(' ')}) { ${places
  .map((place) => `c${place}: customer(id: $i${place}) { ${fields} }`)
  .join(' ')} }`;

export const askPoint: BodyOf = (after) =>
  JSON.stringify({ query: pointQuery, variables: { id: customerId(after + 1) } });

/** The hub's list, from where a cursor stands: customers are numbered in the order in which they were seeded. */
export const askConnection: BodyOf = (after) =>
  JSON.stringify({
    query: connectionQuery,
    variables: { after: formatCursor('customers', sequenceOrder, [BigInt(after)]) },
  });

/** The list of the stub subgraph, which gives references only, so that each domain gets one fetch for all of them. */
export const askStubs: BodyOf = (after) =>
  JSON.stringify({ query: stubsQuery, variables: { ids: idsAfter(after) } });

export const askAliases: BodyOf = (after) => {
  const variables = Object.fromEntries(idsAfter(after).map((id, place) => [`i${place}`, id]));
  return JSON.stringify({ query: aliasesQuery, variables });
};

/** For servers that are no GraphQL servers. */
export const askPlainPoint: BodyOf = (after) =>
  JSON.stringify({ question: 'point', id: customerId(after + 1) });

export const askPlainPage: BodyOf = (after) => JSON.stringify({ question: 'page', after });

function idsAfter(after: number): readonly string[] {
  return places.map((place) => customerId(after + place + 1));
}
