import { describe, expect, it } from 'vitest';
import { abusedProject, sql, type Json } from './testing/abused-project.ts';
import type { GraphAnswer } from './testing/ask-graph.ts';

const { ask, countOf, customersNamed } = abusedProject();

const created = 'customer { id name email } version errors { code field }';
const create = `mutation ($input: CreateCustomerInput!) { made: createCustomer(input: $input) { ${created} } }`;
const update = `mutation ($input: UpdateCustomerInput!) { made: updateCustomer(input: $input) { ${created} } }`;

interface Made {
  readonly customer: { readonly id: string; readonly name: string; readonly email: string } | null;
  readonly version: number | null;
  readonly errors: readonly { readonly code: string; readonly field: string | null }[];
}

async function make(input: Json, mutation = create): Promise<Made> {
  const { data, errors } = await ask(mutation, { input });
  expect(errors).toBeUndefined();
  return (data as { readonly made: Made }).made;
}

describe('mutations', () => {
  it.each<readonly [string, string, string]>([
    ['name', 'INVALID', 'a\u0000b'],
    ['name', 'INVALID', '\ud800'],
    ['name', 'INVALID', 'a\udfffb'],
    ['name', 'INVALID', 'line\nline'],
    ['name', 'INVALID', 'x'.repeat(900_000)],
    ['name', 'REQUIRED', ''],
    ['name', 'REQUIRED', ' \u00a0 '],
    ['email', 'INVALID', 'nobody'],
    ['email', 'INVALID', 'a\u0000@abuse.example'],
    ['email', 'INVALID', 'a b@abuse.example'],
    ['id', 'INVALID', 'a\u0000b'],
    ['id', 'INVALID', '\ud800'],
    ['id', 'INVALID', 'x'.repeat(20_000)],
  ])('with a %s that is %s make nothing', async (field, code, text) => {
    const before = await countOf('customers');
    const input = { name: 'Mallory', email: 'mallory@abuse.example', [field]: text };
    expect(await make(input)).toEqual({ customer: null, version: null, errors: [{ code, field }] });
    expect(await countOf('customers')).toBe(before);
  });

  it('keep SQL as the text that it is, in every field', async () => {
    const email = `"${sql.replaceAll(' ', '')}"@abuse.example`;
    const input = { id: `${sql}1`, name: sql, email, idempotencyKey: sql };
    const made = await make(input);
    expect(made).toEqual({ customer: { id: `${sql}1`, name: sql, email }, version: 1, errors: [] });
    expect(await make(input)).toEqual(made);
    const changed = await make(
      { id: `${sql}1`, name: `${sql}2`, idempotencyKey: `${sql}2` },
      update,
    );
    expect(changed).toMatchObject({ customer: { name: `${sql}2` }, version: 2 });
    expect(await customersNamed(`${sql}2`)).toBe(1);
  });

  it.each<readonly [string, string]>([
    [
      'a member twice',
      'mutation { createCustomer(input: { name: "a", name: "b", email: "a@b.example" }) { version } }',
    ],
    [
      'who made it',
      'mutation { createCustomer(input: { name: "a", email: "a@b.example", createdBy: "root" }) { version } }',
    ],
    [
      'a version',
      'mutation { createCustomer(input: { name: "a", email: "a@b.example", version: 7 }) { version } }',
    ],
    [
      'a number for a name',
      'mutation { createCustomer(input: { name: 7, email: "a@b.example" }) { version } }',
    ],
    [
      'a fraction of a version',
      'mutation { updateCustomer(input: { id: "S2", name: "a", expectedVersion: 1.5 }) { version } }',
    ],
    [
      'a version beyond 32 bits',
      'mutation { updateCustomer(input: { id: "S2", name: "a", expectedVersion: 4294967297 }) { version } }',
    ],
    ['no input', 'mutation { createCustomer(input: null) { version } }'],
  ])('that say %s are no valid questions', async (_, query) => {
    const { status, errors } = await ask(query);
    expect(status).toBe(400);
    expect(errors?.[0]?.extensions?.['code']).toBe('GRAPHQL_VALIDATION_FAILED');
  });

  it('with variables that GraphQL does not allow are refused', async () => {
    const inputs: readonly unknown[] = [
      null,
      [],
      'x',
      { name: 'a' },
      { name: 'a', email: 'a@b.example', createdBy: 'root' },
      JSON.parse('{"name": "a", "email": "a@b.example", "__proto__": {"id": "P"}}'),
      { name: { first: 'a' }, email: 'a@b.example' },
    ];
    for (const input of inputs) {
      const answer: GraphAnswer = await ask(create, { input });
      expect(answer.errors?.length, JSON.stringify(input)).toBeGreaterThan(0);
    }
    expect(await customersNamed('a')).toBe(0);
  });

  it('expect no version that there never was', async () => {
    for (const expectedVersion of [-1, 0, 2, -2_147_483_648, 2_147_483_647]) {
      const made = await make({ id: 'S2', name: 'Taken over', expectedVersion }, update);
      expect(made.errors).toEqual([{ code: 'VERSION_CONFLICT', field: 'expectedVersion' }]);
    }
    expect(await customersNamed('Seed Two')).toBe(1);
  });

  it('refuse a key for idempotency that was used for something else', async () => {
    const used = { name: 'Key', email: 'key@abuse.example', idempotencyKey: 'reused' };
    const { customer } = await make(used);
    const refusal = [{ code: 'IDEMPOTENCY_KEY_REUSED', field: 'idempotencyKey' }];
    expect((await make({ ...used, name: 'Other' })).errors).toEqual(refusal);
    const changed = { id: customer?.id, name: 'Other', idempotencyKey: 'reused' };
    expect((await make(changed, update)).errors).toEqual(refusal);
    expect(await customersNamed('Other')).toBe(0);
  });

  it.each<readonly [string, string, string]>([
    ['a NUL', 'k\u0000a', 'k\u0000b'],
    ['halves of surrogate pairs', '\ud800', '\udfff'],
    ['line feeds', 'crm\nk', 'k'],
    ['500,000 characters', `${'x'.repeat(500_000)}1`, `${'x'.repeat(500_000)}2`],
  ])('tell keys for idempotency apart that have %s, or refuse them', async (what, one, other) => {
    const inputs = [one, other].map((idempotencyKey, place) => ({
      name: `Apart ${what}`,
      email: `apart-${place}-${what.length}@abuse.example`,
      idempotencyKey,
    }));
    const made: Made[] = [];
    for (const input of [...inputs, ...inputs]) made.push(await make(input));
    if (made[0]?.customer === null) {
      expect(made.map(({ errors }) => errors[0]?.field)).toEqual(made.map(() => 'idempotencyKey'));
      return;
    }
    expect(made.slice(2)).toEqual(made.slice(0, 2));
    expect(await customersNamed(`Apart ${what}`)).toBe(2);
  });

  it('sent two hundred times at once under one key make one customer', async () => {
    const input = { name: 'Once', email: 'once@abuse.example', idempotencyKey: 'once' };
    const made = await Promise.all(Array.from({ length: 200 }, () => make(input)));
    expect(new Set(made.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(made[0]).toMatchObject({ version: 1, errors: [] });
    expect(await customersNamed('Once')).toBe(1);
  });

  it('that make fifty customers of one address at once make one', async () => {
    const emails = [
      'twin@abuse.example',
      'Twin@Abuse.Example',
      ' twin@abuse.example ',
      'TWIN@ABUSE.EXAMPLE',
    ];
    const made = await Promise.all(
      Array.from({ length: 50 }, (_, n) => make({ name: 'Twin', email: emails[n % 4] })),
    );
    expect(new Set(made.map(({ customer }) => customer?.id)).size).toBe(1);
    expect(made.filter(({ errors }) => errors.length === 0)).toHaveLength(1);
    for (const { errors } of made.filter((one) => one.errors.length > 0))
      expect(errors).toEqual([{ code: 'EXISTS', field: 'email' }]);
    expect(await customersNamed('Twin')).toBe(1);
  });

  it('that expect the same version at once: one of them comes first', async () => {
    const { customer } = await make({ name: 'Race', email: 'race@abuse.example' });
    const made = await Promise.all(
      Array.from({ length: 100 }, (_, n) =>
        make({ id: customer?.id, name: `Race ${n}`, expectedVersion: 1 }, update),
      ),
    );
    expect(made.filter(({ errors }) => errors.length === 0)).toHaveLength(1);
  });

  it('that merge two customers into each other at once leave one', async () => {
    const pair = await Promise.all(
      ['left', 'right'].map((side) => make({ name: 'Pair', email: `${side}@abuse.example` })),
    );
    const [left = '', right = ''] = pair.map(({ customer }) => customer?.id);
    const merge = `mutation ($winner: ID!, $loser: ID!) {
      made: mergeCustomers(input: { winnerId: $winner, loserId: $loser }) { customer { id } errors { code } } }`;
    const answers = await Promise.all([
      ask(merge, { winner: left, loser: right }),
      ask(merge, { winner: right, loser: left }),
      ask(merge, { winner: left, loser: left }),
    ]);
    const codes = answers.map(({ data }) => (data as { made: Made }).made.errors[0]?.code);
    const refused = codes.filter((code) => code === 'MERGE_INTO_ITSELF');
    expect([codes.length, refused.length, codes.includes(undefined)]).toEqual([3, 2, true]);
    expect(await customersNamed('Pair')).toBe(1);
    const both = await ask(
      'query ($a: ID!, $b: ID!) { a: customer(id: $a) { id } b: customer(id: $b) { id } }',
      { a: left, b: right },
    );
    expect(both.errors).toBeUndefined();
  });
});
