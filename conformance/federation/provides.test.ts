import { describe, expect, it } from 'vitest';
import { serveRemoteSupergraph } from '../testing/remote-supergraph.ts';

type Fields = Readonly<Record<string, unknown>>;

describe('a subgraph that provides fields of others', () => {
  const graph = serveRemoteSupergraph({
    authors: {
      sdl: `
        type Query { author: Author }
        type Author @key(fields: "id") { id: ID!  name: String @shareable  home: Home @shareable }
        type Home { town: String @shareable  street: String }
        interface Work { id: ID!  title: String }
        type Poem implements Work @key(fields: "id") { id: ID!  title: String @shareable  lines: Int }
        type Novel implements Work @key(fields: "id") { id: ID!  title: String @shareable  pages: Int @shareable }
      `,
      resolvers: {
        Query: { author: () => author('A1') },
        Author: { __resolveReference: ({ id }: Fields) => author(String(id)) },
        Poem: { __resolveReference: ({ id }: Fields) => ({ id, title: 'own', lines: 14 }) },
        Novel: { __resolveReference: ({ id }: Fields) => ({ id, title: 'own', pages: 500 }) },
      },
    },
    shelf: {
      sdl: `
        type Query {
          popular: [Author!]! @provides(fields: "name home { town }")
          latest: Author
          works: [Work!]! @provides(fields: "... on Poem { title } ... on Novel { title pages }")
          other: [Work!]!
        }
        type Author @key(fields: "id") { id: ID!  name: String @external  home: Home @external  rank: Int }
        type Home @external { town: String }
        interface Work { id: ID!  title: String }
        type Poem implements Work @key(fields: "id") { id: ID!  title: String @external }
        type Novel implements Work @key(fields: "id") { id: ID!  title: String @external  pages: Int @external }
      `,
      resolvers: {
        Query: {
          popular: () => [{ id: 'A1', name: 'copied', home: { town: 'copied' } }],
          latest: () => ({ id: 'A1', name: 'must not be read' }),
          works: () => works,
          other: () => works,
        },
        Author: { rank: () => 1 },
      },
    },
  });

  const works = [
    { __typename: 'Poem', id: 'P', title: 'copied' },
    { __typename: 'Novel', id: 'N', title: 'copied', pages: 1 },
  ];

  function author(id: string) {
    return { id, name: 'own', home: { town: 'own', street: 'own' } };
  }

  it('is asked for them there, and nobody else is', async () => {
    graph.forget();
    expect(await graph.dataOf('{ popular { name rank home { town } } }')).toEqual({
      popular: [{ name: 'copied', rank: 1, home: { town: 'copied' } }],
    });
    expect(graph.received('authors')).toEqual([]);
  });

  it('is not asked for them where it does not say so', async () => {
    expect(await graph.dataOf('{ latest { name rank } }')).toEqual({
      latest: { name: 'own', rank: 1 },
    });
  });

  it('is not asked for fields beside them that it does not provide', async () => {
    expect(await graph.dataOf('{ popular { home { street } } }')).toEqual({
      popular: [{ home: { street: 'own' } }],
    });
  });

  it('may provide them for some members of an interface', async () => {
    expect(
      await graph.dataOf(
        '{ works { title ... on Poem { lines } ... on Novel { pages } } other { title } }',
      ),
    ).toEqual({
      works: [
        { title: 'copied', lines: 14 },
        { title: 'copied', pages: 1 },
      ],
      other: [{ title: 'own' }, { title: 'own' }],
    });
  });
});
