import { buildSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { checkAnswer } from './check-answer.ts';

const schema = buildSchema(`
  scalar Json
  enum Size { SMALL LARGE }
  interface Node { id: ID! }
  union Found = Box | Bag
  type Bag implements Node { id: ID! volume: Float }
  type Box implements Node {
    id: ID!
    size: Size
    count: Int
    weight: Float!
    label(lang: String): String
    isOpen: Boolean
    anything: Json
    inside: [Box!]
    grid: [[Int!]]
    next: Found
  }
  type Query { box: Box found: [Found] node: Node }
`);

function check(
  query: string,
  data: Record<string, unknown>,
  errors?: { message: string }[],
  representations?: unknown,
) {
  const answer = checkAnswer(
    { data, ...(errors && { errors }) },
    { subgraph: 'storage', schema, query, variables: { r: representations } },
  );
  return {
    data: answer.data,
    paths: answer.errors?.map(({ path }) => path?.join('.')).filter((path) => path !== undefined),
  };
}

describe('a foreign answer', () => {
  it('leaves out no field of an entity unnoticed, though it need not say what it is', () => {
    const query =
      '{ _entities(representations: $r) { ... on Box { size } ... on Bag { volume } } }';
    const representations = [
      { __typename: 'Box', id: '1' },
      { __typename: 'Bag', id: '2' },
    ];
    const entities = [{ colour: 'red' }, { volume: 1 }];
    expect(check(query, { _entities: entities }, undefined, representations).paths).toEqual([
      '_entities.0.size',
    ]);
  });

  it('passes as it is when every value fits', () => {
    const data = {
      box: {
        id: '7',
        size: 'SMALL',
        count: -(2 ** 31),
        weight: 1,
        other: 'x',
        isOpen: false,
        anything: { a: [1] },
        inside: [],
        grid: [[1], null],
        next: { __typename: 'Bag', volume: null },
      },
    };
    const query = `{ box { id size count weight other: label(lang: "de") isOpen anything
      inside { id } grid next { __typename ... on Bag { volume } ... on Box { weight } } } }`;
    expect(check(query, structuredClone(data))).toEqual({ data, paths: [] });
  });

  it('has text where a subgraph wrote an ID as a number', () => {
    expect(check('{ box { id } }', { box: { id: 7 } })).toEqual({
      data: { box: { id: '7' } },
      paths: [],
    });
  });

  it('loses the values that do not', () => {
    const box = {
      id: true,
      size: 'HUGE',
      count: 2 ** 31,
      weight: '1',
      label: ['x'],
      isOpen: 1,
      inside: {},
      grid: [[1.5], 2],
      next: 'Bag',
    };
    const names = Object.keys(box).map((name) =>
      /inside|next/.test(name) ? `${name} { __typename }` : name,
    );
    expect(check(`{ box { ${names.join(' ')} } }`, { box })).toEqual({
      data: {
        box: {
          id: null,
          size: null,
          count: null,
          weight: null,
          label: null,
          isOpen: null,
          inside: null,
          grid: [[null], null],
          next: null,
        },
      },
      paths: [
        'box.id',
        'box.size',
        'box.count',
        'box.weight',
        'box.label',
        'box.isOpen',
        'box.inside',
        'box.grid.0.0',
        'box.grid.1',
        'box.next',
      ],
    });
  });

  it('is missed a field in, but not one that may be skipped or of another type', () => {
    const query = `query ($no: Boolean!) {
      box { id count @include(if: $no) }
      node { ... on Bag { volume } ... @skip(if: $no) { id } }
    }`;
    expect(check(query, { box: {}, node: { __typename: 'Box' } }).paths).toEqual(['box.id']);
    expect(
      check('{ node { ... on Bag { volume } } }', { node: { __typename: 'Bag' } }).paths,
    ).toEqual(['node.volume']);
  });

  it('has no object of a type that cannot stand there, nor one of which nobody can tell the type', () => {
    const found = [{ __typename: 'Box' }, { __typename: 'Query' }, { __typename: 'Ghost' }, {}];
    expect(check('{ found { __typename ... on Box { size } } }', { found }, [])).toEqual({
      data: { found: [{ __typename: 'Box' }, null, null, null] },
      paths: ['found.0.size', 'found.1', 'found.2', 'found.3'],
    });
    expect(check('{ node { __typename id } }', { node: { __typename: 'Query', id: '1' } })).toEqual(
      {
        data: { node: null },
        paths: ['node'],
      },
    );
  });

  it('may call an object by its interface, where the subgraph has that as an object', () => {
    const data = { node: { __typename: 'Node', id: '1' } };
    expect(check('{ node { __typename id } }', structuredClone(data))).toEqual({ data, paths: [] });
  });

  it('has no field that an object of JavaScript inherits', () => {
    const query = '{ found { ... on Box { toString: id valueOf: label } ... on Bag { volume } } }';
    const data = { found: [{ __typename: 'Bag', volume: 1 }] };
    expect(check(query, structuredClone(data))).toEqual({ data, paths: [] });
    expect(check('{ box { constructor: id } }', { box: {} }).paths).toEqual(['box.constructor']);
  });

  it('has no prototype that a subgraph gave it', () => {
    const data = JSON.parse('{"box":{"__proto__":"7"}}') as Record<string, unknown>;
    const checked = check('{ box { __proto__: size } }', data);
    expect(checked.paths).toEqual(['box.__proto__']);
    expect(JSON.stringify(checked.data)).toBe('{"box":{"__proto__":null}}');
  });

  it('is missed no field in below what is asked of another type', () => {
    const query =
      '{ found { __typename ... on Box { inside { id } } ...F } } fragment F on Bag { ... on Node { ... on Box { inside { count } } } }';
    const data = { found: [{ __typename: 'Box', inside: [{ id: '1' }] }] };
    expect(check(query, data)).toEqual({ data, paths: [] });
  });

  it('may have nulls that its own errors explain', () => {
    expect(check('{ box { id weight } }', { box: { id: '1', weight: null } }).paths).toEqual([
      'box.weight',
    ]);
    const errors = [{ message: 'Broken scales.' }];
    expect(
      check('{ box { id weight } }', { box: { id: '1', weight: null } }, errors).paths,
    ).toEqual([]);
  });

  it('holds entities or nulls', () => {
    const query = '{ _entities(representations: []) { ... on Box { id } ... on Bag { id } } }';
    const entities = [{ __typename: 'Box', id: '1' }, null, 'Box', [], { __typename: 1 }];
    expect(check(query, { _entities: entities })).toEqual({
      data: { _entities: [{ __typename: 'Box', id: '1' }, null, null, null, null] },
      paths: ['_entities.2', '_entities.3', '_entities.4'],
    });
  });
});
