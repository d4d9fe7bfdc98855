import { describe, expect, it } from 'vitest';
import { serveRemoteSupergraph } from '../testing/remote-supergraph.ts';

const rates: Readonly<Record<string, number>> = { EUR: 1, USD: 2, JPY: 100 };

interface Currency {
  readonly currency?: string;
}

function priceOf(base: number) {
  return ({ currency = 'EUR' }: Currency) => base * (rates[currency] ?? 0);
}

const bases: Readonly<Record<string, number>> = { P1: 7, P2: 9 };

function product(id: string) {
  return { __typename: 'Product', id, price: priceOf(bases[id] ?? 0) };
}

interface Key {
  readonly id: string;
}

const value = (sign: string) => (parent: { readonly price?: unknown }) =>
  `${sign}${String(parent.price)}`;

describe('a field that requires another one with arguments', () => {
  const graph = serveRemoteSupergraph({
    catalog: {
      sdl: `
        enum Currency { EUR USD JPY }
        type Query { product: Product  products: [Product]! }
        type Product @key(fields: "id") { id: ID!  price(currency: Currency = EUR): Int }
      `,
      resolvers: {
        Query: {
          product: () => product('P1'),
          products: () => [product('P1'), null, product('P2')],
        },
        Product: { __resolveReference: ({ id }: Key) => product(id) },
      },
    },
    customs: {
      sdl: `
        enum Currency { EUR USD JPY }
        type Query { imported: [Product!]! }
        type Product @key(fields: "id") {
          id: ID!
          price(currency: Currency = EUR): Int @external
          inDollars: String @requires(fields: "price(currency: USD)")
          inYen(prefix: String = ""): String @requires(fields: "price(currency: JPY)")
          byDefault: String @requires(fields: "price")
          inEuros: String @requires(fields: "price(currency: EUR)")
          plain: String
        }
      `,
      resolvers: {
        Query: { imported: () => [{ id: 'P2' }, { id: 'P1' }] },
        Product: {
          __resolveReference: (representation: object) => representation,
          inDollars: value('$'),
          inYen: (parent: object, { prefix }: { readonly prefix: string }) =>
            prefix + value('¥')(parent),
          byDefault: value('€'),
          inEuros: value('EUR '),
          plain: ({ id }: Key) => `plain ${id}`,
        },
      },
    },
    duties: {
      sdl: `
        enum Currency { EUR USD JPY }
        type Product @key(fields: "id") {
          id: ID!
          price(currency: Currency = EUR): Int @external
          duty: String @requires(fields: "price(currency: JPY)")
        }
      `,
      resolvers: { Product: { duty: value('duty on ') } },
    },
  });

  it('gets its own value where the client asks with another one', async () => {
    expect(await graph.dataOf('{ product { price(currency: JPY) inDollars } }')).toEqual({
      product: { price: 700, inDollars: '$14' },
    });
    expect(await graph.dataOf('{ product { inDollars price } }')).toEqual({
      product: { inDollars: '$14', price: 7 },
    });
    expect(await graph.dataOf('{ product { byDefault price(currency: USD) } }')).toEqual({
      product: { byDefault: '€7', price: 14 },
    });
  });

  it('gets its own value where the client asks with a variable', async () => {
    const query = 'query ($c: Currency!) { product { price(currency: $c) inDollars } }';
    for (const [c, price] of [
      ['EUR', 7],
      ['USD', 14],
      ['JPY', 700],
    ] as const) {
      expect(await graph.dataOf(query, { c })).toEqual({ product: { price, inDollars: '$14' } });
    }
  });

  it('leaves the client what it asks under several names', async () => {
    expect(
      await graph.dataOf(
        '{ product { price: inYen yen: price(currency: JPY) inDollars: price id: inDollars } }',
      ),
    ).toEqual({ product: { price: '¥700', yen: 700, inDollars: 7, id: '$14' } });
  });

  it('gets its own value beside others that require other values, in one request', async () => {
    graph.forget();
    const query = `{
      products { id yen: inYen(prefix: "about ") inDollars byDefault inEuros plain price(currency: USD) }
    }`;
    expect(await graph.dataOf(query)).toEqual({
      products: [
        {
          id: 'P1',
          yen: 'about ¥700',
          inDollars: '$14',
          byDefault: '€7',
          inEuros: 'EUR 7',
          plain: 'plain P1',
          price: 14,
        },
        null,
        {
          id: 'P2',
          yen: 'about ¥900',
          inDollars: '$18',
          byDefault: '€9',
          inEuros: 'EUR 9',
          plain: 'plain P2',
          price: 18,
        },
      ],
    });
    const [first] = graph.received('customs');
    expect(first?.query.match(/_entities/g)?.length).toBeGreaterThan(1);
    expect(new Set(graph.received('customs').map(({ query: text }) => text)).size).toBe(1);
  });

  it('is told no value that it does not require, and no name of the planner', async () => {
    graph.forget();
    await graph.dataOf('{ product { inDollars plain } }');
    const [{ variables } = { variables: {} }] = graph.received('customs');
    expect(variables).toEqual({
      representations: [{ __typename: 'Product', id: 'P1', price: 14 }],
    });
  });

  it('works the same way in several subgraphs, and from each of them', async () => {
    expect(
      await graph.dataOf('{ imported { duty inDollars inYen price } product { duty inDollars } }'),
    ).toEqual({
      imported: [
        { duty: 'duty on 900', inDollars: '$18', inYen: '¥900', price: 9 },
        { duty: 'duty on 700', inDollars: '$14', inYen: '¥700', price: 7 },
      ],
      product: { duty: 'duty on 700', inDollars: '$14' },
    });
  });

  it('works in fragments, and where conditions leave one of them out', async () => {
    const query = `query ($yen: Boolean!) {
      product { ...Prices ... @include(if: $yen) { inYen } }
    }
    fragment Prices on Product { inDollars price inYen @skip(if: $yen) }`;
    for (const yen of [true, false]) {
      expect(await graph.dataOf(query, { yen })).toEqual({
        product: { inDollars: '$14', price: 7, inYen: '¥700' },
      });
    }
  });

  it('adds nothing that clients see', async () => {
    const { data } = await graph.ask('{ __type(name: "Product") { fields { name } } }');
    const names = ['id', 'price', 'inDollars', 'inYen', 'byDefault', 'inEuros', 'plain', 'duty'];
    expect(data?.['__type']).toEqual({
      fields: expect.arrayContaining(names.map((name) => ({ name }))),
    });
    expect(JSON.stringify(data).match(/"name"/g)).toHaveLength(names.length);
    const { errors } = await graph.ask('{ product { price__with_0 } }');
    expect(errors?.[0]?.message).toMatch(/Cannot query field/);
    expect(errors?.[0]?.message).not.toContain('price__with_1');
  });
});

