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
        type Subscription { offered: Offer }
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
        Subscription: { offered: { subscribe: events } },
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

  async function* events() {
    for (const offered of offers) yield await Promise.resolve({ offered });
  }

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

  it('keeps its values and errors in the events of a subscription, completed by others', async () => {
    graph.forget();
    const fields = 'price note odd label left';
    const stream = await graph.subscribe(
      `subscription { offered { ... on Item { ${fields} } ... on Service { ${fields} } } }`,
    );
    const nothing = { price: 0, note: '', left: 0 };
    const ofService = { odd: null, label: 'service of ""' };
    const empty = { price: null, note: null, label: 'service of null', left: 0, odd: null };
    const error = { message: 'no odd one', path: ['offered', 'odd'] };
    for (const data of [
      { data: { offered: { ...nothing, odd: 1, label: 'item of 0' } } },
      { data: { offered: { ...nothing, ...ofService } }, errors: [error] },
      { data: { offered: empty }, errors: [error] },
    ])
      expect(await stream.nextEvent()).toMatchObject({ event: 'next', data });
    expect(await stream.nextEvent()).toMatchObject({ event: 'complete' });
    expect(graph.received('shop')[0]?.query).toMatch(/^subscription.*__alias_/);
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

describe('a field that has another type in each member of a union, and is computed of what is computed', () => {
  const asIs = (reference: object) => reference;
  const graph = serveRemoteSupergraph({
    shop: {
      sdl: `
        type Query { offers: [Offer] }
        union Offer = Item | Service
        type Item @key(fields: "id") { id: ID!  grams: Int! }
        type Service @key(fields: "id") { id: ID!  grams: String }
      `,
      resolvers: {
        Query: { offers: () => offers },
        Offer: { __resolveType: typeOf },
        Item: { __resolveReference: found },
        Service: { __resolveReference: found },
      },
    },
    rates: {
      sdl: `
        type Query { rated: [Offer] }
        union Offer = Item | Service
        type Item @key(fields: "id") { id: ID!  grams: Int! @external  postage: Int! @requires(fields: "grams") }
        type Service @key(fields: "id") { id: ID!  grams: String @external  postage: String @requires(fields: "grams") }
      `,
      resolvers: {
        Query: { rated: () => offers.map(({ __typename, id }) => ({ __typename, id })) },
        Offer: { __resolveType: typeOf },
        Item: { __resolveReference: asIs, postage: ({ grams }: Fields) => Number(grams) * 2 },
        Service: { __resolveReference: asIs, postage: ({ grams }: Fields) => grams },
      },
    },
    totals: {
      sdl: `
        type Query { none: Int }
        type Item @key(fields: "id") { id: ID!  postage: Int! @external  total: String @requires(fields: "postage") }
        type Service @key(fields: "id") { id: ID!  postage: String @external  total: String @requires(fields: "postage") }
      `,
      resolvers: {
        Item: { __resolveReference: asIs, total: ({ postage }: Fields) => String(postage) },
        Service: {
          __resolveReference: asIs,
          total({ id, postage }: Fields) {
            if (id === 'bad') throw new Error('no total');
            return postage;
          },
        },
      },
    },
  });
  const offers = [
    { __typename: 'Item', id: 'a', grams: 0 },
    { __typename: 'Service', id: 'b', grams: '' },
    { __typename: 'Service', id: 'c', grams: null },
    { __typename: 'Item', id: 'd', grams: 21 },
  ];

  function found({ id }: Fields) {
    return offers.find((offer) => offer.id === id) ?? { id, grams: 'many' };
  }

  it.each(['offers', 'rated'])('keeps its values: { %s }', async (root) => {
    graph.forget();
    const total = `{ ${root} { ... on Item { total } ... on Service { total } } }`;
    expect(await graph.dataOf(total)).toEqual({
      [root]: [{ total: '0' }, { total: '' }, { total: null }, { total: '42' }],
    });
    const queries = [...graph.received('shop'), ...graph.received('rates')];
    expect(queries.some(({ query }) => query.includes('__alias_'))).toBe(true);
    const all = `{ ${root} {
      ... on Item { id grams whole: postage total other: total }
      ... on Service { id text: grams postage total other: total }
    } }`;
    expect(await graph.dataOf(all)).toEqual({
      [root]: [
        { id: 'a', grams: 0, whole: 0, total: '0', other: '0' },
        { id: 'b', text: '', postage: '', total: '', other: '' },
        { id: 'c', text: null, postage: null, total: null, other: null },
        { id: 'd', grams: 21, whole: 42, total: '42', other: '42' },
      ],
    });
  });

  it.each(['offers', 'rated'])('has its errors under its own name: { %s }', async (root) => {
    offers.push({ __typename: 'Service', id: 'bad', grams: 'many' });
    try {
      const query = `{ ${root} { ... on Item { total } ... on Service { postage total } } }`;
      const { data, errors } = await graph.ask(query);
      expect(data?.[root]).toEqual([
        { total: '0' },
        { postage: '', total: '' },
        { postage: null, total: null },
        { total: '42' },
        { postage: 'many', total: null },
      ]);
      expect(errors).toMatchObject([{ path: [root, 4, 'total'], message: 'no total' }]);
    } finally {
      offers.pop();
    }
  });
});

describe('a key that has another type in each member of a union, whose fields are computed of what is computed', () => {
  const asIs = (reference: object) => reference;
  const weigh = ({ ref }: Fields) => Number((ref as Fields)['n']) * 10;
  const plusOne = ({ postage }: Fields) => Number(postage) + 1;
  const graph = serveRemoteSupergraph({
    shop: {
      sdl: `
        type Query { offers: [Offer]  nested: [Place] }
        type Place { offer: Offer }
        union Offer = Item | Service | Gift
        type Ref { n: Int! @shareable }
        type Code { n: String! @shareable }
        type Item @key(fields: "ref { n }") {
          ref: Ref!
          grams: Int @external
          postage: Int @requires(fields: "grams")
        }
        type Service @key(fields: "ref { n }") {
          ref: Ref
          grams: Int @external
          postage: Int @requires(fields: "grams")
        }
        type Gift @key(fields: "ref { n }") {
          ref: Code!
          grams: Int @external
          postage: Int @requires(fields: "grams")
        }
      `,
      resolvers: {
        Query: { offers: () => offers, nested: () => offers.map((offer) => ({ offer })) },
        Offer: { __resolveType: typeOf },
        Item: { __resolveReference: asIs, postage: ({ grams }: Fields) => Number(grams) * 2 },
        Service: { __resolveReference: asIs, postage: ({ grams }: Fields) => Number(grams) * 3 },
        Gift: { __resolveReference: asIs, postage: ({ grams }: Fields) => Number(grams) * 4 },
      },
    },
    totals: {
      sdl: `
        type Ref { n: Int! @shareable }
        type Code { n: String! @shareable }
        type Item @key(fields: "ref { n }") {
          ref: Ref!
          grams: Int
          postage: Int @external
          total: Int @requires(fields: "postage")
        }
        type Service @key(fields: "ref { n }") {
          ref: Ref!
          grams: Int
          postage: Int @external
          total: Int @requires(fields: "postage")
        }
        type Gift @key(fields: "ref { n }") {
          ref: Code!
          grams: Int
          postage: Int @external
          total: Int @requires(fields: "postage")
        }
      `,
      resolvers: {
        Item: { __resolveReference: asIs, grams: weigh, total: plusOne },
        Service: { __resolveReference: asIs, grams: weigh, total: plusOne },
        Gift: { __resolveReference: asIs, grams: weigh, total: plusOne },
      },
    },
  });
  const offers = [
    { __typename: 'Item', ref: { n: 1 } },
    { __typename: 'Service', ref: { n: 2 } },
    { __typename: 'Gift', ref: { n: '3' } },
  ];
  const asked = (fields: string): string =>
    ['Item', 'Service', 'Gift'].map((type) => `... on ${type} { ${fields} }`).join(' ');

  it('lets them be computed', async () => {
    const totals = [{ total: 21 }, { total: 61 }, { total: 121 }];
    expect(await graph.dataOf(`{ offers { ${asked('total')} } }`)).toEqual({ offers: totals });
    expect(await graph.dataOf(`{ nested { offer { ${asked('total')} } } }`)).toEqual({
      nested: totals.map((offer) => ({ offer })),
    });
  });

  it('may be asked for beside them', async () => {
    expect(
      await graph.dataOf(
        `{ offers { ... on Item { id: ref { n } total } ... on Service { ref { x: n } total } ... on Gift { code: ref { n } total } } }`,
      ),
    ).toEqual({
      offers: [
        { id: { n: 1 }, total: 21 },
        { ref: { x: 2 }, total: 61 },
        { code: { n: '3' }, total: 121 },
      ],
    });
  });
});
