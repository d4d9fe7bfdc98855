import { buildSchema, Kind, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { compileInputFields } from './count-input-fields.ts';

const schema = buildSchema(`
  type Query { pets(where: Filter, by: [Order!], ids: [ID!]): Int }
  input Filter { and: [Filter!] not: Filter name: Text }
  input Text { eq: String in: [String!] }
  input Order { name: Way age: Way }
  enum Way { UP DOWN }
`);

const compile = (text: string) => {
  const [operation] = parse(text).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('There is no operation.');
  return compileInputFields(operation, schema);
};

describe('the fields that have to be looked at in variables', () => {
  it.each([
    [{}, 0],
    [{ where: null, by: null }, 0],
    [{ by: [{}, {}, { name: 'UP' }] }, 6],
    [{ by: {} }, 2],
    [{ where: { and: [{}, { name: { in: ['a', 'b'] } }], not: {} } }, 14],
    [{ where: { nam: {}, constructor: {} }, other: [{}] }, 3],
    [{ where: 'text', by: ['text', 1, null] }, 0],
  ])('are those of the types of their objects: %j', (variables, found) => {
    const count = compile(
      'query ($where: Filter, $by: [Order!]!) { pets(where: $where, by: $by) }',
    );
    expect(count?.(variables, 100)).toBe(found);
  });

  it('are counted no further than asked', () => {
    const count = compile('query ($by: [Order!]) { pets(by: $by) }');
    expect(count?.({ by: Array.from({ length: 1_000 }, () => ({})) }, 99)).toBe(100);
  });

  it('are none where no variable has objects in it', () => {
    expect(compile('query ($ids: [ID!], $way: Way) { pets(ids: $ids) }')).toBeUndefined();
    expect(compile('{ pets }')).toBeUndefined();
  });
});
