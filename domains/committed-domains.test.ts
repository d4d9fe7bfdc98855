import { describe, expect, it } from 'vitest';
import sales from '../subgraphs/sales/resolvers.ts';
import {
  committedSchema,
  openDomains,
  plain,
  type Harness,
  type TestRows,
} from './testing/subgraph-harness.ts';

const created = '2026-01-31T08:30:00Z';

function customer(id: string): Record<string, string> {
  return {
    id,
    name: `Name of ${id}`,
    email: `${id}@example.org`,
    created_at: created,
    updated_at: '2026-02-01T10:00:00.123456Z',
    created_by: 'crm',
  };
}

const rows: TestRows = {
  'identity.customer': ['c1', 'c2', 'c3', 'c4'].map(customer),
  'sales.customer': [
    { id: 'c1', account_value: '1234.50', sales_rep: 'Ann' },
    { id: 'c2', account_value: '9007199254740993.01', sales_rep: null },
  ],
  'support.customer': [
    { id: 'c1', support_tier: 'GOLD', lifetime_tickets: 3 },
    { id: 'c2', support_tier: 'LEAD', lifetime_tickets: 4 },
  ],
  'billing.customer': [
    { id: 'c1', vat_number: 'DE1', payment_terms: 'NET_30' },
    { id: 'c4', vat_number: 'DE4', payment_terms: null },
  ],
  'billing.invoice': [
    {
      id: 'i2',
      customer_id: 'c1',
      amount: '20.10',
      issued_on: '2026-01-02',
      due_on: '2026-02-01',
      status: 'OPEN',
    },
    {
      id: 'i1',
      customer_id: 'c1',
      amount: '10.00',
      issued_on: '2026-01-01',
      due_on: '2026-01-31',
      status: 'PAID',
    },
    {
      id: 'i3',
      customer_id: 'c2',
      amount: '5.00',
      issued_on: '2026-01-03',
      due_on: '2026-02-02',
      status: 'LOST',
    },
    {
      id: 'i4',
      customer_id: null,
      amount: '5.00',
      issued_on: 'infinity',
      due_on: '2026-02-02',
      status: 'VOID',
    },
  ],
};

function openCommitted(): Promise<Harness> {
  const names = ['identity', 'sales', 'support', 'billing'];
  return openDomains({
    schemas: Object.fromEntries(names.map((name) => [name, committedSchema(name)])),
    rows,
    resolvers: { sales },
  });
}

