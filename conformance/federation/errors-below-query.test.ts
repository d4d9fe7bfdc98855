import { describe, expect, it } from 'vitest';
import { serveRemoteSupergraph } from '../testing/remote-supergraph.ts';

type Fields = Readonly<Record<string, unknown>>;

const fail = (message: string) => () => {
  throw new Error(message);
};

describe('an error below a field that returns Query', () => {
  const graph = serveRemoteSupergraph({
    accounts: {
      sdl: `
        type Query { session: Session  sessions: [Session!] }
        type Mutation { open: Session  close: Session }
        type Session { name: String  query: Query }
      `,
      resolvers: {
        Query: {
          session: () => ({ name: 'one' }),
          sessions: () => [{ name: 'one' }, { name: 'two' }],
        },
        Mutation: { open: () => ({ name: 'opened' }), close: () => ({ name: 'closed' }) },
        Session: { query: () => ({}) },
      },
    },
    stock: {
      sdl: `
        type Query { parts: [Part!]  count: Int  total: Int! }
        type Part @key(fields: "id") { id: ID!  weight: Int }
      `,
      resolvers: {
        Query: {
          parts: () => [{ id: '1' }, { id: '2' }],
          count: fail('No count.'),
          total: fail('No total.'),
        },
        Part: { weight: ({ id }: Fields) => (id === '2' ? fail('No weight.')() : 7) },
      },
    },
    prices: {
      sdl: `type Part @key(fields: "id") { id: ID!  price: Int }`,
      resolvers: { Part: { price: ({ id }: Fields) => (id === '2' ? fail('No price.')() : 9) } },
    },
  });

  const pathsOf = async (query: string): Promise<readonly unknown[]> => {
    const { errors = [] } = await graph.ask(query);
    return errors.map(({ path, message }) => [path?.join('.'), message]);
  };

  it('has its place there', async () => {
    expect(await pathsOf('{ session { query { count parts { id weight } } } }')).toEqual([
      ['session.query.count', 'No count.'],
      ['session.query.parts.1.weight', 'No weight.'],
    ]);
    expect(await pathsOf('{ parts { id } session { query { parts { weight price } } } }')).toEqual([
      ['session.query.parts.1.weight', 'No weight.'],
      ['session.query.parts.1.price', 'No price.'],
    ]);
  });

  it('that makes all of it null has the place of its field', async () => {
    expect(await pathsOf('{ session { name query { total } } }')).toEqual([
      ['session.query.total', 'No total.'],
    ]);
  });

  it('has all its places in a list', async () => {
    expect(await pathsOf('{ sessions { query { count } } }')).toEqual([
      ['sessions.0.query.count', 'No count.'],
      ['sessions.1.query.count', 'No count.'],
    ]);
  });

  it('has its place in the payload of its mutation', async () => {
    expect(
      await pathsOf('mutation { open { query { count } } b: close { query { parts { price } } } }'),
    ).toEqual([
      ['open.query.count', 'No count.'],
      ['b.query.parts.1.price', 'No price.'],
    ]);
  });
});
