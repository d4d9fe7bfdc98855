import { describe, expect, it } from 'vitest';
import { serveRemoteSupergraph } from '../testing/remote-supergraph.ts';

type Fields = Readonly<Record<string, unknown>>;

describe('a number that no double has', () => {
  const graph = serveRemoteSupergraph({
    a: {
      sdl: `
        scalar Long
        type Query { long(n: Long): String  float(n: Float): Float  id(n: ID): ID }
      `,
      resolvers: {
        Query: {
          long: (_: unknown, { n }: Fields) => JSON.stringify(n),
          float: (_: unknown, { n }: Fields) => n,
          id: (_: unknown, { n }: Fields) => n,
        },
      },
    },
  });

  it('keeps its digits for a scalar of a subgraph, also as the default of a variable', async () => {
    expect(
      await graph.dataOf(
        'query ($d: Long = 18446744073709551615) { a: long(n: 9007199254740993) b: long(n: $d) c: long(n: 12) id(n: 9007199254740993) float(n: 1.5) }',
      ),
    ).toEqual({
      a: '"9007199254740993"',
      b: '"18446744073709551615"',
      c: '12',
      id: '9007199254740993',
      float: 1.5,
    });
  });
});
