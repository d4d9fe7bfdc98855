import { describe, expect, it } from 'vitest';
import { serveRemoteSupergraph } from '../testing/remote-supergraph.ts';

type Fields = Readonly<Record<string, unknown>>;

const grid = [
  [
    { v: 1, w: 7 },
    { v: 0, w: 8 },
  ],
  [],
  null,
  [null, { v: null, w: 9 }],
];
const sent = [[{ v: 1 }, { v: 0 }], [], null, [null, { v: null }]];

describe('lists of lists of objects', () => {
  const graph = serveRemoteSupergraph({
    a: {
      sdl: `
        type Query { p: P  ps: [P] }
        type P @key(fields: "id") { id: ID! grid: [[Cell]]  box: Box }
        type Box { grid: [[Cell!]!]! }
        type Cell { v: Int  w: Int }
        type K @key(fields: "parts { n }") { parts: [[Part!]!]! }
        type Part { n: Int!  note: String }
        extend type Query { k: K }
      `,
      resolvers: {
        Query: {
          p: () => ({ id: '1', grid, box: { grid: [[{ v: 5, w: 6 }]] } }),
          ps: () => [{ id: '1', grid }, null, { id: '2', grid: null, box: null }],
          k: () => ({ parts: [[{ n: 1, note: 'x' }], [{ n: 2, note: 'y' }]] }),
        },
      },
    },
    b: {
      sdl: `
        type P @key(fields: "id") {
          id: ID!
          grid: [[Cell]] @external
          box: Box @external
          sum: String @requires(fields: "grid { v }")
          deep: String @requires(fields: "box { grid { v } }")
        }
        type Box @external { grid: [[Cell!]!]! }
        type Cell @external { v: Int }
        type K @key(fields: "parts { n }") { parts: [[Part!]!]!  seen: String }
        type Part { n: Int! }
      `,
      resolvers: {
        P: {
          __resolveReference: (reference: Fields) => reference,
          sum: (p: Fields) => JSON.stringify(p['grid']),
          deep: (p: Fields) => JSON.stringify(p['box']),
        },
        K: {
          __resolveReference: (reference: Fields) => reference,
          seen: (k: Fields) => JSON.stringify(k['parts']),
        },
      },
    },
  });

  it('are sent to who requires them as they are, and no more of them than is required', async () => {
    const asked = '{ p { sum deep grid { other: v w v } box { grid { w } } } }';
    expect(await graph.dataOf(asked)).toEqual({
      p: {
        sum: JSON.stringify(sent),
        deep: '{"grid":[[{"v":5}]]}',
        grid: grid.map(
          (row) => row && row.map((cell) => cell && { other: cell.v, w: cell.w, v: cell.v }),
        ),
        box: { grid: [[{ w: 6 }]] },
      },
    });
  });

  it('may be null, in a list of entities of whom some are not there', async () => {
    expect(await graph.dataOf('{ ps { sum deep } }')).toEqual({
      ps: [{ sum: JSON.stringify(sent), deep: 'null' }, null, { sum: 'null', deep: 'null' }],
    });
  });

  it('may be a key', async () => {
    expect(await graph.dataOf('{ k { seen parts { note } } }')).toEqual({
      k: { seen: '[[{"n":1}],[{"n":2}]]', parts: [[{ note: 'x' }], [{ note: 'y' }]] },
    });
  });
});

describe('lists of lists of objects that several subgraphs have a part of', () => {
  const table = [[{ id: '1' }, null], null, [], [{ id: '2' }, { id: '1' }]];
  const rows = (part: (id: string) => object) =>
    table.map((row) => row && row.map((cell) => cell && part(cell.id)));
  const resolved = {
    __resolveReference: (reference: Fields) => reference,
    table: () => table,
    deeper: () => [[[{ id: '1' }]], [[null]]],
  };
  const shared = 'table: [[Cell]] @shareable  deeper: [[[Cell]]] @shareable';
  const graph = serveRemoteSupergraph({
    a: {
      sdl: `
        type Query { t: T  ts: [T] }
        type T @key(fields: "id") { id: ID!  ${shared} }
        type Cell { id: ID! @shareable  left: Int  inner: [[Inner]] @shareable }
        type Inner { x: Int }
      `,
      resolvers: {
        Query: { t: () => ({ id: '1' }), ts: () => [{ id: '1' }, null, { id: 'other' }] },
        T: resolved,
        Cell: { left: ({ id }: Fields) => Number(id), inner: () => [[{ x: 1 }]] },
      },
    },
    b: {
      sdl: `
        type T @key(fields: "id") { id: ID!  ${shared}  other: Int }
        type Cell { id: ID! @shareable  right: Int  inner: [[Inner]] @shareable }
        type Inner { y: Int }
      `,
      resolvers: {
        T: { ...resolved, other: () => 5 },
        Cell: { right: ({ id }: Fields) => -Number(id), inner: () => [[{ y: 2 }]] },
      },
    },
    c: {
      sdl: `
        type T @key(fields: "id") { id: ID!  ${shared} }
        type Cell { id: ID! @shareable  friend: Friend }
        type Friend @key(fields: "id", resolvable: false) { id: ID! }
      `,
      resolvers: {
        T: { ...resolved, table: ({ id }: Fields) => (id === '1' ? table : null) },
        Cell: { friend: ({ id }: Fields) => ({ id: `f${String(id)}` }) },
      },
    },
    d: {
      sdl: 'type Friend @key(fields: "id") { id: ID!  name: String }',
      resolvers: {
        Friend: {
          __resolveReference: (reference: Fields) => reference,
          name: ({ id }: Fields) => `name of ${String(id)}`,
        },
      },
    },
  });
  const parts = (id: string) => {
    return { id, left: Number(id), again: Number(id), right: -Number(id) };
  };

  it('have the parts of them all', async () => {
    const asked = '{ t { other table { id left again: left right friend { name } } } }';
    expect(await graph.dataOf(asked)).toEqual({
      t: {
        other: 5,
        table: rows((id) => {
          return { ...parts(id), friend: { name: `name of f${id}` } };
        }),
      },
    });
  });

  it('have them in the items of a list, and under an alias', async () => {
    const asked = '{ ts { cells: table { id left again: left right } } }';
    const cells = rows(parts);
    expect(await graph.dataOf(asked)).toEqual({ ts: [{ cells }, null, { cells }] });
  });

  it('have them in lists within such lists, and within three lists', async () => {
    const cell = { left: 1, right: -1, inner: [[{ x: 1, y: 2 }]] };
    expect(await graph.dataOf('{ t { deeper { left right inner { x y } } } }')).toEqual({
      t: { deeper: [[[cell]], [[null]]] },
    });
  });
});