describe('what is required with arguments', () => {
  const graph = serveRemoteSupergraph({
    parts: {
      sdl: `
        type Query { machine: Machine }
        type Machine @key(fields: "id maker { code }") {
          id: ID!
          maker: Maker!
          size(unit: String!): Size!
          part: Part
          items: [Item!]!
        }
        type Maker { code: ID! }
        type Size { width: Int!  height(of: String! = "top"): Int! }
        interface Part { id: ID!  weight(unit: String!): Int }
        type Wheel implements Part @key(fields: "id") { id: ID!  weight(unit: String!): Int  spokes: Int }
        type Motor implements Part @key(fields: "id") { id: ID!  weight(unit: String!): Int  power(of: Level): Int }
        enum Level { LOW HIGH }
        type Item { name(upper: Boolean = false): String!  amount: Int! }
      `,
      resolvers: {
        Query: { machine: () => machine() },
        Machine: { __resolveReference: () => machine() },
        Part: { __resolveType: ({ __typename }: { readonly __typename: string }) => __typename },
      },
    },
    plans: {
      sdl: `
        type Query { planned: Machine }
        type Machine @key(fields: "id maker { code }") {
          id: ID!
          maker: Maker!
          size(unit: String!): Size! @external
          part: Part @external
          items: [Item!]! @external
          label: String @requires(fields: "size(unit: \\"cm\\") { width height(of: \\"rim\\") }")
          inches: String @requires(fields: "size(unit: \\"in\\") { width }")
          load: String @requires(fields: "part { weight(unit: \\"g\\") }")
          loadInKilos: String @requires(fields: "part { weight(unit: \\"kg\\") ... on Motor { power(of: HIGH) } }")
          contents: String @requires(fields: "items { name(upper: true) amount }")
        }
        type Maker { code: ID! }
        type Size @external { width: Int!  height(of: String! = "top"): Int! }
        interface Part { id: ID!  weight(unit: String!): Int }
        type Wheel implements Part @key(fields: "id") { id: ID!  weight(unit: String!): Int @external }
        type Motor implements Part @key(fields: "id") {
          id: ID!
          weight(unit: String!): Int @external
          power(of: Level): Int @external
        }
        enum Level { LOW HIGH }
        type Item @external { name(upper: Boolean = false): String!  amount: Int! }
      `,
      resolvers: {
        Query: { planned: () => ({ id: 'M1', maker: { code: 'ACME' } }) },
        Part: { __resolveType: ({ __typename }: { readonly __typename: string }) => __typename },
        Machine: {
          label: told('size'),
          inches: told('size'),
          load: told('part'),
          loadInKilos: told('part'),
          contents: told('items'),
        },
      },
    },
  });

  /** A field that says what its subgraph was told. */
  function told(field: string) {
    return (parent: Readonly<Record<string, unknown>>) => JSON.stringify(parent[field]);
  }

  function machine() {
    return {
      id: 'M1',
      maker: { code: 'ACME' },
      size: ({ unit }: { readonly unit: string }) => ({
        width: unit === 'cm' ? 254 : 100,
        height: ({ of }: { readonly of: string }) => of.length,
      }),
      part: {
        __typename: 'Motor',
        id: 'A',
        weight: ({ unit }: { readonly unit: string }) => (unit === 'kg' ? 3 : 3000),
        power: ({ of }: { readonly of: string }) => (of === 'HIGH' ? 9 : 1),
      },
      items: ['Bolt', 'Nut'].map((name, amount) => ({
        name: ({ upper }: { readonly upper: boolean }) => (upper ? name.toUpperCase() : name),
        amount,
      })),
    };
  }

  it('may be an object, with fields that have arguments themselves', async () => {
    const data = await graph.dataOf(
      '{ machine { label inches size(unit: "mm") { width height } } planned { inches } }',
    );
    expect(data).toEqual({
      machine: {
        label: '{"width":254,"height":3}',
        inches: '{"width":100}',
        size: { width: 100, height: 3 },
      },
      planned: { inches: '{"width":100}' },
    });
  });

  it('may be a field of an interface', async () => {
    const data = await graph.dataOf(
      '{ machine { load loadInKilos part { id weight(unit: "t") ... on Motor { power } } } }',
    );
    expect(data).toEqual({
      machine: {
        load: '{"weight":3000}',
        loadInKilos: '{"weight":3,"power":9}',
        part: { id: 'A', weight: 3000, power: 1 },
      },
    });
  });

  it('may be in a list', async () => {
    const data = await graph.dataOf('{ planned { contents items { name } } }');
    expect(data).toEqual({
      planned: {
        contents: '[{"name":"BOLT","amount":0},{"name":"NUT","amount":1}]',
        items: [{ name: 'Bolt' }, { name: 'Nut' }],
      },
    });
  });
});

