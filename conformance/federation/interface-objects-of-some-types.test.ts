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
