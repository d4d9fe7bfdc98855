import { ProjectFolder, schemaHead } from './project-folder.ts';

const telemetry = `${schemaHead}
type Customer @key(fields: "id") @table {
  id: ID!
  "Not a number for some, infinite for others."
  usageHours: Float
  "Beyond what a double holds exactly."
  eventCount: BigInt
  lastSeenAt: DateTime
  tags: [String!]
  isActive: Boolean! @column(default: "false")
  load: Float! @column(default: "0")
  devices: [Device] @relation(columns: ["owner_id"])
}

type Device @key(fields: "id") @table {
  id: ID!
  label: String!
  hours: Float!
  owner: Customer @relation(columns: ["owner_id"])
  partOf: Device @relation(columns: ["part_of"])
  parts: [Device!]! @relation(columns: ["part_of"])
}

type Query {
  device(id: ID!): Device
}
`;

const seeds: Readonly<Record<string, string>> = {
  'identity/customer': `id,name,email,created_at,updated_at,created_by
C1,Ada,ada@example.com,2020-01-01T00:00:00Z,2020-02-01T12:34:56.789+02:00,erp
C2,"O'Neil ""the"" Ω 慕容",o@example.com,1969-12-31T23:59:59.999999Z,2020-01-01T00:00:00Z,erp
C3,,nameless@example.com,2020-01-01T00:00:00Z,2020-01-01T00:00:00Z,erp
C4,Nowhere else,,2020-01-01T00:00:00Z,2020-01-01T00:00:00Z,crm
C5,Bad values,bad@example.com,2020-01-01T00:00:00Z,2020-01-01T00:00:00Z,crm
C6,Bad invoices,inv@example.com,2020-01-01T00:00:00Z,,crm
' OR 1=1 --,Quote,quote@example.com,2020-01-01T00:00:00Z,2020-01-01T00:00:00Z,crm
客户-😀,Emoji,emoji@example.com,2020-01-01T00:00:00Z,2020-01-01T00:00:00Z,crm
`,
  'sales/customer': `id,account_value,sales_rep
C1,12345.67,Elena
C2,-0.01,
C3,,Elena
C5,9007199254740993.01,Troy
C6,0,Troy
`,
  'support/customer': `id,support_tier,lifetime_tickets
C1,GOLD,7
C2,,0
C5,TITANIUM,2147483647
C6,BRONZE,-1
`,
  'billing/customer': `id,vat_number,payment_terms
C1,DE1,NET_30
C3,,
C5,X,NET_90
C6,Y,DUE_ON_RECEIPT
' OR 1=1 --,'quoted',NET_15
`,
  'billing/invoice': `id,customer_id,amount,issued_on,due_on,status
I1,C1,10.50,2020-01-01,2020-02-01,PAID
I2,C1,0.10,2020-03-01,2020-04-01,OPEN
I3,C2,1.00,0001-01-01,9999-12-31,VOID
I4,C5,9007199254740993.01,2020-01-01,2020-02-01,OPEN
I5,C6,2.00,2020-01-01,2020-02-01,LOST
I6,C6,3.00,2020-01-01,2020-02-01,PAID
I7,C6,,2020-01-01,2020-02-01,PAID
I8,,5.00,2020-01-01,2020-02-01,DRAFT
I9,C3,6.00,2020-01-01,2020-02-01,DRAFT
`,
  'telemetry/customer': `id,usage_hours,event_count,last_seen_at,tags,is_active,load
C1,1.5,9007199254740993,2020-01-01T00:00:00Z,"[a, b]",true,0.25
C2,nan,-9223372036854775808,2020-01-01T00:00:00.123456Z,[],false,0
C3,inf,0,,,true,1e300
C5,-0.0,1,infinity,"[a, NULL]",true,nan
C6,1e-7,2,9999-12-31T23:59:59Z,"[x]",true,2
`,
  'telemetry/device': `id,label,hours,owner_id,part_of
D1,Engine,1,C1,
D2,Pump,nan,C1,D1
D3,Valve,3,C1,D1
D4,,4,C2,D3
D5,Loop,5,,D5
D6,Stray,inf,C4,
`,
};

/** Ids of the project's entities. */
export const knownIds: readonly string[] = [
  ...['C1', 'C2', 'C3', 'C4', 'C5', 'C6', "' OR 1=1 --", '客户-😀'],
  ...['I1', 'I3', 'I4', 'I5', 'I7', 'I8', 'I9'],
  ...['D1', 'D2', 'D4', 'D5', 'D6'],
];

/** What somebody may send for an id, and nothing has. */
export const unknownIds: readonly string[] = [
  ...['', ' ', 'c1', 'C1 ', 'null', '0', "C1' --", 'C1"; DROP TABLE', '\\', '%', '\n'],
  ...['C1\u0000', '\u0000', '\ud800', 'é', 'e\u0301', '__proto__', '$1', 'x'.repeat(10_000)],
];

/** The committed domains and one more, over a handful of rows that are hard to answer. */
export function writeHardProject(directory: string): ProjectFolder {
  const project = ProjectFolder.copyOfRepository(directory);
  project.addSubgraph('telemetry', telemetry);
  for (const [table, rows] of Object.entries(seeds)) {
    project.write(`lake-data/seed/${table}.csv`, rows);
  }
  return project;
}
