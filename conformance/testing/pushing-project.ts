import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProjectFolder, schemaHead } from './project-folder.ts';
import { repositoryDirectory } from './start-project.ts';

const sales = `${schemaHead}
type Customer @key(fields: "id") @table { id: ID! salesRep: String }
type Query { salesCustomer(id: ID!): Customer }
`;

const billing = `${schemaHead}
type Order @key(fields: "id") @table(name: "orders") {
  id: ID!
  note: String
  amount: Decimal @column(type: "DECIMAL(18,2)")
}
type Query { order(id: ID!): Order }
`;

const salesSync = `
tables:
  customer:
    source: { push: true }
    columns: { sales_rep: rep }
    watermark: { column: changedAt }
`;

const billingSync = `
tables:
  orders:
    source: { push: true }
    columns: { note: note, amount: amount }
    watermark: { column: changedAt }
    tombstone: { column: gone }
`;

const customers = `id,name,email,created_at,updated_at,created_by
S1,Seed One,s1@seed.example,2026-01-01T00:00:00Z,2026-01-01T00:00:00Z,seed
S2,Seed Two,s2@seed.example,2026-01-01T00:00:00Z,2026-01-01T00:00:00Z,seed
`;

/** The identity of this repository and two domains whose tools push their rows: few rows, so that a start is short. */
export function pushingProject(directory: string): ProjectFolder {
  const project = ProjectFolder.empty(directory);
  const identity = join(repositoryDirectory, 'subgraphs/identity/schema.graphql');
  project.addSubgraph('identity', readFileSync(identity, 'utf8'));
  project.addSubgraph('sales', sales);
  project.addSubgraph('billing', billing);
  project.write('subgraphs/sales/sync.yaml', salesSync);
  project.write('subgraphs/billing/sync.yaml', billingSync);
  project.write('lake-data/seed/identity/customer.csv', customers);
  return project;
}
