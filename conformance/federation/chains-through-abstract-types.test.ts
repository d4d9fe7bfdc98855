import { describe, expect, it } from 'vitest';
import { serveRemoteSupergraph } from '../testing/remote-supergraph.ts';

type Fields = Readonly<Record<string, unknown>>;

const asIs = (reference: object) => reference;

const typeOf = {
  __resolveType: ({ id }: Fields) => (String(id).startsWith('B') ? 'Book' : 'Film'),
};

function goodsOf(id: string) {
  if (id === 'B9') throw new Error('nobody knows B9');
  return { id, grams: id === 'B0' ? null : Number(id.slice(1)) * 100 };
}

/** A promise, so that one object that nobody knows spoils no other. */
const find = (given: Fields): Promise<Fields> =>
  Promise.resolve(given).then(({ id }) => ({ ...given, ...goodsOf(String(id)) }));

const books = { Book: { __resolveReference: find }, Film: { __resolveReference: find } };

/** The subgraph computes it of what it is given, and nothing of nothing. */
const postage = ({ grams }: Fields): string => {
  if (grams === undefined) throw new Error('postage is asked for without its grams');
  return `p${String(grams)}`;
};

const stamped = ({ total }: Fields): string => {
  if (total === undefined) throw new Error('stamped is asked for without its total');
  return `s(${String(total)})`;
};

const total = ({ postage: paid }: Fields): string => {
  if (paid === undefined) throw new Error('total is asked for without its postage');
  return `t(${String(paid)})`;
};

/** A subgraph that has the interface as an object, and computes for it what others require. */
const postOfItems = (posted: readonly (Fields | null)[]) => ({
  sdl: `
    type Query { posted: [Item] }
    type Item @key(fields: "id") @interfaceObject {
      id: ID!
      grams: Int @external
      postage: String @requires(fields: "grams")
    }
  `,
  resolvers: {
    Query: { posted: () => posted },
    Item: { __resolveReference: asIs, postage },
  },
});

