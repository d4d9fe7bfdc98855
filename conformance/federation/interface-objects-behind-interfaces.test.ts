import { describe, expect, it } from 'vitest';
import { serveRemoteSupergraph } from '../testing/remote-supergraph.ts';

type Fields = Readonly<Record<string, unknown>>;

describe('a field of an interface, behind which a subgraph has an interface object alone', () => {
  const ofKind = ({ id }: Fields) =>
    id === '2'
      ? { __typename: 'Plan', id, title: 'plan', code: 'p', steps: 4 }
      : { __typename: 'Note', id, title: 'note', code: 'n', words: 9 };
  const found = { __resolveReference: (given: Fields) => ofKind(given) };
  const abstract = { __resolveType: ({ __typename }: Fields) => String(__typename) };
  const graph = serveRemoteSupergraph({
    texts: {
      sdl: `
        interface Titled { title: String }
        interface Counted { words: Int }
        interface Text implements Titled @key(fields: "id") { id: ID!  title: String  code: String }
        type Note implements Text & Titled & Counted @key(fields: "id") { id: ID!  title: String @shareable  code: String  words: Int }
        type Plan implements Text & Titled @key(fields: "id") { id: ID!  title: String @shareable  code: String  steps: Int }
        type Query { newest: Titled }
      `,
      resolvers: {
        Query: { newest: () => ofKind({ id: '2' }) },
        Titled: abstract,
        Counted: abstract,
        Text: { ...abstract, ...found },
        Note: found,
        Plan: found,
      },
    },
    shelves: {
      sdl: `
        interface Titled { title: String }
        type Text implements Titled @key(fields: "id") @interfaceObject {
          id: ID!
          title: String @shareable
          code: String @external
          label: String @requires(fields: "code")
          shelf: Int
          next(after: Int = 1): Titled
        }
        type Shelf @key(fields: "number") { number: ID!  all: [Titled!]!  rows: [[Titled]] }
        type Query { first: Titled  shelf: Shelf }
        type Mutation { put: Titled }
      `,
      resolvers: {
        Query: { first: () => ({ id: '1', title: 'told' }), shelf: () => ({ number: '7' }) },
        Mutation: { put: () => ({ id: '2', title: 'told' }) },
        Shelf: {
          __resolveReference: (given: Fields) => given,
          all: () => [
            { id: '1', title: 'told' },
            { id: '2', title: 'told' },
          ],
          rows: () => [[{ id: '2', title: 'told' }, null], null],
        },
        Titled: { __resolveType: () => 'Text' },
        Text: {
          __resolveReference: ({ id, code }: Fields) => ({ id, code, title: 'told' }),
          label: ({ code }: Fields) => `label of ${String(code)}`,
          shelf: ({ id }: Fields) => (id === '1' ? 10 : 20),
          next: ({ id }: Fields, { after }: Fields) => ({
            id: String(Number(id) + Number(after)),
            title: 'told',
          }),
        },
      },
    },
    doors: {
      sdl: `
        type Shelf @key(fields: "number") { number: ID!  door: Int }
      `,
      resolvers: { Shelf: { __resolveReference: ({ number }: Fields) => ({ number, door: 3 }) } },
    },
  });

  it('tells what the interface has', async () => {
    expect(await graph.dataOf('{ first { title } shelf { all { title } } }')).toEqual({
      first: { title: 'told' },
      shelf: { all: [{ title: 'told' }, { title: 'told' }] },
    });
  });

  it('tells the names of its types', async () => {
    expect(
      await graph.dataOf(
        '{ first { __typename } shelf { all { kind: __typename } } newest { __typename } }',
      ),
    ).toEqual({
      first: { __typename: 'Note' },
      shelf: { all: [{ kind: 'Note' }, { kind: 'Plan' }] },
      newest: { __typename: 'Plan' },
    });
  });

  it('tells what objects of one type have', async () => {
    expect(await graph.dataOf('{ first { ... on Note { words } ... on Plan { steps } } }')).toEqual(
      { first: { words: 9 } },
    );
    expect(
      await graph.dataOf(
        '{ shelf { all { title ... on Plan { steps shelf } ... on Note { words } } door } }',
      ),
    ).toEqual({
      shelf: {
        all: [
          { title: 'told', words: 9 },
          { title: 'told', steps: 4, shelf: 20 },
        ],
        door: 3,
      },
    });
    expect(await graph.dataOf('{ first { ... on Plan { steps } } }')).toEqual({ first: {} });
  });

  it('tells what the interface object has, and what others know of it', async () => {
    expect(
      await graph.dataOf(
        '{ first { ... on Text { id shelf __typename ... on Counted { words } } } newest { ... on Text { shelf } } }',
      ),
    ).toEqual({
      first: { id: '1', shelf: 10, __typename: 'Note', words: 9 },
      newest: { shelf: 20 },
    });
  });

  it('tells what other interfaces have', async () => {
    expect(
      await graph.dataOf('{ first { ... on Counted { words } ... on Titled { title } } }'),
    ).toEqual({
      first: { words: 9, title: 'told' },
    });
    expect(await graph.dataOf('{ shelf { all { ... on Counted { words __typename } } } }')).toEqual(
      {
        shelf: { all: [{ words: 9, __typename: 'Note' }, {}] },
      },
    );
  });

  it('keeps the names of types that others have told', async () => {
    expect(await graph.dataOf('{ shelf { rows { ... on Plan { shelf steps } title } } }')).toEqual({
      shelf: { rows: [[{ shelf: 20, steps: 4, title: 'told' }, null], null] },
    });
    expect(
      await graph.dataOf(
        '{ first { __typename ... on Counted { ... on Note { shelf title } } title } }',
      ),
    ).toEqual({ first: { __typename: 'Note', shelf: 10, title: 'told' } });
  });

  it('computes what one of its types is asked for, beside what all are', async () => {
    expect(
      await graph.dataOf(
        '{ newest { ... on Text { next(after: -1) { __typename title ... on Note { label id title } } } } }',
      ),
    ).toEqual({
      newest: { next: { __typename: 'Note', title: 'told', label: 'label of n', id: '1' } },
    });
    graph.forget();
    expect(
      await graph.dataOf('{ shelf { all { __typename title ... on Note { label id title } } } }'),
    ).toEqual({
      shelf: {
        all: [
          { __typename: 'Note', title: 'told', label: 'label of n', id: '1' },
          { __typename: 'Plan', title: 'told' },
        ],
      },
    });
    const named = graph
      .received('shelves')
      .flatMap(({ variables }) => (variables?.['representations'] ?? []) as readonly Fields[]);
    expect(named.filter(({ id }) => id === undefined)).toEqual([]);
  });

  it('may be in lists of lists, behind each other, and in named fragments', async () => {
    expect(
      await graph.dataOf(`
        query ($far: Int = 1) { shelf { rows { ...of } } first { ... on Text { next(after: $far) { ...of } } } }
        fragment of on Titled { title __typename ... on Plan { steps next { ... on Text { id } } } }
      `),
    ).toEqual({
      shelf: {
        rows: [[{ title: 'told', __typename: 'Plan', steps: 4, next: { id: '3' } }, null], null],
      },
      first: { next: { title: 'told', __typename: 'Plan', steps: 4, next: { id: '3' } } },
    });
  });

  it('may be that of a mutation', async () => {
    expect(await graph.dataOf('mutation { put { __typename ... on Plan { steps } } }')).toEqual({
      put: { __typename: 'Plan', steps: 4 },
    });
  });
});

