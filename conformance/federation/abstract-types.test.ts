import { describe, expect, it } from 'vitest';
import { serveRemoteSupergraph } from '../testing/remote-supergraph.ts';

type Fields = Readonly<Record<string, unknown>>;

const typeOf = ({ __typename }: Fields) => String(__typename);

describe('entities behind interfaces and unions', () => {
  const graph = serveRemoteSupergraph({
    feed: {
      sdl: `
        type Query { feed: [Post!]!  hits: [Hit]!  nodes: [Node!]!  one: Post }
        interface Node { id: ID! }
        interface Post implements Node { id: ID!  likes: Int }
        type Text implements Post & Node @key(fields: "id") { id: ID!  likes: Int  words: Int }
        type Film implements Post & Node @key(fields: "id") { id: ID!  likes: Int  length: Int  next: Post }
        type Tag @key(fields: "name") { name: String! }
        union Hit = Text | Film | Tag
      `,
      resolvers: {
        Query: {
          feed: () => [text, film],
          hits: () => [tag, film, null, text],
          nodes: () => [film, text],
          one: () => film,
        },
        Post: { __resolveType: typeOf },
        Node: { __resolveType: typeOf },
        Hit: { __resolveType: typeOf },
        Film: { next: () => text, __resolveReference: () => film },
      },
    },
    people: {
      sdl: `
        type Query { authors: [Author!]! }
        type Author { name: String!  works: [Work!]! }
        interface Post { id: ID!  author: Author }
        type Text implements Post @key(fields: "id") { id: ID!  author: Author }
        type Film implements Post @key(fields: "id") { id: ID!  author: Author  cast: [String!] }
        type Song @key(fields: "id") { id: ID!  notes: Int }
        type Tag @key(fields: "name") { name: String!  colour: String }
        union Work = Film | Song
      `,
      resolvers: {
        Query: {
          authors: () => [author('A', [film, { __typename: 'Song', id: 'S', notes: 8 }])],
        },
        Post: { __resolveType: typeOf },
        Work: { __resolveType: typeOf },
        Text: { author: ({ id }: Fields) => author(`of ${String(id)}`) },
        Film: {
          author: ({ id }: Fields) => author(`of ${String(id)}`),
          cast: () => ['Ann', 'Bob'],
        },
        Tag: { colour: ({ name }: Fields) => `colour of ${String(name)}` },
      },
    },
  });

  const text = { __typename: 'Text', id: 'T', likes: 3, words: 100 };
  const film = { __typename: 'Film', id: 'F', likes: 9, length: 90 };
  const tag = { __typename: 'Tag', name: 'blue' };

  function author(name: string, works: readonly object[] = []) {
    return { name, works };
  }

  it('are completed by another subgraph that has the same interface', async () => {
    expect(await graph.dataOf('{ feed { id likes author { name } } }')).toEqual({
      feed: [
        { id: 'T', likes: 3, author: { name: 'of T' } },
        { id: 'F', likes: 9, author: { name: 'of F' } },
      ],
    });
  });

  it('are each completed with the fields of their own type', async () => {
    expect(
      await graph.dataOf(
        '{ hits { __typename ... on Film { cast length } ... on Tag { colour } ... on Post { likes } } }',
      ),
    ).toEqual({
      hits: [
        { __typename: 'Tag', colour: 'colour of blue' },
        { __typename: 'Film', cast: ['Ann', 'Bob'], length: 90, likes: 9 },
        null,
        { __typename: 'Text', likes: 3 },
      ],
    });
  });

  it('are told apart by a type name under any name', async () => {
    expect(
      await graph.dataOf(
        '{ nodes { kind: __typename id ... on Post { again: __typename author { is: __typename } } } }',
      ),
    ).toEqual({
      nodes: [
        { kind: 'Film', id: 'F', again: 'Film', author: { is: 'Author' } },
        { kind: 'Text', id: 'T', again: 'Text', author: { is: 'Author' } },
      ],
    });
  });

  it('are told apart in unions that have other members elsewhere', async () => {
    const data = await graph.dataOf(
      '{ authors { name works { ... on Film { length cast } ... on Song { notes } } } }',
    );
    expect(data).toEqual({
      authors: [{ name: 'A', works: [{ length: 90, cast: ['Ann', 'Bob'] }, { notes: 8 }] }],
    });
  });

  it('have fragments within fragments, on interfaces and on types', async () => {
    const query = `
      { one { ...P ... on Film { next { ...P ... on Text { words } } } } }
      fragment P on Post { id ... on Node { id ... on Film { length } } author { ...A } }
      fragment A on Author { name }
    `;
    expect(await graph.dataOf(query)).toEqual({
      one: {
        id: 'F',
        length: 90,
        author: { name: 'of F' },
        next: { id: 'T', author: { name: 'of T' }, words: 100 },
      },
    });
  });

  it('give empty objects for fragments that do not apply', async () => {
    expect(await graph.dataOf('{ hits { ... on Tag { name } } }')).toEqual({
      hits: [{ name: 'blue' }, {}, null, {}],
    });
    expect(await graph.dataOf('{ one { ... on Text { words } } }')).toEqual({ one: {} });
  });
});