describe('the committed domains as subgraphs', () => {
  it('say their schema as it was authored', async () => {
    const { ask } = await openCommitted();
    const answer = await ask('sales', '{ _service { sdl } }');
    expect(plain(answer.data)).toEqual({ _service: { sdl: committedSchema('sales') } });
  });

  it('look one entity up by root field, also as an interface', async () => {
    const { ask } = await openCommitted();
    const answer = await ask(
      'identity',
      `{
        customer(id: "c1") { id name createdAt updatedAt }
        customerIdentity(id: "c2") { __typename id email }
        nobody: customer(id: "c9") { id }
      }`,
    );
    expect(plain(answer.data)).toEqual({
      customer: {
        id: 'c1',
        name: 'Name of c1',
        createdAt: created,
        updatedAt: '2026-02-01T10:00:00.123456Z',
      },
      customerIdentity: { __typename: 'Customer', id: 'c2', email: 'c2@example.org' },
      nobody: null,
    });
    expect(answer.statements).toHaveLength(1);
  });

  it('answer representations in their order, with one statement a table', async () => {
    const { entities } = await openCommitted();
    const keys = ['c2', 'c9', 'c1', 'c1', 'c3'].map((id) => ({ id }));
    const answer = await entities('sales', 'Customer', 'id salesRep', keys);
    expect(answer.errors).toBe(undefined);
    expect(answer.found).toEqual([
      { id: 'c2', salesRep: null },
      null,
      { id: 'c1', salesRep: 'Ann' },
      { id: 'c1', salesRep: 'Ann' },
      { id: 'c3', salesRep: null },
    ]);
    // The second one asks the identity's table for the two that sales does not know.
    expect(answer.statements.map(({ values }) => values)).toEqual([
      ['c2', 'c9', 'c1', 'c3'],
      ['c9', 'c3'],
    ]);
  });

  it('answer 1,000 keys with one statement a table, and 5,000 as well', async () => {
    const { entities } = await openCommitted();
    const keys = Array.from({ length: 5_000 }, (_, index) => ({ id: `c${index}` }));
    for (const count of [1_000, 5_000]) {
      const known = await entities('identity', 'Customer', 'id name email', keys.slice(0, count));
      expect(known.statements).toHaveLength(1);
      expect(known.found.filter((entity) => entity !== null)).toHaveLength(4);
      const partly = await entities('support', 'Customer', 'id supportTier', keys.slice(0, count));
      expect(partly.statements).toHaveLength(2);
    }
  });

  it('use few statement texts, whatever the number of keys', async () => {
    const { entities } = await openCommitted();
    const texts = new Set<string>();
    for (let count = 1; count <= 70; count++) {
      const keys = Array.from({ length: count }, (_, index) => ({ id: `c${index + 1}` }));
      const { statements } = await entities('identity', 'Customer', 'id', keys);
      for (const { text } of statements) texts.add(text);
    }
    expect(texts.size).toBe(8);
  });

  it('report a value that cannot be written at its path, and nothing else', async () => {
    const { entities, ask } = await openCommitted();
    const support = await entities('support', 'Customer', 'supportTier lifetimeTickets', [
      { id: 'c1' },
      { id: 'c2' },
    ]);
    expect(support.found).toEqual([
      { supportTier: 'GOLD', lifetimeTickets: 3 },
      { supportTier: null, lifetimeTickets: 4 },
    ]);
    expect(support.errors?.map(({ message, path }) => ({ message, path }))).toEqual([
      {
        message: 'The stored value "LEAD" is not one of the enum SupportTier.',
        path: ['_entities', 1, 'supportTier'],
      },
    ]);
    const invoice = await ask(
      'billing',
      '{ a: invoice(id: "i4") { dueOn status } b: invoice(id: "i4") { issuedOn } }',
    );
    expect(plain(invoice.data)).toEqual({ a: { dueOn: '2026-02-02', status: 'VOID' }, b: null });
    expect(invoice.errors?.map(({ path }) => path)).toEqual([['b', 'issuedOn']]);
  });

  it('write decimals as the request asks for them', async () => {
    const { entities } = await openCommitted();
    const asNumbers = await entities('sales', 'Customer', 'accountValue', [
      { id: 'c1' },
      { id: 'c2' },
    ]);
    expect(asNumbers.found).toEqual([{ accountValue: 1234.5 }, { accountValue: null }]);
    expect(asNumbers.errors?.[0]?.message).toContain('9007199254740993.01 cannot be written');
    const asStrings = await entities(
      'sales',
      'Customer',
      'accountValue',
      [{ id: 'c1' }, { id: 'c2' }],
      {
        decimals: 'string',
      },
    );
    expect(asStrings.found).toEqual([
      { accountValue: '1234.50' },
      { accountValue: '9007199254740993.01' },
    ]);
  });

  it('compute a field from the row and from what came with the representation', async () => {
    const { entities } = await openCommitted();
    const keys = [
      { id: 'c1', paymentTerms: 'NET_30' },
      { id: 'c1', paymentTerms: 'DUE_ON_RECEIPT' },
      { id: 'c1' },
      { id: 'c3', paymentTerms: 'NET_30' },
      { id: 'c2', paymentTerms: 'NET_30' },
    ];
    const answer = await entities('sales', 'Customer', 'creditLimit', keys);
    expect(answer.found).toEqual([
      { creditLimit: 308.63 },
      { creditLimit: 617.25 },
      { creditLimit: null },
      { creditLimit: null },
      { creditLimit: null },
    ]);
    // The account value of c2 is no exact number, and the resolver read it.
    expect(answer.errors?.map(({ path }) => path)).toEqual([['_entities', 4, 'creditLimit']]);
    const asStrings = await entities('sales', 'Customer', 'creditLimit', keys.slice(0, 1), {
      decimals: 'string',
    });
    expect(asStrings.found).toEqual([{ creditLimit: '308.63' }]);
  });

  it('lead to many by one statement, in the order of their keys', async () => {
    const { entities } = await openCommitted();
    const keys = ['c1', 'c2', 'c3'].map((id) => ({ id }));
    const answer = await entities(
      'billing',
      'Customer',
      'id invoices { id amount customer { id vatNumber } }',
      keys,
    );
    expect(answer.found).toEqual([
      {
        id: 'c1',
        invoices: [
          { id: 'i1', amount: 10, customer: { id: 'c1', vatNumber: 'DE1' } },
          { id: 'i2', amount: 20.1, customer: { id: 'c1', vatNumber: 'DE1' } },
        ],
      },
      { id: 'c2', invoices: [{ id: 'i3', amount: 5, customer: { id: 'c2', vatNumber: null } }] },
      { id: 'c3', invoices: [] },
    ]);
    // Customers, identities of those without a row, invoices; the customers of the invoices are known by then.
    expect(answer.statements).toHaveLength(3);
  });

  it('lead to one by its key, without asking for it', async () => {
    const { ask } = await openCommitted();
    const answer = await ask('billing', '{ invoice(id: "i1") { customer { __typename id } } }');
    expect(plain(answer.data)).toEqual({
      invoice: { customer: { __typename: 'Customer', id: 'c1' } },
    });
    expect(answer.statements).toHaveLength(1);
    const further = await ask(
      'billing',
      '{ invoice(id: "i1") { customer { vatNumber invoices { id } } } }',
    );
    expect(plain(further.data)).toEqual({
      invoice: { customer: { vatNumber: 'DE1', invoices: [{ id: 'i1' }, { id: 'i2' }] } },
    });
    const orphan = await ask('billing', '{ invoice(id: "i4") { customer { id } } }');
    expect(orphan.errors?.[0]?.message).toContain('non-nullable field Invoice.customer');
  });

  it('give up when the request does', async () => {
    const { entities } = await openCommitted();
    const answer = await entities('sales', 'Customer', 'id', [{ id: 'c1' }], {
      signal: AbortSignal.abort(),
    });
    expect(answer.found).toEqual([null]);
    expect(answer.errors).toHaveLength(1);
    expect(answer.statements).toEqual([]);
  });

  it('refuse a representation without a key', async () => {
    const { entities } = await openCommitted();
    const answer = await entities('sales', 'Customer', 'id', [
      { name: 'Ann' },
      { id: null },
      { id: { x: 1 } },
    ]);
    expect(answer.found).toEqual([null, null, null]);
    expect(answer.errors?.map(({ message }) => message)).toEqual([
      'A representation of Customer came without any of its keys ("id").',
    ]);
  });
});
