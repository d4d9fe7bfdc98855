import { describe, expect, it } from 'vitest';
import type { IdentityMutation } from './model.ts';
import { errorOf, inlineDomain } from './testing/inline-domain.ts';

const loan = `type Loan @key(fields: "number") @table @identity(fields: "number purpose amount createdAt updatedBy") {
  number: ID! purpose: String! amount: Decimal @column(type: "DECIMAL(9,2)") createdAt: DateTime! updatedBy: String }`;
const payload =
  'type Result { loan: Loan version: Int errors: [Wrong!]! } type Wrong { code: String! message: String! field: String }';

interface Parts {
  readonly mutations: string;
  readonly input?: string;
  readonly type?: string;
  readonly result?: string;
}

function mutationsOf({ mutations, input, type = loan, result = payload }: Parts) {
  const inputs = input === undefined ? '' : `input Input { ${input} }`;
  const body = `${type}\n${result}\ntype Mutation { ${mutations} }\n${inputs}`;
  return inlineDomain('loans', body).mutations;
}

const create = { mutations: 'createLoan(input: Input!): Result!' };

describe('a mutation of an identity', () => {
  it.each<readonly [string, string, Partial<IdentityMutation>]>([
    [
      'createLoan',
      'number: ID purpose: String! amount: Decimal idempotencyKey: String',
      { kind: 'create', inputFields: ['number', 'purpose', 'amount'] },
    ],
    [
      'updateLoan',
      'number: ID! purpose: String expectedVersion: Int idempotencyKey: String',
      { kind: 'update', inputFields: ['number', 'purpose'] },
    ],
    ['deleteLoan', 'number: ID!', { kind: 'delete', inputFields: ['number'] }],
    [
      'mergeLoans',
      'winnerId: ID! loserId: ID! idempotencyKey: String',
      { kind: 'merge', inputFields: ['winnerId', 'loserId'] },
    ],
  ])('is %s by its name', (name, input, expected) => {
    expect(mutationsOf({ mutations: `${name}(input: Input!): Result!`, input })).toEqual([
      { name, entity: 'Loan', payloadField: 'loan', ...expected },
    ]);
  });

  it('may have inputs and payloads of any names, and share them', () => {
    const result =
      'type Done { it: Loan errors: [Wrong] } type Wrong { code: Int message: String field: ID }';
    const mutations = 'createLoan(input: Input): Done deleteLoan(input: Key): Done';
    const input = 'purpose: String } input Key { number: ID';
    const [made, gone] = mutationsOf({ mutations, input, result });
    expect([made, gone]).toMatchObject([{ payloadField: 'it' }, { payloadField: 'it' }]);
  });

  it.each([
    'createLoans(input: Input!): Result!',
    'mergeLoan(input: Input!): Result!',
    'createloan(input: Input!): Result!',
    'createLoan(input: Input!): Result! @computed',
    'approveLoan(input: Input!): Result!',
  ])('is not %s', (mutations) => {
    expect(mutationsOf({ mutations, input: 'servicer: String' })).toEqual([]);
  });

  it('is none of a type whose identity is elsewhere', () => {
    const type = 'type Loan @key(fields: "number") @table { number: ID! servicer: String }';
    expect(mutationsOf({ ...create, input: 'servicer: String', type })).toEqual([]);
  });

  it('needs no key in its input where the key is made up, and needs it elsewhere', () => {
    expect(mutationsOf({ ...create, input: 'purpose: String!' })).toHaveLength(1);
    const type = (key: string, fields: string) =>
      `type Loan @key(fields: "${key}") @table @identity(fields: "${key} purpose") { ${fields} purpose: String }`;
    for (const [one, missing] of [
      [type('number', 'number: ID! @column(type: "BIGINT")'), 'number'],
      [type('bank number', 'bank: ID! number: ID!'), 'bank'],
    ] as const) {
      const error = errorOf(() => mutationsOf({ ...create, input: 'purpose: String', type: one }));
      expect(error.message).toContain(`Input lacks the field ${missing}`);
    }
  });
});

describe('a mutation of an identity is refused', () => {
  it.each<readonly [string, Partial<Parts>, string]>([
    ['with a field that is not lean', { input: 'purpose: String! servicer: String' }, 'servicer'],
    [
      'with a field that is stamped',
      { input: 'purpose: String! createdAt: DateTime' },
      'createdAt',
    ],
    ['with a version that is not there', { input: 'purpose: String! expectedVersion: Int' }, 'exp'],
    ['with a misspelt field', { input: 'purpos: String! purpose: String' }, 'Did you mean'],
    ['without what is never null', { input: 'amount: Decimal' }, 'Input lacks the field purpose'],
    ['without an input type', {}, 'Input is no input type of this schema'],
    [
      'without an input',
      { mutations: 'createLoan: Result!' },
      'it has to have one argument, `input`',
    ],
    [
      'with another argument',
      { mutations: 'createLoan(loan: Input!): Result!', input: 'purpose: String!' },
      'one argument',
    ],
    [
      'with two arguments',
      { mutations: 'createLoan(input: Input!, dry: Boolean): Result!', input: 'purpose: String!' },
      'one argument',
    ],
    [
      'for an update without the key',
      { mutations: 'updateLoan(input: Input!): Result!', input: 'purpose: String' },
      'Input lacks the field number',
    ],
    [
      'for a removal with more than the key',
      { mutations: 'deleteLoan(input: Input!): Result!', input: 'number: ID! purpose: String' },
      'Input has the field purpose',
    ],
    [
      'for a merge without the one that goes',
      { mutations: 'mergeLoans(input: Input!): Result!', input: 'winnerId: ID!' },
      'Input lacks the field loserId',
    ],
    [
      'for a merge by a key of several fields',
      {
        mutations: 'mergeLoans(input: Input!): Result!',
        input: 'winnerId: ID! loserId: ID!',
        type: 'type Loan @key(fields: "a b") @table @identity(fields: "a b") { a: ID! b: ID! }',
      },
      'the key of Loan has several fields',
    ],
    [
      'with a payload that lacks the entity',
      { input: 'purpose: String!', result: 'type Result { version: Int }' },
      'Result has no field of the type Loan',
    ],
    [
      'with a list of entities',
      { input: 'purpose: String!', result: payload.replace('loan: Loan', 'loan: [Loan]') },
      'Result has no field of the type Loan',
    ],
    [
      'with an entity that is never null',
      { input: 'purpose: String!', result: payload.replace('loan: Loan', 'loan: Loan!') },
      'Result.loan may be null when something is wrong',
    ],
    [
      'with a payload without errors',
      { input: 'purpose: String!', result: payload.replace('errors:', 'problems:') },
      'Result lacks `errors`',
    ],
    [
      'with errors that name no field',
      { input: 'purpose: String!', result: payload.replace('field: String', '') },
      'Result lacks `errors` with code, message and field',
    ],
  ])('%s', (_, parts, message) => {
    const error = errorOf(() => mutationsOf({ ...create, ...parts }));
    expect(error.code).toBe('MUTATION_SHAPE_INVALID');
    expect(error.message).toContain(message);
    expect(error.at).toMatchObject({ file: 'loans.graphql' });
  });
});
