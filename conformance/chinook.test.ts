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

  it('has the revenue of each support representative, counted thrice over the lines and never twice', async () => {
    const data = await answer<{ invoiceLinesAggregate: readonly RepresentativeFigures[] }>(
      hub,
      `{
        invoiceLinesAggregate(
          groupBy: [{ invoice: { customer: { supportRep: { field: name } } } }]
          orderBy: [{ sum: { invoice: { total: DESC } } }]
        ) {
          keys { invoice { customer { supportRep { name } } } }
          count
          countDistinct { invoice { id customer { id } } }
          sum { amount invoice { total customer { accountValue } } }
          min { invoice { issuedAt } }
        }
      }`,
    );
    const figures = data.invoiceLinesAggregate.map(({ keys, count, countDistinct, sum, min }) => ({
      name: keys.invoice.customer.supportRep.name,
      lines: count,
      invoices: countDistinct.invoice.id,
      customers: countDistinct.invoice.customer.id,
      ofLines: sum.amount,
      ofInvoices: sum.invoice.total,
      ofCustomers: sum.invoice.customer.accountValue,
      since: min.invoice.issuedAt,
    }));
    const rows = await plainSql(
      `SELECT e.FirstName || ' ' || e.LastName AS name, sum(i.lines)::INTEGER AS lines, count(*)::INTEGER AS invoices,
         count(DISTINCT c.CustomerId)::INTEGER AS customers, sum(i.amount)::DOUBLE AS "ofLines",
         sum(i.Total)::DOUBLE AS "ofInvoices", sum(i.Total)::DOUBLE AS "ofCustomers",
         strftime(min(i.InvoiceDate), '%Y-%m-%dT%H:%M:%SZ') AS since
       FROM (
         SELECT InvoiceId, CustomerId, InvoiceDate, Total::DECIMAL(18,2) AS Total,
           count(*) AS lines, sum((UnitPrice * Quantity)::DECIMAL(18,2)) AS amount
         FROM ${csv('invoice')} AS h JOIN ${csv('invoiceline')} AS l USING (InvoiceId) GROUP BY ALL
       ) AS i
       JOIN ${csv('customer')} AS c USING (CustomerId) JOIN ${csv('employee')} AS e ON e.EmployeeId = c.SupportRepId
       GROUP BY ALL ORDER BY "ofInvoices" DESC`,
    );
    expect(figures).toEqual(rows);
    expect(figures.map(({ name, ofInvoices }) => [name, ofInvoices])).toEqual([
      ['Jane Peacock', 833.04],
      ['Margaret Park', 775.4],
      ['Steve Johnson', 720.16],
    ]);
  });

  it('has the revenue of each country and quarter', async () => {
    const data = await answer<{ invoicesAggregate: readonly CountryFigures[] }>(
      hub,
      `{
        invoicesAggregate(groupBy: [{ field: billingCountry }, { field: issuedAt, bucket: QUARTER }]) {
          keys { billingCountry issuedAt } count sum { total } max { total } avg { total }
        }
      }`,
    );
    const figures = data.invoicesAggregate.map(({ keys, count, sum, max, avg }) => ({
      country: keys.billingCountry,
      quarter: keys.issuedAt,
      invoices: count,
      sum: sum.total,
      largest: max.total,
      average: avg.total.toFixed(9),
    }));
    const rows = await plainSql(
      `SELECT BillingCountry AS country, strftime(date_trunc('quarter', InvoiceDate), '%Y-%m-%dT%H:%M:%SZ') AS quarter,
         count(*)::INTEGER AS invoices, sum(Total::DECIMAL(18,2))::DOUBLE AS sum, max(Total)::DOUBLE AS largest,
         printf('%.9f', avg(Total::DECIMAL(18,2))) AS average
       FROM ${csv('invoice')} GROUP BY ALL ORDER BY country, quarter`,
    );
    expect(rows.length).toBeGreaterThan(200);
    expect(figures).toEqual(rows);
  });

  it('has the countries with the most revenue, from those with more than a few customers', async () => {
    const data = await answer<{ customersAggregate: unknown }>(
      hub,
      `{
        customersAggregate(
          groupBy: [{ field: country }], having: { count: { gte: 4 } }, orderBy: [{ sum: { accountValue: DESC } }], limit: 3
        ) { keys { country } count sum { accountValue } }
      }`,
    );
    expect(data.customersAggregate).toEqual([
      { keys: { country: 'USA' }, count: 13, sum: { accountValue: 523.06 } },
      { keys: { country: 'CANADA' }, count: 8, sum: { accountValue: 303.96 } },
      { keys: { country: 'FRANCE' }, count: 5, sum: { accountValue: 195.1 } },
    ]);
  });

  it('has the figures of the customers of each employee, also of those who have none', async () => {
    const data = await answer<{ employees: Connection<unknown> }>(
      hub,
      `{
        employees(where: { title: { startsWith: "Sales" } }) {
          nodes { name customersAggregate(where: { country: { eq: "USA" } }) { count sum { accountValue } } }
        }
      }`,
    );
    const rows = await plainSql(
      `SELECT e.FirstName || ' ' || e.LastName AS name, count(c.CustomerId)::INTEGER AS count, sum(i.total)::DOUBLE AS sum
       FROM ${csv('employee')} AS e
       LEFT JOIN ${csv('customer')} AS c ON c.SupportRepId = e.EmployeeId AND c.Country = 'USA'
       LEFT JOIN (SELECT CustomerId, sum(Total::DECIMAL(18,2)) AS total FROM ${csv('invoice')} GROUP BY ALL) AS i USING (CustomerId)
       WHERE e.Title LIKE 'Sales%' GROUP BY e.EmployeeId, e.FirstName, e.LastName ORDER BY e.EmployeeId`,
    );
    const expected = (rows as readonly { name: string; count: number; sum: number | null }[]).map(
      ({ name, count, sum }) => ({
        name,
        customersAggregate: { count, sum: { accountValue: sum } },
      }),
    );
    expect(expected).toHaveLength(4);
    expect(data.employees.nodes).toEqual(expected);
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

interface RepresentativeFigures {
  readonly keys: {
    readonly invoice: { readonly customer: { readonly supportRep: { readonly name: string } } };
  };
  readonly count: number;
  readonly countDistinct: {
    readonly invoice: { readonly id: number; readonly customer: { readonly id: number } };
  };
  readonly sum: {
    readonly amount: number;
    readonly invoice: {
      readonly total: number;
      readonly customer: { readonly accountValue: number };
    };
  };
  readonly min: { readonly invoice: { readonly issuedAt: string } };
}

interface CountryFigures {
  readonly keys: { readonly billingCountry: string; readonly issuedAt: string };
  readonly count: number;
  readonly sum: { readonly total: number };
  readonly max: { readonly total: number };
  readonly avg: { readonly total: number };
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

/** A table as plain SQL reads it. */
function csv(table: string): string {
  return `read_csv('${join(chinookDirectory, `${table}.csv`)}')`;
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
