import { describe, expect, it } from 'vitest';
import { serveRemoteSupergraph } from '../testing/remote-supergraph.ts';

type Fields = Readonly<Record<string, unknown>>;

describe('a null where the schema allows none', () => {
  const graph = serveRemoteSupergraph({
    a: {
      sdl: `
        type Query { e: E  es: [E]  s: Int  need: Int!  also: Int! }
        type E @key(fields: "id") { id: ID! n: Int }
      `,
      resolvers: {
        Query: {
          e: () => ({ id: '1', n: 1 }),
          es: () => [{ id: '1', n: 1 }, { id: '2', n: 2 }, null],
          also: () => 1,
          need: () => {
            throw new Error('Need fails.');
          },
          s: () => {
            throw new Error('S fails.');
          },
        },
      },
    },
    b: {
      sdl: `type E @key(fields: "id") { id: ID! mm: Int! bad: Int! part: Part! may: Int } type Part { broken: Int! }`,
      resolvers: {
        E: {
          __resolveReference: ({ id }: Fields) => (id === '1' ? null : { id, mm: 7 }),
          bad: () => {
            throw new Error('Bad fails.');
          },
          may: () => {
            throw new Error('May fails.');
          },
          part: () => ({}),
        },
        Part: {
          broken: () => {
            throw new Error('Broken fails.');
          },
        },
      },
    },
    c: {
      sdl: `type E @key(fields: "id") { id: ID! never: Int! }`,
      resolvers: { E: { __resolveReference: () => null } },
    },
  });

  const lost = { path: ['e', 'mm'], extensions: { code: 'VALUE_MISSING' } };
  const failed = { path: ['s'], message: 'S fails.' };

  it('has its error, whatever else fails', async () => {
    const alone = await graph.ask('{ e { n mm } }');
    expect(alone).toMatchObject({ data: { e: null }, errors: [lost] });
    const { data, errors } = await graph.ask('{ e { n mm } s }');
    expect(data).toEqual({ e: null, s: null });
    expect(errors).toHaveLength(2);
    expect(errors).toMatchObject([failed, lost]);
  });

  it('in a list too, and no null of the data has one', async () => {
    const { data, errors } = await graph.ask('{ es { n mm } s }');
    expect(data).toEqual({ es: [null, { n: 2, mm: 7 }, null], s: null });
    expect(errors?.map(({ path }) => path?.join('.')).toSorted()).toEqual(['es.0.mm', 's']);
  });

  it('has no second one where a subgraph has said why', async () => {
    const { data, errors } = await graph.ask('{ es { n bad } }');
    expect(data).toEqual({ es: [null, null, null] });
    expect(errors?.map(({ path, message }) => [path?.join('.'), message])).toEqual(
      expect.arrayContaining([['es.1.bad', 'Bad fails.']]),
    );
    expect(errors?.filter(({ path }) => path?.[1] === 1)).toHaveLength(1);
  });

  it.each([
    ['es { mm bad }', 'es.1.bad', 'Bad fails.'],
    ['es { bad mm n }', 'es.1.bad', 'Bad fails.'],
    ['es { mm part { broken } }', 'es.1.part.broken', 'Broken fails.'],
    ['es { mm may part { broken } }', 'es.1.part.broken', 'Broken fails.'],
  ])('has no other field to blame than the one that failed: { %s }', async (fields, ...told) => {
    const { data, errors } = await graph.ask(`{ ${fields} }`);
    expect(data).toEqual({ es: [null, null, null] });
    const second = errors?.filter(({ path }) => path?.[1] === 1) ?? [];
    expect(second.map(({ path, message }) => [path?.join('.'), message])).toContainEqual(told);
    expect(second.filter(({ extensions }) => extensions?.['code'] === 'VALUE_MISSING')).toEqual([]);
  });

  it('has no other one at the top', async () => {
    const { data, errors } = await graph.ask('{ also need }');
    expect(data).toBeNull();
    expect(errors?.map(({ path, message }) => [path, message])).toEqual([
      [['need'], 'Need fails.'],
    ]);
  });

  it('has its error beside one of a field that may be null', async () => {
    const { data, errors } = await graph.ask('{ es { may never } }');
    expect(data).toEqual({ es: [null, null, null] });
    const second = errors?.filter(({ path }) => path?.[1] === 1);
    expect(second?.map(({ path }) => path?.join('.')).toSorted()).toEqual([
      'es.1.may',
      'es.1.never',
    ]);
  });
});
