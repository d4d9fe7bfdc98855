import { describe, expect, test } from 'vitest';
import { sql } from '../lake/sql.ts';
import type { IdentityCommand } from './identity-command.ts';
import { openTestLedger, projectionOf, shopDomains } from './testing/open-ledger.ts';

const crm = { actor: 'crm', source: 'crm/1' };

function create(name: string, email: string, more: object = {}): IdentityCommand {
  return { kind: 'create', entity: 'Customer', origin: crm, fields: { name, email }, ...more };
}

describe('a customer that is made', () => {
  test('is in the table of its identity, in the projection and in the log', async () => {
    const { ledger, rows, model } = await openTestLedger();
    const outcome = await ledger.submit(create('Ada', 'ada@mail.example', { key: { id: 'C1' } }));
    expect(outcome).toEqual({
      status: 'done',
      key: { id: 'C1' },
      keyText: 'C1',
      version: 1,
      sequence: 1,
      problems: [],
    });
    const time = '2026-11-28T12:00:00Z';
    expect(
      await rows(
        sql`SELECT id, name, email, created_at, updated_at, created_by FROM identity.customer`,
      ),
    ).toEqual([['C1', 'Ada', 'ada@mail.example', time, time, 'crm']]);
    expect(await rows(projectionOf(model, 'Customer'))).toEqual([
      ['C1', 'Ada', 'ada@mail.example', time, time, 'crm', null, null, 'nobody'],
    ]);
    const { changes, position } = await ledger.read({ after: 0, limit: 10 });
    expect(position).toBe(1);
    expect(changes).toMatchObject([
      {
        sequence: 1,
        kind: 'create',
        entity: 'Customer',
        key: 'C1',
        version: 1,
        actor: 'crm',
        before: null,
        after: { name: 'Ada' },
      },
    ]);
    expect(await ledger.find(1)).toEqual(changes[0]);
  });

  test('gets a key where none is given, and is made once for an idempotency key', async () => {
    const { ledger, again } = await openTestLedger();
    const command = create('Ada', 'ada@mail.example', { idempotencyKey: 'k1' });
    const [first, second] = await Promise.all([ledger.submit(command), ledger.submit(command)]);
    expect(first).toMatchObject({ status: 'done', keyText: 'made-1' });
    expect(second).toEqual(first);
    expect(await (await again()).submit(command)).toEqual(first);
    const other = await ledger.submit(create('Bob', 'bob@mail.example', { idempotencyKey: 'k1' }));
    expect(other.problems).toMatchObject([{ code: 'IDEMPOTENCY_KEY_REUSED' }]);
  });

  test('is not made twice for one address, however it is written', async () => {
    const { ledger } = await openTestLedger({
      rows: {
        'identity/customer.csv':
          'id,name,email,created_at,updated_at,created_by\nC0,Ann, ANN@mail.example,2020-01-01T00:00:00Z,2020-01-01T00:00:00Z,seed\n',
      },
    });
    const outcomes = await Promise.all([
      ledger.submit(create('Ada', 'ada@mail.example')),
      ledger.submit(create('Ada L', ' Ada@Mail.Example ')),
      ledger.submit(create('Ann', 'ann@mail.example')),
    ]);
    expect(outcomes).toMatchObject([
      { status: 'done', keyText: 'made-1' },
      { status: 'joined', keyText: 'made-1', problems: [{ code: 'EXISTS', field: 'email' }] },
      { status: 'joined', keyText: 'C0' },
    ]);
  });

  test('says of whom there is already that it is given instead', async () => {
    const { ledger } = await openTestLedger();
    await ledger.submit(create('Ada', 'ada@mail.example', { key: { id: 'C1' } }));
    const twin = await ledger.submit(create('Ada L', 'ada@mail.example'));
    expect(twin.problems).toEqual([
      {
        code: 'EXISTS',
        message: 'Customer C1 has this email already, and is given instead of a new one.',
        field: 'email',
      },
    ]);
  });

  test('is refused with each field that is wrong', async () => {
    const { ledger } = await openTestLedger();
    const outcome = await ledger.submit(
      create(' ', 'nobody', { fields: { name: ' ', email: 'no address', accountValue: 5 } }),
    );
    expect(outcome.problems).toMatchObject([
      { code: 'INVALID', field: 'accountValue' },
      { code: 'REQUIRED', field: 'name' },
      { code: 'INVALID', field: 'email' },
    ]);
    expect(ledger.head).toBe(0);
  });
});