describe('a chain of computed fields', () => {
  const graph = serveRemoteSupergraph({
    stock: {
      sdl: `
        type Query { stock: Item  stocked: [Item] }
        interface Item { id: ID!  grams: Int }
        type Book implements Item @key(fields: "id") { id: ID!  grams: Int }
        type Film implements Item @key(fields: "id") { id: ID!  grams: Int }
      `,
      resolvers: {
        Query: { stock: () => goodsOf('B1'), stocked: () => ['F2', 'B0', 'B1'].map(goodsOf) },
        Item: typeOf,
        ...books,
      },
    },
    post: {
      sdl: `
        type Query { posted: Item  allPosted: [Item]  either: Thing  all: [[Thing]]  broken: [Item] }
        interface Item { id: ID!  postage: String  stamped: String }
        union Thing = Book | Film
        type Book implements Item @key(fields: "id") {
          id: ID!
          grams: Int @external
          total: String @external
          postage: String @requires(fields: "grams")
          stamped: String @requires(fields: "total")
        }
        type Film implements Item @key(fields: "id") {
          id: ID!
          grams: Int @external
          total: String @external
          postage: String @requires(fields: "grams")
          stamped: String @requires(fields: "total")
        }
        type Order @key(fields: "id") { id: ID!  item: Item  thing: Thing  lines: [Item] }
        extend type Query { order: Order }
      `,
      resolvers: {
        Query: {
          posted: () => ({ id: 'B1' }),
          allPosted: () => [{ id: 'F2' }, null, { id: 'B0' }, { id: 'B1' }],
          either: () => ({ id: 'F2' }),
          all: () => [[{ id: 'B1' }], null, [{ id: 'F2' }, null]],
          broken: () => [{ id: 'B9' }, { id: 'B1' }],
          order: () => ({ id: 'O1' }),
        },
        Item: typeOf,
        Thing: typeOf,
        Book: { __resolveReference: asIs, postage, stamped },
        Film: { __resolveReference: asIs, postage, stamped },
        Order: {
          __resolveReference: asIs,
          item: () => ({ id: 'B1' }),
          thing: () => ({ id: 'F2' }),
          lines: () => [{ id: 'F2' }, null, { id: 'B1' }],
        },
      },
    },
    bills: {
      sdl: `
        interface Item { id: ID!  postage: String  total: String }
        union Thing = Book | Film
        type Book implements Item @key(fields: "id") {
          id: ID!
          postage: String @external
          total: String @requires(fields: "postage")
        }
        type Film implements Item @key(fields: "id") {
          id: ID!
          postage: String @external
          total: String @requires(fields: "postage")
        }
        type Order @key(fields: "id") {
          id: ID!
          item: Item @external
          thing: Thing @external
          lines: [Item] @external
          ofItem: String @requires(fields: "item { postage }")
          ofThing: String @requires(fields: "thing { ... on Book { postage } ... on Film { total postage } }")
          ofLines: String @requires(fields: "lines { ... on Book { total } ... on Film { postage } }")
        }
      `,
      resolvers: {
        Item: typeOf,
        Book: { __resolveReference: asIs, total },
        Film: { __resolveReference: asIs, total },
        Order: {
          __resolveReference: asIs,
          ofItem: ({ item }: { readonly item: Fields }) => `i${String(item['postage'])}`,
          ofThing: ({ thing }: { readonly thing: Fields }) => `o${String(thing['postage'])}`,
          ofLines: ({ lines }: { readonly lines: readonly Fields[] }) =>
            lines.map((line) => String(line && (line['total'] ?? line['postage']))).join(),
        },
      },
    },
  });

  it('is computed under a field of an interface', async () => {
    expect(await graph.dataOf('{ posted { total } stock { total } }')).toEqual({
      posted: { total: 't(p100)' },
      stock: { total: 't(p100)' },
    });
  });

  it('is computed for each item of a list, of whatever type, with nulls between', async () => {
    expect(await graph.dataOf('{ allPosted { id total } stocked { total } }')).toEqual({
      allPosted: [
        { id: 'F2', total: 't(p200)' },
        null,
        { id: 'B0', total: 't(pnull)' },
        { id: 'B1', total: 't(p100)' },
      ],
      stocked: [{ total: 't(p200)' }, { total: 't(pnull)' }, { total: 't(p100)' }],
    });
  });

  it('is computed under members of a union and in lists of lists', async () => {
    const query = `{
      either { ... on Book { total } ... on Film { total postage } }
      all { ...Whole }
    }
    fragment Whole on Thing { ... on Item { total } ... on Film { id } }`;
    expect(await graph.dataOf(query)).toEqual({
      either: { total: 't(p200)', postage: 'p200' },
      all: [[{ total: 't(p100)' }], null, [{ total: 't(p200)', id: 'F2' }, null]],
    });
  });

  it('is computed three deep, back and forth', async () => {
    expect(await graph.dataOf('{ posted { stamped } either { ... on Film { stamped } } }')).toEqual(
      {
        posted: { stamped: 's(t(p100))' },
        either: { stamped: 's(t(p200))' },
      },
    );
    expect(
      await graph.dataOf('{ posted { stamped total postage ... on Book { grams } } }'),
    ).toEqual({ posted: { stamped: 's(t(p100))', total: 't(p100)', postage: 'p100', grams: 100 } });
  });

  it('is computed of an interface, a union and a list that a field requires', async () => {
    const order = { ofItem: 'ip100', ofThing: 'op200', ofLines: 'p200,null,t(p100)' };
    expect(await graph.dataOf('{ order { ofItem } }')).toEqual({ order: { ofItem: 'ip100' } });
    expect(await graph.dataOf('{ order { ofItem ofThing ofLines } }')).toEqual({ order });
    expect(
      await graph.dataOf('{ order { ofItem ofThing ofLines item { postage id stamped } } }'),
    ).toEqual({ order: { ...order, item: { postage: 'p100', id: 'B1', stamped: 's(t(p100))' } } });
  });

  it('is null with an error where what it is computed of fails, and computed everywhere else', async () => {
    const { data, errors } = await graph.ask('{ broken { id total } }');
    expect(data).toEqual({
      broken: [
        { id: 'B9', total: null },
        { id: 'B1', total: 't(p100)' },
      ],
    });
    expect(errors).toMatchObject([
      { message: 'nobody knows B9', extensions: { serviceName: 'stock' } },
    ]);
  });

  it('is asked for with alias, variables and conditions like any other field', async () => {
    const query =
      'query ($yes: Boolean!, $no: Boolean!) { posted { a: total b: stamped @include(if: $yes) total @skip(if: $yes) postage @include(if: $no) } }';
    expect(await graph.dataOf(query, { yes: true, no: false })).toEqual({
      posted: { a: 't(p100)', b: 's(t(p100))' },
    });
    expect(await graph.dataOf(query, { yes: false, no: true })).toEqual({
      posted: { a: 't(p100)', total: 't(p100)', postage: 'p100' },
    });
  });

  it('asks its subgraph only once for what can be computed at once', async () => {
    graph.forget();
    await graph.dataOf('{ posted { total stamped } allPosted { id } }');
    const texts = new Set(graph.received('bills').map(({ query }) => query));
    expect(texts.size).toBe(1);
  });
});

