import { describe, expect, it } from 'vitest';
import { serveRemoteSupergraph } from '../testing/remote-supergraph.ts';

type Fields = Readonly<Record<string, unknown>>;

const typeOf = ({ __typename }: Fields) => String(__typename);

/** Of one question the planner gives such fields aliases, which have to be gone from the answer again. */
describe('a field that has another type in each member of a union', () => {
  const graph = serveRemoteSupergraph({
    shop: {
      sdl: `
        type Query { offers: [Offer] }
        union Offer = Item | Service
        type Item @key(fields: "id") {
          id: ID!
          price: Int! @shareable
          note: String! @shareable
          isNew: Boolean! @shareable
          odd: Int! @shareable
          size: Int!
        }
        type Service @key(fields: "id") { id: Int!  price: Int  note: String  isNew: Boolean  size: String  odd: Int }
      `,
      resolvers: {
        Query: { offers: () => offers },
        Offer: { __resolveType: typeOf },
        Service: {
          odd: () => {
            throw new Error('no odd one');
          },
        },
      },
    },
    stock: {
      sdl: `
        type Query { stocked: Int }
        type Item @key(fields: "id") {
          id: ID!
          price: Int @shareable
          note: String @shareable
          isNew: Boolean @shareable
          odd: Int @shareable
          size: Int! @external
          label: String @requires(fields: "size")
          left: Int
        }
        type Service @key(fields: "id") { id: Int!  size: String @external  label: String @requires(fields: "size")  left: Int }
      `,
      resolvers: {
        Item: {
          __resolveReference: (reference: Fields) => reference,
          label: ({ size }: Fields) => `item of ${String(size)}`,
          left: () => 0,
        },
        Service: {
          __resolveReference: (reference: Fields) => reference,
          label: ({ size }: Fields) => `service of ${JSON.stringify(size)}`,
          left: () => 0,
        },
      },
    },
  });
  const offers = [
    { __typename: 'Item', id: 'a', price: 0, note: '', isNew: false, size: 0, odd: 1 },
    { __typename: 'Service', id: 0, price: 0, note: '', isNew: false, size: '' },
    { __typename: 'Service', id: 1, price: null, note: null, isNew: null, size: null },
  ];

  it('keeps values that are null, 0, false or empty', async () => {
    const fields = 'price note isNew';
    const query = `{ offers { ... on Item { ${fields} } ... on Service { ${fields} } } }`;
    const nothing = { price: 0, note: '', isNew: false };
    expect(await graph.dataOf(query)).toEqual({
      offers: [nothing, nothing, { price: null, note: null, isNew: null }],
    });
  });

  it('may be a key that is 0', async () => {
    const query = '{ offers { ... on Item { left } ... on Service { left } } }';
    expect(await graph.dataOf(query)).toEqual({ offers: [{ left: 0 }, { left: 0 }, { left: 0 }] });
  });

  it('may be required', async () => {
    const query = '{ offers { ... on Item { label } ... on Service { label } } }';
    expect(await graph.dataOf(query)).toEqual({
      offers: [{ label: 'item of 0' }, { label: 'service of ""' }, { label: 'service of null' }],
    });
  });

  it('has its errors under its own name', async () => {
    const query = '{ offers { ... on Item { odd } ... on Service { odd } } }';
    const { data, errors } = await graph.ask(query);
    expect(data).toEqual({ offers: [{ odd: 1 }, { odd: null }, { odd: null }] });
    expect(errors?.map(({ path }) => path)).toEqual([
      ['offers', 1, 'odd'],
      ['offers', 2, 'odd'],
    ]);
  });

  it('is told from an alias of the client that looks like one of the planner', async () => {
    const query =
      '{ offers { ... on Item { price price__alias_0: left } ... on Service { price price__alias_0: left } } }';
    expect(await graph.dataOf(query)).toEqual({
      offers: [
        { price: 0, price__alias_0: 0 },
        { price: 0, price__alias_0: 0 },
        { price: null, price__alias_0: 0 },
      ],
    });
  });
});
