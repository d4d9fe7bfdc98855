import type { Schemas } from './inline-project.ts';

/** Domains with what figures are made of: numbers of every kind, gaps, and neighbours that many rows share. */
export const ledgerSchemas: Schemas = {
  identity: `
    type Customer @key(fields: "id") @table @identity(fields: "id name") { id: ID! name: String! }
    type Query { customer(id: ID!): Customer }`,
  sales: `
    scalar Decimal scalar DateTime scalar Date scalar BigInt
    type Customer @key(fields: "id") @table {
      id: ID!
      rep: String
      tier: Tier
      worth: Decimal @column(type: "DECIMAL(18,2)")
      visits: Int
      followers: BigInt
      score: Float
      born: Date
      seenAt: DateTime
      isActive: Boolean
      invoices: [Invoice!]! @relation(columns: ["customer_id"])
    }
    enum Tier { LOW HIGH }
    type Invoice @key(fields: "id") @table {
      id: ID!
      amount: Decimal @column(type: "DECIMAL(18,2)")
      at: DateTime
      day: Date
      customer: Customer @relation(columns: ["customer_id"])
      approver: Customer @relation(columns: ["approver_id"])
    }
    type Line @key(fields: "invoiceId position") @table {
      invoiceId: ID! @column(name: "invoice_id")
      position: Int!
      quantity: Int
      invoice: Invoice! @relation(columns: ["invoice_id"])
    }`,
  treasury: `
    scalar Decimal scalar BigInt
    type Vault @key(fields: "id") @table {
      id: ID! @column(type: "BIGINT")
      gold: Decimal @column(type: "DECIMAL(18,2)")
      coins: BigInt
      wide: Decimal @column(type: "DECIMAL(38,0)")
      widest: Decimal @column(type: "DECIMAL(38,0)")
      odd: Float
    }`,
};

const largest = '9'.repeat(38);

/** Customers C5 and C9 have no row in sales. Invoice I6 is of no customer; a test may let C9 go, and with it that of I7. */
export const ledgerRows: Readonly<Record<string, string>> = {
  'identity/customer.csv': `id,name
C1,Ada
C2,Bob
C3,Cid
C4,Dot
C5,Eve
C9,Gone
`,
  'sales/customer.csv': `id,rep,tier,worth,visits,followers,score,born,seen_at,is_active
C1,Ann,HIGH,100.00,1,9007199254740993,1.5,2000-02-29,2024-03-31T00:30:00Z,true
C2,Ann,LOW,50.50,2,1,,1999-12-31,2024-10-27T00:30:00Z,false
C3,,HIGH,,3,,-2,,2024-10-27T01:30:00Z,
C4,Bea,LOW,100.00,,,,2000-02-29,,true
`,
  'sales/invoice.csv': `id,amount,at,day,customer_id,approver_id
I1,10.00,2024-03-31T00:30:00Z,2024-01-01,C1,
I2,20.50,2024-03-31T01:30:00Z,2024-02-29,C1,C2
I3,,2024-10-26T23:30:00Z,2024-03-31,C1,C2
I4,5.00,2024-10-27T00:30:00Z,2024-04-01,C2,C2
I5,7.25,2024-10-27T01:30:00Z,2024-12-31,C4,
I6,1.00,1969-12-31T23:59:59.999999Z,1969-12-31,,
I7,2.00,,,C9,
I8,3.00,2024-12-31T18:45:00Z,2023-12-31,C3,
`,
  'sales/line.csv': `invoice_id,position,quantity
I1,1,1
I2,1,2
I2,2,2
I4,1,2
`,
  'treasury/vault.csv': `id,gold,coins,wide,widest,odd
1,9999999999999999.99,9223372036854775807,1,${largest},1.5
2,9999999999999999.99,9223372036854775807,1,${largest},NaN
3,9999999999999999.99,2,1,,Infinity
4,0.04,,,,-Infinity
5,,,,,
10,,,,,
`,
};
