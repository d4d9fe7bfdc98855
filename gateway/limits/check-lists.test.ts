import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { checkListsOfDocument, checkListsOfVariables } from './check-lists.ts';

describe('a list', () => {
  it.each([
    '{ a(ids: [1, 2, 3]) }',
    '{ a(where: { id: { in: [1, 2, 3] } }) }',
    'query ($ids: [Int] = [1, 2, 3]) { a(ids: $ids) }',
    '{ a @x(of: [[1, 2, 3]]) }',
  ])('in a document is counted: %s', (text) => {
    expect(() => checkListsOfDocument(parse(text), 3)).not.toThrow();
    expect(() => checkListsOfDocument(parse(text), 2)).toThrow(
      'An argument is a list of 3 values; 2 are the most',
    );
  });

  it.each([
    [{ ids: [1, 2, 3] }, 'With "$ids", the lists of the variables have 3 values'],
    [
      { n: 1, where: { or: [{ id: { in: [1, 2] } }] } },
      'With "$where", the lists of the variables have 3',
    ],
    [{ ids: [[[1]]] }, 'have 3 values; 2 are the most'],
    [{ first: [1, 2], n: 1, then: [3] }, 'With "$then", the lists of the variables have 3'],
  ])('in variables is counted: %j', (variables, said) => {
    expect(() => checkListsOfVariables(variables, 3)).not.toThrow();
    expect(() => checkListsOfVariables(variables, 2)).toThrow(said);
  });

  it('is no object with many members', () => {
    expect(() => checkListsOfVariables({ a: { b: 1, c: 2, d: 3 } }, 2)).not.toThrow();
  });
});
