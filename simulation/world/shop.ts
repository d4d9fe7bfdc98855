import { readDeclaration } from '../../sync/declaration/read-declarations.ts';
import type { SyncDeclaration } from '../../sync/declaration/sync-declaration.ts';
import type { LakeModel } from '../../mapping/model.ts';
import { inlineModel } from '../../mapping/testing/inline-domain.ts';

const domains = {
  identity: `
    type Customer @key(fields: "id") @table @identity(fields: "id name email createdAt updatedAt createdBy") {
      id: ID! name: String! email: String! @match(as: "email") createdAt: DateTime! updatedAt: DateTime! createdBy: String!
    }`,
  sales: `
    type Customer @key(fields: "id") @table {
      id: ID! accountValue: Decimal @column(type: "DECIMAL(18,2)") salesRep: String @column(default: "nobody")
    }`,
  billing: `
    type Customer @key(fields: "id") @table {
      id: ID! vatNumber: String invoices: [Invoice!]! @relation(columns: ["customer_id"])
    }
    type Invoice @key(fields: "id") @table {
      id: ID! customer: Customer! @relation(columns: ["customer_id"]) amount: Decimal! @column(type: "DECIMAL(18,2)")
    }`,
};

const declarations = {
  sales: `
tables:
  customer:
    source: { push: true }
    watermark: { column: revision, type: integer }
    tombstone: { column: gone, equals: "yes" }
    rules: [{ column: account_value, range: { min: 0 } }]
    threshold: 90%
`,
  billing: `
schedule: { cron: "*/20 * * * *", timeZone: Europe/Berlin }
tables:
  customer:
    source: { http: { url: "http://billing.example/customers", since: since, rows: items, timeoutMs: 5000 } }
    watermark: { column: changed, type: timestamp, overlap: PT1M }
    tombstone: { column: gone, equals: "yes" }
    threshold: 100%
  invoice:
    source:
      http:
        url: http://billing.example/invoices
        since: since
        page: { kind: cursor, parameter: cursor, nextCursor: next, size: 3 }
        rows: items
        timeoutMs: 5000
    watermark: { column: changed, type: timestamp, overlap: PT1M }
    tombstone: { column: gone, equals: "yes" }
    rules: [{ column: amount, notNull: true }]
    threshold: 100%
`,
};

/** What the simulated company has in its lake, and how its domains are synced. */
export interface Shop {
  readonly model: LakeModel;
  readonly declarations: readonly SyncDeclaration[];
}

export function openShop(): Shop {
  const model = inlineModel(domains);
  const reading = { model, projectDirectory: '/', environment: {} };
  return {
    model,
    declarations: Object.entries(declarations).map(([domain, text]) =>
      readDeclaration(domain, `${domain}/sync.yaml`, text, reading),
    ),
  };
}