describe('a field with arguments that a type must have for its interface', () => {
  const graph = serveRemoteSupergraph({
    stock: {
      sdl: `
        type Query { things: [Thing!]! }
        interface Thing @key(fields: "id") { id: ID!  count(place: String): Int }
        type Screw implements Thing @key(fields: "id") { id: ID!  count(place: String): Int }
        type Nail implements Thing @key(fields: "id") { id: ID!  count(place: String): Int }
      `,
      resolvers: {
        Query: { things: () => [thing('Screw', 'S'), thing('Nail', 'N')] },
        Thing: {
          __resolveReference: ({ id }: Key) => thing(id === 'S' ? 'Screw' : 'Nail', id),
          __resolveType: ({ __typename }: { readonly __typename: string }) => __typename,
        },
        Screw: { __resolveReference: ({ id }: Key) => thing('Screw', id) },
        Nail: { __resolveReference: ({ id }: Key) => thing('Nail', id) },
      },
    },
    orders: {
      sdl: `
        type Query { scarce: Thing }
        interface Thing { id: ID!  count(place: String): Int }
        type Screw implements Thing @key(fields: "id") {
          id: ID!
          count(place: String): Int @external
          north: String @requires(fields: "count(place: \\"north\\")")
        }
        type Nail implements Thing @key(fields: "id") {
          id: ID!
          count(place: String): Int @external
          south: String @requires(fields: "count(place: \\"south\\")")
        }
      `,
      resolvers: {
        Query: { scarce: () => ({ __typename: 'Nail', id: 'N' }) },
        Screw: { north: ({ count }: { readonly count: number }) => `N${count}` },
        Nail: { south: ({ count }: { readonly count: number }) => `S${count}` },
      },
    },
    reports: {
      sdl: `
        type Thing @interfaceObject @key(fields: "id") {
          id: ID!
          count(place: String): Int @external
          east: String @requires(fields: "count(place: \\"east\\")")
          west: String @requires(fields: "count(place: \\"west\\")")
        }
      `,
      resolvers: {
        Thing: {
          east: ({ count }: { readonly count: number }) => `E${count}`,
          west: ({ count }: { readonly count: number }) => `W${count}`,
        },
      },
    },
  });

  function thing(__typename: string, id: string) {
    return {
      __typename,
      id,
      count: ({ place = '' }: { readonly place?: string }) => place.length * 10,
    };
  }

  it('is required on each of the types', async () => {
    const data = await graph.dataOf(
      '{ things { id count ... on Screw { north } ... on Nail { south } } scarce { ... on Nail { south count(place: "x") } } }',
    );
    expect(data).toEqual({
      things: [
        { id: 'S', count: 0, north: 'N50' },
        { id: 'N', count: 0, south: 'S50' },
      ],
      scarce: { south: 'S50', count: 10 },
    });
  });

  it('is required through an interface object, also with two values', async () => {
    const data = await graph.dataOf('{ things { east west count(place: "here") } scarce { id } }');
    expect(data).toEqual({
      things: [
        { east: 'E40', west: 'W40', count: 40 },
        { east: 'E40', west: 'W40', count: 40 },
      ],
      scarce: { id: 'N' },
    });
  });
});

