import { buildSchema, Kind, parse, type FieldNode } from 'graphql';
import { describe, expect, it } from 'vitest';
import { inputValue, readInput } from './read-input.ts';

const schema = buildSchema(`
  scalar _Any
  enum Tier { LOW HIGH }
  input Filter { tier: Tier = LOW, ids: [ID!] }
  type Query { find(id: ID, first: Int = 7, filter: Filter, anything: [_Any!]): Int }`);

/** The form of one argument of `find(…)`. */
function read(argumentsText: string, argument: string) {
  const [operation] = parse(`{ find${argumentsText} }`, { noLocation: true }).definitions;
  const selections =
    operation?.kind === Kind.OPERATION_DEFINITION ? operation.selectionSet.selections : [];
  const field = schema.getQueryType()?.getFields()['find'];
  if (field === undefined) throw new Error('The schema has no such field');
  return readInput(selections[0] as FieldNode, field, argument);
}

describe('an argument that the operation writes out', () => {
  it.each([
    ['(id: "C1")', 'id', 'C1'],
    ['(id: 9007199254740993)', 'id', '9007199254740993'],
    ['(first: 3)', 'first', 3],
    ['(first: null)', 'first', null],
    ['', 'first', 7],
    ['', 'id', undefined],
    ['(filter: { ids: "a" })', 'filter', { tier: 'LOW', ids: ['a'] }],
    ['(anything: { a: [1, { b: HIGH }] })', 'anything', [{ a: [1, { b: 'HIGH' }] }]],
  ])('is a constant of its type: %s %s', (text, argument, value) => {
    expect(read(text, argument)).toEqual({ kind: 'constant', value });
  });
});

describe('an argument that a variable brings', () => {
  it('is the variable of each request', () => {
    const form = read('(id: $id)', 'id');
    expect(inputValue(form, { id: 'C1' })).toBe('C1');
    expect(inputValue(form, { id: null })).toBeNull();
    expect(inputValue(form, {})).toBeUndefined();
  });

  it('is never what every object has by birth', () => {
    expect(inputValue(read('(id: $constructor)', 'id'), {})).toBeUndefined();
  });
});

describe('an argument with variables inside', () => {
  it('is put together in each request', () => {
    const form = read('(filter: { tier: $tier, ids: ["a", $id] })', 'filter');
    expect(inputValue(form, { tier: 'HIGH', id: 'b' })).toEqual({ tier: 'HIGH', ids: ['a', 'b'] });
    expect(inputValue(form, { id: 'c' })).toEqual({ tier: 'LOW', ids: ['a', 'c'] });
  });

  it('may be of any shape where the type is any', () => {
    const form = read('(anything: [{ __typename: "Customer", id: $id }])', 'anything');
    expect(inputValue(form, { id: 'C1' })).toEqual([{ __typename: 'Customer', id: 'C1' }]);
  });
});