describe('a union whose members differ between subgraphs', () => {
  const graph = serveRemoteSupergraph({
    a: {
      sdl: `
        type Query { shared: Media @shareable  ofA: Media  wrapA: Wrap }
        type Wrap @key(fields: "id") { id: ID!  media: Media @shareable }
        union Media = Book | Movie
        type Book @key(fields: "id") { id: ID!  title: String @shareable }
        type Movie { length: Int }
      `,
      resolvers: {
        Query: {
          shared: () => book,
          ofA: () => ({ __typename: 'Movie', length: 90 }),
          wrapA: () => ({ id: 'W', media: book }),
        },
        Media: { __resolveType: typeOf },
      },
    },
    b: {
      sdl: `
        type Query { shared: Media @shareable  ofB: Media }
        type Wrap @key(fields: "id") { id: ID!  media: Media @shareable  extra: Int }
        union Media = Book | Game
        type Book @key(fields: "id") { id: ID!  title: String @shareable  pages: Int }
        type Game { level: Int }
      `,
      resolvers: {
        Query: { shared: () => book, ofB: () => ({ __typename: 'Game', level: 4 }) },
        Media: { __resolveType: typeOf },
        Book: { pages: () => 320 },
        Wrap: { media: () => book, extra: () => 1 },
      },
    },
  });

  const book = { __typename: 'Book', id: 'B', title: 'T', pages: 320 };

  it('is asked of each only for what it has there', async () => {
    const all =
      '{ __typename ... on Book { title pages } ... on Movie { length } ... on Game { level } }';
    expect(
      await graph.dataOf(`{ shared ${all} ofA ${all} ofB ${all} wrapA { extra media ${all} } }`),
    ).toEqual({
      shared: { __typename: 'Book', title: 'T', pages: 320 },
      ofA: { __typename: 'Movie', length: 90 },
      ofB: { __typename: 'Game', level: 4 },
      wrapA: { extra: 1, media: { __typename: 'Book', title: 'T', pages: 320 } },
    });
  });

  it('is empty for a member that it never has there', async () => {
    expect(
      await graph.dataOf(
        '{ ofA { ... on Game { level } } ofB { ... on Movie { length } } shared { ... on Game { level } } }',
      ),
    ).toEqual({ ofA: {}, ofB: {}, shared: {} });
  });
});

