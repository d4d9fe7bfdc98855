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
1,Ada,ada@example.com,2020-01-01T00:00:00Z,2020-02-01T12:34:56.789+02:00,erp
2,"O'Neil ""the"" Ω 慕容",o@example.com,1969-12-31T23:59:59.999999Z,2020-01-01T00:00:00Z,erp
3,,nameless@example.com,2020-01-01T00:00:00Z,2020-01-01T00:00:00Z,erp
4,Nowhere else,,2020-01-01T00:00:00Z,2020-01-01T00:00:00Z,crm
5,Bad values,bad@example.com,2020-01-01T00:00:00Z,2020-01-01T00:00:00Z,crm
6,Bad invoices,inv@example.com,2020-01-01T00:00:00Z,,crm
' OR 1=1 --,Quote,quote@example.com,2020-01-01T00:00:00Z,2020-01-01T00:00:00Z,crm
客户-😀,Emoji,emoji@example.com,2020-01-01T00:00:00Z,2020-01-01T00:00:00Z,crm
`,
  'sales/customer': `id,account_value,sales_rep
1,12345.67,Elena
2,-0.01,
3,,Elena
5,9007199254740993.01,Troy
6,0,Troy
`,
  'support/customer': `id,support_tier,lifetime_tickets
1,GOLD,7
2,,0
5,TITANIUM,2147483647
6,BRONZE,-1
`,
  'billing/customer': `id,vat_number,payment_terms
1,DE1,NET_30
3,,
5,X,NET_90
6,Y,DUE_ON_RECEIPT
' OR 1=1 --,'quoted',NET_15
`,
  'billing/invoice': `id,customer_id,amount,issued_on,due_on,status
1,1,10.50,2020-01-01,2020-02-01,PAID
2,1,0.10,2020-03-01,2020-04-01,OPEN
3,2,1.00,0001-01-01,9999-12-31,VOID
4,5,9007199254740993.01,2020-01-01,2020-02-01,OPEN
5,6,2.00,2020-01-01,2020-02-01,LOST
6,6,3.00,2020-01-01,2020-02-01,PAID
7,6,,2020-01-01,2020-02-01,PAID
8,,5.00,2020-01-01,2020-02-01,DRAFT
9,3,6.00,2020-01-01,2020-02-01,DRAFT
`,
  'telemetry/customer': `id,usage_hours,event_count,last_seen_at,tags,is_active,load
1,1.5,9007199254740993,2020-01-01T00:00:00Z,"[a, b]",true,0.25
2,nan,-9223372036854775808,2020-01-01T00:00:00.123456Z,[],false,0
3,inf,0,,,true,1e300
5,-0.0,1,infinity,"[a, NULL]",true,nan
6,1e-7,2,9999-12-31T23:59:59Z,"[x]",true,2
`,
  'telemetry/device': `id,label,hours,owner_id,part_of
1,Engine,1,1,
2,Pump,nan,1,1
3,Valve,3,1,1
4,,4,2,3
5,Loop,5,,5
6,Stray,inf,4,
`,
};

/** Ids that customers, invoices and devices have; every kind has most of them. */
export const knownIds: readonly string[] = [
  ...['1', '2', '3', '4', '5', '6', '7', '8', '9'],
  ...["' OR 1=1 --", '客户-😀'],
];

/** What somebody may send for an id, and nothing has. */
export const unknownIds: readonly string[] = [
  ...['', ' ', '01', '1 ', '1.0', 'null', '-1', "1' --", '1"; DROP TABLE', '\\', '%', '\n'],
  ...['1\u0000', '\u0000', '\ud800', 'é', 'e\u0301', '__proto__', '$1', 'x'.repeat(10_000)],
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
