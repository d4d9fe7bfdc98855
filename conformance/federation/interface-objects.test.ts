import { describe, expect, it } from 'vitest';
import { serveRemoteSupergraph } from '../testing/remote-supergraph.ts';

type Fields = Readonly<Record<string, unknown>>;

describe('an interface object', () => {
  const graph = serveRemoteSupergraph({
    accounts: {
      sdl: `
        type Query { accounts: [Account!]!  admin: Admin }
        interface Account @key(fields: "id") { id: ID!  email: String }
        type Admin implements Account @key(fields: "id") { id: ID!  email: String  level: Int }
        type Guest implements Account @key(fields: "id") { id: ID!  email: String  until: String }
      `,
      resolvers: {
        Query: { accounts: () => [account('A'), account('G')], admin: () => account('A') },
        Account: {
          __resolveType: ({ __typename }: Fields) => String(__typename),
          __resolveReference: ({ id }: Fields) => account(String(id)),
        },
        Admin: { __resolveReference: ({ id }: Fields) => account(String(id)) },
        Guest: { __resolveReference: ({ id }: Fields) => account(String(id)) },
      },
    },
    visits: {
      sdl: `
        type Query { visitors: [Account!]! }
        type Account @key(fields: "id") @interfaceObject {
          id: ID!
          email: String @external
          visits: Int
          greeting(loud: Boolean = false): String @requires(fields: "email")
          friend: Account
        }
      `,
      resolvers: {
        Query: { visitors: () => [{ id: 'G' }, { id: 'A' }] },
        Account: {
          visits: ({ id }: Fields) => (id === 'A' ? 7 : 1),
          greeting: ({ email }: Fields, { loud }: Fields) =>
            `hello ${String(email)}${loud === true ? '!' : ''}`,
          friend: ({ id }: Fields) => ({ id: id === 'A' ? 'G' : 'A' }),
        },
      },
    },
  });

  function account(id: string) {
    return id === 'A'
      ? { __typename: 'Admin', id, email: 'a@x', level: 3 }
      : { __typename: 'Guest', id, email: 'g@x', until: 'noon' };
  }

  it('adds its fields to every type of the interface', async () => {
    expect(
      await graph.dataOf(
        '{ accounts { id visits ... on Admin { level visits } } admin { visits level } }',
      ),
    ).toEqual({
      accounts: [
        { id: 'A', visits: 7, level: 3 },
        { id: 'G', visits: 1 },
      ],
      admin: { visits: 7, level: 3 },
    });
  });

  it('has its own type name nowhere: that of the object is fetched', async () => {
    expect(await graph.dataOf('{ visitors { __typename id visits } }')).toEqual({
      visitors: [
        { __typename: 'Guest', id: 'G', visits: 1 },
        { __typename: 'Admin', id: 'A', visits: 7 },
      ],
    });
  });

  it('is looked up for fragments on a type and for fields that others have', async () => {
    expect(
      await graph.dataOf(
        '{ visitors { visits email ... on Guest { until } ... on Admin { level kind: __typename } } }',
      ),
    ).toEqual({
      visitors: [
        { visits: 1, email: 'g@x', until: 'noon' },
        { visits: 7, email: 'a@x', level: 3, kind: 'Admin' },
      ],
    });
  });

  it('may require fields of the interface, and refer to others of it', async () => {
    expect(
      await graph.dataOf(
        '{ accounts { greeting(loud: true) friend { greeting friend { __typename } } } visitors { greeting } }',
      ),
    ).toEqual({
      accounts: [
        {
          greeting: 'hello a@x!',
          friend: { greeting: 'hello g@x', friend: { __typename: 'Admin' } },
        },
        {
          greeting: 'hello g@x!',
          friend: { greeting: 'hello a@x', friend: { __typename: 'Guest' } },
        },
      ],
      visitors: [{ greeting: 'hello g@x' }, { greeting: 'hello a@x' }],
    });
  });
});

describe('an interface object that several subgraphs extend', () => {
  const object = (fields: string): string =>
    `type Part @key(fields: "id") @interfaceObject { id: ID! ${fields} }`;
  const part = ({ id }: Fields) => ({ __typename: 'Bolt', id, weight: 5, thread: 'M8' });
  const next = ({ id }: Fields) => ({ id: `${String(id)}+` });
  const graph = serveRemoteSupergraph({
    parts: {
      sdl: `
        type Query { part(id: ID!): Part }
        interface Part @key(fields: "id") { id: ID!  weight: Int }
        type Bolt implements Part @key(fields: "id") { id: ID!  weight: Int  thread: String }
        type Nut implements Part @key(fields: "id") { id: ID!  weight: Int  thread: String }
        type Pin implements Part @key(fields: "id") { id: ID!  weight: Int }
      `,
      resolvers: {
        Query: { part: (_: unknown, asked: Fields) => part(asked) },
        Part: { __resolveType: () => 'Bolt', __resolveReference: part },
        Bolt: { __resolveReference: part },
      },
    },
    links: { sdl: object('next: Part  links: Int'), resolvers: { Part: { next, links: () => 2 } } },
    prices: { sdl: object('price: Int'), resolvers: { Part: { price: () => 7 } } },
  });

  it('may be asked for all that is known of it, three levels deep', async () => {
    const all = 'weight links price ... on Bolt { thread }';
    expect(
      await graph.dataOf(`{ part(id: "a") { next { next { next { id ${all} } } } } }`),
    ).toEqual({
      part: {
        next: { next: { next: { id: 'a+++', weight: 5, links: 2, price: 7, thread: 'M8' } } },
      },
    });
  });
});

