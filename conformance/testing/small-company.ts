import { onTestFinished } from 'vitest';
import { createKey } from '../../access/api-keys.ts';
import { systemClock as clock } from '../../foundation/clock.ts';
import type { GraphAnswer } from './ask-graph.ts';
import { ProjectFolder } from './project-folder.ts';
import { startProjectUntilClosed, type TestProject } from './start-project.ts';

const seeds: Readonly<Record<string, string>> = {
  'identity/customer': `id,name,email,created_at,updated_at,created_by
ADA,Ada Lovelace,ada@mail.example,2025-01-01T00:00:00Z,2025-01-01T00:00:00Z,erp
ADA2,A. Lovelace, Ada@Mail.Example,2025-02-01T00:00:00Z,2025-02-01T00:00:00Z,shop
BOB,Bob,bob@mail.example,2025-03-01T00:00:00Z,2025-03-01T00:00:00Z,erp
EVE,Eve,eve@mail.example,2025-04-01T00:00:00Z,2025-04-01T00:00:00Z,erp
`,
  'sales/customer': `id,account_value,sales_rep
ADA,1000.00,Grace
ADA2,50.00,Linus
BOB,200.00,Grace
`,
  'support/customer': `id,support_tier,lifetime_tickets
ADA2,GOLD,7
BOB,SILVER,1
`,
  'billing/customer': `id,vat_number,payment_terms
ADA,DE1,NET_15
BOB,DE2,NET_30
`,
  'billing/invoice': `id,customer_id,amount,issued_on,due_on,status
I1,ADA,10.00,2025-05-01,2025-06-01,PAID
I2,ADA2,20.00,2025-05-02,2025-06-02,OPEN
I3,BOB,40.00,2025-05-03,2025-06-03,OPEN
`,
};

/** The four domains of this repository with four customers, of whom two are the same person. */
export function smallCompany(directory: string): ProjectFolder {
  const project = ProjectFolder.copyOfRepository(directory);
  for (const [table, rows] of Object.entries(seeds))
    project.write(`lake-data/seed/${table}.csv`, rows);
  return project;
}

/** A server over such a company. */
export interface CompanyServer extends TestProject {
  /** The header of a new API key with this name. */
  readonly keyOf: (name: string) => Promise<Readonly<Record<string, string>>>;
  /** Sends the fields of one mutation, and gives what they return; an error of the graph is thrown. */
  readonly mutate: (
    fields: string,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<Readonly<Record<string, Payload>>>;
  /** Asks, and gives the data; an error of the graph is thrown. */
  readonly read: (query: string) => Promise<Readonly<Record<string, unknown>>>;
}

/** What a mutation of an identity returns. */
export interface Payload {
  readonly customer?: Readonly<Record<string, unknown>> | null;
  readonly version?: number | null;
  readonly deletedId?: string | null;
  readonly errors?: readonly {
    readonly code: string;
    readonly message: string;
    readonly field: string | null;
  }[];
}

type StartOptions = Parameters<typeof startProjectUntilClosed>[0];

/** Starts a server over a lake; who starts it closes it. */
export async function startCompany(options: StartOptions): Promise<CompanyServer> {
  const project = await startProjectUntilClosed(options);
  const { dataDirectory: directory } = options;
  return {
    ...project,
    keyOf: async (name) => ({ 'x-api-key': (await createKey({ directory, name, clock })).token }),
    mutate: async (fields, headers) =>
      dataOf(await project.ask(`mutation { ${fields} }`, {}, headers)) as Record<string, Payload>,
    read: async (query) => dataOf(await project.ask(query)),
  };
}

/** The same, closed when the test is finished. */
export async function startCompanyForTest(options: StartOptions): Promise<CompanyServer> {
  const company = await startCompany(options);
  onTestFinished(() => company.server.close());
  return company;
}

function dataOf({ data, errors }: GraphAnswer): Readonly<Record<string, unknown>> {
  if (errors !== undefined || data === undefined || data === null)
    throw new Error(`The graph has no answer: ${JSON.stringify(errors)}`);
  return data;
}