describe('a field that requires one with arguments that fails', () => {
  const graph = serveRemoteSupergraph({
    stock: {
      sdl: `
        type Query { item: Item  items: [Item!]  sure: Sure }
        type Item @key(fields: "id") { id: ID!  count(place: String): Int  mustCount(place: String): Int! }
        type Sure { item: Item! }
      `,
      resolvers: {
        Query: {
          item: () => item('A'),
          items: () => [item('A'), item('B')],
          sure: () => ({ item: item('A') }),
        },
        Item: { __resolveReference: ({ id }: Key) => item(id) },
      },
    },
    orders: {
      sdl: `
        type Query { ordered: [Item!]! }
        type Item @key(fields: "id") {
          id: ID!
          count(place: String): Int @external
          mustCount(place: String): Int! @external
          north: String @requires(fields: "count(place: \\"north\\")")
          south: String @requires(fields: "count(place: \\"south\\")")
          lost: String @requires(fields: "count(place: \\"lost\\")")
          sunk: String @requires(fields: "mustCount(place: \\"lost\\")")
          refused: String @requires(fields: "count(place: \\"west\\")")
          must: String! @requires(fields: "count(place: \\"east\\")")
          plain: String
        }
      `,
      resolvers: {
        Query: { ordered: () => [{ id: 'A' }, { id: 'B' }] },
        Item: {
          north: ({ count }: { readonly count: number }) => `N${count}`,
          south: ({ count }: { readonly count: number }) => `S${count}`,
          lost: ({ count }: { readonly count: unknown }) => `lost ${String(count)}`,
          sunk: () => 'sunk',
          refused: ({ id, count }: { readonly id: string; readonly count: number }) => {
            if (id === 'B') throw new Error('B is refused');
            return `ok ${count}`;
          },
          must: () => null,
          plain: () => 'plain',
        },
      },
    },
  });

  function item(id: string) {
    const count = ({ place = '' }: { readonly place?: string }): number => {
      if (place === 'lost') throw new Error('nobody counts there');
      return place.length;
    };
    return { id, count, mustCount: count };
  }

  it('is told that there is no value, and the client where and why, and its neighbours are well', async () => {
    const { data, errors } = await graph.ask('{ item { count north lost plain } }');
    expect(data).toEqual({ item: { count: 0, north: 'N5', lost: 'lost null', plain: 'plain' } });
    expect(errors).toMatchObject([
      {
        message: 'nobody counts there',
        path: ['item'],
        extensions: { code: 'TEST_FAILURE', serviceName: 'stock' },
      },
    ]);
    expect(errors).toHaveLength(1);
  });

  it('has its own error at its own place where values are split', async () => {
    const { data, errors } = await graph.ask('{ items { north refused south } }');
    expect(data).toEqual({
      items: [
        { north: 'N5', refused: 'ok 4', south: 'S5' },
        { north: 'N5', refused: null, south: 'S5' },
      ],
    });
    expect(errors).toMatchObject([
      {
        message: 'B is refused',
        path: ['items', 1, 'refused'],
        extensions: { serviceName: 'orders' },
      },
    ]);
    expect(errors).toHaveLength(1);
  });

  it('makes the object null where it may not be null itself, and only that', async () => {
    const { data, errors } = await graph.ask('{ item { north must } ordered { id } }');
    expect(data).toEqual({ item: null, ordered: [{ id: 'A' }, { id: 'B' }] });
    expect(errors).toMatchObject([{ path: ['item', 'must'] }]);
  });

  it('shows no name of the planner where what it requires may not be null', async () => {
    for (const query of [
      '{ item { sunk plain } }',
      '{ sure { item { sunk } } }',
      '{ ordered { sunk } }',
    ]) {
      const answer = await graph.ask(query);
      expect(answer.errors?.[0]).toMatchObject({ message: 'nobody counts there' });
      expect(JSON.stringify(answer)).not.toContain('__with');
    }
  });
});
