import { describe, expect, it } from 'vitest';
import { PartsRead } from '../mapping/parts-read.ts';
import { schemaPrelude } from './testing/schema-prelude.ts';
import { openDomains } from './testing/subgraph-harness.ts';

const identity = `${schemaPrelude}
  type Customer @key(fields: "id") @table @identity(fields: "id name") { id: ID! name: String }
  type Query { customer(id: ID!): Customer }
`;
const billing = `${schemaPrelude}
  type Customer @key(fields: "id") @key(fields: "number") @table @related(table: "payment", columns: ["customer_id"]) {
    id: ID!
    number: Int
    terms: String @column(default: "none")
    paid: Int @column(from: "count(payment)", default: "0")
    rating: String @computed
    parent: Customer @relation(columns: ["parent_id"])
    children: [Customer!]! @relation(columns: ["parent_id"])
    invoices: [Invoice!]! @relation(columns: ["customer_id"])
  }
  type Invoice @key(fields: "id") @table { id: ID! amount: Int }
`;

const row = 'billing.customer';
const known = 'identity.customer';

const cases: readonly (readonly [
  string,
  string,
  Readonly<Record<string, unknown>>,
  readonly string[],
])[] = [
  ['nothing but that it exists', '__typename', { id: 'C1' }, [known]],
  ['its key', 'id', { id: 'C1' }, [known]],
  ['a key of the domain', '__typename', { number: 7 }, [row, known]],
  ['a field', 'terms', { id: 'C1' }, [row, known]],
  ['a field of which there is no row', 'terms', { id: 'C3' }, [row, known]],
  ['a figure of another table', 'paid', { id: 'C1' }, [row, 'billing.payment', known]],
  ['a relation to one', 'parent { id }', { id: 'C2' }, [row, known]],
  ['a relation to nothing', 'parent { __typename }', { id: 'C1' }, [row, known]],
  ['related rows', 'invoices { amount }', { id: 'C1' }, ['billing.invoice', known]],
  ['no related rows', 'invoices { __typename }', { id: 'C2' }, ['billing.invoice', known]],
  ['related parts of entities', 'children { __typename }', { id: 'C1' }, [row, known]],
  ['a computed field, by what it looks at', 'rating', { id: 'C1' }, [row, known]],
  ['nobody', 'terms', { id: 'C9' }, [known]],
];

describe('what a domain’s answer is made of', () => {
  it.each(cases)('is told of %s', async (_, selection, key, read) => {
    const { entities } = await openDomains({
      schemas: { identity, billing },
      rows: {
        'identity.customer': ['C1', 'C2', 'C3'].map((id) => ({ id })),
        'billing.customer': [
          { id: 'C1', number: 7 },
          { id: 'C2', parent_id: 'C1' },
        ],
        'billing.invoice': [{ id: 'I1', customer_id: 'C1', amount: 5 }],
        'billing.payment': [{ customer_id: 'C1' }],
      },
      resolvers: {
        billing: {
          Customer: { rating: (parent) => `${(parent as { terms: string }).terms}!` },
        },
      },
    });
    const partsRead = new PartsRead();
    const { errors } = await entities('billing', 'Customer', selection, [key], { partsRead });
    expect(errors).toBeUndefined();
    const tables = partsRead.tables.map(({ domain, table }) => `${domain}.${table}`);
    expect(tables.toSorted()).toEqual(read);
  });
});