describe('an error beside an interface object', () => {
  const account = (id: string): Fields => ({
    __typename: id.startsWith('A') ? 'Admin' : 'Guest',
    id,
  });
  const fail = (text: string) => (): never => {
    throw new Error(text);
  };
  const graph = serveRemoteSupergraph({
    accounts: {
      sdl: `
        type Query { accounts: [Account]!  things: [Thing!]! }
        union Thing = Admin | Guest | Stone
        type Stone { id: ID! }
        interface Account @key(fields: "id") { id: ID! }
        type Admin implements Account @key(fields: "id") { id: ID!  level: Int }
        type Guest implements Account @key(fields: "id") { id: ID!  until: String }
      `,
      resolvers: {
        Query: {
          accounts: () => [account('A1'), null, account('G1'), account('G2')],
          things: () => [{ __typename: 'Stone', id: 'G1' }, account('A1'), account('G1')],
        },
        Account: {
          __resolveType: ({ __typename }: Fields) => String(__typename),
          __resolveReference: async ({ id }: Fields) =>
            id === 'G2' ? fail('No such account.')() : account(String(id)),
        },
        Admin: { level: fail('No level.') },
        Guest: { until: fail('No end.') },
        Thing: { __resolveType: ({ __typename }: Fields) => String(__typename) },
      },
    },
    visits: {
      sdl: `
        type Query { visitors: [Account!]! }
        type Account @key(fields: "id") @interfaceObject { id: ID!  visits: Int  first: Visit }
        type Visit { on: String }
      `,
      resolvers: {
        Query: { visitors: () => [{ id: 'G1' }, { id: 'A1' }, { id: 'G2' }] },
        Account: {
          visits: ({ id }: Fields) => (id === 'G2' ? 2 : fail('Not counted.')()),
          first: () => ({ on: fail('Not known.') }),
        },
      },
    },
  });

  async function errorsOf(query: string): Promise<readonly string[]> {
    const { errors = [] } = await graph.ask(query);
    return errors.map(({ path, message }) => `${path?.join('.')}: ${message}`).toSorted();
  }

  it('names its item and its field', async () => {
    expect(await errorsOf('{ accounts { visits } }')).toEqual([
      'accounts.0.visits: Not counted.',
      'accounts.2.visits: Not counted.',
    ]);
  });

  it('names them where it is asked of some items alone', async () => {
    expect(await errorsOf('{ accounts { ... on Guest { first { on } } } }')).toEqual([
      'accounts.2.first.on: Not known.',
      'accounts.3.first.on: Not known.',
    ]);
    expect(await errorsOf('{ things { ... on Account { visits } } }')).toEqual([
      'things.1.visits: Not counted.',
      'things.2.visits: Not counted.',
    ]);
    expect(await errorsOf('{ things { ... on Guest { visits } } }')).toEqual([
      'things.2.visits: Not counted.',
    ]);
  });

  it('names its item where nobody knows of which type it is', async () => {
    expect(await errorsOf('{ visitors { ... on Guest { until } } }')).toEqual([
      'visitors.0.until: No end.',
      'visitors.2: No such account.',
    ]);
  });
});

