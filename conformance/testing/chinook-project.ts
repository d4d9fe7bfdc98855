import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ProjectFolder, schemaHead } from './project-folder.ts';
import { repositoryDirectory } from './start-project.ts';

/** Where the tables of the public Chinook database lie; they are not part of this repository. */
export const chinookDirectory = resolve(repositoryDirectory, '../shared/data/chinook');

export function hasChinook(): boolean {
  return existsSync(join(chinookDirectory, 'invoice.csv'));
}

/** The tables keep the names that the shop gave them; the mapping alone makes them fit the graph. */
const schemas = {
  identity: `
    type Customer @key(fields: "id") @table @identity(fields: "id name email") {
      id: ID! @column(name: "CustomerId", type: "BIGINT")
      name: String! @column(from: "FirstName || ' ' || LastName")
      email: String! @column(name: "Email")
    }
    type Query { customer(id: ID!): Customer }
  `,
  support: `
    type Customer @key(fields: "id") @table {
      id: ID! @column(name: "CustomerId", type: "BIGINT")
      supportRep: Employee @relation(columns: ["SupportRepId"])
    }
    type Employee @key(fields: "id") @table {
      id: ID! @column(name: "EmployeeId", type: "BIGINT")
      name: String! @column(from: "FirstName || ' ' || LastName")
      title: String @column(name: "Title")
      hiredAt: DateTime @column(name: "HireDate")
      reportsTo: Employee @relation(columns: ["ReportsTo"])
      reports: [Employee!]! @relation(columns: ["ReportsTo"])
      customers: [Customer!]! @relation(columns: ["SupportRepId"])
    }
    type Query { employee(id: ID!): Employee }
  `,
  billing: `
    type Customer @key(fields: "id") @table {
      id: ID! @column(name: "CustomerId", type: "BIGINT")
      company: String @column(name: "Company")
      country: String @column(from: "upper(Country)")
      invoices: [Invoice!]! @relation(columns: ["CustomerId"])
    }
    type Invoice @key(fields: "id") @table {
      id: ID! @column(name: "InvoiceId", type: "BIGINT")
      customer: Customer! @relation(columns: ["CustomerId"])
      issuedAt: DateTime! @column(name: "InvoiceDate")
      billingCountry: String @column(name: "BillingCountry")
      billingAddress: String @column(from: "concat(BillingAddress, ', ', BillingCity, ' ', BillingState)")
      total: Decimal! @column(name: "Total", type: "DECIMAL(18,2)")
      lines: [InvoiceLine!]! @relation(columns: ["InvoiceId"])
    }
    type InvoiceLine @key(fields: "id") @table(name: "invoiceline") {
      id: ID! @column(name: "InvoiceLineId", type: "BIGINT")
      invoice: Invoice! @relation(columns: ["InvoiceId"])
      amount: Decimal! @column(from: "UnitPrice * Quantity", type: "DECIMAL(18,2)")
    }
    type Query { invoice(id: ID!): Invoice }
  `,
  sales: `
    type Customer @key(fields: "id") @table @related(table: "invoice", columns: ["CustomerId"]) {
      id: ID! @column(name: "CustomerId", type: "BIGINT")
      accountValue: Decimal @column(from: "sum(invoice.Total)", type: "DECIMAL(18,2)", default: "0")
      invoiceCount: Int! @column(from: "count(invoice)", default: "0")
      lastInvoiceAt: DateTime @column(from: "max(invoice.InvoiceDate)")
    }
  `,
} as const;

const tables: Readonly<Record<keyof typeof schemas, readonly string[]>> = {
  identity: ['customer'],
  support: ['customer', 'employee'],
  billing: ['customer', 'invoice', 'invoiceline'],
  sales: ['customer', 'invoice'],
};

/** A music shop's tables as four domains: schemas, and links to the files, and nothing else. */
export function chinookProject(directory: string): ProjectFolder {
  const project = ProjectFolder.empty(directory);
  for (const domain of ['identity', 'support', 'billing', 'sales'] as const) {
    project.addSubgraph(domain, `${schemaHead}${schemas[domain]}`);
    for (const table of tables[domain]) {
      const file = `${table}.csv`;
      project.link(`lake-data/seed/${domain}/${file}`, join(chinookDirectory, file));
    }
  }
  return project;
}
