import { Kind, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import {
  collectFields,
  conditionVariables,
  fragmentsOf,
  subSelections,
  type OperationScope,
} from './collect-fields.ts';

const customer: ReadonlySet<string> = new Set(['Customer', 'CustomerIdentity']);

/** The first operation of a document, and the scope that its fields are collected in. */
function read(text: string, conditions: OperationScope['conditions'] = {}) {
  const document = parse(text);
  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  if (operation === undefined) throw new Error('The text has no operation');
  return { operation, scope: { fragments: fragmentsOf(document), conditions } };
}

/** Response keys on a Customer, each with the name of its field. */
function collect(text: string, conditions: OperationScope['conditions'] = {}): readonly string[] {
  const { operation, scope } = read(text, conditions);
  return collectFields([operation.selectionSet], customer, scope).map(
    ({ responseKey, name, nodes }) => `${responseKey}: ${name} ×${nodes.length}`,
  );
}

describe('fields come in the order in which their response keys first appear', () => {
  it.each([
    ['{ id name }', ['id: id ×1', 'name: name ×1']],
    ['{ b: id a: id }', ['b: id ×1', 'a: id ×1']],
    ['{ id name id }', ['id: id ×2', 'name: name ×1']],
    ['{ ... { name } id ...F } fragment F on Customer { name }', ['name: name ×2', 'id: id ×1']],
    ['{ __typename t: __typename }', ['__typename: __typename ×1', 't: __typename ×1']],
  ])('%s', (text, fields) => {
    expect(collect(text)).toEqual(fields);
  });
});

describe('fragments', () => {
  it.each([
    [
      'are spread where their condition names the type',
      '{ ... on Customer { id } }',
      ['id: id ×1'],
    ],
    [
      'are spread where their condition names an interface of it',
      '{ ... on CustomerIdentity { id } }',
      ['id: id ×1'],
    ],
    ['are left out where it names another type', '{ ... on Invoice { id } }', []],
    [
      'are spread once, however often they are named',
      '{ ...F ...F ...G } fragment F on Customer { id } fragment G on Customer { ...F }',
      ['id: id ×1'],
    ],
    [
      'hold their condition inside another one',
      '{ ...F } fragment F on Customer { ... on Invoice { amount } ... on Customer { id } }',
      ['id: id ×1'],
    ],
  ])('%s', (_, text, fields) => {
    expect(collect(text)).toEqual(fields);
  });

  it('are spread anew in another selection set', () => {
    const { operation, scope } = read(
      '{ a: x { ...F } b: x { ...F } } fragment F on Customer { id }',
    );
    const fields = collectFields([operation.selectionSet], new Set(['Query']), scope);
    const below = fields.map((field) => collectFields(subSelections(field), customer, scope));
    expect(below.map((found) => found.map(({ name }) => name))).toEqual([['id'], ['id']]);
  });
});

describe('conditions', () => {
  it.each([
    ['{ id @skip(if: true) name }', ['name: name ×1']],
    ['{ id @skip(if: false) }', ['id: id ×1']],
    ['{ id @include(if: false) name }', ['name: name ×1']],
    ['{ id @include(if: true) @skip(if: true) name }', ['name: name ×1']],
    ['{ ... @include(if: false) { id } name }', ['name: name ×1']],
    ['{ ...F @skip(if: true) name } fragment F on Customer { id }', ['name: name ×1']],
    ['{ id @other(if: false) }', ['id: id ×1']],
  ])('that are written out: %s', (text, fields) => {
    expect(collect(text)).toEqual(fields);
  });

  const text =
    'query ($a: Boolean!, $b: Boolean!) { id @include(if: $a) name @skip(if: $b) __typename }';

  it.each([
    [{ a: true, b: true }, ['id', '__typename']],
    [{ a: true, b: false }, ['id', 'name', '__typename']],
    [{ a: false, b: false }, ['name', '__typename']],
    [{ a: false, b: true }, ['__typename']],
  ])('that variables decide: %o', (conditions, names) => {
    expect(collect(text, conditions)).toEqual(names.map((name) => `${name}: ${name} ×1`));
  });

  it('do not make a fragment that was left out count as spread', () => {
    const spreads = '{ ...F @skip(if: true) ...F } fragment F on Customer { id }';
    expect(collect(spreads)).toEqual(['id: id ×1']);
  });
});

describe('the variables that decide conditions', () => {
  it('are found at any depth and in fragments, each once, in order', () => {
    const { operation, scope } = read(`
      query ($d: Boolean!, $c: Boolean!, $a: Boolean!, $id: ID!) {
        customer(id: $id) @include(if: $d) { ...F ... @skip(if: $c) { id @include(if: $d) } }
      }
      fragment F on Customer { name @skip(if: $a) }`);
    expect(conditionVariables(operation, scope.fragments)).toEqual(['a', 'c', 'd']);
  });
});
