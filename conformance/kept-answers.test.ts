import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { sharedTempFolder } from '../foundation/testing/temp-folder.ts';
import { LakeVersions } from '../lake/versions.ts';
import { askGraph, type GraphAnswer } from './testing/ask-graph.ts';
import { smallCompany, startCompany, type CompanyServer } from './testing/small-company.ts';

const all =
  'id name email accountValue salesRep supportTier lifetimeTickets vatNumber paymentTerms invoiced';
const invoice = 'id amount status customer { id name salesRep }';

/** Of every kind, over rows that the changes below touch and over rows that they leave alone. */
const questions: readonly string[] = [
  ...['ADA', 'ADA2', 'BOB', 'EVE', 'ZOE'].map((id) => `{ customer(id: "${id}") { ${all} } }`),
  '{ customer(id: "BOB") { name } }',
  '{ customer(id: "BOB") { name creditLimit } }',
  '{ customer(id: "EVE") { salesRep } }',
  `{ customer(id: "ADA") { invoices { ${invoice} } invoicesAggregate { count sum { amount } } } }`,
  `{ customer(id: "EVE") { invoices { ${invoice} } } }`,
  ...['I1', 'I2', 'I3', 'I4'].map((id) => `{ invoice(id: "${id}") { ${invoice} } }`),
  `{ customers(first: 10) { nodes { ${all} } } }`,
  '{ customers(first: 10) { totalCount nodes { id } } }',
  '{ customers(first: 10, where: { salesRep: { eq: "Grace" } }) { nodes { id } } }',
  '{ customers(first: 10, where: { invoiced: { gt: 15 } }) { nodes { id invoiced } } }',
  '{ customers(first: 10, orderBy: [{ supportTier: DESC }, { id: ASC }]) { nodes { id } } }',
  '{ customers(first: 10, where: { invoices: { some: { status: { eq: OPEN } } } }) { nodes { id } } }',
  `{ invoices(first: 10, where: { customer: { supportTier: { eq: GOLD } } }) { nodes { ${invoice} } } }`,
  '{ customersAggregate { count sum { accountValue invoiced } } }',
  '{ invoicesAggregate(groupBy: [{ customer: { field: salesRep } }]) { keys { customer { salesRep } } count } }',
];

const input = (members: string): string => `(input: { ${members} }) { errors { message } }`;

