import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../foundation/testing/temp-folder.ts';
import { freePort } from './testing/free-port.ts';
import { startHiveRouter } from './testing/hive-router.ts';
import { smallCompany, startCompanyForTest } from './testing/small-company.ts';

const sales = 'subgraphs/sales/schema.graphql';
const salesRep = '  salesRep: String\n';
const withFax =
  '  salesRep: String\n  "By which nobody writes."\n  fax: String @column(default: "none")\n';

interface Acknowledged {
  readonly id: string;
  readonly name: string;
}

it('a schema that gains and loses a field while customers are made and changed loses none of them', async () => {
  const project = smallCompany(tempFolder());
  const company = await startCompanyForTest({
    projectDirectory: project.directory,
    dataDirectory: tempFolder(),
  });
  const acknowledged = new Map<string, Acknowledged>();
  const stop = new AbortController();

  const work = async (worker: number): Promise<void> => {
    for (let n = 0; !stop.signal.aborted; n++) {
      const id = `w${worker}-${n}`;
      const made = await company.mutate(
        `done: createCustomer(input: { id: "${id}", name: "Made", email: "${id}@mail.example" }) { customer { name salesRep } errors { code } }`,
      );
      expect(made).toEqual({ done: { customer: { name: 'Made', salesRep: null }, errors: [] } });
      const changed = await company.mutate(
        `done: updateCustomer(input: { id: "${id}", name: "Changed ${n}" }) { customer { name } errors { code } }`,
      );
      expect(changed).toEqual({ done: { customer: { name: `Changed ${n}` }, errors: [] } });
      acknowledged.set(id, { id, name: `Changed ${n}` });
      if (n % 5 !== 4) continue;
      await company.mutate(`done: deleteCustomer(input: { id: "${id}" }) { deletedId }`);
      acknowledged.delete(id);
    }
  };
  const workers = Promise.all([0, 1, 2, 3].map(work));
  try {
    for (const [from, to] of [
      [salesRep, withFax],
      [withFax, salesRep],
      [salesRep, withFax],
    ] as const) {
      await sleep(300);
      project.edit(sales, from, to);
      await company.server.reload();
    }
    await sleep(300);
  } finally {
    stop.abort();
    await workers;
  }

  expect(acknowledged.size).toBeGreaterThan(10);
  const { customers } = (await company.read(
    '{ customers(first: 1000, where: { id: { startsWith: "w" } }) { nodes { id name fax } totalCount } }',
  )) as {
    readonly customers: {
      readonly nodes: readonly (Acknowledged & { readonly fax: string })[];
      readonly totalCount: number;
    };
  };
  const expected = [...acknowledged.values()].map((one) => ({ ...one, fax: 'none' }));
  const byId = (a: Acknowledged, b: Acknowledged) => (a.id < b.id ? -1 : 1);
  expect(customers.totalCount).toBe(acknowledged.size);
  expect(customers.nodes.toSorted(byId)).toEqual(expected.toSorted(byId));
});

it('a schema that is refused at a reload leaves the mutations as they were', async () => {
  const project = smallCompany(tempFolder());
  const company = await startCompanyForTest({
    projectDirectory: project.directory,
    dataDirectory: tempFolder(),
  });
  const identity = 'subgraphs/identity/schema.graphql';
  const input = 'input CreateCustomerInput {\n';
  project.edit(identity, input, `${input}  "Not lean."\n  supportTier: String\n`);
  await expect(company.server.reload()).rejects.toMatchObject({ code: 'MUTATION_SHAPE_INVALID' });
  const { done } = await company.mutate(
    'done: createCustomer(input: { id: "NEW", name: "New", email: "new@mail.example" }) { customer { name supportTier } errors { code } }',
  );
  expect(done).toEqual({ customer: { name: 'New', supportTier: null }, errors: [] });
  expect(
    await company.read('{ customers(where: { id: { eq: "NEW" } }) { nodes { name } } }'),
  ).toEqual({ customers: { nodes: [{ name: 'New' }] } });
});

describe.each([true, false])('another router, over a graph with the hub switched to %s', (hub) => {
  it('changes customers over the subgraphs, and is answered with what every domain knows', async () => {
    const port = await freePort();
    const project = smallCompany(tempFolder());
    const list = project.read('supergraph.yaml');
    project.write('supergraph.yaml', list.replaceAll(':4000/', `:${port}/`));
    const company = await startCompanyForTest({
      projectDirectory: project.directory,
      dataDirectory: tempFolder(),
      flags: { server: { port }, graph: { hub } },
    });
    const router = startHiveRouter(company.server.supergraphSdl());
    try {
      const made = await router.ask(`mutation {
        made: createCustomer(input: { id: "NEW", name: "New", email: "new@mail.example" }) {
          customer { name createdBy accountValue invoices { id } } version errors { code } }
        taken: createCustomer(input: { name: "Bobby", email: "bob@mail.example" }) {
          customer { id salesRep creditLimit } errors { code field } }
        bob: updateCustomer(input: { id: "BOB", name: "Robert", expectedVersion: 1 }) {
          customer { name supportTier creditLimit identityVersion } version }
      }`);
      expect(made.errors).toBeUndefined();
      expect(made.data).toEqual({
        made: {
          customer: { name: 'New', createdBy: 'local', accountValue: null, invoices: [] },
          version: 1,
          errors: [],
        },
        taken: {
          customer: { id: 'BOB', salesRep: 'Grace', creditLimit: 50 },
          errors: [{ code: 'EXISTS', field: 'email' }],
        },
        bob: {
          customer: { name: 'Robert', supportTier: 'SILVER', creditLimit: 50, identityVersion: 2 },
          version: 2,
        },
      });
      const merged = await router.ask(`mutation {
        mergeCustomers(input: { winnerId: "ADA", loserId: "ADA2" }) { customer { id supportTier } errors { code } } }`);
      expect(merged.data).toEqual({
        mergeCustomers: { customer: { id: 'ADA', supportTier: 'GOLD' }, errors: [] },
      });
      const question =
        '{ customer(id: "ADA2") { id name supportTier creditLimit invoices { id } } }';
      const { data } = await router.ask(question);
      expect(data).toEqual((await company.ask(question)).data);
      expect(data).toMatchObject({ customer: { id: 'ADA', supportTier: 'GOLD' } });
    } finally {
      await router.close();
    }
  });
});
