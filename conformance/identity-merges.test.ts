import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedTempFolder } from '../foundation/testing/temp-folder.ts';
import { askGraph } from './testing/ask-graph.ts';
import { smallCompany, startCompany, type CompanyServer } from './testing/small-company.ts';

const errors = 'errors { code message field }';
/** All that the domains know of a customer. */
const all =
  'id name email accountValue salesRep supportTier lifetimeTickets vatNumber paymentTerms creditLimit identityVersion invoices { id customer { id creditLimit } }';

describe.each([true, false])('merging and removing, with the hub switched to %s', (hub) => {
  const folders = { project: sharedTempFolder(), data: sharedTempFolder() };
  let company: CompanyServer;

  const options = () => ({
    projectDirectory: smallCompany(folders.project).directory,
    dataDirectory: folders.data,
    flags: { graph: { hub } },
  });
  const merge = (winnerId: string, loserId: string, more = '') =>
    company
      .mutate(
        `done: mergeCustomers(input: { winnerId: "${winnerId}", loserId: "${loserId}"${more} }) {
          customer { ${all} } version ${errors} }`,
      )
      .then(({ done }) => done);
  const make = (...ids: readonly string[]) =>
    company.mutate(
      ids
        .map(
          (id) =>
            `${id}: createCustomer(input: { id: "${id}", name: "${id}", email: "${id}@mail.example" }) { version }`,
        )
        .join(' '),
    );
  const findInSubgraph = (name: string, id: string, fields: string) =>
    askGraph(
      `${company.server.url}/subgraphs/${name}`,
      `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Customer { ${fields} } } }`,
      { of: [{ __typename: 'Customer', id, paymentTerms: 'NET_15' }] },
    );

  beforeAll(async () => {
    company = await startCompany(options());
  });
  afterAll(() => company.server.close());

  const ada = {
    id: 'ADA',
    name: 'Ada Lovelace',
    email: 'ada@mail.example',
    accountValue: 1000,
    salesRep: 'Grace',
    supportTier: 'GOLD',
    lifetimeTickets: 7,
    vatNumber: 'DE1',
    paymentTerms: 'NET_15',
    creditLimit: 400,
    identityVersion: 1,
    invoices: [
      { id: 'I1', customer: { id: 'ADA', creditLimit: 400 } },
      { id: 'I2', customer: { id: 'ADA', creditLimit: 400 } },
    ],
  };

  it('duplicates are found by their address, with all that the domains know of them', async () => {
    const question = '{ customerDuplicates { value customers { id accountValue } } }';
    const group = { value: 'ada@mail.example', customers: expect.any(Array) };
    const { customerDuplicates } = (await company.read(question)) as {
      readonly customerDuplicates: readonly { readonly customers: readonly unknown[] }[];
    };
    expect(customerDuplicates).toEqual([group]);
    expect(customerDuplicates[0]?.customers).toHaveLength(2);
    expect(customerDuplicates[0]?.customers).toEqual(
      expect.arrayContaining([
        { id: 'ADA', accountValue: 1000 },
        { id: 'ADA2', accountValue: 50 },
      ]),
    );
  });

  it('a merge gives the winner what it lacks, and keeps what it has', async () => {
    expect(await merge('ADA', 'ADA2', ', idempotencyKey: "merge"')).toEqual({
      customer: ada,
      version: 1,
      errors: [],
    });
    expect(await merge('ADA', 'ADA2', ', idempotencyKey: "merge"')).toMatchObject({ errors: [] });
    expect(await company.read('{ customerDuplicates { value } }')).toEqual({
      customerDuplicates: [],
    });
    expect(
      await company.read('{ quarantinedRows { nodes { domain table kind key payload } } }'),
    ).toEqual({
      quarantinedRows: {
        nodes: [
          {
            domain: 'sales',
            table: 'customer',
            kind: 'MERGED',
            key: 'ADA2',
            payload: { id: 'ADA2', account_value: '50.00', sales_rep: 'Linus' },
          },
        ],
      },
    });
  });

  it('the id that went leads to the winner, wherever it is asked for', async () => {
    const found = await company.read(
      `{ a: customer(id: "ADA2") { ${all} } lean: customerIdentity(id: "ADA2") { id name }
         i: invoice(id: "I2") { customer { id name creditLimit } } }`,
    );
    expect(found).toEqual({
      a: ada,
      lean: { id: 'ADA', name: 'Ada Lovelace' },
      i: { customer: { id: 'ADA', name: 'Ada Lovelace', creditLimit: 400 } },
    });
    const { id, name, accountValue, supportTier, vatNumber, creditLimit } = ada;
    const subgraphs = {
      identity: { id, name },
      sales: { accountValue, creditLimit },
      support: { supportTier },
      billing: { vatNumber, invoices: [{ id: 'I1' }, { id: 'I2' }] },
      _ledger: { identityVersion: 1 },
      ...(hub && { _hub: { id, name, accountValue, supportTier, vatNumber } }),
    };
    for (const [subgraph, expected] of Object.entries(subgraphs)) {
      const fields = Object.keys(expected).join(' ').replace('invoices', 'invoices { id }');
      const { data, errors: refused } = await findInSubgraph(subgraph, 'ADA2', fields);
      expect(refused, subgraph).toBeUndefined();
      expect(data, subgraph).toEqual({ _entities: [expected] });
    }
  });

  it('what is done to the id that went is done to the winner', async () => {
    const { done } = await company.mutate(
      `done: updateCustomer(input: { id: "ADA2", name: "Ada King", expectedVersion: 1 }) { customer { id name } version ${errors} }`,
    );
    expect(done).toEqual({ customer: { id: 'ADA', name: 'Ada King' }, version: 2, errors: [] });
    const again = await company.mutate(
      `done: createCustomer(input: { id: "ADA2", name: "X", email: "x@mail.example" }) { customer { id } ${errors} }`,
    );
    expect(again).toMatchObject({
      done: {
        customer: null,
        errors: [
          { code: 'EXISTS', field: 'id', message: 'Customer ADA2 was merged into Customer ADA.' },
        ],
      },
    });
  });

  it('other tools hear that the id went, and where it leads', async () => {
    const { events } = (await company.read(
      '{ events(types: ["CustomerDeleted"]) { nodes { subject version data } } }',
    )) as { readonly events: { readonly nodes: readonly unknown[] } };
    expect(events.nodes[0]).toEqual({
      subject: 'ADA2',
      version: 2,
      data: { id: 'ADA2', mergedInto: 'ADA' },
    });
  });

  it('merges follow one another, in whichever order', async () => {
    await make('m1', 'm2', 'm3', 'm4');
    await merge('m2', 'm1');
    await merge('m3', 'm4');
    await merge('m3', 'm1');
    const found = await company.read(
      '{ a: customer(id: "m1") { id } b: customer(id: "m2") { id } c: customer(id: "m3") { id } d: customer(id: "m4") { id } }',
    );
    const m3 = { id: 'm3' };
    expect(found).toEqual({ a: m3, b: m3, c: m3, d: m3 });
    expect(await merge('m1', 'm4')).toMatchObject({
      customer: null,
      errors: [{ code: 'MERGE_INTO_ITSELF', field: 'loserId' }],
    });
  });

  it.each([
    ['EVE', 'EVE', 'MERGE_INTO_ITSELF', 'loserId'],
    ['EVE', 'nobody', 'NOT_FOUND', 'loserId'],
    ['nobody', 'EVE', 'NOT_FOUND', 'winnerId'],
    ['', 'EVE', 'REQUIRED', 'winnerId'],
  ])('a merge of %j with %j is refused as %s', async (winner, loser, code, field) => {
    expect(await merge(winner, loser)).toMatchObject({
      customer: null,
      version: null,
      errors: [{ code, field }],
    });
  });

  it('a customer that is removed takes its rows along, and brings them back when it comes back', async () => {
    const question = `{ customer(id: "BOB") { ${all} } invoice(id: "I3") { amount } }`;
    const before = (await company.read(question)) as { readonly customer: object };
    await company.mutate('done: deleteCustomer(input: { id: "BOB" }) { deletedId }');
    expect(await company.read(question)).toEqual({ customer: null, invoice: null });
    const waiting = '{ quarantinedRows(kind: WAITING) { nodes { domain table key } } }';
    const { quarantinedRows } = (await company.read(waiting)) as {
      readonly quarantinedRows: { readonly nodes: readonly unknown[] };
    };
    expect(quarantinedRows.nodes).toHaveLength(4);
    const { back } = await company.mutate(
      `back: createCustomer(input: { id: "BOB", name: "Bob", email: "bob@mail.example" }) { customer { ${all} } version }`,
    );
    expect(back).toEqual({ customer: { ...before.customer, identityVersion: 3 }, version: 3 });
    expect(await company.read(waiting)).toEqual({ quarantinedRows: { nodes: [] } });
    expect(await company.read(question)).toEqual({
      customer: { ...before.customer, identityVersion: 3 },
      invoice: { amount: 40 },
    });
  });

  it('all of it is so after a restart', async () => {
    const question = `{ a: customer(id: "ADA2") { ${all} } b: customer(id: "m1") { id } c: customer(id: "BOB") { ${all} } }`;
    const before = await company.read(question);
    await company.server.close();
    company = await startCompany(options());
    expect(await company.read(question)).toEqual(before);
    expect(before).toMatchObject({ a: { id: 'ADA', name: 'Ada King' }, b: { id: 'm3' } });
  });

  it('removing the winner removes what came from both, and its comeback has all of it', async () => {
    const { gone } = await company.mutate(
      'gone: deleteCustomer(input: { id: "ADA2" }) { deletedId version }',
    );
    expect(gone).toEqual({ deletedId: 'ADA', version: 3 });
    expect(
      await company.read(
        '{ a: customer(id: "ADA") { id } b: customer(id: "ADA2") { id } i: invoice(id: "I2") { id } }',
      ),
    ).toEqual({ a: null, b: null, i: null });
    await company.mutate(
      'done: createCustomer(input: { id: "ADA", name: "Ada Lovelace", email: "ada@mail.example" }) { version }',
    );
    expect(await company.read(`{ customer(id: "ADA2") { ${all} } }`)).toEqual({
      customer: { ...ada, identityVersion: 4 },
    });
  });
});
