import fc from 'fast-check';
import { buildSchema, Kind, parse, validate, type GraphQLSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { compileCost, type OperationCost } from './compile-cost.ts';
import { noCostDirectives, readCostDirectives, type CostDirectives } from './cost-directives.ts';
import type { KnownListSize, KnownListSizes } from './list-sizes.ts';
import { naiveCost, randomOperations, shopSdl } from './testing/naive-cost.ts';
import { nothingKnown } from './list-sizes.ts';

const schema = buildSchema(shopSdl, { assumeValidSDL: true });
const directives = readCostDirectives(shopSdl);

interface Given {
  readonly schema?: GraphQLSchema;
  readonly directives?: CostDirectives;
  readonly known?: KnownListSizes;
}

function compile(text: string, given: Given = {}): OperationCost {
  const document = parse(text);
  const asked = given.schema ?? schema;
  expect(validate(asked, document)).toEqual([]);
  const [operation] = document.definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('There is no operation.');
  return compileCost(
    { document, operation, schema: asked },
    {
      directives: given.directives ?? directives,
      known: given.known ?? nothingKnown,
      assumedListSize: 10,
    },
  );
}

const cost = (text: string, variables: Record<string, unknown> = {}, given: Given = {}): number =>
  compile(text, given)(variables);

const plain = { directives: noCostDirectives };

describe('the cost of an operation', () => {
  it.each([
    ['{ __typename }', 0],
    ['{ customer { name } }', 1],
    ['{ customer { name address { city } } }', 2],
    ['{ a: customer { name } b: customer { name } }', 2],
    ['{ customer { name } customer { id } }', 1],
    ['{ tags }', 0],
  ])('is 1 an object and 0 a scalar: %s', (text, expected) => {
    expect(cost(text, {}, plain)).toBe(expected);
  });

  it.each([
    ['{ customers { name } }', 10],
    ['{ customers { orders { id } } }', 10 * (1 + 10)],
    ['{ customers(first: 3) { orders { id } } }', 3 * (1 + 10)],
    ['{ customers(first: 0) { orders { id } } }', 0],
    ['{ page { nodes { name } } }', 1 + 10],
    ['{ page(first: 4) { nodes { name } edges { node { name } } total } }', 1 + 4 + 4 * 2],
    ['{ grid { name } }', 100],
  ])('counts a list as often as it is expected to have items: %s', (text, expected) => {
    expect(cost(text, {}, plain)).toBe(expected);
  });

  it('counts a mutation 10 more', () => {
    expect(cost('mutation { a: rename(name: "x") { name } b: rename(name: "y") { name } }')).toBe(
      22,
    );
  });

  it('is the dearest of the types that an object may have', () => {
    const text =
      '{ thing { id ... on Customer { orders { id } } ... on Order { customer { id } } } }';
    expect(cost(text, {}, plain)).toBe(1 + 10);
    expect(cost('{ thing { id } }', {}, plain)).toBe(1);
  });

  it('follows @cost on fields, types, arguments and their inputs', () => {
    expect(cost('{ heavy }')).toBe(50);
    expect(cost('{ search(text: "x") { name } }')).toBe(1 + 3);
    expect(cost('{ search(filter: { text: "x", and: [{ text: "y" }, {}] }) { name } }')).toBe(
      1 + 2 * 4,
    );
    expect(
      cost('query ($f: Filter) { search(filter: $f) { name } }', { f: { and: [{ text: 'x' }] } }),
    ).toBe(1 + 4);
    expect(cost('{ priced { id } }')).toBe(10 * 7);
  });

  it('follows @listSize', () => {
    expect(cost('{ assumed { id } }')).toBe(25 * 7);
    expect(cost('{ sized(input: { first: 3 }) { items { id } } }')).toBe(1 + 3 * 7);
    expect(cost('query ($i: In) { sized(input: $i) { items { id } } }', { i: { first: 2 } })).toBe(
      1 + 2 * 7,
    );
    expect(cost('{ defaulted { id } }')).toBe(6 * 7);
  });

  it('is refused where exactly one argument has to say how long a list may become', () => {
    expect(cost('{ strict(first: 2) { id } }')).toBe(2 * 7);
    expect(() => compile('{ strict { id } }')).toThrow(
      'Query.strict has to be asked with exactly one of its arguments first, last',
    );
    expect(() => compile('{ strict(first: 1, last: 1) { id } }')).toThrow('2 were given');
    expect(() => compile('{ strict(first: null) { id } }')).toThrow('0 were given');
  });

  it('follows what is known of lists, and no more items than there are', () => {
    const lists = new Map<string, KnownListSize>([
      ['Query.page', { ...sizes, assumedSize: 50, mostItems: 30 }],
      [
        'Query.customers',
        { ...sizes, assumedSize: 5, mostItems: undefined, splittingArgument: 'first' },
      ],
    ]);
    const known: KnownListSizes = {
      revision: 1,
      find: (coordinate) => lists.get(coordinate),
      knowsType: (name) => name === 'Query',
    };
    const asked = (text: string): number => cost(text, {}, { ...plain, known });
    expect(asked('{ page { nodes { id } } }')).toBe(1 + 30);
    expect(asked('{ page(first: 7) { nodes { id } } }')).toBe(1 + 7);
    expect(asked('{ page(first: 10000) { nodes { id } } }')).toBe(1 + 30);
    expect(asked('{ customers { id } }')).toBe(1);
    expect(asked('{ customers(first: 3) { id } }')).toBe(3);
  });

  it('depends on variables, on their defaults, and on what they decide', () => {
    const text = `query ($n: Int = 4, $with: Boolean!) {
      customers(first: $n) { id orders @include(if: $with) { id } }
    }`;
    const of = compile(text, plain);
    expect(of({ n: 2, with: true })).toBe(2 * 11);
    expect(of({ n: 2, with: false })).toBe(2);
    expect(of({ with: false })).toBe(4);
    expect(of({ n: 3, with: true })).toBe(3 * 11);
    expect(of({ n: null, with: false })).toBe(10);
  });

  it.each([
    [{ n: 'a lot' }],
    [{ n: -1 }],
    [{ n: [5] }],
    [{ n: { toString: 1 } }],
    [{ n: Number.NaN }],
  ])('does not trust variables: %j', (variables) => {
    const of = compile('query ($n: Int) { customers(first: $n) { id } }', plain);
    expect(of(variables)).toBe(10);
  });

  it('is beyond every limit where numbers end', () => {
    const text = `query ($n: Int, $none: Int) { customers(first: $none) { ${'orders(first: $n) { customer { '.repeat(5)} id ${'} } '.repeat(5)} } }`;
    expect(cost(text, { n: 1e300, none: 1 }, plain)).toBe(Number.POSITIVE_INFINITY);
    expect(cost(text, { n: 1e300, none: 0 }, plain)).toBe(Number.POSITIVE_INFINITY);
  });

  it('of fragments that multiply is worked out at once', () => {
    const levels = 60;
    const body = (n: number): string => `a: orders { ...F${n} } b: orders { ...F${n} }`;
    const fragments = Array.from(
      { length: levels },
      (_, n) => `fragment F${n} on Order { customer { ${n === levels - 1 ? 'id' : body(n + 1)} } }`,
    );
    const of = (first: string): number =>
      cost(`{ customer${first} { ${body(0)} } } ${fragments.join(' ')}`, { n: 2 }, plain);
    expect(of('')).toBeGreaterThan(20 ** levels);
    const open = fragments.join(' ').replaceAll('orders', 'orders(first: $n)');
    const text = `query ($n: Int) { customer { ${body(0)} } } ${open}`;
    expect(cost(text, { n: 2 }, plain)).toBeGreaterThan(4 ** levels);
  });

  it('is what the definition says, for any operation and any variables', () => {
    fc.assert(
      fc.property(
        randomOperations(),
        fc.record({ n: fc.constantFrom(0, 1, 3, null), c: fc.boolean() }),
        (text, variables) => {
          const document = parse(text);
          fc.pre(validate(schema, document).length === 0);
          const expected = naiveCost(document, schema, directives, variables);
          expect(compile(text)(variables)).toBe(expected);
        },
      ),
      { numRuns: 400 },
    );
  });
});

const sizes = { slicingArguments: ['first'], sizedFields: ['nodes', 'edges'] };
