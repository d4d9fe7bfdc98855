import type { Schemas } from '../../hub/testing/inline-project.ts';

/** Four domains with every kind of field and relation that a question may name, and with awkward names in the lake. */
export const oracleSchemas: Schemas = {
  identity: `
    scalar DateTime
    type Customer @key(fields: "id") @table @identity(fields: "id name createdAt seenAt") {
      id: ID!
      name: String!
      createdAt: DateTime! @column(name: "order")
      seenAt: DateTime
    }
    type Query { customer(id: ID!): Customer }`,
  sales: `
    scalar Decimal
    enum Segment { SMALL MIDDLE LARGE }
    type Customer @key(fields: "id") @table(name: "Kunden 2026") {
      id: ID! @column(name: "Nr.")
      worth: Decimal @column(name: "a\\"b", type: "DECIMAL(18,2)")
      seats: Int @column(name: "select")
      score: Float
      segment: Segment @column(name: "group")
      tags: [String!]
      desc: String
      referrer: Customer @relation(columns: ["from"])
      referred: [Customer!]! @relation(columns: ["from"])
    }`,
  support: `
    scalar Date
    enum Tier { BRONZE SILVER GOLD }
    type Customer @key(fields: "id") @table {
      id: ID!
      tier: Tier
      tickets: Int! @column(default: "0")
      isVip: Boolean
      renewsOn: Date @column(name: "limit")
    }`,
  billing: `
    scalar Decimal
    scalar Date
    scalar DateTime
    scalar BigInt
    enum Status { DRAFT OPEN PAID VOID }
    type Customer @key(fields: "id") @table(name: "account") {
      id: ID!
      vatNumber: String
      invoices: [Invoice!]! @relation(columns: ["customer_id"])
      approvals: [Invoice!]! @relation(columns: ["where"])
    }
    type Invoice @key(fields: "id") @table {
      id: ID!
      customer: Customer! @relation(columns: ["customer_id"])
      approver: Customer @relation(columns: ["where"])
      amount: Decimal! @column(type: "DECIMAL(18,2)")
      discount: Decimal @column(type: "DECIMAL(9,4)")
      issuedOn: Date!
      sentAt: DateTime @column(name: "a\\"\\"; --")
      reference: BigInt
      status: Status!
      note: String @column(name: "having")
      lines: [Line!]! @relation(columns: ["invoice_id"])
    }
    type Line @key(fields: "invoiceId position") @table(name: "table") {
      invoiceId: ID! @column(name: "invoice_id")
      position: Int!
      invoice: Invoice! @relation(columns: ["invoice_id"])
      product: Product @relation(columns: ["product_no"])
      quantity: Int
      price: Decimal @column(type: "DECIMAL(10,3)")
    }
    type Product @key(fields: "id", resolvable: false) { id: ID! @column(type: "BIGINT") }`,
  catalog: `
    type Product @key(fields: "id") @table {
      id: ID! @column(type: "BIGINT")
      title: String
      weight: Float
    }`,
};
