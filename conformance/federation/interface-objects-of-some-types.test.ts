import { describe, expect, it } from 'vitest';
import { serveRemoteSupergraph } from '../testing/remote-supergraph.ts';

type Fields = Readonly<Record<string, unknown>>;

describe('an interface object that computes a field of what is asked of some of its types', () => {
  const textOf = ({ id }: Fields) => ({
    __typename: id === '2' ? 'Plan' : 'Note',
    id,
    title: `t${String(id)}`,
    code: `c${String(id)}`,
  });
  const found = { __resolveReference: (given: Fields) => textOf(given) };
  const told = (id: unknown) => ({ id, title: `t${String(id)}` });
  const graph = serveRemoteSupergraph({
    texts: {
      sdl: `
        interface Text @key(fields: "id") { id: ID!  title: String  code: String }
        type Note implements Text @key(fields: "id") { id: ID!  title: String @shareable  code: String }
        type Plan implements Text @key(fields: "id") { id: ID!  title: String @shareable  code: String }
        type Query { texts: [Text!]! }
      `,
      resolvers: {
        Query: { texts: () => [textOf({ id: '1' }), textOf({ id: '2' })] },
        Text: { __resolveType: ({ __typename }: Fields) => String(__typename), ...found },
        Note: found,
        Plan: found,
      },
    },
    shelves: {
      sdl: `
        type Text @key(fields: "id") @interfaceObject {
          id: ID!
          title: String @shareable
          code: String @external
          label: String @requires(fields: "code")
          next: Text
          shelf: Int
        }
      `,
      resolvers: {
        Text: {
          __resolveReference: (given: Fields) => ({ ...given, ...told(given['id']) }),
          label: ({ code }: Fields) => `label of ${String(code)}`,
          next: ({ id }: Fields) => told(id === '1' ? '2' : '1'),
          shelf: ({ id }: Fields) => Number(id) * 10,
        },
      },
    },
  });

  it('loses nothing of the others', async () => {
    expect(await graph.dataOf('{ texts { ... on Plan { label } next { id } shelf } }')).toEqual({
      texts: [
        { next: { id: '2' }, shelf: 10 },
        { label: 'label of c2', next: { id: '1' }, shelf: 20 },
      ],
    });
  });

  it('is not asked for those of which nobody wants it', async () => {
    graph.forget();
    expect(
      await graph.dataOf('{ texts { next { __typename title ... on Note { label id title } } } }'),
    ).toEqual({
      texts: [
        { next: { __typename: 'Plan', title: 't2' } },
        { next: { __typename: 'Note', title: 't1', label: 'label of c1', id: '1' } },
      ],
    });
    const named = graph
      .received('shelves')
      .flatMap(({ variables }) => (variables?.['representations'] ?? []) as readonly Fields[]);
    expect(named.filter(({ id }) => id === undefined)).toEqual([]);
  });

  it('keeps the names of types that others have told', async () => {
    expect(
      await graph.dataOf(
        '{ texts { next { __typename ... on Plan { shelf title next { kind: __typename } } } } }',
      ),
    ).toEqual({
      texts: [
        { next: { __typename: 'Plan', shelf: 20, title: 't2', next: { kind: 'Note' } } },
        { next: { __typename: 'Note' } },
      ],
    });
  });
});

