import { describe, expect, it } from 'vitest';
import { serveRemoteSupergraph } from '../testing/remote-supergraph.ts';

type Fields = Readonly<Record<string, unknown>>;

describe('one response key below objects of two types', () => {
  const owner = ({ id }: Fields) => ({ id, name: `n${String(id)}` });
  const things = [
    { __typename: 'Boat', id: 'b', owner: owner({ id: '1' }) },
    { __typename: 'Car', id: 'c', owner: owner({ id: '2' }) },
  ];
  const graph = serveRemoteSupergraph({
    things: {
      sdl: `
        union Thing = Boat | Car
        type Boat @key(fields: "id") { id: ID!  owner: Owner }
        type Car @key(fields: "id") { id: ID!  owner: Owner }
        type Owner @key(fields: "id") { id: ID!  name: String }
        type Query { things: [Thing] }
      `,
      resolvers: {
        Query: { things: () => things },
        Thing: { __resolveType: ({ __typename }: Fields) => String(__typename) },
        Owner: { __resolveReference: owner },
      },
    },
    people: {
      sdl: `
        type Owner @key(fields: "id") {
          id: ID!
          age: Int
          size: Int
          greeting(word: String = "hello"): String
          friend(number: Int): Owner
        }
      `,
      resolvers: {
        Owner: {
          age: ({ id }: Fields) => Number(id) * 10,
          size: ({ id }: Fields) => Number(id) * 100,
          greeting: ({ id }: Fields, { word }: Fields) => `${String(word)} ${String(id)}`,
          friend: ({ id }: Fields, { number }: Fields) => ({
            id: `${String(id)}${String(number)}`,
          }),
        },
      },
    },
  });

  it.each([
    ['greeting', 'greeting(word: "hi")', { greeting: 'hello 1' }, { greeting: 'hi 2' }],
    ['k: age', 'k: size', { k: 10 }, { k: 200 }],
    ['k: name', 'k: greeting', { k: 'n1' }, { k: 'hello 2' }],
    ['age: size', 'age', { age: 100 }, { age: 20 }],
    [
      'friend(number: 1) { id greeting }',
      'friend(number: 2) { id greeting: greeting(word: "ho") }',
      { friend: { id: '11', greeting: 'hello 11' } },
      { friend: { id: '22', greeting: 'ho 22' } },
    ],
  ])('may stand for %s and for %s', async (one, other, boat, car) => {
    expect(
      await graph.dataOf(
        `{ things { ... on Boat { owner { ${one} } } ... on Car { owner { ${other} } } } }`,
      ),
    ).toEqual({ things: [{ owner: boat }, { owner: car }] });
  });

  it('may stand for one field with two variables, out of named fragments', async () => {
    expect(
      await graph.dataOf(
        `query ($one: String!, $other: String!) { things { ...OfBoat ... on Car { owner { ...OfCar } } } }
         fragment OfBoat on Boat { owner { greeting(word: $one) } }
         fragment OfCar on Owner { greeting(word: $other) }`,
        { one: 'hey', other: 'ahoy' },
      ),
    ).toEqual({ things: [{ owner: { greeting: 'hey 1' } }, { owner: { greeting: 'ahoy 2' } }] });
  });
});

describe('one response key for two types of an interface object', () => {
  const rowOf = ({ id }: Fields) => ({ __typename: id === '1' ? 'Axe' : 'Saw', id, length: 4 });
  const found = { __resolveReference: (given: Fields) => rowOf(given) };
  const graph = serveRemoteSupergraph({
    tools: {
      sdl: `
        interface Tool @key(fields: "id") { id: ID!  length: Int }
        type Axe implements Tool @key(fields: "id") { id: ID!  length: Int }
        type Saw implements Tool @key(fields: "id") { id: ID!  length: Int }
        type Query { tools: [Tool] }
      `,
      resolvers: {
        Query: { tools: () => [rowOf({ id: '1' }), rowOf({ id: '2' })] },
        Tool: { __resolveType: ({ __typename }: Fields) => String(__typename), ...found },
        Axe: found,
        Saw: found,
      },
    },
    prices: {
      sdl: `
        type Tool @key(fields: "id") @interfaceObject { id: ID!  price(times: Int = 1): Int  weight: Int }
      `,
      resolvers: {
        Tool: {
          price: ({ id }: Fields, { times }: Fields) => Number(id) * Number(times) * 100,
          weight: () => 7,
        },
      },
    },
  });

  it.each([
    ['price', 'price(times: 3)', { price: 100 }, { price: 600 }],
    ['k: price', 'k: weight', { k: 100 }, { k: 7 }],
    ['k: length price', 'k: weight', { k: 4, price: 100 }, { k: 7 }],
  ])('may stand for %s and for %s', async (one, other, axe, saw) => {
    expect(
      await graph.dataOf(`{ tools { ... on Axe { ${one} } ... on Saw { ${other} } } }`),
    ).toEqual({ tools: [axe, saw] });
  });
});
