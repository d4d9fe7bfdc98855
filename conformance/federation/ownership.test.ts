import { describe, expect, it } from 'vitest';
import { serveRemoteSupergraph } from '../testing/remote-supergraph.ts';

type Fields = Readonly<Record<string, unknown>>;

const saying = (what: string) => () => what;

describe('a field that several subgraphs have', () => {
  const graph = serveRemoteSupergraph({
    old: {
      sdl: `
        type Query { car: Car  both: String @shareable }
        type Car @key(fields: "id") {
          id: ID!
          colour: String
          motor: String
          wheels: String @shareable
          secret: String @inaccessible
          place: Place @shareable
        }
        type Place @shareable { x: Int  y: Int }
      `,
      resolvers: {
        Query: { car: () => ({ id: '1' }), both: saying('both') },
        Car: {
          colour: saying('old'),
          motor: saying('old'),
          wheels: saying('four'),
          secret: saying('hush'),
          place: () => ({ x: 1, y: 2 }),
        },
      },
    },
    new: {
      sdl: `
        type Query { newest: Car  both: String @shareable }
        type Car @key(fields: "id") {
          id: ID!
          colour: String @override(from: "old")
          motor: String @override(from: "old", label: "motors")
          wheels: String @shareable
          secret: String @external
          told: String @requires(fields: "secret")
          place: Place @shareable
        }
        type Place @shareable { x: Int }
      `,
      resolvers: {
        Query: { newest: () => ({ id: '1' }), both: saying('both') },
        Car: {
          colour: saying('new'),
          motor: saying('new'),
          wheels: saying('four'),
          told: ({ secret }: Fields) => `told ${String(secret)}`,
          place: () => ({ x: 1 }),
        },
      },
    },
  });

  it('is answered by the one that overrides it, from wherever the question comes', async () => {
    expect(await graph.dataOf('{ car { colour } newest { colour } }')).toEqual({
      car: { colour: 'new' },
      newest: { colour: 'new' },
    });
  });

  it('stays with its owner while the label of an override is not decided', async () => {
    expect(await graph.dataOf('{ car { motor } newest { motor } }')).toEqual({
      car: { motor: 'old' },
      newest: { motor: 'old' },
    });
  });

  it('is answered by either when it is shareable, without a second question', async () => {
    graph.forget();
    expect(await graph.dataOf('{ both newest { wheels place { x } } }')).toEqual({
      both: 'both',
      newest: { wheels: 'four', place: { x: 1 } },
    });
    expect(graph.received('old')).toEqual([]);
  });

  it('is completed where only one of them has all of a shared object', async () => {
    expect(await graph.dataOf('{ newest { place { x y } } }')).toEqual({
      newest: { place: { x: 1, y: 2 } },
    });
  });

  it('is kept from clients when it is inaccessible, and other subgraphs may require it', async () => {
    expect(await graph.dataOf('{ newest { told } }')).toEqual({ newest: { told: 'told hush' } });
    const { errors, data } = await graph.ask('{ car { secret } }');
    expect(data).toBeUndefined();
    expect(errors?.[0]?.extensions?.['code']).toBe('GRAPHQL_VALIDATION_FAILED');
    const { data: introspected } = await graph.ask(
      '{ __schema { types { name fields { name } } } }',
    );
    expect(JSON.stringify(introspected)).not.toMatch(/secret|join__|link__/);
  });
});