describe('answers that were kept', () => {
  const folders = { project: sharedTempFolder(), data: sharedTempFolder() };
  let company: CompanyServer;
  let second = 0;

  beforeAll(async () => {
    const project = smallCompany(folders.project);
    project.edit(
      'subgraphs/billing/schema.graphql',
      'type Customer @key(fields: "id") @table {',
      `type Customer @key(fields: "id") @table @related(table: "invoice", columns: ["customer_id"]) {
        "What we billed altogether."
        invoiced: Decimal @column(from: "sum(invoice.amount)", type: "DECIMAL(18,2)", default: "0")`,
    );
    for (const [domain, ...tables] of [
      ['sales', 'customer'],
      ['support', 'customer'],
      ['billing', 'customer', 'invoice'],
    ])
      project.write(`subgraphs/${domain}/sync.yaml`, pushed(tables));
    company = await startCompany({
      projectDirectory: project.directory,
      dataDirectory: folders.data,
    });
  });
  afterAll(() => company.server.close());
  afterEach(() => vi.restoreAllMocks());

  const changes: readonly (readonly [what: string, change: () => Promise<unknown>])[] = [
    [
      'a new customer',
      () => mutate(`createCustomer${input('id: "ZOE", name: "Zoe", email: "zoe@mail.example"')}`),
    ],
    ['another name', () => mutate(`updateCustomer${input('id: "BOB", name: "Robert"')}`)],
    [
      'a row of a domain',
      () => push('sales', 'customer', { id: 'BOB', account_value: 300, sales_rep: 'Linus' }),
    ],
    [
      'a first row of a domain',
      () => push('sales', 'customer', { id: 'EVE', account_value: 7, sales_rep: 'Grace' }),
    ],
    ['a row that goes', () => push('support', 'customer', { id: 'BOB', gone: true })],
    [
      'an entity of a domain that changes hands',
      () => push('billing', 'invoice', { ...bill('I3', 'EVE', 40), status: 'PAID' }),
    ],
    ['an entity of a domain that begins', () => push('billing', 'invoice', bill('I4', 'ZOE', 99))],
    [
      'rows of many',
      () =>
        push(
          'sales',
          'customer',
          ...['ADA', 'BOB', 'EVE', 'ZOE'].map((id, n) => ({
            id,
            account_value: n,
            sales_rep: 'Grace',
          })),
        ),
    ],
    [
      'a row that waits for its customer',
      () => push('billing', 'customer', { id: 'NEW', vat_number: 'DE9', payment_terms: 'NET_60' }),
    ],
    [
      'two customers who become one',
      () => mutate(`mergeCustomers${input('winnerId: "ADA", loserId: "ADA2"')}`),
    ],
    [
      'a row of a customer who was merged',
      () =>
        push('support', 'customer', { id: 'ADA2', support_tier: 'BRONZE', lifetime_tickets: 8 }),
    ],
    ['a customer who goes, with invoices', () => mutate(`deleteCustomer${input('id: "ZOE"')}`)],
    [
      'and who comes back',
      () =>
        mutate(`createCustomer${input('id: "ZOE", name: "Zoe again", email: "zoe@mail.example"')}`),
    ],
    ['an entity of a domain that goes', () => push('billing', 'invoice', { id: 'I1', gone: true })],
  ];

  it.each(changes)('are what is true now, after %s', async (_what, change) => {
    await askAll();
    const before = await askAll();
    await change();
    const now = await askAll();
    vi.spyOn(LakeVersions.prototype, 'isCurrent').mockReturnValue(false);
    vi.spyOn(LakeVersions.prototype, 'isEntityCurrent').mockReturnValue(false);
    const read = await askAll();
    expect(now).toEqual(read);
    if (_what !== 'a row that waits for its customer') expect(now).not.toEqual(before);
  });

  it.each([
    [
      'a row of a domain',
      () => push('sales', 'customer', { id: 'BOB', account_value: 1, sales_rep: 'Ken' }),
    ],
    ['an entity that goes', () => mutate(`deleteCustomer${input('id: "BOB"')}`)],
    ['a merge', () => mutate(`mergeCustomers${input('winnerId: "EVE", loserId: "ZOE"')}`)],
  ])('stay where they are made of other rows, after %s', async (_what, change) => {
    const other = `{ customer(id: "ADA") { ${all} } }`;
    const touched = '{ customers(first: 10) { nodes { salesRep } } }';
    for (let time = 0; time < 3; time++)
      for (const question of [other, touched]) await ask(question);
    await change();
    company.statements.length = 0;
    await ask(other);
    expect(company.statements).toEqual([]);
    await ask(touched);
    expect(company.statements).not.toEqual([]);
  });

  function ask(question: string): Promise<GraphAnswer> {
    return askGraph(`${company.server.url}/graphql`, question);
  }

  async function askAll(): Promise<Readonly<Record<string, unknown>>> {
    const answers: Record<string, unknown> = {};
    for (const question of questions) {
      const { data, errors } = await ask(question);
      expect(errors, question).toBeUndefined();
      answers[question] = data;
    }
    return answers;
  }

  async function mutate(field: string): Promise<void> {
    for (const { errors } of Object.values(await company.mutate(field))) expect(errors).toEqual([]);
  }

  async function push(domain: string, table: string, ...rows: readonly object[]): Promise<void> {
    const changedAt = new Date(Date.UTC(2026, 0, 1, 0, 0, ++second)).toISOString();
    const response = await fetch(`${company.server.url}/sync/${domain}/${table}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: rows.map((row) => JSON.stringify({ ...row, changed_at: changedAt })).join('\n'),
    });
    expect([response.status, await response.text()]).toEqual([200, expect.anything()]);
  }
});

function bill(id: string, customer: string, amount: number): object {
  return {
    id,
    customer_id: customer,
    amount,
    issued_on: '2025-05-01',
    due_on: '2025-06-01',
    status: 'OPEN',
  };
}

/** Tools push the rows of these tables as the lake calls them. */
function pushed(tables: readonly string[]): string {
  const one = (name: string): string => `  ${name}:
    source: { push: true }
    watermark: { column: changed_at }
    tombstone: { column: gone }
`;
  return `tables:\n${tables.map(one).join('')}`;
}