describe('a customer that changes', () => {
  test.each([
    [
      'the mutation that makes the two one',
      ' mergeCustomers(input: MergeInput!): MergePayload!',
      ', or make it one with Customer C1 by the mutation mergeCustomers.',
    ],
    ['nothing else where there is no such mutation', '', '.'],
  ])('to what another has is told who that is, and %s', async (_, mutation, ending) => {
    const merge = `type Mutation { ping: Int @computed${mutation} }
      input MergeInput { winnerId: ID! loserId: ID! }
      type MergePayload { customer: Customer version: Int errors: [MergeError!]! }
      type MergeError { code: String! message: String! field: String }`;
    const domains = { ...shopDomains, identity: `${shopDomains.identity}${merge}` };
    const { ledger } = await openTestLedger({ domains });
    await ledger.submit(create('Ada', 'ada@mail.example', { key: { id: 'C1' } }));
    await ledger.submit(create('Bob', 'bob@mail.example', { key: { id: 'C2' } }));
    const { problems } = await ledger.submit({
      kind: 'update',
      entity: 'Customer',
      origin: crm,
      key: { id: 'C2' },
      fields: { email: 'ADA@mail.example' },
    });
    const message = `Customer C1 has this email already. Give Customer C2 another one${ending}`;
    expect(problems).toEqual([{ code: 'EXISTS', message, field: 'email' }]);
  });

  test('has one version more, everywhere', async () => {
    const { ledger, rows, model, clock } = await openTestLedger();
    await ledger.submit(create('Ada', 'ada@mail.example', { key: { id: 'C1' } }));
    clock.advance(1000);
    const update: IdentityCommand = {
      kind: 'update',
      entity: 'Customer',
      origin: crm,
      key: { id: 'C1' },
      fields: { name: 'Ada L' },
      expectedVersion: 1,
    };
    expect(await ledger.submit(update)).toMatchObject({ status: 'done', version: 2, sequence: 2 });
    expect(await ledger.submit(update)).toMatchObject({
      status: 'refused',
      problems: [{ code: 'VERSION_CONFLICT' }],
    });
    expect(await ledger.submit({ ...update, expectedVersion: 2 })).toMatchObject({
      status: 'unchanged',
      version: 2,
    });
    expect(await rows(projectionOf(model, 'Customer'))).toEqual([
      [
        'C1',
        'Ada L',
        'ada@mail.example',
        '2026-11-28T12:00:00Z',
        '2026-11-28T12:00:01Z',
        'crm',
        null,
        null,
        'nobody',
      ],
    ]);
    expect(await rows(sql`SELECT name, updated_at FROM identity.customer`)).toEqual([
      ['Ada L', '2026-11-28T12:00:01Z'],
    ]);
  });

  test('loses and gets back what domains have of it', async () => {
    const { ledger, rows, model } = await openTestLedger({
      rows: {
        'identity/customer.csv':
          'id,name,email,created_at,updated_at,created_by\nC1,Ann,ann@mail.example,2020-01-01T00:00:00Z,2020-01-01T00:00:00Z,seed\n',
        'sales/customer.csv': 'id,account_value,sales_rep\nC1,12.50,Rep\n',
        'billing/customer.csv': 'id,vat_number\nC1,V1\n',
        'billing/invoice.csv': 'id,customer_id,amount\nI1,C1,5.00\nI2,C1,6.00\n',
      },
    });
    const before = await rows(projectionOf(model, 'Customer'));
    const invoices = await rows(projectionOf(model, 'Invoice'));
    expect(invoices).toHaveLength(2);
    const gone = await ledger.submit({
      kind: 'delete',
      entity: 'Customer',
      origin: crm,
      key: { id: 'C1' },
    });
    expect(gone).toMatchObject({ status: 'done', version: 2 });
    expect(await rows(projectionOf(model, 'Customer'))).toEqual([]);
    expect(await rows(projectionOf(model, 'Invoice'))).toEqual([]);
    expect(await rows(sql`SELECT count(*) FROM billing.invoice`)).toEqual([['0']]);
    expect(
      await rows(sql`SELECT domain, "table", "key", waits_key FROM quarantine."row" ORDER BY ALL`),
    ).toEqual([
      ['billing', 'customer', 'C1', 'C1'],
      ['billing', 'invoice', 'I1', 'C1'],
      ['billing', 'invoice', 'I2', 'C1'],
      ['sales', 'customer', 'C1', 'C1'],
    ]);
    expect(
      await rows(sql`SELECT "sequence", kind, entity, domain, "key" FROM ledger.change ORDER BY 1`),
    ).toHaveLength(5);
    const back = await ledger.submit({
      kind: 'reverse',
      entity: 'Customer',
      origin: crm,
      sequence: 1,
    });
    expect(back).toMatchObject({ status: 'done', version: 3 });
    expect(await rows(projectionOf(model, 'Customer'))).toEqual(before);
    expect(await rows(projectionOf(model, 'Invoice'))).toEqual(invoices);
    expect(await rows(sql`SELECT count(*) FROM quarantine."row"`)).toEqual([['0']]);
    expect(
      await rows(
        sql`SELECT count(*), max("sequence"), count(DISTINCT "sequence") FROM ledger.change`,
      ),
    ).toEqual([['10', '10', '10']]);
  });
});