describe('what a chain is computed of, provided below one type of an interface only', () => {
  const graph = serveRemoteSupergraph({
    posts: {
      sdl: `
        type Query { parcels: [Parcel] }
        interface Parcel { box: Box }
        type Letter implements Parcel @key(fields: "id") { id: ID! box: Box @provides(fields: "grams") }
        type Crate implements Parcel @key(fields: "id") { id: ID! box: Box }
        type Box @key(fields: "id") { id: ID! grams: Int @external postage: Int @requires(fields: "grams") }
      `,
      resolvers: {
        Query: {
          parcels: () => [
            { __typename: 'Letter', id: 'L' },
            { __typename: 'Crate', id: 'C' },
          ],
        },
        Letter: { box: () => ({ id: '3', grams: 3 }) },
        Crate: { box: () => ({ id: '40' }) },
        Box: { postage: ({ grams }: Fields) => Number(grams) * 10 },
      },
    },
    bills: {
      sdl: `
        type Box @key(fields: "id") {
          id: ID!
          grams: Int @shareable
          postage: Int @external
          total: Int @requires(fields: "postage")
        }
      `,
      resolvers: {
        Box: {
          grams: ({ id }: Fields) => Number(id),
          total: ({ postage }: Fields) => Number(postage) + 1,
        },
      },
    },
  });

  it.each([
    '{ parcels { box { total } } }',
    '{ parcels { ... on Letter { box { total } } ... on Crate { box { total } } } }',
    '{ parcels { ... on Crate { box { total } } ... on Parcel { box { total } } } }',
  ])('is fetched below the others: %s', async (query) => {
    expect(await graph.dataOf(query)).toEqual({
      parcels: [{ box: { total: 31 } }, { box: { total: 401 } }],
    });
  });
});

