import { describe, expect, it } from 'vitest';
import { serveRemoteSupergraph } from '../testing/remote-supergraph.ts';

type Fields = Readonly<Record<string, unknown>>;

describe('objects of one type below objects of several types', () => {
  const seat = ({ row }: Fields) => ({ row, width: Number(row) * 2, height: Number(row) * 5 });
  const rooms = [
    { __typename: 'Hall', seat: seat({ row: '1' }) },
    { __typename: 'Office', seat: seat({ row: '2' }) },
  ];
  const abstract = { __resolveType: ({ __typename }: Fields) => String(__typename) };
  const graph = serveRemoteSupergraph({
    rooms: {
      sdl: `
        interface Room { seat: Seat }
        union Place = Hall | Office
        type Hall implements Room { seat: Seat }
        type Office implements Room { seat: Seat }
        type Seat @key(fields: "row") { row: ID!  width: Int  height: Int }
        type Query { places: [Place]  rooms: [Room] }
      `,
      resolvers: {
        Query: { places: () => rooms, rooms: () => rooms },
        Room: abstract,
        Place: abstract,
        Seat: { __resolveReference: seat },
      },
    },
    prices: {
      sdl: `
        type Seat @key(fields: "row") {
          row: ID!
          width: Int @external
          height: Int @external
          wide: String @requires(fields: "width")
          high: String @requires(fields: "height")
          price: Int
        }
      `,
      resolvers: {
        Seat: {
          wide: ({ width }: Fields) => `${String(width)} wide`,
          high: ({ height }: Fields) => `${String(height)} high`,
          price: ({ row }: Fields) => Number(row) * 100,
        },
      },
    },
  });

  it('may be asked for different computed fields', async () => {
    expect(
      await graph.dataOf(
        '{ places { ... on Hall { seat { wide } } ... on Office { seat { high } } } }',
      ),
    ).toEqual({ places: [{ seat: { wide: '2 wide' } }, { seat: { high: '10 high' } }] });
    expect(
      await graph.dataOf(
        '{ places { ... on Hall { seat { wide } } ... on Office { seat { wide high } } } }',
      ),
    ).toEqual({
      places: [{ seat: { wide: '2 wide' } }, { seat: { wide: '4 wide', high: '10 high' } }],
    });
  });

  it('lose nothing where only those of one type are asked for what is computed', async () => {
    expect(
      await graph.dataOf(
        '{ places { ... on Hall { seat { price } } ... on Office { seat { high } } } }',
      ),
    ).toEqual({ places: [{ seat: { price: 100 } }, { seat: { high: '10 high' } }] });
    expect(
      await graph.dataOf('{ rooms { seat { price } ... on Office { seat { high } } } }'),
    ).toEqual({
      rooms: [{ seat: { price: 100 } }, { seat: { price: 200, high: '10 high' } }],
    });
  });

  it('are asked for in one fetch where all need the same', async () => {
    graph.forget();
    await graph.askOnce(
      '{ places { ... on Hall { seat { wide price } } ... on Office { seat { wide price } } } }',
    );
    expect(graph.received('prices')).toHaveLength(1);
  });
});
