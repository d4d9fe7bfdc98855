import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedTempFolder } from '../foundation/testing/temp-folder.ts';
import { chinookDirectory, chinookProject, hasChinook } from './testing/chinook-project.ts';
import { startProjectUntilClosed, type TestProject } from './testing/start-project.ts';

if (!hasChinook()) {
  process.stderr.write(`Skipped: the Chinook tables are not at ${chinookDirectory}.\n`);
}

describe.skipIf(!hasChinook())('the tables of a music shop, by configuration alone', () => {
  const directory = sharedTempFolder();
  const dataDirectories = { hub: sharedTempFolder(), plain: sharedTempFolder() };
  let hub: TestProject;
  let plain: TestProject;

  beforeAll(async () => {
    const { directory: projectDirectory } = chinookProject(directory);
    hub = await startProjectUntilClosed({ projectDirectory, dataDirectory: dataDirectories.hub });
    plain = await startProjectUntilClosed({
      projectDirectory,
      dataDirectory: dataDirectories.plain,
      flags: { graph: { hub: false } },
    });
  });
  afterAll(() => Promise.all([hub?.server.close(), plain?.server.close()]));

  it('has every customer, with the name that two columns make', async () => {
    const data = await answer<{ customers: Connection<{ id: string; name: string }> }>(
      hub,
      '{ customers(first: 2) { totalCount nodes { id name email } } }',
    );
    expect(data.customers).toEqual({
      totalCount: 59,
      nodes: [
        { id: '1', name: 'Luís Gonçalves', email: 'luisg@embraer.com.br' },
        { id: '2', name: 'Leonie Köhler', email: 'leonekohler@surfeu.de' },
      ],
    });
  });

  it('has the sums of the representatives in support', async () => {
    const data = await answer<{
      employees: Connection<{ name: string; customers: readonly { accountValue: number }[] }>;
    }>(hub, '{ employees { nodes { name customers { accountValue } } } }');
    const sums = data.employees.nodes
      .filter(({ customers }) => customers.length > 0)
      .map(({ name, customers }) => ({
        name,
        customers: customers.length,
        sum: sumOf(customers.map(({ accountValue }) => accountValue)),
      }));
    expect(sums).toEqual([
      { name: 'Jane Peacock', customers: 21, sum: 833.04 },
      { name: 'Margaret Park', customers: 20, sum: 775.4 },
      { name: 'Steve Johnson', customers: 18, sum: 720.16 },
    ]);
  });

  it('has the sums of the billing countries', async () => {
    const invoices = await everyInvoice(hub);
    const countries = [...new Set(invoices.map(({ billingCountry }) => billingCountry))];
    const sums = countries.map((country) => {
      const own = invoices.filter(({ billingCountry }) => billingCountry === country);
      return { country, sum: sumOf(own.map(({ total }) => total)) };
    });
    expect(sums.toSorted((a, b) => b.sum - a.sum).slice(0, 5)).toEqual([
      { country: 'USA', sum: 523.06 },
      { country: 'Canada', sum: 303.96 },
      { country: 'France', sum: 195.1 },
      { country: 'Brazil', sum: 190.1 },
      { country: 'Germany', sum: 156.48 },
    ]);
    expect(invoices).toHaveLength(412);
    expect(sumOf(invoices.map(({ total }) => total))).toBe(2328.6);
  });

  it('has lines whose amounts make the totals of the invoices', async () => {
    const invoices = await everyInvoice(hub);
    for (const { total, lines } of invoices) {
      expect(sumOf(lines.map(({ amount }) => amount))).toBe(total);
    }
    expect(invoices.flatMap(({ lines }) => lines)).toHaveLength(2240);
  });

  it('has for each customer what plain SQL over the file has', async () => {
    const data = await answer<{ customers: Connection<unknown> }>(
      hub,
      '{ customers(first: 100) { nodes { id accountValue invoiceCount lastInvoiceAt } } }',
    );
    const invoices = `read_csv('${join(chinookDirectory, 'invoice.csv')}')`;
    const rows = await plainSql(
      `SELECT CustomerId::VARCHAR AS id, sum(Total)::DOUBLE AS "accountValue", count(*)::INTEGER AS "invoiceCount",
         strftime(max(InvoiceDate), '%Y-%m-%dT%H:%M:%SZ') AS "lastInvoiceAt"
       FROM (SELECT CustomerId, Total::DECIMAL(18,2) AS Total, InvoiceDate FROM ${invoices}) GROUP BY CustomerId ORDER BY CustomerId`,
    );
    expect(rows).toHaveLength(59);
    expect(data.customers.nodes).toEqual(rows);
  });

  it('leads from an employee to whom they report to, and to who reports to them', async () => {
    const data = await answer<{ employee: unknown }>(
      hub,
      '{ employee(id: "3") { name title hiredAt reportsTo { name reportsTo { name reportsTo { name } } reports { name } } } }',
    );
    expect(data.employee).toEqual({
      name: 'Jane Peacock',
      title: 'Sales Support Agent',
      hiredAt: '2002-04-01T00:00:00Z',
      reportsTo: {
        name: 'Nancy Edwards',
        reportsTo: { name: 'Andrew Adams', reportsTo: null },
        reports: [{ name: 'Jane Peacock' }, { name: 'Margaret Park' }, { name: 'Steve Johnson' }],
      },
    });
  });

  it('answers alike with and without the hub', async () => {
    const ids = Array.from({ length: 60 }, (_, index) => String(index + 1));
    const fields = `{
      id name email company country accountValue invoiceCount lastInvoiceAt
      supportRep { id name reportsTo { name } }
      invoices { id issuedAt total billingCountry billingAddress lines { id amount invoice { id } } customer { name } }
    }`;
    const query = `{ ${ids.map((id) => `c${id}: customer(id: "${id}") ${fields}`).join('\n')} }`;
    const expected = await plain.ask(query);
    expect(expected.errors).toBeUndefined();
    expect(expected.data).toMatchObject({ c1: { country: 'BRAZIL' }, c60: null });
    expect(await hub.ask(query)).toEqual(expected);
  });
});

interface Connection<Node> {
  readonly totalCount?: number;
  readonly nodes: readonly Node[];
}

interface Invoice {
  readonly total: number;
  readonly billingCountry: string;
  readonly lines: readonly { readonly amount: number }[];
}

async function answer<Data>(graph: TestProject, query: string, variables = {}): Promise<Data> {
  const { data, errors } = await graph.ask(query, variables);
  expect(errors).toBeUndefined();
  return data as Data;
}

async function everyInvoice(graph: TestProject): Promise<readonly Invoice[]> {
  const invoices: Invoice[] = [];
  for (let after: string | null = null, isMore = true; isMore;) {
    const data: {
      readonly invoices: Connection<Invoice> & {
        readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
      };
    } = await answer(
      graph,
      `query ($after: String) {
        invoices(first: 50, after: $after) {
          nodes { total billingCountry lines { amount } }
          pageInfo { hasNextPage endCursor }
        }
      }`,
      { after },
    );
    invoices.push(...data.invoices.nodes);
    isMore = data.invoices.pageInfo.hasNextPage;
    after = data.invoices.pageInfo.endCursor;
  }
  return invoices;
}

/** In cents, as money is summed. */
function sumOf(amounts: readonly number[]): number {
  return amounts.reduce((sum, amount) => sum + Math.round(amount * 100), 0) / 100;
}

async function plainSql(query: string): Promise<readonly unknown[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const reader = await connection.runAndReadAll(query);
  const rows = reader.getRowObjectsJson();
  connection.closeSync();
  instance.closeSync();
  return rows;
}