describe('types of an interface object of which different things are computed', () => {
  const rowOf = ({ id }: Fields) => ({
    __typename: id === '1' ? 'Axe' : 'Saw',
    id,
    length: 4,
    teeth: 9,
  });
  const found = { __resolveReference: (given: Fields) => rowOf(given) };
  const graph = serveRemoteSupergraph({
    tools: {
      sdl: `
        interface Tool @key(fields: "id") { id: ID!  length: Int  teeth: Int }
        type Axe implements Tool @key(fields: "id") { id: ID!  length: Int  teeth: Int }
        type Saw implements Tool @key(fields: "id") { id: ID!  length: Int  teeth: Int }
        type Query { tools: [Tool] }
      `,
      resolvers: {
        Query: { tools: () => [rowOf({ id: '1' }), rowOf({ id: '2' })] },
        Tool: { __resolveType: ({ __typename }: Fields) => String(__typename), ...found },
        Axe: found,
        Saw: found,
      },
    },
    prices: {
      sdl: `
        type Tool @key(fields: "id") @interfaceObject {
          id: ID!
          length: Int @external
          teeth: Int @external
          long: String @requires(fields: "length")
          sharp: String @requires(fields: "teeth")
          price: Int
        }
      `,
      resolvers: {
        Tool: {
          long: ({ length }: Fields) => `long ${String(length)}`,
          sharp: ({ teeth }: Fields) => `sharp ${String(teeth)}`,
          price: ({ id }: Fields) => Number(id) * 100,
        },
      },
    },
  });

  it.each([
    ['price ... on Saw { sharp }', { price: 100 }, { price: 200, sharp: 'sharp 9' }],
    ['... on Axe { long } ... on Saw { sharp }', { long: 'long 4' }, { sharp: 'sharp 9' }],
    [
      '... on Axe { long } ... on Saw { long sharp }',
      { long: 'long 4' },
      { long: 'long 4', sharp: 'sharp 9' },
    ],
    [
      '... on Axe { long price } ... on Saw { sharp }',
      { long: 'long 4', price: 100 },
      { sharp: 'sharp 9' },
    ],
  ])('each get theirs: { tools { %s } }', async (asked, axe, saw) => {
    expect(await graph.dataOf(`{ tools { ${asked} } }`)).toEqual({ tools: [axe, saw] });
  });
});

describe('interface objects that compute fields of each other', () => {
  const rowOf = ({ id }: Fields) => ({
    __typename: id === '1' ? 'Film' : 'Song',
    id,
    title: `t${String(id)}`,
  });
  const found = { __resolveReference: (given: Fields) => rowOf(given) };
  const graph = serveRemoteSupergraph({
    media: {
      sdl: `
        interface Media @key(fields: "id") { id: ID!  title: String }
        type Film implements Media @key(fields: "id") { id: ID!  title: String }
        type Song implements Media @key(fields: "id") { id: ID!  title: String  beats: Int }
        type Query { media: [Media!]!  film: Film }
      `,
      resolvers: {
        Query: {
          media: () => [rowOf({ id: '1' }), rowOf({ id: '2' })],
          film: () => rowOf({ id: '1' }),
        },
        Media: { __resolveType: ({ __typename }: Fields) => String(__typename), ...found },
        Film: found,
        Song: { ...found, beats: () => 120 },
      },
    },
    badges: {
      sdl: `
        type Media @key(fields: "id") @interfaceObject {
          id: ID!
          title: String @external
          badge: String @requires(fields: "title")
          score: Int
        }
        type Query { top: Media }
      `,
      resolvers: {
        Query: { top: () => ({ id: '2' }) },
        Media: {
          badge: ({ title }: Fields) => `badge of ${String(title)}`,
          score: ({ id }: Fields) => Number(id) * 10,
        },
      },
    },
    shouts: {
      sdl: `
        type Media @key(fields: "id") @interfaceObject {
          id: ID!
          badge: String @external
          score: Int @external
          shout(marks: Int = 1): String @requires(fields: "badge")
          stars: Int @requires(fields: "score")
        }
      `,
      resolvers: {
        Media: {
          shout: ({ badge }: Fields, { marks }: Fields) =>
            `${String(badge)}${'!'.repeat(Number(marks))}`,
          stars: ({ score }: Fields) => Number(score) / 10,
        },
      },
    },
  });

  it('are asked one after the other', async () => {
    expect(await graph.dataOf('{ media { shout } }')).toEqual({
      media: [{ shout: 'badge of t1!' }, { shout: 'badge of t2!' }],
    });
    expect(await graph.dataOf('{ film { loud: shout(marks: 2) title } }')).toEqual({
      film: { loud: 'badge of t1!!', title: 't1' },
    });
  });

  it('are asked also where the object comes from one of them', async () => {
    expect(
      await graph.dataOf(
        'query ($marks: Int!) { top { shout(marks: $marks) __typename ... on Song { beats } } }',
        {
          marks: 3,
        },
      ),
    ).toEqual({ top: { shout: 'badge of t2!!!', __typename: 'Song', beats: 120 } });
  });

  it('are asked for some types alone, beside what all have', async () => {
    expect(
      await graph.dataOf(
        '{ media { stars ... on Song { shout badge } ... on Film { loud: shout score } } }',
      ),
    ).toEqual({
      media: [
        { stars: 1, loud: 'badge of t1!', score: 10 },
        { stars: 2, shout: 'badge of t2!', badge: 'badge of t2' },
      ],
    });
  });
});
