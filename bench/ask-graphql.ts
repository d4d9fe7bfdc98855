import { formatCursor } from '../hub/question/cursor.ts';
import { sequenceOrder } from '../hub/question/read-order.ts';
import { customerId } from '../seed/customer-number.ts';
import { filterOf, type FilterValues } from './filter-values.ts';
import { aliasCount, exportSize, pageSize, type BodyOf } from './questions.ts';

/** The questions as GraphQL asks them. Values are variables, so that an operation is planned and compiled once. */

const fields =
  'id name email createdAt updatedAt createdBy accountValue salesRep supportTier lifetimeTickets vatNumber paymentTerms';

const pointQuery = `query Point($id: ID!) { customer(id: $id) { ${fields} } }`;

const singleQuery = `query Single($id: ID!) { customer(id: $id) { id name email createdAt updatedAt createdBy } }`;

const connectionQuery = `query Page($after: String) { customers(first: ${pageSize}, after: $after) { nodes { ${fields} } } }`;

const stubsQuery = `query Page($ids: [ID!]!) { customerPage(ids: $ids) { ${fields} } }`;

const places = Array.from({ length: aliasCount }, (_, place) => place);

const aliasesQuery = `query Aliases(${places.map((place) => `$i${place}: ID!`).join(' ')}) { ${places
  .map((place) => `c${place}: customer(id: $i${place}) { ${fields} }`)
  .join(' ')} }`;

/** Optionally among the customers with the ids `$ids` alone. */
function filteredQuery({ isAmongIds }: { readonly isAmongIds: boolean }): string {
  const [variable, condition] = isAmongIds ? ['$ids: [ID!]!, ', 'id: { in: $ids }, '] : ['', ''];
  return `query Filtered(${variable}$tiers: [SupportTierInput!], $terms: PaymentTermsInput) { customers(where: { ${condition}supportTier: { in: $tiers }, paymentTerms: { eq: $terms } }, orderBy: [{ accountValue: DESC }, { name: ASC }], first: ${pageSize}) { nodes { ${fields} } } }`;
}

const groups =
  'groupBy: [{ field: salesRep }, { field: supportTier }]) { keys { salesRep supportTier } count sum { accountValue } } }';

const groupsQuery = `query Groups { customersAggregate(${groups}`;

const groupsAmongQuery = `query Groups($ids: [ID!]!) { customersAggregate(where: { id: { in: $ids } }, ${groups}`;

const newestQuery = `query Newest($after: String) { customers(first: ${pageSize}, after: $after) { nodes { id name supportTier accountValue invoices(orderBy: [{ issuedOn: DESC }], first: 5) { id amount issuedOn dueOn status } } } }`;

const exportQuery = `query Export($after: String) { customers(first: ${exportSize}, after: $after) { nodes { ${fields} } } }`;

export const askPoint: BodyOf = (after) => body(pointQuery, { id: customerId(after + 1) });

export const askSingle: BodyOf = (after) => body(singleQuery, { id: customerId(after + 1) });

export const askConnection: BodyOf = (after) => body(connectionQuery, { after: cursorOf(after) });

/** The list of the stub subgraph, which gives references only, so that each domain gets one fetch for all of them. */
export const askStubs: BodyOf = (after) => body(stubsQuery, { ids: idsAfter(after, pageSize) });

export const askAliases: BodyOf = (after) =>
  body(
    aliasesQuery,
    Object.fromEntries(idsAfter(after, aliasCount).map((id, place) => [`i${place}`, id])),
  );

export const askFiltered: BodyOf = (number) =>
  body(filteredQuery({ isAmongIds: false }), filterOf(number));

export function askFilteredAmong(ids: readonly string[], filter: FilterValues): string {
  return body(filteredQuery({ isAmongIds: true }), { ids, ...filter });
}

export const askGroups: BodyOf = () => body(groupsQuery, {});

export function askGroupsAmong(ids: readonly string[]): string {
  return body(groupsAmongQuery, { ids });
}

export const askNewest: BodyOf = (after) => body(newestQuery, { after: cursorOf(after) });

export const askExport: BodyOf = (after) => body(exportQuery, { after: cursorOf(after) });

function body(query: string, variables: object): string {
  return JSON.stringify({ query, variables });
}

/** Where a page begins: customers are numbered in the order in which they were seeded. */
function cursorOf(after: number): string {
  return formatCursor('customers', sequenceOrder, [BigInt(after)]);
}

function idsAfter(after: number, count: number): readonly string[] {
  return Array.from({ length: count }, (_, place) => customerId(after + place + 1));
}
