import { ProjectFolder, schemaHead } from '../project-folder.ts';

/** Names of the six domains, each of which keeps one text of its own about a customer. */
export const domains = [
  'sales',
  'billing',
  'support',
  'logistics',
  'marketing',
  'warranty',
] as const;

export type Domain = (typeof domains)[number];

const nightly = (timeZone: string): string =>
  `schedule: { cron: '0 2 * * *', timeZone: ${timeZone} }`;

/** Where each domain's rows come from, and when it is night there. */
const declarations: Readonly<Record<Domain, string>> = {
  // On 28 March 2027 there is no 02:00 in Berlin: clocks go from 02:00 to 03:00.
  sales: `
    source: { folder: { path: drops/sales, format: csv } }
    ${nightly('Europe/Berlin')}
    objective: PT26H`,
  billing: `
    source:
      http:
        url: \${env.API}/billing
        since: updatedSince
        rows: data.items
        page: { kind: cursor, parameter: cursor, nextCursor: data.next }
        headers: { authorization: 'Bearer \${env.TOKEN}' }
    ${nightly('America/New_York')}
    watermark: { column: changedAt }
    objective: PT26H`,
  support: `
    source: { http: { url: '\${env.API}/support' } }
    ${nightly('Asia/Kolkata')}
    objective: PT9H`,
  logistics: `
    source: { folder: { path: drops/logistics, format: ndjson } }
    ${nightly('Australia/Lord_Howe')}
    objective: PT26H`,
  marketing: `
    source: { push: true }
    objective: PT26H`,
  warranty: `
    source: { http: { url: '\${env.API}/warranty', page: { kind: number, parameter: page, size: 2 } } }
    ${nightly('America/Santiago')}
    objective: PT26H`,
};

const identity = `${schemaHead}
directive @match(as: String) on FIELD_DEFINITION
type Customer @key(fields: "id") @table @identity(fields: "id name email createdAt") {
  id: ID!
  name: String!
  email: String! @match(as: "email")
  createdAt: DateTime!
}
type Query { customer(id: ID!): Customer }
`;

export function dayProject(directory: string): ProjectFolder {
  const project = ProjectFolder.empty(directory);
  project.addSubgraph('identity', identity);
  for (const domain of domains) {
    const schema = `${schemaHead}
      type Customer @key(fields: "id") @table { id: ID! of_${domain}: String }
      type Query { ${domain}(id: ID!): Customer }`;
    project.addSubgraph(domain, schema);
    project.write(`subgraphs/${domain}/sync.yaml`, `tables:\n  customer:${declarations[domain]}\n`);
  }
  project.write(
    'lake-data/seed/identity/customer.csv',
    `id,name,email,created_at\n${['C1', 'C2', 'C3'].map((id) => `${id},Name of ${id},${id}@x.example,2027-01-01T00:00:00Z\n`).join('')}`,
  );
  return project;
}
