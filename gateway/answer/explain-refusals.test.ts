import { describe, expect, it } from 'vitest';
import { inlineProject } from '../../hub/testing/inline-project.ts';
import { createRefusalExplainer } from './explain-refusals.ts';

const { authored } = inlineProject(
  {
    identity: `
      type Customer @key(fields: "id") @table @identity(fields: "id name") { id: ID! name: String! }
      type Query { customer(id: ID!): Customer }`,
    sales: `
      scalar Decimal
      type Customer @key(fields: "id") @table {
        id: ID!
        worth: Decimal @column(type: "DECIMAL(18,2)")
        segment: String
        label: String! @computed
        secret: String @computed @inaccessible
        favourite: Product @relation(columns: ["upc"])
      }
      type Product @key(fields: "upc", resolvable: false) { upc: ID! }`,
  },
  {
    shop: `
      type Product @key(fields: "upc") { upc: ID! title: String }
      type Customer @key(fields: "id") {
        id: ID!
        rating: Int
        segment: String @override(from: "sales")
      }
      type Query { product(upc: ID!): Product }`,
  },
);
const explain = createRefusalExplainer(authored);
const reasonOf = (message: string): string => explain({ message }).message;

describe('the refusal of a field that is not in the lake', () => {
  it('names the owner and the reason, and says what can be done', () => {
    const refused = {
      message: 'Field "label" is not defined by type "CustomerFilter". Did you mean "all"?',
      locations: [{ line: 1, column: 2 }],
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED', more: 1 },
    };
    expect(explain(refused)).toEqual({
      message:
        'Field "label" is not defined by type "CustomerFilter". "label" is computed by sales (resolvers.ts), so it is in no table that could be filtered by.',
      locations: [{ line: 1, column: 2 }],
      extensions: {
        code: 'FIELD_NOT_IN_LAKE',
        hint: 'It can be selected. Once sales keeps it in a table of the lake it can be filtered by as well.',
        more: 1,
      },
    });
  });

  it.each([
    ['Field "label" is not defined by type "CustomerOrder".', 'sorted by'],
    ['Field "label" is not defined by type "CustomerKeysOrder".', 'sorted by'],
    ['Value "label" does not exist in "CustomerField" enum.', 'grouped by'],
    ['Field "label" is not defined by type "CustomerGroupBy".', 'grouped by'],
    ['Cannot query field "label" on type "CustomerAggregateKeys".', 'grouped by'],
    ['Value "label" does not exist in "CustomerSearchField" enum.', 'searched'],
    ['Cannot query field "label" on type "CustomerSums".', 'aggregated'],
    ['Field "label" is not defined by type "CustomerExtremesCondition".', 'aggregated'],
    ['Field "label" is not defined by type "CustomerDistinctCountsOrder".', 'aggregated'],
    [
      'Variable "$where" got invalid value { label: 1 } at "where.not"; Field "label" is not defined by type "CustomerFilter".',
      'filtered by',
    ],
  ])('is explained wherever it is asked by: %s', (message, use) => {
    expect(reasonOf(message)).toBe(
      `${message} "label" is computed by sales (resolvers.ts), so it is in no table that could be ${use}.`,
    );
  });

  it('knows remote fields, those that were moved there, and relations out of the lake', () => {
    const refusal = (field: string): string =>
      reasonOf(`Field "${field}" is not defined by type "CustomerFilter".`);
    expect(refusal('rating')).toContain('"rating" belongs to the remote subgraph shop, so');
    expect(refusal('segment')).toContain('"segment" belongs to the remote subgraph shop, so');
    expect(refusal('favourite')).toContain('leads to Product, whose rows are not in the lake, so');
  });

  it.each([
    ['a name that there is not', 'Field "labl" is not defined by type "CustomerFilter".'],
    ['a field of the lake', 'Cannot query field "name" on type "CustomerSums".'],
    ['what callers do not see', 'Field "secret" is not defined by type "CustomerFilter".'],
    ['another type', 'Field "label" is not defined by type "LabelFilter".'],
    ['another mistake', 'Syntax Error: Expected Name, found "}".'],
  ])('is left as it is for %s', (_, message) => {
    expect(explain({ message, extensions: { code: 'X' } })).toEqual({
      message,
      extensions: { code: 'X' },
    });
  });
});
