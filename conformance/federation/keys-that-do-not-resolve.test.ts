import { describe, expect, it } from 'vitest';
import { serveRemoteSupergraph } from '../testing/remote-supergraph.ts';

describe('a subgraph that finds its entities by the second of its keys only', () => {
  const graph = serveRemoteSupergraph({
    catalog: {
      sdl: `
        type Query { book: Book }
        type Book @key(fields: "id") @key(fields: "isbn") { id: ID!  isbn: ID!  pages: Int }
      `,
      resolvers: {
        Query: { book: () => ({ id: 'B1', isbn: '978', pages: 320 }) },
        Book: {
          __resolveReference: (key: object) => ({ id: 'B1', isbn: '978', pages: 320, ...key }),
        },
      },
    },
    shipping: {
      sdl: `
        type Query { parcel: Parcel }
        type Parcel { book: Book }
        type Book @key(fields: "id", resolvable: false) @key(fields: "isbn") {
          id: ID!
          isbn: ID!
          pages: Int @external
          grams: Int @requires(fields: "pages")
          shelf: String
        }
      `,
      resolvers: {
        Query: { parcel: () => ({ book: { id: 'B1', isbn: '978' } }) },
        Book: {
          __resolveReference: ({ id, isbn, pages }: Record<string, unknown>) => {
            if (isbn === undefined) throw new Error(`asked by id ${String(id)}`);
            return { isbn, pages, shelf: 'S9' };
          },
          grams: ({ pages }: { readonly pages: number }) => pages * 5,
        },
      },
    },
  });

  it('is asked by that one after what a field of it requires was fetched', async () => {
    expect(await graph.dataOf('{ book { grams shelf } }')).toEqual({
      book: { grams: 1600, shelf: 'S9' },
    });
    expect(await graph.dataOf('{ parcel { book { grams } } }')).toEqual({
      parcel: { book: { grams: 1600 } },
    });
  });
});
