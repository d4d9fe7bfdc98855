import { describe, expect, it } from 'vitest';
import { serveRemoteSupergraph } from '../testing/remote-supergraph.ts';

type Fields = Readonly<Record<string, unknown>>;

describe('what subgraphs do not agree about', () => {
  const graph = serveRemoteSupergraph({
    a: {
      sdl: `
        enum Both { X Y }
        enum Output { ONE TWO }
        enum Input { ONE TWO }
        enum Shown { SEEN HIDDEN @inaccessible }
        input Filter { name: String  size: Int  level: Input }
        type Query {
          byInput(filter: Filter, input: Input): String
          output: Output
          outputs: [Output]
          both(is: Both): Both
          shown: [Shown]
          shared(first: Int, onlyA: Int): String @shareable
        }
      `,
      resolvers: {
        Query: {
          byInput: (_: unknown, args: Fields) => JSON.stringify(args),
          output: () => 'TWO',
          outputs: () => ['ONE', null, 'TWO'],
          both: (_: unknown, { is }: Fields) => is,
          shown: () => ['SEEN', 'HIDDEN'],
          shared: (_: unknown, args: Fields) => JSON.stringify(args),
        },
      },
    },
    b: {
      sdl: `
        enum Both { X Y }
        enum Output { ONE THREE }
        enum Input { ONE THREE }
        input Filter { name: String  colour: String  level: Input }
        type Query {
          otherInput(filter: Filter, input: Input): String
          otherOutput: Output
          shared(first: Int): String @shareable
        }
      `,
      resolvers: {
        Query: {
          otherInput: (_: unknown, args: Fields) => JSON.stringify(args),
          otherOutput: () => 'THREE',
          shared: (_: unknown, args: Fields) => JSON.stringify(args),
        },
      },
    },
  });

  it('is all there in enums that are only answers', async () => {
    expect(await graph.dataOf('{ output outputs otherOutput both(is: Y) }')).toEqual({
      output: 'TWO',
      outputs: ['ONE', null, 'TWO'],
      otherOutput: 'THREE',
      both: 'Y',
    });
  });

  it('is left out of enums that are only asked', async () => {
    const one = await graph.dataOf(
      'query ($i: Input = ONE) { byInput(input: $i) otherInput(input: ONE) }',
    );
    expect(one).toEqual({ byInput: '{"input":"ONE"}', otherInput: '{"input":"ONE"}' });
    for (const question of [
      graph.ask('{ byInput(input: TWO) }'),
      graph.ask('query ($i: Input) { otherInput(input: $i) }', { i: 'THREE' }),
    ]) {
      expect((await question).errors?.[0]?.message).toMatch(/TWO|THREE/);
    }
  });

  it('is left out of inputs and of arguments', async () => {
    const query = 'query ($f: Filter) { byInput(filter: $f) shared(first: 2) }';
    expect(await graph.dataOf(query, { f: { name: 'n', level: 'ONE' } })).toEqual({
      byInput: '{"filter":{"name":"n","level":"ONE"}}',
      shared: '{"first":2}',
    });
    expect((await graph.ask(query, { f: { size: 2 } })).errors?.[0]?.message).toContain('size');
    expect(
      (await graph.ask('{ byInput(filter: { colour: "red" }) }')).errors?.[0]?.message,
    ).toContain('colour');
    expect((await graph.ask('{ shared(onlyA: 1) }')).errors?.[0]?.message).toContain('onlyA');
  });

  it('is null where a value of an enum is kept from clients', async () => {
    const { data, errors } = await graph.ask('{ shown }');
    expect(data).toEqual({ shown: ['SEEN', null] });
    expect(JSON.stringify(errors ?? [])).not.toContain('HIDDEN');
  });
});
