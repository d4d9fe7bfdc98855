import { describe, expect, it } from 'vitest';
import { serveRemoteSupergraph } from '../testing/remote-supergraph.ts';

type Fields = Readonly<Record<string, unknown>>;

const asIs = (reference: object) => reference;

describe('a field that requires what another subgraph computes of what it requires', () => {
  const graph = serveRemoteSupergraph({
    parcels: {
      sdl: `
        type Query { parcel: Parcel }
        type Parcel @key(fields: "id") {
          id: ID!
          grams(unit: Unit = G): Int
          size: Size
          extras: [Extra!]!
        }
        enum Unit { G KG }
        type Size { width: Int!  height: Int! }
        type Extra { name: String! }
      `,
      resolvers: {
        Query: { parcel: () => parcel('1') },
        Parcel: { __resolveReference: ({ id }: Fields) => parcel(String(id)) },
      },
    },
    rates: {
      sdl: `
        type Query { rated: Parcel  allRated: [Parcel]! }
        type Parcel @key(fields: "id") {
          id: ID!
          grams(unit: Unit = G): Int @external
          size: Size @external
          extras: [Extra!]! @external
          postage(express: Boolean = false): Int @requires(fields: "grams(unit: G)")
          area: Area @requires(fields: "size { width height }")
          count: Int @requires(fields: "extras { name }")
          zone: String
        }
        enum Unit { G KG }
        type Size @external { width: Int!  height: Int! }
        type Extra @external { name: String! }
        type Area { value: Int!  unit: AreaUnit }
        enum AreaUnit { CM M }
      `,
      resolvers: {
        Query: { rated: () => ({ id: '2' }), allRated: () => [{ id: '2' }, null, { id: '1' }] },
        Parcel: {
          __resolveReference: asIs,
          postage: ({ grams }: Fields, { express }: Fields) =>
            (Number(grams) / 10) * (express === true ? 2 : 1),
          area: ({
            size,
          }: {
            readonly size: { readonly width: number; readonly height: number };
          }) => ({
            value: size.width * size.height,
            unit: 'CM',
          }),
          count: ({ extras }: { readonly extras: readonly unknown[] }) => extras.length,
          zone: () => 'Z',
        },
      },
    },
    totals: {
      sdl: `
        type Query { totalled: Parcel }
        type Parcel @key(fields: "id") {
          id: ID!
          postage(express: Boolean = false): Int @external
          area: Area @external
          count: Int @external
          total: Int @requires(fields: "postage area { value } count")
          express: Int @requires(fields: "postage(express: true)")
        }
        type Area @external { value: Int! }
      `,
      resolvers: {
        Query: { totalled: () => ({ id: '2' }) },
        Parcel: {
          __resolveReference: asIs,
          total: ({ postage, area, count }: Fields) =>
            Number(postage) + (area as { readonly value: number }).value + Number(count) * 1000,
          express: ({ postage }: Fields) => postage,
        },
      },
    },
    bills: {
      sdl: `
        type Query { billed: Parcel }
        type Parcel @key(fields: "id") {
          id: ID!
          total: Int @external
          zone: String @external
          bill: String @requires(fields: "total zone")
        }
      `,
      resolvers: {
        Query: { billed: () => ({ id: '2' }) },
        Parcel: {
          __resolveReference: asIs,
          bill: ({ total, zone }: Fields) => `${String(zone)}${String(total)}`,
        },
      },
    },
  });

  function parcel(id: string) {
    return {
      id,
      grams: ({ unit }: Fields) => Number(id) * (unit === 'KG' ? 0.1 : 100),
      size: { width: Number(id), height: 3 },
      extras: [{ name: 'bow' }],
    };
  }

  for (const root of ['parcel', 'rated', 'totalled', 'billed']) {
    it(`gets it, asked by way of ${root}`, async () => {
      const number = root === 'parcel' ? 1 : 2;
      const total = number * 10 + number * 3 + 1000;
      expect(await graph.dataOf(`{ ${root} { total } }`)).toEqual({ [root]: { total } });
      expect(await graph.dataOf(`{ ${root} { bill } }`)).toEqual({ [root]: { bill: `Z${total}` } });
      expect(await graph.dataOf(`{ ${root} { express } }`)).toEqual({
        [root]: { express: number * 20 },
      });
    });

    it(`gets it beside what the client asks for itself, asked by way of ${root}`, async () => {
      const number = root === 'parcel' ? 1 : 2;
      const total = number * 10 + number * 3 + 1000;
      expect(
        await graph.dataOf(
          `{ ${root} { bill postage(express: true) express area { unit value } zone total grams count } }`,
        ),
      ).toEqual({
        [root]: {
          bill: `Z${total}`,
          postage: number * 20,
          express: number * 20,
          area: { unit: 'CM', value: number * 3 },
          zone: 'Z',
          total,
          grams: number * 100,
          count: 1,
        },
      });
    });
  }

  it('gets it for each item of a list', async () => {
    expect(await graph.dataOf('{ allRated { bill zone } }')).toEqual({
      allRated: [{ bill: 'Z1026', zone: 'Z' }, null, { bill: 'Z1013', zone: 'Z' }],
    });
  });

  it('gets it also for an operation that has a name, which its fetches are named after', async () => {
    graph.forget();
    expect(await graph.dataOf('query Bill { rated { bill } }')).toEqual({
      rated: { bill: 'Z1026' },
    });
    expect(graph.received('rates').map(({ operationName }) => operationName)).toContainEqual(
      expect.stringMatching(/^Bill__rates__/),
    );
  });

  it('sends its subgraph no more requests than there are steps', async () => {
    await graph.dataOf('{ rated { total } }');
    graph.forget();
    await graph.dataOf('{ rated { total }  }');
    const texts = new Set(graph.received('rates').map(({ query }) => query));
    expect(texts.size).toBe(2);
  });
});

