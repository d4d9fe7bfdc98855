import { describe, expect, it } from 'vitest';
import { serveRemoteSupergraph } from '../testing/remote-supergraph.ts';

type Fields = Readonly<Record<string, unknown>>;

describe('an operation over several subgraphs', () => {
  const graph = serveRemoteSupergraph({
    users: {
      sdl: `
        type Query { user(id: ID!): User  users(ids: [ID!]!): [User]!  me: User! }
        type User @key(fields: "id") { id: ID!  name: String  friends(first: Int): [User!]! }
      `,
      resolvers: {
        Query: {
          user: (_: unknown, { id }: Fields) => ({ id }),
          users: (_: unknown, { ids }: { readonly ids: readonly string[] }) =>
            ids.map((id) => ({ id })),
          me: () => ({ id: '1' }),
        },
        User: {
          name: ({ id }: Fields) => `User ${String(id)}`,
          friends: ({ id }: Fields, { first }: Fields) =>
            [{ id: `${String(id)}1` }, { id: `${String(id)}2` }].slice(0, Number(first ?? 2)),
        },
      },
    },
    scores: {
      sdl: `
        type Query { best: User }
        type User @key(fields: "id") { id: ID!  score(scale: Int! = 1): Int  rival: User  rank: Int }
      `,
      resolvers: {
        Query: { best: () => ({ id: '5' }) },
        User: {
          score: ({ id }: Fields, { scale }: Fields) => Number(id) * Number(scale),
          rival: ({ id }: Fields) => ({ id: String(Number(id) + 1) }),
          rank: () => 1,
        },
      },
    },
  });

  it('follows circular references through both, as deep as it is written', async () => {
    const query =
      '{ user(id: "1") { rival { name rival { score friends(first: 1) { rival { name score } } } } } }';
    expect(await graph.dataOf(query)).toEqual({
      user: {
        rival: {
          name: 'User 2',
          rival: { score: 3, friends: [{ rival: { name: 'User 32', score: 32 } }] },
        },
      },
    });
  });

  it('has named fragments, nested and used many times, and inline ones without a type', async () => {
    const query = `
      query { user(id: "1") { ...U rival { ...U ... { rival { ...S } } } } best { ...S ... on User { name } } }
      fragment U on User { ...S name }
      fragment S on User { score id }
    `;
    expect(await graph.dataOf(query)).toEqual({
      user: {
        score: 1,
        id: '1',
        name: 'User 1',
        rival: { score: 2, id: '2', name: 'User 2', rival: { score: 3, id: '3' } },
      },
      best: { score: 5, id: '5', name: 'User 5' },
    });
  });

  it('is one of several in a document, whose other ones have variables that it has not', async () => {
    const query = `query A($first: Int) { best { ...U } }  query B { best { score } }
      fragment U on User { friends(first: $first) { id } name }`;
    expect(await graph.askNamed(query, 'B')).toMatchObject({ data: { best: { score: 5 } } });
    expect(await graph.askNamed(query, 'A')).toMatchObject({ data: { best: { name: 'User 5' } } });
  });

  it('is refused when the variable of a condition is null in spite of its default', async () => {
    const query = 'query ($y: Boolean = true) { best { id @include(if: $y) } }';
    expect(await graph.dataOf(query)).toEqual({ best: { id: '5' } });
    const { errors } = await graph.ask(query, { y: null });
    expect(errors?.map(({ message, extensions }) => [message, extensions?.['code']])).toEqual([
      ['Variable "$y" decides a condition, and must not be null.', 'BAD_USER_INPUT'],
    ]);
  });

  it('gives variables to whichever subgraph needs them, with their defaults', async () => {
    const query = `query ($id: ID!, $scale: Int! = 10, $first: Int) {
      user(id: $id) { a: score(scale: $scale) b: score friends(first: $first) { score(scale: $scale) } }
    }`;
    expect(await graph.dataOf(query, { id: '3' })).toEqual({
      user: { a: 30, b: 3, friends: [{ score: 310 }, { score: 320 }] },
    });
    expect(await graph.dataOf(query, { id: '3', scale: 2, first: 1 })).toEqual({
      user: { a: 6, b: 3, friends: [{ score: 62 }] },
    });
  });

  it('may call a variable as the gateway calls its own', async () => {
    const query = `query ($representations: Int!) { user(id: "3") { score(scale: $representations) name } }`;
    expect(await graph.dataOf(query, { representations: 4 })).toEqual({
      user: { score: 12, name: 'User 3' },
    });
    const condition =
      'query ($representations: Boolean = false) { user(id: "3") { name score @include(if: $representations) } }';
    expect(await graph.dataOf(condition)).toEqual({ user: { name: 'User 3' } });
    expect(await graph.dataOf(condition, { representations: true })).toEqual({
      user: { name: 'User 3', score: 3 },
    });
  });

  const conditions: readonly (readonly [Fields, Fields])[] = [
    [
      { a: true, b: true },
      { id: '3', rival: { name: 'User 4' } },
    ],
    [
      { a: true, b: false },
      { score: 3, id: '3', rival: { name: 'User 4', score: 4 } },
    ],
    [{ a: false, b: true }, { id: '3' }],
    [
      { a: false, b: false },
      { score: 3, id: '3' },
    ],
  ];
  for (const [variables, user] of conditions) {
    it(`includes and skips by variables: ${JSON.stringify(variables)}`, async () => {
      const query = `query ($a: Boolean!, $b: Boolean!) {
        user(id: "3") {
          score @skip(if: $b)
          id @include(if: true)
          rival @include(if: $a) { name ...R @skip(if: $b) }
          rank @skip(if: true)
        }
      }
      fragment R on User { score }`;
      expect(await graph.dataOf(query, variables)).toEqual({ user });
    });
  }

  it('may call the variable of a condition as JavaScript calls what every object has', async () => {
    for (const name of ['__proto__', 'constructor', 'toString']) {
      const query = `query ($${name}: Boolean = true) { best { id score @include(if: $${name}) } }`;
      const variables = JSON.parse(`{"${name}":false}`) as Fields;
      expect(await graph.dataOf(query), name).toEqual({ best: { id: '5', score: 5 } });
      expect(await graph.dataOf(query, variables), name).toEqual({ best: { id: '5' } });
    }
  });

  it('gives type names under any name, at the root as well', async () => {
    expect(
      await graph.dataOf(
        '{ root: __typename me { a: __typename b: __typename __typename score rival { kind: __typename } } }',
      ),
    ).toEqual({
      root: 'Query',
      me: { a: 'User', b: 'User', __typename: 'User', score: 1, rival: { kind: 'User' } },
    });
  });

  it('merges what is selected twice', async () => {
    const query =
      '{ me { friends(first: 1) { id } } me { friends(first: 1) { name score } rank } }';
    expect(await graph.dataOf(query)).toEqual({
      me: { friends: [{ id: '11', name: 'User 11', score: 11 }], rank: 1 },
    });
  });
});

