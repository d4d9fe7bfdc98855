import { describe, expect, it } from 'vitest';
import { serveRemoteSupergraph } from '../testing/remote-supergraph.ts';

describe('an interface that no type implements', () => {
  const graph = serveRemoteSupergraph({
    plans: {
      sdl: `
        interface Plan @key(fields: "id") { id: ID! }
        type Holder { name: String  plan: Plan }
        type Query { plan: Plan  mustHave: Plan!  plans: [Plan!]  holders: [Holder]  none: Holder  now: Int }
        type Mutation { makePlan: Plan  count: Int }
      `,
      resolvers: {
        Query: {
          plan: () => ({ id: 'P1' }),
          mustHave: () => ({ id: 'P1' }),
          plans: () => [],
          holders: () => [{ name: 'Ada' }, null, { name: 'Bob' }],
          none: () => null,
          now: () => 7,
        },
        Mutation: { makePlan: () => ({ id: 'P2' }), count: () => 1 },
      },
    },
    titles: {
      sdl: `
        type Plan @interfaceObject @key(fields: "id") { id: ID!  title: String }
        type Query { titled: Plan }
      `,
      resolvers: { Query: { titled: () => ({ id: 'P1', title: 'One' }) } },
    },
  });

  it('cannot be the answer of a root field, which is told, and its neighbours are answered', async () => {
    const { data, errors } = await graph.ask('{ now mine: plan { title } plans { title } }');
    expect(data).toEqual({ now: 7, mine: null, plans: null });
    expect(errors).toMatchObject([
      { path: ['mine'], extensions: { code: 'FIELD_WITHOUT_PROVIDER' } },
      { path: ['plans'], extensions: { code: 'FIELD_WITHOUT_PROVIDER' } },
    ]);
    expect(errors?.[0]?.message).toContain('Query.plan');
  });

  it('is told of under the alias that the client gave, whatever else has that name', async () => {
    const { data, errors } = await graph.ask('{ now: plan { title } }');
    expect(data).toEqual({ now: null });
    expect(errors?.map(({ path }) => path)).toEqual([['now']]);
  });

  it('leaves no data where the root field may not be null', async () => {
    const { data, errors } = await graph.ask('{ now mustHave { title } }');
    expect(data).toBeNull();
    expect(errors).toMatchObject([
      { path: ['mustHave'], extensions: { code: 'FIELD_WITHOUT_PROVIDER' } },
    ]);
    expect(errors).toHaveLength(1);
  });

  it('makes a mutation refused before anything of it is done', async () => {
    graph.forget();
    const { data, errors } = await graph.ask('mutation { count makePlan { title } }');
    expect(data).toBeUndefined();
    expect(errors).toMatchObject([{ extensions: { code: 'FIELD_WITHOUT_PROVIDER' } }]);
    expect(errors?.[0]?.message).toContain('Mutation.makePlan');
    expect(graph.received('plans')).toEqual([]);
  });

  it('is not missed where a condition excludes its field', async () => {
    const query = 'query ($a: Boolean!) { now plan @include(if: $a) { title } }';
    expect((await graph.ask(query, { a: false })).errors).toBeUndefined();
    expect((await graph.ask(query, { a: true })).errors).toMatchObject([{ path: ['plan'] }]);
  });

  it('is what its subgraph says where that one is asked', async () => {
    const { data, errors } = await graph.ask('{ plan { id } }');
    expect(data).toEqual({ plan: null });
    expect(errors).toMatchObject([
      { path: ['plan'], message: expect.stringContaining('must resolve to an Object type') },
    ]);
  });

  it('is answered where it is an object type of its own', async () => {
    expect(await graph.dataOf('{ titled { title } }')).toEqual({ titled: { title: 'One' } });
  });

  it('cannot be the answer of a field below the root', async () => {
    const { data, errors } = await graph.ask(
      '{ holders { name plan { title } } none { name plan { title } } }',
    );
    expect(data).toEqual({
      holders: [{ name: 'Ada', plan: null }, null, { name: 'Bob', plan: null }],
      none: null,
    });
    expect(errors).toMatchObject([
      { path: ['holders', 0, 'plan'], extensions: { code: 'FIELD_WITHOUT_PROVIDER' } },
      { path: ['holders', 2, 'plan'], extensions: { code: 'FIELD_WITHOUT_PROVIDER' } },
    ]);
    expect(errors?.[0]?.message).toContain('Holder.plan');
  });
});