describe('an interface whose types differ between subgraphs', () => {
  const graph = serveRemoteSupergraph({
    a: {
      sdl: `
        type Query { animals: [Animal!]! }
        interface Animal { name: String!  legs: Int }
        type Dog implements Animal @key(fields: "name") { name: String!  legs: Int }
        type Fish implements Animal @key(fields: "name") { name: String!  legs: Int }
      `,
      resolvers: {
        Query: {
          animals: () => [
            { __typename: 'Dog', name: 'Rex', legs: 4 },
            { __typename: 'Fish', name: 'Nemo', legs: 0 },
          ],
        },
        Animal: { __resolveType: typeOf },
        Dog: { legs: () => 4 },
      },
    },
    b: {
      sdl: `
        type Query { pets: [Animal!]! }
        interface Animal { name: String!  owner: String }
        type Dog implements Animal @key(fields: "name") { name: String!  owner: String }
        type Fish implements Animal @key(fields: "name") { name: String!  owner: String }
        type Cat implements Animal & Legged { name: String!  owner: String  legs: Int }
        interface Legged { legs: Int }
      `,
      resolvers: {
        Query: {
          pets: () => [
            { __typename: 'Cat', name: 'Tom', owner: 'Ann', legs: 4 },
            { __typename: 'Dog', name: 'Rex', owner: 'Bob' },
          ],
        },
        Animal: { __resolveType: typeOf },
        Dog: { owner: () => 'Bob' },
        Fish: { owner: () => 'Cid' },
      },
    },
  });

  it('is completed for each type from where that has its fields', async () => {
    expect(
      await graph.dataOf(
        '{ animals { name legs owner } pets { name owner legs ... on Legged { paws: legs } } }',
      ),
    ).toEqual({
      animals: [
        { name: 'Rex', legs: 4, owner: 'Bob' },
        { name: 'Nemo', legs: 0, owner: 'Cid' },
      ],
      pets: [
        { name: 'Tom', owner: 'Ann', legs: 4, paws: 4 },
        { name: 'Rex', owner: 'Bob', legs: 4 },
      ],
    });
  });
});

describe('a field that several subgraphs have, whose objects are of more types in some of them', () => {
  const asIs = (reference: object) => reference;
  const pen = { __typename: 'Pen', id: '0' };
  const graph = serveRemoteSupergraph({
    pens: {
      sdl: `
        interface Tool { next: Tool!  spare: Tool  any: Any }
        union Any = Pen
        type Query { pen: Tool }
        type Pen implements Tool @key(fields: "id") {
          id: ID!
          ink: Int
          next: Tool! @shareable
          spare: Tool @shareable
          any: Any @shareable
        }
      `,
      resolvers: {
        Tool: { __resolveType: typeOf },
        Any: { __resolveType: typeOf },
        Query: { pen: () => pen },
        Pen: {
          __resolveReference: asIs,
          ink: () => 8,
          next: () => pen,
          spare: () => pen,
          any: () => pen,
        },
      },
    },
    tools: {
      sdl: `
        interface Sharp { edge: Int }
        interface Tool { next: Tool!  spare: Tool  any: Any }
        union Any = Pen | Axe
        type Query { sharp: [Sharp] }
        type Pen implements Tool & Sharp @key(fields: "id") {
          id: ID!
          edge: Int
          next: Tool! @shareable
          spare: Tool @shareable
          any: Any @shareable
        }
        type Axe implements Tool & Sharp @key(fields: "id") {
          id: ID!
          edge: Int
          next: Tool!
          spare: Tool
          any: Any
        }
      `,
      resolvers: {
        Sharp: { __resolveType: typeOf },
        Tool: { __resolveType: typeOf },
        Any: { __resolveType: typeOf },
        Query: { sharp: () => [{ __typename: 'Axe', id: '1' }, pen] },
        Pen: { __resolveReference: asIs, next: () => pen, spare: () => pen, any: () => pen },
        Axe: { __resolveReference: asIs, next: () => pen, spare: () => pen, any: () => pen },
      },
    },
  });

  it.each(['next', 'spare', 'any'])(
    'is an object without fields where no fragment is on its type: { %s }',
    async (name) => {
      const asked = `... on Tool { ${name} { ... on Axe { id } } } ... on Axe { ${name} { ... on Pen { ink } } }`;
      expect(await graph.dataOf(`{ sharp { ${asked} } }`)).toEqual({
        sharp: [{ [name]: { ink: 8 } }, { [name]: {} }],
      });
    },
  );
});