describe('two customers that are one', () => {
  test('have the rows of both, the id of the loser leads to the winner, and deltas follow', async () => {
    const { ledger, rows, model } = await openTestLedger({
      rows: {
        'identity/customer.csv':
          'id,name,email,created_at,updated_at,created_by\nW,Ann,ann@mail.example,2020-01-01T00:00:00Z,2020-01-01T00:00:00Z,seed\nL,Anne,anne@mail.example,2020-01-01T00:00:00Z,2020-01-01T00:00:00Z,seed\n',
        'sales/customer.csv': 'id,account_value,sales_rep\nL,12.50,Rep\n',
        'billing/customer.csv': 'id,vat_number\nW,V1\nL,V2\n',
        'billing/invoice.csv': 'id,customer_id,amount\nI1,L,5.00\n',
      },
    });
    const merged = await ledger.submit({
      kind: 'merge',
      entity: 'Customer',
      origin: crm,
      winner: { id: 'W' },
      loser: { id: 'L' },
    });
    expect(merged).toMatchObject({ status: 'done', keyText: 'W' });
    expect(ledger.redirects.find('Customer', 'L')).toBe('W');
    expect(
      await rows(
        sql`SELECT id, "vatNumber", "accountValue", "salesRep" FROM (${projectionOf(model, 'Customer')})`,
      ),
    ).toEqual([['W', 'V1', '12.50', 'Rep']]);
    expect(await rows(sql`SELECT id, customer_id FROM billing.invoice`)).toEqual([['I1', 'W']]);
    expect(await rows(sql`SELECT domain, "key", kind FROM quarantine."row"`)).toEqual([
      ['billing', 'L', 'MERGED'],
    ]);
    const update = await ledger.submit({
      kind: 'update',
      entity: 'Customer',
      origin: crm,
      key: { id: 'L' },
      fields: { name: 'Anna' },
    });
    expect(update).toMatchObject({ status: 'done', keyText: 'W', version: 2 });
    const counts = await ledger.write(async (tx) => {
      await tx.run(
        sql`CREATE TEMP TABLE staged AS SELECT * FROM (VALUES ('L', 20.00::DECIMAL(18,2), 'New', 1, 10, FALSE)) AS v(id, account_value, sales_rep, "_row", "_watermark", "_deleted")`,
      );
      return tx.applyDelta({
        model,
        domain: 'sales',
        tableName: 'customer',
        staged: { table: sql`staged`, columns: ['id', 'account_value', 'sales_rep'] },
        origin: crm,
      });
    });
    expect(counts).toMatchObject({ updated: 1, merged: 0 });
    expect(await rows(sql`SELECT id, account_value, "_source_key" FROM sales.customer`)).toEqual([
      ['W', '20.00', 'L'],
    ]);
    const own = await ledger.write(async (tx) => {
      await tx.run(
        sql`CREATE OR REPLACE TEMP TABLE staged AS SELECT * FROM (VALUES ('W', 30.00::DECIMAL(18,2), 'Own', 1, 1, FALSE), ('L', 31.00::DECIMAL(18,2), 'Lost', 2, 50, FALSE)) AS v(id, account_value, sales_rep, "_row", "_watermark", "_deleted")`,
      );
      return tx.applyDelta({
        model,
        domain: 'sales',
        tableName: 'customer',
        staged: { table: sql`staged`, columns: ['id', 'account_value', 'sales_rep'] },
        origin: crm,
      });
    });
    expect(own).toMatchObject({ updated: 1, merged: 1 });
    expect(await rows(sql`SELECT id, account_value, "_source_key" FROM sales.customer`)).toEqual([
      ['W', '30.00', null],
    ]);
  });
});
