/** What a test's schema begins with: federation's directives, the mapping's, and scalars. */
export const schemaPrelude = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external", "@requires"])
  directive @table(name: String) on OBJECT
  directive @identity(fields: String!) on OBJECT
  directive @related(table: String!, columns: [String!]!) repeatable on OBJECT
  directive @column(name: String, from: String, type: String, default: String) on FIELD_DEFINITION
  directive @relation(columns: [String!]!) on FIELD_DEFINITION
  directive @computed on FIELD_DEFINITION
  scalar BigInt
  scalar Decimal
`;