describe('a field of an interface, behind which a subgraph has an interface object beside other types', () => {
  const abstract = { __resolveType: ({ __typename }: Fields) => String(__typename) };
  const found = {
    __resolveReference: ({ id }: Fields) => ({ __typename: 'Note', id, title: 'note', words: 9 }),
  };
  const graph = serveRemoteSupergraph({
    texts: {
      sdl: `
        interface Titled { title: String }
        interface Text implements Titled @key(fields: "id") { id: ID!  title: String }
        interface Counted { words: Int }
        type Note implements Text & Titled & Counted @key(fields: "id") { id: ID!  title: String @shareable  words: Int }
        type Query { text: Text }
      `,
      resolvers: {
        Query: { text: () => ({ __typename: 'Note', id: '1', title: 'note', words: 9 }) },
        Text: { ...abstract, ...found },
        Titled: abstract,
        Counted: abstract,
        Note: found,
      },
    },
    shelves: {
      sdl: `
        interface Titled { title: String }
        type Text implements Titled @key(fields: "id") @interfaceObject {
          id: ID!
          title: String @shareable
          shelf: Int
        }
        type Box implements Titled @key(fields: "id") { id: ID!  title: String  size: Int }
        type Query { all: [Titled!]! }
      `,
      resolvers: {
        Query: {
          all: () => [
            { __typename: 'Text', id: '1', title: 'told', shelf: 10 },
            { __typename: 'Box', id: '2', title: 'box', size: 5 },
          ],
        },
        Titled: abstract,
      },
    },
  });

  it('tells what both have, and what each has', async () => {
    expect(await graph.dataOf('{ all { title } }')).toEqual({
      all: [{ title: 'told' }, { title: 'box' }],
    });
    expect(
      await graph.dataOf('{ all { ... on Text { shelf } title ... on Box { size } } }'),
    ).toEqual({
      all: [
        { shelf: 10, title: 'told' },
        { title: 'box', size: 5 },
      ],
    });
  });

  it('tells the names of their types', async () => {
    expect(await graph.dataOf('{ all { __typename ... on Titled { title } } }')).toEqual({
      all: [
        { __typename: 'Note', title: 'told' },
        { __typename: 'Box', title: 'box' },
      ],
    });
    expect(await graph.dataOf('{ all { ... on Text { kind: __typename } } }')).toEqual({
      all: [{ kind: 'Note' }, {}],
    });
  });

  it.each([
    '{ all { title ... on Note { words } } }',
    '{ all { ... on Text { shelf ... on Note { words } } } }',
    '{ all { ... on Counted { words } } }',
    '{ all { ...named } } fragment named on Titled { ... on Text { ... on Counted { words } } }',
  ])('is refused by a code where the planner would leave something out: %s', async (query) => {
    const { data, errors } = await graph.ask(query);
    expect(data).toBeUndefined();
    expect(errors).toMatchObject([{ extensions: { code: 'QUESTION_UNPLANNABLE' } }]);
  });
});