describe('mutations over several subgraphs', () => {
  const done: string[] = [];
  const doing =
    (name: string) =>
    async (_: unknown, { value }: Fields) => {
      done.push(`${name} begins ${String(value)}`);
      await new Promise((resolve) => setImmediate(resolve));
      done.push(`${name} ends ${String(value)}`);
      if (value === 0) throw new Error(`${name} refuses 0`);
      return { id: `${name}${String(value)}` };
    };
  const graph = serveRemoteSupergraph({
    left: {
      sdl: `
        type Query { things: [Thing!]! }
        type Mutation { left(value: Int!): Thing  must(value: Int!): Thing! }
        type Thing @key(fields: "id") { id: ID!  done: Int }
      `,
      resolvers: {
        Mutation: { left: doing('left'), must: doing('must') },
        Thing: { done: () => done.length },
      },
    },
    right: {
      sdl: `
        type Query { other: Int }
        type Mutation { right(value: Int!): Thing }
        type Thing @key(fields: "id") { id: ID!  seen: Int }
      `,
      resolvers: { Mutation: { right: doing('right') }, Thing: { seen: () => done.length } },
    },
  });

  it('run one after the other, in the order in which they are written', async () => {
    done.length = 0;
    const data = await graph.dataOf(
      'mutation { a: left(value: 1) { id } b: right(value: 2) { id } c: left(value: 3) { id } d: right(value: 4) { id } }',
    );
    expect(data).toEqual({
      a: { id: 'left1' },
      b: { id: 'right2' },
      c: { id: 'left3' },
      d: { id: 'right4' },
    });
    expect(Object.keys(data ?? {})).toEqual(['a', 'b', 'c', 'd']);
    expect(done).toEqual(
      ['left', 'right', 'left', 'right'].flatMap((name, index) => [
        `${name} begins ${index + 1}`,
        `${name} ends ${index + 1}`,
      ]),
    );
  });

  it.each([
    'c: left(value: 1) { id } ...F } fragment F on Mutation { b: left(value: 2) { id } c: left(value: 1) { id } a: left(value: 3) { id }',
    '... on Mutation { c: left(value: 1) { id } } b: left(value: 2) { id } ... { a: left(value: 3) { id } c: left(value: 1) { seen } }',
    '...F b: left(value: 2) { seen } ...G } fragment F on Mutation { c: left(value: 1) { seen } } fragment G on Mutation { ...F a: left(value: 3) { id }',
  ])('and so are those of fragments: %s', async (fields) => {
    done.length = 0;
    const data = await graph.dataOf(`mutation { ${fields} }`);
    expect(Object.keys(data ?? {})).toEqual(['c', 'b', 'a']);
    expect(done.filter((line) => line.includes('begins'))).toEqual(
      [1, 2, 3].map((value) => `left begins ${value}`),
    );
  });

  it('are each completed by other subgraphs', async () => {
    done.length = 0;
    expect(await graph.dataOf('mutation { right(value: 2) { id done seen } }')).toEqual({
      right: { id: 'right2', done: 2, seen: 2 },
    });
  });

  it('go on after one that failed', async () => {
    done.length = 0;
    const { data, errors } = await graph.ask(
      'mutation { a: right(value: 0) { id } b: left(value: 1) { id seen } }',
    );
    expect(data).toEqual({ a: null, b: { id: 'left1', seen: 4 } });
    expect(errors).toMatchObject([{ message: 'right refuses 0', path: ['a'] }]);
  });
});