describe('an interface object that is asked by what some of its types are besides', () => {
  const ofId = ({ id }: Fields) => String(id).slice(0, 1).toUpperCase();
  const found = (reference: Fields) => reference;
  const typed = { __resolveType: ofId };
  const graph = serveRemoteSupergraph({
    types: {
      sdl: `
        interface Named { name: String }
        interface Thing implements Named @key(fields: "id") { id: ID!  name: String }
        interface Timed { t: Int  next: Thing }
        interface Heavy { kg: Int }
        union Rare = E | H
        type Query { timed: Timed }
        type E implements Thing & Named & Timed @key(fields: "id") { id: ID!  name: String  t: Int  next: Thing }
        type G implements Thing & Named & Timed & Heavy @key(fields: "id") {
          id: ID!
          name: String
          t: Int
          next: Thing
          kg: Int
        }
        type H implements Thing & Named @key(fields: "id") { id: ID!  name: String  h: Int }
        type Road implements Named { name: String  lanes: Int }
      `,
      resolvers: {
        Named: typed,
        Timed: typed,
        Heavy: typed,
        Thing: {
          ...typed,
          __resolveReference: (one: Fields) => ({ ...one, __typename: ofId(one) }),
        },
        Query: { timed: () => ({ id: 'e1' }) },
        E: {
          __resolveReference: found,
          name: () => 'an E',
          t: () => 3,
          next: () => ({ id: 'g2' }),
        },
        G: { __resolveReference: found, name: () => 'a G', t: () => 4, kg: () => 9 },
        H: { __resolveReference: found, name: () => 'an H', h: () => 7 },
      },
    },
    facts: {
      sdl: `
        type Thing @key(fields: "id") @interfaceObject { id: ID!  x: Int  other: Thing }
        type Query { thing: Thing  things: [Thing] }
      `,
      resolvers: {
        Thing: { __resolveReference: found, x: () => 5, other: () => ({ id: 'g1' }) },
        Query: {
          thing: () => ({ id: 'e1' }),
          things: () => [{ id: 'e1' }, { id: 'g1' }, null, { id: 'h1' }],
        },
      },
    },
  });

  it.each([
    ['thing { ... on Timed { __typename } }', { thing: { __typename: 'E' } }],
    ['thing { x ... on Timed { n: __typename } }', { thing: { x: 5, n: 'E' } }],
    ['thing { ... on Timed { t } }', { thing: { t: 3 } }],
    ['thing { ... on Timed { t ... on Thing { x } } }', { thing: { t: 3, x: 5 } }],
    ['thing { x ... on Timed { t @skip(if: true) } }', { thing: { x: 5 } }],
    ['thing { ... on Timed { t @skip(if: true) } }', { thing: {} }],
    ['thing { ... on Timed @include(if: false) { t } id }', { thing: { id: 'e1' } }],
    ['thing { ... on Named { name } }', { thing: { name: 'an E' } }],
    ['thing { ... on Named { name ... on Timed { t } } }', { thing: { name: 'an E', t: 3 } }],
    ['thing { ... { ... on Timed { t } } }', { thing: { t: 3 } }],
    ['thing { ... on Named { ... on Road { lanes } } }', { thing: {} }],
    ['thing { x ... on Named { name ... on Road { lanes } } }', { thing: { x: 5, name: 'an E' } }],
    [
      'thing { ... on Named { ... on Named { ... on Road { lanes } } x: name } }',
      { thing: { x: 'an E' } },
    ],
    [
      'thing { ... on Timed { next { ... on Timed { t ... on Heavy { kg } } x } } }',
      { thing: { next: { t: 4, kg: 9, x: 5 } } },
    ],
    [
      'thing { other { ... on Timed { t } ... on Heavy { kg ... on Timed { t2: t } } } }',
      { thing: { other: { t: 4, kg: 9, t2: 4 } } },
    ],
    [
      'timed { t ... on Thing { x ... on Heavy { kg } ... on Rare { ... on E { id } } } }',
      { timed: { t: 3, x: 5, id: 'e1' } },
    ],
    [
      'things { ... on Timed { t } ... on Heavy { kg } ... on Rare { __typename ... on H { h } } }',
      { things: [{ t: 3, __typename: 'E' }, { t: 4, kg: 9 }, null, { __typename: 'H', h: 7 }] },
    ],
  ])('answers { %s }', async (asked, data) => {
    expect(await graph.dataOf(`{ ${asked} }`)).toEqual(data);
  });

  it('answers it by the name of a fragment', async () => {
    const fragments =
      'fragment Times on Timed { t next { ...Times2 } } fragment Times2 on Timed { t ... on Thing { x } }';
    expect(await graph.dataOf(`{ thing { ...Times } things { ...Times2 } } ${fragments}`)).toEqual({
      thing: { t: 3, next: { t: 4, x: 5 } },
      things: [{ t: 3, x: 5 }, { t: 4, x: 5 }, null, {}],
    });
  });

  it('is asked nothing by a named fragment on a type that it never is', async () => {
    expect(
      await graph.dataOf(
        '{ thing { ...All } things { id ...All } } fragment All on Named { name ...OfRoad } fragment OfRoad on Road { lanes }',
      ),
    ).toEqual({
      thing: { name: 'an E' },
      things: [
        { id: 'e1', name: 'an E' },
        { id: 'g1', name: 'a G' },
        null,
        { id: 'h1', name: 'an H' },
      ],
    });
  });

  it('is asked nothing by named fragments of which nothing is left', async () => {
    expect(
      await graph.dataOf(
        `{ thing { ...All x } things { ...Some } }
         fragment All on Named { ... on Thing { ...Some } }
         fragment Some on Named { ... on Thing { ... on Named { ...OfRoad } } }
         fragment OfRoad on Road { lanes }`,
      ),
    ).toEqual({ thing: { x: 5 }, things: [{}, {}, null, {}] });
  });

  it('is refused by a code of its own where its types multiply beyond measure', async () => {
    const nested = (levels: number): string =>
      levels === 0 ? 't' : `t next { ... on Timed { ${nested(levels - 1)} } }`;
    const { errors } = await graph.ask(`{ thing { ... on Timed { ${nested(13)} } } }`);
    expect(errors).toMatchObject([{ extensions: { code: 'QUESTION_TOO_COMPLEX' } }]);
  });
});
