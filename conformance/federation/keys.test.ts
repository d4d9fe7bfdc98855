import { describe, expect, it } from 'vitest';
import { serveRemoteSupergraph } from '../testing/remote-supergraph.ts';

type Fields = Readonly<Record<string, unknown>>;

describe('an entity with a simple key', () => {
  const graph = serveRemoteSupergraph({
    people: {
      sdl: `
        type Query { person(id: ID!): Person  people: [Person]! }
        type Person @key(fields: "id") { id: ID!  name: String! }
      `,
      resolvers: {
        Person: { __resolveReference: ({ id }: Fields) => ({ id, name: `Name ${String(id)}` }) },
        Query: {
          person: (_: unknown, { id }: Fields) =>
            id === 'none' ? null : { id, name: `Name ${String(id)}` },
          people: () => [
            { id: '1', name: 'A' },
            null,
            { id: '1', name: 'A' },
            { id: '2', name: 'B' },
          ],
        },
      },
    },
    pay: {
      sdl: `type Person @key(fields: "id") { id: ID!  salary: Int  boss: Person }`,
      resolvers: {
        Person: {
          __resolveReference: ({ id }: Fields) =>
            id === '404' ? null : { id, salary: Number(id) * 100 },
          boss: () => ({ id: '9' }),
        },
      },
    },
  });

  it('is completed by another subgraph, in lists with nulls and repetitions as well', async () => {
    expect(await graph.dataOf('{ people { id salary } person(id: 3) { salary name } }')).toEqual({
      people: [{ id: '1', salary: 100 }, null, { id: '1', salary: 100 }, { id: '2', salary: 200 }],
      person: { salary: 300, name: 'Name 3' },
    });
  });

  it('is asked for once for a whole list', async () => {
    await graph.dataOf('{ people { salary } }');
    const texts = graph.received('pay').filter(({ query }) => query.includes('salary'));
    graph.forget();
    await graph.dataOf('{ people { name salary } }');
    expect(texts.length).toBeGreaterThan(0);
    expect(graph.received('pay').length).toBeLessThanOrEqual(3);
  });

  it('goes back to its own subgraph for what the other one refers to', async () => {
    const data = await graph.dataOf('{ person(id: 3) { boss { id name boss { name } } } }');
    expect(data).toEqual({
      person: { boss: { id: '9', name: 'Name 9', boss: { name: 'Name 9' } } },
    });
  });

  it('that is not there is null, and nobody is asked for its fields', async () => {
    graph.forget();
    expect(await graph.dataOf('{ person(id: "none") { salary } }')).toEqual({ person: null });
    expect(graph.received('pay')).toEqual([]);
  });

  it('that another subgraph does not know has null fields there', async () => {
    expect(await graph.dataOf('{ person(id: "404") { name salary } }')).toEqual({
      person: { name: 'Name 404', salary: null },
    });
  });
});

describe('an entity with a compound and nested key', () => {
  const graph = serveRemoteSupergraph({
    stores: {
      sdl: `
        type Query { seat: Seat }
        type Seat @key(fields: "row number hall { id house { code } }") {
          row: String!
          number: Int!
          hall: Hall!
        }
        type Hall @shareable { id: ID!  house: House! }
        type House @shareable { code: String! }
      `,
      resolvers: {
        Query: {
          seat: () => ({ row: 'C', number: 7, hall: { id: 'H1', house: { code: 'OPERA' } } }),
        },
      },
    },
    tickets: {
      sdl: `
        type Seat @key(fields: "hall { house { code } id } number row") {
          row: String!
          number: Int!
          hall: Hall!
          holder: String
        }
        type Hall @shareable { id: ID!  house: House! }
        type House @shareable { code: String! }
      `,
      resolvers: {
        Seat: {
          holder: (seat: Fields) =>
            JSON.stringify(seat['hall']) + String(seat['row']) + String(seat['number']),
        },
      },
    },
  });

  it('is named by all parts of it, whatever order they are declared in', async () => {
    expect(await graph.dataOf('{ seat { holder } }')).toEqual({
      seat: { holder: '{"house":{"code":"OPERA"},"id":"H1"}C7' },
    });
  });

  it('keeps its key where the client gives other fields the names of its parts', async () => {
    const data = await graph.dataOf(
      '{ seat { number: row row: number hall { id: __typename } holder } }',
    );
    expect(data).toEqual({
      seat: {
        number: 'C',
        row: 7,
        hall: { id: 'Hall' },
        holder: '{"house":{"code":"OPERA"},"id":"H1"}C7',
      },
    });
  });
});

describe('an entity with several keys', () => {
  const graph = serveRemoteSupergraph({
    byId: {
      sdl: `
        type Query { thing: Thing }
        type Thing @key(fields: "id") { id: ID! }
      `,
      resolvers: { Query: { thing: () => ({ id: 'T1' }) } },
    },
    both: {
      sdl: `type Thing @key(fields: "id") @key(fields: "code { value }") { id: ID!  code: Code! @shareable } type Code @shareable { value: String! }`,
      resolvers: {
        Thing: {
          __resolveReference: (key: Fields) => ({
            id: key['id'] ?? 'T1',
            code: { value: 'C1' },
          }),
        },
      },
    },
    byCode: {
      sdl: `
        type Query { coded: Thing }
        type Thing @key(fields: "code { value }") { code: Code! @shareable  weight: Int }
        type Code @shareable { value: String! }
      `,
      resolvers: {
        Query: { coded: () => ({ code: { value: 'C1' } }) },
        Thing: {
          weight: (thing: { readonly code: { readonly value: string } }) =>
            thing.code.value === 'C1' ? 5 : 0,
        },
      },
    },
    named: {
      sdl: `type Thing @key(fields: "id") { id: ID!  name: String }`,
      resolvers: { Thing: { name: ({ id }: Fields) => `named ${String(id)}` } },
    },
  });

  it('is reached over the subgraph that knows both keys, in both directions', async () => {
    expect(await graph.dataOf('{ thing { weight name } coded { name } }')).toEqual({
      thing: { weight: 5, name: 'named T1' },
      coded: { name: 'named T1' },
    });
  });
});