describe('nulls', () => {
  const graph = serveRemoteSupergraph({
    outer: {
      sdl: `
        type Query { box: Box  boxes: [Box]  full: [Box!]  sure: Box!  other: Int }
        type Box @key(fields: "id") { id: ID!  label: String!  inner: Box  must: Box! }
      `,
      resolvers: {
        Query: {
          box: () => ({ id: '1' }),
          boxes: () => [{ id: '1' }, { id: 'bad' }, { id: '3' }],
          full: () => [{ id: '1' }, { id: 'bad' }],
          sure: () => ({ id: 'bad' }),
          other: () => 7,
        },
        Box: {
          label: ({ id }: Fields) => (id === 'unlabelled' ? null : `Box ${String(id)}`),
          inner: () => ({ id: 'bad' }),
          must: () => ({ id: 'unlabelled' }),
        },
      },
    },
    weights: {
      sdl: `type Box @key(fields: "id") { id: ID!  grams: Int!  light: Int }`,
      resolvers: {
        Box: {
          grams: ({ id }: Fields) => {
            if (id === 'bad') throw new Error('no scales');
            return 5;
          },
          light: ({ id }: Fields) => (id === 'bad' ? null : 1),
        },
      },
    },
  });

  it('of a field that may not be null make the nearest object null that may be', async () => {
    const { data, errors } = await graph.ask(
      '{ box { label inner { label grams } } boxes { grams } }',
    );
    expect(data).toEqual({
      box: { label: 'Box 1', inner: null },
      boxes: [{ grams: 5 }, null, { grams: 5 }],
    });
    expect(errors).toMatchObject([
      { message: 'no scales', path: ['box', 'inner', 'grams'] },
      { message: 'no scales', path: ['boxes', 1, 'grams'] },
    ]);
  });

  it('reach up through lists and the root', async () => {
    const list = await graph.ask('{ full { grams } other }');
    expect(list.data).toEqual({ full: null, other: 7 });
    expect(list.errors).toMatchObject([{ message: 'no scales', path: ['full', 1, 'grams'] }]);
    const root = await graph.ask('{ sure { grams } other }');
    expect(root.data).toBeNull();
    expect(root.errors).toMatchObject([{ message: 'no scales', path: ['sure', 'grams'] }]);
  });

  it('of one subgraph leave the fields of another one', async () => {
    expect(await graph.dataOf('{ boxes { label light } }')).toEqual({
      boxes: [
        { label: 'Box 1', light: 1 },
        { label: 'Box bad', light: null },
        { label: 'Box 3', light: 1 },
      ],
    });
  });

  it('within one subgraph go as far as they do there', async () => {
    const { data, errors } = await graph.ask('{ box { id must { label } } other }');
    expect(data).toEqual({ box: null, other: 7 });
    expect(errors).toMatchObject([{ path: ['box', 'must', 'label'] }]);
  });
});

