import { describe, expect, it } from 'vitest';
import { serveRemoteSupergraph } from '../testing/remote-supergraph.ts';

describe('a subgraph whose roots have names of its own', () => {
  const graph = serveRemoteSupergraph({
    renamed: {
      sdl: `
        schema { query: query_root mutation: mutation_root subscription: subscription_root }
        type query_root { x: Int  again: query_root  things: [Thing!] }
        type mutation_root { make: Made }
        type subscription_root { ticks: Tick }
        type Tick { at: Int  query: query_root }
        type Made { id: ID!  query: query_root! }
        type Thing @key(fields: "id") { id: ID! }
      `,
      resolvers: {
        query_root: { x: () => 1, again: () => ({}), things: () => [{ id: '1' }] },
        mutation_root: { make: () => ({ id: '7', query: {} }) },
        subscription_root: {
          ticks: {
            subscribe: async function* () {
              yield { ticks: await Promise.resolve({ at: 1, query: {} }) };
            },
          },
        },
      },
    },
    plain: {
      sdl: `
        type Query { y: Int }
        type Thing @key(fields: "id") { id: ID!  name: String }
      `,
      resolvers: { Query: { y: () => 2 }, Thing: { name: () => 'thing' } },
    },
  });

  it('answers in the names of the supergraph', async () => {
    expect(await graph.dataOf('{ __typename x y }')).toEqual({ __typename: 'Query', x: 1, y: 2 });
    expect(await graph.dataOf('{ again { __typename kind: __typename x y } }')).toEqual({
      again: { __typename: 'Query', kind: 'Query', x: 1, y: 2 },
    });
  });

  it('loses nothing of a fragment on the root', async () => {
    const fragment =
      'fragment F on Query { ...G y } fragment G on Query { kind: __typename __typename x things { name } }';
    const root = { kind: 'Query', __typename: 'Query', x: 1, things: [{ name: 'thing' }], y: 2 };
    expect(await graph.dataOf(`{ ...F } ${fragment}`)).toEqual(root);
    expect(await graph.dataOf(`{ again { again { ...F } } } ${fragment}`)).toEqual({
      again: { again: root },
    });
  });

  it('answers what is asked below a mutation', async () => {
    const fragment = 'fragment F on Mutation { ... { __typename make { id query { ...Q } } } }';
    expect(
      await graph.dataOf(
        `mutation { ...F k: __typename } ${fragment} fragment Q on Query { __typename x y }`,
      ),
    ).toEqual({
      __typename: 'Mutation',
      k: 'Mutation',
      make: { id: '7', query: { __typename: 'Query', x: 1, y: 2 } },
    });
  });

  it('answers what is asked below a subscription', async () => {
    const stream = await graph.subscribe(
      'subscription { ...F } fragment F on Subscription { ticks { at query { __typename x y } } }',
    );
    expect(await stream.nextEvent()).toMatchObject({
      data: { data: { ticks: { at: 1, query: { __typename: 'Query', x: 1, y: 2 } } } },
    });
    expect(await stream.nextEvent()).toMatchObject({ event: 'complete' });
  });
});
