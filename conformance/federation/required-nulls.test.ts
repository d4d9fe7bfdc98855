import { describe, expect, it } from 'vitest';
import { serveRemoteSupergraph } from '../testing/remote-supergraph.ts';

interface Shelf {
  readonly books: { readonly pages: number };
  readonly owner: { readonly name: string } | null;
  readonly thick: number;
}

describe('a null that a field requires beside what is computed with arguments', () => {
  const graph = serveRemoteSupergraph({
    stock: {
      sdl: `
        type Query { shelf: Shelf }
        type Book @shareable { pages: Int }
        type Owner @shareable { name: String }
        type Shelf @key(fields: "id") {
          id: ID!
          books(least: Int = 1): Book
          owner(at: Int = 2): Owner @external
          thick: Int @external
          label: String @requires(fields: "owner(at: 2) { name } thick")
        }
      `,
      resolvers: {
        Query: { shelf: () => ({ id: '1' }) },
        Shelf: {
          books: (_: unknown, { least }: { readonly least: number }) => ({ pages: least * 10 }),
          label: ({ owner, thick }: Shelf) => `${owner?.name ?? 'nobody'} ${thick}`,
        },
      },
    },
    owners: {
      sdl: `
        type Book @shareable { pages: Int }
        type Owner @shareable { name: String }
        type Shelf @key(fields: "id") {
          id: ID!
          books(least: Int = 1): Book @external
          owner(at: Int = 2): Owner
          thick: Int @requires(fields: "books(least: 5) { pages }")
          thin: Int @requires(fields: "books { pages }")
        }
      `,
      resolvers: {
        Shelf: {
          owner: () => null,
          thick: ({ books }: Shelf) => books.pages + 1,
          thin: ({ books }: Shelf) => books.pages + 2,
        },
      },
    },
  });

  it.each(['label', 'label thick', 'label thin', 'thin label thick'])(
    'comes to who requires it: { %s }',
    async (fields) => {
      const shelf = { label: 'nobody 51', thick: 51, thin: 12 };
      const asked = fields.split(' ').map((name) => [name, shelf[name as keyof typeof shelf]]);
      expect(await graph.dataOf(`{ shelf { ${fields} } }`)).toEqual({
        shelf: Object.fromEntries(asked) as unknown,
      });
    },
  );
});