describe('fields that require each other back and forth', () => {
  const graph = serveRemoteSupergraph({
    left: {
      sdl: `
        type Query { left: Thing }
        type Thing @key(fields: "id") @key(fields: "code") {
          id: ID!
          code: ID!
          base: Int
          two: Int @external
          three: Int @requires(fields: "two")
          other: Thing
        }
      `,
      resolvers: {
        Query: { left: () => ({ id: '7', code: 'c7' }) },
        Thing: {
          __resolveReference: (key: Fields) => {
            const number = String(key['id'] ?? key['code']).replace('c', '');
            return { ...key, id: number, code: `c${number}` };
          },
          base: ({ id }: Fields) => Number(id),
          three: ({ two }: Fields) => Number(two) + 1,
          other: () => ({ id: '8', code: 'c8' }),
        },
      },
    },
    middle: {
      sdl: `
        type Query { middle: Thing }
        type Thing @key(fields: "code") {
          code: ID!
          one: Int @external
          three: Int @external
          two: Int @requires(fields: "one")
          four: Int @requires(fields: "three")
        }
      `,
      resolvers: {
        Query: { middle: () => ({ code: 'c7' }) },
        Thing: {
          __resolveReference: asIs,
          two: ({ one }: Fields) => Number(one) + 1,
          four: ({ three }: Fields) => Number(three) + 1,
        },
      },
    },
    right: {
      sdl: `
        type Query { right: Thing }
        type Thing @key(fields: "id") {
          id: ID!
          base: Int @external
          other: Thing @external
          four: Int @external
          one: Int @requires(fields: "base")
          five: Int @requires(fields: "four")
          ofOther: Int @requires(fields: "other { four }")
        }
      `,
      resolvers: {
        Query: { right: () => ({ id: '7' }) },
        Thing: {
          __resolveReference: asIs,
          one: ({ base }: Fields) => {
            if (base === undefined) throw new Error('one is asked without its base');
            return Number(base) + 1;
          },
          five: ({ four }: Fields) => Number(four) + 1,
          ofOther: ({ other }: { readonly other: Fields }) => other['four'],
        },
      },
    },
  });

  for (const root of ['left', 'middle', 'right']) {
    it(`are computed one after the other, asked by way of ${root}`, async () => {
      for (const [field, number] of [
        ['one', 8],
        ['two', 9],
        ['three', 10],
        ['four', 11],
        ['five', 12],
      ] as const) {
        expect(await graph.dataOf(`{ ${root} { ${field} } }`)).toEqual({
          [root]: { [field]: number },
        });
      }
      expect(await graph.dataOf(`{ ${root} { five one base three two four } }`)).toEqual({
        [root]: { five: 12, one: 8, base: 7, three: 10, two: 9, four: 11 },
      });
    });
  }

  it('are computed of another object', async () => {
    expect(await graph.dataOf('{ right { ofOther other { id four } } }')).toEqual({
      right: { ofOther: 12, other: { id: '8', four: 12 } },
    });
  });
});