describe('ids of nodes', () => {
  const graph = serveRemoteSupergraph({
    shop: {
      sdl: `
        type Query { node(id: ID!): Node @shareable }
        interface Node { id: ID! }
        type Item implements Node @key(fields: "id") { id: ID!  price: Int }
        type Client implements Node @key(fields: "id") { id: ID! }
      `,
      resolvers: {
        Query: { node: (_: unknown, { id }: { readonly id: string }) => nodeOf(id) },
        Node: { __resolveType: ({ __typename }: Fields) => String(__typename) },
        Item: { price: () => 5 },
      },
    },
    crm: {
      sdl: `
        type Query { node(id: ID!): Node @shareable }
        interface Node { id: ID! }
        type Client implements Node @key(fields: "id") { id: ID!  name: String }
        type Item implements Node @key(fields: "id") { id: ID! }
      `,
      resolvers: {
        Query: { node: (_: unknown, { id }: { readonly id: string }) => nodeOf(id) },
        Node: { __resolveType: ({ __typename }: Fields) => String(__typename) },
        Client: { name: ({ id }: Fields) => `Client ${String(id)}` },
      },
    },
  });

  function nodeOf(id: string) {
    const [type] = id.split(':');
    return type === 'Nothing' ? null : { __typename: type, id };
  }

  it('lead to an object of any type, which is completed where its fields are', async () => {
    const query = `query ($id: ID!) {
      node(id: $id) { __typename id ... on Item { price } ... on Client { name } }
    }`;
    expect(await graph.dataOf(query, { id: 'Item:1' })).toEqual({
      node: { __typename: 'Item', id: 'Item:1', price: 5 },
    });
    expect(await graph.dataOf(query, { id: 'Client:1' })).toEqual({
      node: { __typename: 'Client', id: 'Client:1', name: 'Client Client:1' },
    });
    expect(await graph.dataOf(query, { id: 'Nothing:1' })).toEqual({ node: null });
  });

  it('lead to several in one operation', async () => {
    expect(
      await graph.dataOf(
        '{ a: node(id: "Item:1") { ... on Item { price } } b: node(id: "Client:2") { ... on Client { name } } }',
      ),
    ).toEqual({ a: { price: 5 }, b: { name: 'Client Client:2' } });
  });
});
