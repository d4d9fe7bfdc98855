import { describe, expect, it } from 'vitest';
import { ProjectFolder, schemaHead } from '../conformance/testing/project-folder.ts';
import { startProject } from '../conformance/testing/start-project.ts';
import { tempFolder } from '../foundation/testing/temp-folder.ts';
import { runCli } from './testing/run-cli.ts';

const everything = `{
  customers(first: 200) {
    totalCount
    nodes {
      id name email createdAt updatedAt createdBy accountValue salesRep supportTier lifetimeTickets
      vatNumber paymentTerms invoices { id amount issuedOn dueOn status }
    }
  }
}`;

interface Page {
  readonly customers: { readonly totalCount: number; readonly nodes: readonly unknown[] };
}

async function seeded(args: readonly string[]): Promise<Page> {
  const data = tempFolder();
  const { code, stdout, stderr } = await runCli(['seed', '--data', data, ...args]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  expect(stderr).toMatch(/^Customers \d+\/\d+ \(100%\)/m);
  return pageOf(data);
}

async function pageOf(dataDirectory: string): Promise<Page> {
  const { server, ask } = await startProject({ dataDirectory });
  const { data, errors } = await ask(everything);
  await server.close();
  expect(errors).toBeUndefined();
  return data as unknown as Page;
}

describe('tributary seed', () => {
  it('makes the same customers for the same seed, and others for another', async () => {
    const first = await seeded(['--customers', '200', '--seed', '7']);
    expect(first.customers.totalCount).toBe(200);
    expect(await seeded(['--customers', '200', '--seed', '7'])).toEqual(first);
    const other = await seeded(['--customers', '200', '--seed', '8']);
    expect(other.customers.nodes).not.toEqual(first.customers.nodes);
  });

  it('leaves a lake alone that has rows, unless it may replace them', async () => {
    const data = tempFolder();
    const seed = (...args: string[]) => runCli(['seed', '--data', data, '--customers', ...args]);
    expect((await seed('200')).code).toBe(0);
    const before = await pageOf(data);
    expect(await seed('50')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/has 200 rows[^]*--replace[^]*\[SEED_LAKE_NOT_EMPTY\]/),
    });
    expect(await pageOf(data)).toEqual(before);
    expect((await seed('50', '--seed', '3', '--replace')).code).toBe(0);
    const { customers } = await pageOf(data);
    expect(customers.totalCount).toBe(50);
  });

  it('may make none at all', async () => {
    const { customers } = await seeded(['--customers', '0']);
    expect(customers).toEqual({ totalCount: 0, nodes: [] });
  });

  it('fills the tables that a project has, and leaves those of its other domains empty', async () => {
    const project = ProjectFolder.copyOfRepository(tempFolder());
    project.removeSubgraph('support');
    project.addSubgraph(
      'shipping',
      `${schemaHead}type Customer @key(fields: "id") @table { id: ID! shippingFax: String }\n`,
    );
    project.write('lake-data/seed/shipping/customer.csv', 'id,shipping_fax\nC0000001,1\n');
    const data = tempFolder();
    const { code } = await runCli([
      'seed',
      ...['--project', project.directory, '--data', data, '--customers', '20'],
    ]);
    expect(code).toBe(0);
    const { ask } = await startProject({
      projectDirectory: project.directory,
      dataDirectory: data,
    });
    const answer = await ask('{ customers(first: 1) { totalCount nodes { shippingFax } } }');
    expect(answer.data).toEqual({
      customers: { totalCount: 20, nodes: [{ shippingFax: null }] },
    });
  });

  it('refuses a project without customers', async () => {
    const project = ProjectFolder.empty(tempFolder());
    project.addSubgraph(
      'catalog',
      `${schemaHead}type Product @key(fields: "sku") @table { sku: ID! }\ntype Query { product(sku: ID!): Product }\n`,
    );
    const args = ['--project', project.directory, '--data', tempFolder(), '--customers', '20'];
    expect(await runCli(['seed', ...args])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('[SEED_WITHOUT_CUSTOMERS]'),
    });
  });
});
