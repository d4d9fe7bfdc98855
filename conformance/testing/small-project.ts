import { tempFolder } from '../../foundation/testing/temp-folder.ts';
import { ProjectFolder, schemaHead } from './project-folder.ts';
import { startProject, type TestProject } from './start-project.ts';

const identity = `${schemaHead}
type Customer @key(fields: "id") @table @identity(fields: "id name createdAt") {
  id: ID!
  name: String!
  createdAt: DateTime
}
type Query { customer(id: ID!): Customer }
`;

const shipping = `${schemaHead}
enum Carrier { POST BIKE }
type Customer @key(fields: "id") @table {
  id: ID!
  parcels: Int! @column(default: "0")
  carrier: Carrier! @column(from: "case carrier_code when 'B' then 'BIKE' else 'POST' end", default: "POST")
  limit: Decimal @column(type: "DECIMAL(9,2)")
  note: String @column(default: "none")
  shipments: [Shipment!]! @relation(columns: ["customer_id"])
}
type Shipment @key(fields: "id") @table {
  id: ID!
  customer: Customer! @relation(columns: ["customer_id"])
  returns: Shipment @relation(columns: ["returned_id"])
}
type Query { shipment(id: ID!): Shipment }
`;

export const seed = 'lake-data/seed';
/** Seed file of the customers in shipping. A project begins without it. */
export const shippingCsv = `${seed}/shipping/customer.csv`;
export const header = 'id,parcels,carrier_code,limit,note\n';

/** Two domains and three customers, of whom shipping knows nothing until a test writes its seed files. */
export function smallProject(): ProjectFolder {
  const project = ProjectFolder.empty(tempFolder());
  project.addSubgraph('identity', identity);
  project.addSubgraph('shipping', shipping);
  project.write(
    `${seed}/identity/customer.csv`,
    'id,name,created_at\nA,Anna,2026-01-31T23:30:00-02:00\nB,"Bo, ""B""\nand Co.",\nC,"",2026-02-01T00:00:00Z\n',
  );
  return project;
}

/** Starts the project over a lake of its own, or over one that was there before. */
export function start(project: ProjectFolder, dataDirectory = tempFolder()): Promise<TestProject> {
  return startProject({ projectDirectory: project.directory, dataDirectory });
}
