import { describe, expect, it } from 'vitest';
import { serveRemoteSupergraph } from '../testing/remote-supergraph.ts';

const rates: Readonly<Record<string, number>> = { EUR: 1, USD: 2, JPY: 100 };
const price = (base: number) => (args: { readonly currency?: string }) =>
  base * (rates[args.currency ?? 'EUR'] ?? 0);

describe('a field that requires another one with arguments', () => {
  const graph = serveRemoteSupergraph({
    catalog: {
      sdl: `
        enum Currency { EUR USD JPY }
        type Query { product: Product  products: [Product!]! }
        type Product @key(fields: "id") { id: ID!  price(currency: Currency = EUR): Int }
      `,
      resolvers: {
        Query: { product: () => product('P1'), products: () => ['P1', 'P2'].map(product) },
        Product: { __resolveReference: ({ id }: { readonly id: string }) => product(id) },
      },
    },
    customs: {
      sdl: `
        enum Currency { EUR USD JPY }
        type Product @key(fields: "id") {
          id: ID!
          price(currency: Currency = EUR): Int @external
          inDollars: String @requires(fields: "price(currency: USD)")
          inYen: String @requires(fields: "price(currency: JPY)")
          byDefault: String @requires(fields: "price")
          plain: String
        }
      `,
      resolvers: {
        Product: {
          inDollars: ({ price: value }: { readonly price: number }) => `$${value}`,
          inYen: ({ price: value }: { readonly price: number }) => `¥${value}`,
          byDefault: ({ price: value }: { readonly price: number }) => `€${value}`,
          plain: ({ id }: { readonly id: string }) => `plain ${id}`,
        },
      },
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

  it('gets its own value beside another one that requires another value', async () => {
    graph.forget();
    expect(
      await graph.dataOf(
        '{ products { id inYen inDollars byDefault plain price(currency: USD) } }',
      ),
    ).toEqual({
      products: [
        {
          id: 'P1',
          inYen: '¥700',
          inDollars: '$14',
          byDefault: '€7',
          plain: 'plain P1',
          price: 14,
        },
        {
          id: 'P2',
          inYen: '¥900',
          inDollars: '$18',
          byDefault: '€9',
          plain: 'plain P2',
          price: 18,
        },
      ],
    });
  });

  function product(id: string) {
    return { id, price: price(id === 'P1' ? 7 : 9) };
  }
});