describe('a chain of computed fields of members of a union', () => {
  const member = (name: string): string => `
    type ${name} implements Postable @key(fields: "id") {
      id: ID! grams: Int @external postage: Int @requires(fields: "grams")
    }`;
  const billed = (name: string): string => `
    type ${name} implements Billable @key(fields: "id") {
      id: ID! grams: Int postage: Int @external total: Int @requires(fields: "postage")
    }`;
  const postage = {
    __resolveReference: asIs,
    postage: ({ grams }: Fields) => (grams === undefined ? -1 : Number(grams) * 10),
  };
  const total = {
    __resolveReference: asIs,
    grams: ({ id }: Fields) => Number(id),
    total: ({ postage: computed }: Fields) => Number(computed) + 1,
  };
  const graph = serveRemoteSupergraph({
    posts: {
      sdl: `
        type Query { only: Only  either: Either }
        union Only = Letter
        union Either = Letter | Crate
        interface Postable { id: ID! postage: Int }
        ${member('Letter')} ${member('Crate')}
      `,
      resolvers: {
        Query: {
          only: () => ({ __typename: 'Letter', id: '3' }),
          either: () => ({ __typename: 'Crate', id: '4' }),
        },
        Letter: postage,
        Crate: postage,
      },
    },
    bills: {
      sdl: `interface Billable { id: ID! total: Int } ${billed('Letter')} ${billed('Crate')}`,
      resolvers: { Letter: total, Crate: total },
    },
  });

  it('is computed where there is but one member, and of a fragment on what all of them are', async () => {
    expect(await graph.dataOf('{ only { ... on Letter { total } } }')).toEqual({
      only: { total: 31 },
    });
    expect(await graph.dataOf('{ either { ... on Billable { total } } }')).toEqual({
      either: { total: 41 },
    });
  });
});

describe('a chain of computed fields of an interface object', () => {
  const graph = serveRemoteSupergraph({
    stock: {
      sdl: `
        type Query { stocked: [Item] }
        interface Item @key(fields: "id") { id: ID!  grams: Int }
        type Book implements Item @key(fields: "id") {
          id: ID!
          grams: Int
          postage: String @external
          total: String @requires(fields: "postage")
        }
        type Film implements Item @key(fields: "id") { id: ID!  grams: Int }
      `,
      resolvers: {
        Query: { stocked: () => [goodsOf('B1'), null, goodsOf('F2')] },
        Item: { ...typeOf, __resolveReference: find },
        Book: { ...books.Book, total },
        Film: books.Film,
      },
    },
    post: postOfItems([{ id: 'F2' }, { id: 'B1' }, null]),
  });

  it('is computed by one of its types, from wherever the question comes', async () => {
    const query = '{ id postage ... on Book { total } __typename }';
    expect(await graph.dataOf(`{ posted ${query} stocked ${query} }`)).toEqual({
      posted: [
        { __typename: 'Film', id: 'F2', postage: 'p200' },
        { __typename: 'Book', id: 'B1', postage: 'p100', total: 't(p100)' },
        null,
      ],
      stocked: [
        { __typename: 'Book', id: 'B1', postage: 'p100', total: 't(p100)' },
        null,
        { __typename: 'Film', id: 'F2', postage: 'p200' },
      ],
    });
  });
});

describe('a chain of computed fields of two interface objects', () => {
  const graph = serveRemoteSupergraph({
    stock: {
      sdl: `
        type Query { stocked: [Item] }
        interface Item @key(fields: "id") { id: ID!  grams: Int }
        type Book implements Item @key(fields: "id") { id: ID!  grams: Int }
        type Film implements Item @key(fields: "id") { id: ID!  grams: Int }
      `,
      resolvers: {
        Query: { stocked: () => [goodsOf('B1')] },
        Item: { ...typeOf, __resolveReference: find },
        ...books,
      },
    },
    post: postOfItems([{ id: 'B1' }]),
    bills: {
      sdl: `
        type Item @key(fields: "id") @interfaceObject {
          id: ID!
          postage: String @external
          total: String @requires(fields: "postage")
        }
      `,
      resolvers: { Item: { __resolveReference: asIs, total } },
    },
  });

  it('is computed, from wherever the question comes', async () => {
    const answered = [{ total: 't(p100)' }];
    for (const root of ['stocked', 'posted'])
      expect(await graph.dataOf(`{ ${root} { total } }`)).toEqual({ [root]: answered });
  });
});