describe('a field that requires a computed one that fails', () => {
  const graph = serveRemoteSupergraph({
    a: {
      sdl: `type Query { a: Thing } type Thing @key(fields: "id") { id: ID!  base: Int }`,
      resolvers: {
        Query: { a: () => ({ id: '1', base: 1 }) },
        Thing: { __resolveReference: ({ id }: Fields) => ({ id, base: 1 }) },
      },
    },
    b: {
      sdl: `
        type Query { b: Thing }
        type Thing @key(fields: "id") { id: ID!  base: Int @external  sum: Int @requires(fields: "base")  plain: Int }
      `,
      resolvers: {
        Query: { b: () => ({ id: '1' }) },
        Thing: {
          __resolveReference: asIs,
          plain: () => 1,
          sum: () => {
            throw new Error('no sums today');
          },
        },
      },
    },
    c: {
      sdl: `type Thing @key(fields: "id") { id: ID!  sum: Int @external  told: String @requires(fields: "sum") }`,
      resolvers: {
        Thing: { __resolveReference: asIs, told: ({ sum }: Fields) => `told ${String(sum)}` },
      },
    },
  });

  it('is told that there is none, and the client by the name of the subgraph that there is', async () => {
    const answer = await graph.ask('{ b { told plain } }');
    expect(answer.data).toEqual({ b: { told: 'told null', plain: 1 } });
    expect(answer.errors).toMatchObject([
      { message: 'no sums today', path: ['b'], extensions: { serviceName: 'b' } },
    ]);
    expect(JSON.stringify(answer)).not.toMatch(/__via|__computing/);
  });
});

describe('what a chain is computed of, found by one key and needed as another', () => {
  interface Given {
    readonly id?: string;
    readonly ref?: { readonly n: number };
    readonly postage: number;
    readonly fee: number;
  }
  const found = (given: Given): object => ({
    ...given,
    ref: given.ref ?? { n: Number(given.id) },
    id: given.id ?? String(given.ref?.n),
  });
  const graph = serveRemoteSupergraph({
    parcels: {
      sdl: `
        type Query { parcel: Parcel }
        type Ref @shareable { n: Int! }
        type Parcel @key(fields: "ref { n }") {
          ref: Ref
          id: ID! @external
          postage: Int @requires(fields: "id")
        }
      `,
      resolvers: {
        Query: { parcel: () => ({ ref: { n: 3 } }) },
        Parcel: { __resolveReference: asIs, postage: ({ id }: Given) => Number(id) * 10 },
      },
    },
    fees: {
      sdl: `
        type Ref @shareable { n: Int! }
        type Parcel @key(fields: "id") @key(fields: "ref { n }") { id: ID! ref: Ref fee(n: Int = 2): Int }
      `,
      resolvers: { Parcel: { __resolveReference: found, fee: (_: unknown, { n }: Fields) => n } },
    },
    bills: {
      sdl: `
        type Ref @shareable { n: Int! }
        type Parcel @key(fields: "ref { n }") @key(fields: "id") {
          id: ID!
          ref: Ref
          postage: Int @external
          fee(n: Int = 2): Int @external
          total: Int @requires(fields: "postage fee")
        }
      `,
      resolvers: {
        Parcel: { __resolveReference: found, total: ({ postage, fee }: Given) => postage + fee },
      },
    },
  });

  it('is fetched by the key that is there', async () => {
    expect(await graph.dataOf('{ parcel { total } }')).toEqual({ parcel: { total: 32 } });
    expect(await graph.dataOf('{ parcel { id postage total fee(n: 5) } }')).toEqual({
      parcel: { id: '3', postage: 30, total: 32, fee: 5 },
    });
  });
});
