import type { Schemas } from './inline-project.ts';

/** Domains with every kind of field, relation and key that the hub compiles. */
export const shopSchemas: Schemas = {
  identity: `
    interface Named { id: ID! name: String! }
    type Customer implements Named @key(fields: "id") @table @identity(fields: "id name") {
      id: ID!
      name: String!
    }
    type Query { customer(id: ID!): Customer named(id: ID!): Named mustHave(id: ID!): Customer! }`,
  sales: `
    scalar Decimal
    type Customer @key(fields: "id") @key(fields: "number") @table {
      id: ID!
      number: Int
      worth: Decimal @column(type: "DECIMAL(18,2)")
      tier: Tier
      tags: [String!]
      label: String! @computed
      orders: [Order!]! @relation(columns: ["customer_id"])
    }
    enum Tier { LOW HIGH }
    type Order @key(fields: "id") @table {
      id: ID!
      customer: Customer! @relation(columns: ["customer_id"])
      giftFor: Customer @relation(columns: ["gift_for"])
      lines: [Line!]! @relation(columns: ["order_id"])
    }
    type Line @key(fields: "order position") @table {
      order: ID! @column(name: "order_id")
      position: Int!
      product: Product @relation(columns: ["upc", "region"])
    }
    type Product @key(fields: "upc region", resolvable: false) { region: String! upc: Int! }`,
};

/** Rows by the file that they are loaded from. Customer C3 has no row in sales. */
export const shopRows: Readonly<Record<string, string>> = {
  'identity/customer.csv': `id,name
C1,Ada
C2,Björn "B" O'Neil
C3,慕容
C9,Soon Gone
`,
  'sales/customer.csv': `id,number,worth,tier,tags
C1,7,12.50,HIGH,"[a, b]"
C2,8,,GONE,
`,
  'sales/order.csv': `id,customer_id,gift_for
O1,C1,
O2,C1,C2
O3,C2,C9
O4,C9,
`,
  'sales/line.csv': `order_id,position,upc,region
O1,1,100,EU
O1,2,,EU
O2,1,200,US
`,
};
