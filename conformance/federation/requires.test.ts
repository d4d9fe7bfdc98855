import { describe, expect, it } from 'vitest';
import { serveRemoteSupergraph } from '../testing/remote-supergraph.ts';

type Fields = Readonly<Record<string, unknown>>;

describe('a field that requires others', () => {
  const graph = serveRemoteSupergraph({
    parcels: {
      sdl: `
        type Query { parcel: Parcel  parcels: [Parcel!]! }
        type Parcel @key(fields: "id") { id: ID!  grams: Int  size: Size  broken: Int }
        type Size { width: Int!  height: Int! }
      `,
      resolvers: {
        Query: { parcel: () => parcel('1'), parcels: () => [parcel('1'), parcel('2')] },
        Parcel: { __resolveReference: ({ id }: { readonly id: string }) => parcel(id) },
      },
    },
    rates: {
      sdl: `
        type Query { rated: Parcel }
        type Parcel @key(fields: "id") {
          id: ID!
          grams: Int @external
          size: Size @external
          broken: Int @external
          postage: Int @requires(fields: "grams")
          area: Int @requires(fields: "size { width height }")
          hopeless: String @requires(fields: "broken")
          zone: String
        }
        type Size @external { width: Int!  height: Int! }
      `,
      resolvers: {
        Query: { rated: () => ({ id: '2' }) },
        Parcel: {
          postage: ({ grams }: { readonly grams: number }) => grams / 10,
          area: ({
            size,
          }: {
            readonly size: { readonly width: number; readonly height: number };
          }) => size.width * size.height,
          hopeless: ({ broken }: Fields) => `broken ${String(broken)}`,
          zone: () => 'Z',
        },
      },
    },
    totals: {
      sdl: `
        type Parcel @key(fields: "id") {
          id: ID!
          postage: Int @external
          area: Int @external
          total: Int @requires(fields: "postage area")
        }
      `,
      resolvers: {
        Parcel: {
          total: ({ postage, area }: { readonly postage: number; readonly area: number }) =>
            postage + area,
        },
      },
    },
  });

  function parcel(id: string) {
    return {
      id,
      grams: Number(id) * 100,
      size: { width: Number(id), height: 3 },
      broken: () => {
        throw new Error('the scales are broken');
      },
    };
  }

  it('gets them, plain and nested, though nobody asked for them', async () => {
    expect(await graph.dataOf('{ parcels { postage area } rated { area zone } }')).toEqual({
      parcels: [
        { postage: 10, area: 3 },
        { postage: 20, area: 6 },
      ],
      rated: { area: 6, zone: 'Z' },
    });
  });

  it('may require what itself requires others', async () => {
    expect(await graph.dataOf('{ parcel { total } parcels { total area } }')).toEqual({
      parcel: { total: 13 },
      parcels: [
        { total: 13, area: 3 },
        { total: 26, area: 6 },
      ],
    });
  });

  it('gets the field and not what the client gave its name', async () => {
    expect(await graph.dataOf('{ parcel { grams: zone size: grams postage area } }')).toEqual({
      parcel: { grams: 'Z', size: 100, postage: 10, area: 3 },
    });
  });

  it('is not asked for where a condition excludes it, and its neighbours are well', async () => {
    const query = 'query ($a: Boolean!) { parcel { grams postage @include(if: $a) zone } }';
    expect(await graph.dataOf(query, { a: false })).toEqual({ parcel: { grams: 100, zone: 'Z' } });
    expect(await graph.dataOf(query, { a: true })).toEqual({
      parcel: { grams: 100, postage: 10, zone: 'Z' },
    });
  });

  it('is told of a required field that fails, as is the client', async () => {
    const { data, errors } = await graph.ask('{ parcel { hopeless zone } }');
    expect(data).toEqual({ parcel: { hopeless: 'broken null', zone: 'Z' } });
    expect(errors).toMatchObject([
      {
        message: 'the scales are broken',
        path: ['parcel'],
        extensions: { serviceName: 'parcels' },
      },
    ]);
  });
});

describe('a field that requires a part of an object', () => {
  const fail = () => {
    throw new Error('no price');
  };
  const box = (id: string) => {
    return { __typename: 'Box', id, size: { width: 1, height: 2 } };
  };
  const graph = serveRemoteSupergraph({
    things: {
      sdl: `
        type Query { things: [Thing] }
        union Thing = Note | Box
        type Note { id: ID! }
        type Box @key(fields: "id") { id: ID!  size: Size }
        type Size { width: Int @shareable  height: Int }
      `,
      resolvers: {
        Query: { things: () => [{ __typename: 'Note', id: '0' }, box('1'), box('2')] },
        Thing: { __resolveType: ({ __typename }: Fields) => String(__typename) },
      },
    },
    prices: {
      sdl: `
        type Size { width: Int @shareable }
        type Box @key(fields: "id") {
          id: ID!
          size: Size @external
          price: Int @requires(fields: "size { width }")
        }
      `,
      resolvers: {
        Box: { price: ({ id }: Fields) => (id === '1' ? fail() : 5) },
      },
    },
  });

  it.each([
    '... on Box { price }',
    '... on Box { price size { height } }',
    '... on Note { id } ... on Box { price size { height width } }',
  ])('has its error at its place in a list of several types: { things { %s } }', async (fields) => {
    const { errors } = await graph.ask(`{ things { ${fields} } }`);
    expect(errors?.map(({ path }) => path)).toEqual([['things', 1, 'price']]);
  });
});
