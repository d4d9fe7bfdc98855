import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { serveRemoteSupergraph } from '../testing/remote-supergraph.ts';

interface Key {
  readonly id: string;
}

interface Given {
  readonly of?: number;
  readonly currency?: string | null;
}

/** Says whose field it is and what it was given, so that the answer shows it. */
const told = ({ id }: Key, given: object) => `${id} ${JSON.stringify(given)}`;

const line = (id: string) => ({ id });

/** By their ids; nothing else is found by a key. */
const shops: Readonly<Record<string, object>> = {
  s1: {
    id: 's1',
    currency: 'EUR',
    lines: [line('l1'), line('l2')],
    owner: { name: 'Ann', tags: [{ name: 'kind' }, null, { name: 'old' }] },
    partner: { id: 's2', currency: 'USD', lines: [line('l1')], partner: null },
    shelves: [[line('l1'), null], null, [line('l9')]],
  },
  s2: { id: 's2', currency: 'USD', lines: [line('l2'), null, line('l3')], owner: null },
  s3: { id: 's3', currency: null, lines: [line('l1')], owner: { name: '', tags: [] } },
  s4: { id: 's4', currency: 'EUR', lines: [line('l4')], owner: { name: null, tags: null } },
};

describe('a field with an argument out of the context', () => {
  const graph = serveRemoteSupergraph({
    sales: {
      sdl: `
        type Query { shop: Shop  shops: [Shop]  broken: Shop }
        type Mutation { open(id: ID!): Shop }
        type Subscription { opened: Shop }
        type Shop @key(fields: "id") @context(name: "shop") {
          id: ID!
          currency: String
          region: String @external
          rate(of: String = "EUR"): Int
          lines: [Line]
          shelves: [[Line]]
          partner: Shop
          owner: Owner
        }
        type Owner { name: String  tags: [Tag] }
        type Tag { name: String }
        type Line @key(fields: "id") {
          id: ID!
          weight: Int @external
          price(of: Int, currency: String @fromContext(field: "$shop { currency }")): String
          risky(currency: String @fromContext(field: "$shop { currency }")): String
          sure(currency: String @fromContext(field: "$shop { currency }")): String!
          marks(marks: [String] @fromContext(field: "$shop { owner { tags { name } } }")): String
          both(
            currency: String @fromContext(field: "$shop { currency }")
            of: Int
            owner: String @fromContext(field: "$shop { owner { name } }")
          ): String
          toll(region: String @fromContext(field: "$shop { region }")): String
          freight(region: String @fromContext(field: "$shop { region }")): String
            @requires(fields: "weight")
          rated(rate: Int @fromContext(field: "$shop { rate(of: \\"USD\\") }")): String
          next(currency: String @fromContext(field: "$shop { currency }")): Line
          seller: Shop
        }
      `,
      resolvers: {
        Query: {
          shop: () => shops['s1'],
          shops: () => [shops['s1'], shops['s2'], null, shops['s3'], shops['s4']],
          broken: () => ({
            ...shops['s1'],
            currency: () => {
              throw new Error('nobody knows');
            },
          }),
        },
        Mutation: { open: (_: unknown, { id }: Key) => shops[id] },
        Subscription: {
          opened: {
            async *subscribe() {
              yield { opened: shops['s1'] };
              await sleep(1);
              yield { opened: shops['s2'] };
            },
          },
        },
        Shop: {
          __resolveReference: ({ id }: Key) => shops[id],
          rate: (_: unknown, { of }: { readonly of: string }) => of.charCodeAt(0),
        },
        Line: {
          __resolveReference: (reference: Key) => reference,
          price: told,
          risky: (own: Key, given: Given) => {
            if (given.currency === 'USD' && own.id === 'l2') throw new Error('no dollars');
            return told(own, given);
          },
          sure: (own: Key, given: Given) => (given.currency === null ? null : told(own, given)),
          marks: told,
          both: told,
          toll: told,
          rated: told,
          freight: (own: Key & { readonly weight: number }, given: object) =>
            `${told(own, given)} ${own.weight}`,
          next: ({ id }: Key, { currency }: Given) => ({ id: `${id}-${currency}` }),
          seller: ({ id }: Key) => (id === 'l1' ? shops['s2'] : null),
        },
      },
    },
    stock: {
      sdl: `
        type Query { stocked: Shop }
        type Shop @key(fields: "id") { id: ID!  lines2: [Line] }
        type Line @key(fields: "id") { id: ID!  weight: Int  bundle: [Line] }
      `,
      resolvers: {
        Query: { stocked: () => line('s2') },
        Shop: { lines2: () => [line('l7'), line('l8')] },
        Line: {
          weight: ({ id }: Key) => Number(id.slice(1)),
          bundle: ({ id }: Key) => [line(`${id}a`), line(`${id}b`)],
        },
      },
    },
    regions: {
      sdl: `type Shop @key(fields: "id") { id: ID!  region: String }`,
      resolvers: { Shop: { region: ({ id }: Key) => (id === 's3' ? null : `region of ${id}`) } },
    },
  });

  const price = (id: string, currency: string | null) => ({
    price: told(line(id), { currency }),
  });

  it('is given what the object around it has', async () => {
    expect(await graph.dataOf('{ shop { lines { price } } }')).toEqual({
      shop: { lines: [price('l1', 'EUR'), price('l2', 'EUR')] },
    });
  });

  it('is given what each object around it has, a null too, in one request', async () => {
    graph.forget();
    expect((await graph.askOnce('{ shops { lines { price(of: 2) weight } } }')).data).toEqual({
      shops: [
        { lines: [priced('l1', 'EUR'), priced('l2', 'EUR')] },
        { lines: [priced('l2', 'USD'), null, priced('l3', 'USD')] },
        null,
        { lines: [priced('l1', null)] },
        { lines: [priced('l4', 'EUR')] },
      ],
    });
    const [, entities, ...more] = graph.received('sales');
    expect(more).toEqual([]);
    expect(entities?.query.match(/_entities\(/g)).toHaveLength(3);
    expect(entities?.variables).toMatchObject({ contextualArgument_2_5: 'EUR' });

    function priced(id: string, currency: string | null) {
      return { price: told(line(id), { of: 2, currency }), weight: Number(id.slice(1)) };
    }
  });

  it('has its own value at each place where the same entity is', async () => {
    const query =
      '{ shop { lines { id price } partner { lines { id price } } } stocked { lines { price } } }';
    expect(await graph.dataOf(query)).toEqual({
      shop: {
        lines: [
          { id: 'l1', ...price('l1', 'EUR') },
          { id: 'l2', ...price('l2', 'EUR') },
        ],
        partner: { lines: [{ id: 'l1', ...price('l1', 'USD') }] },
      },
      stocked: { lines: [price('l2', 'USD'), null, price('l3', 'USD')] },
    });
  });

  it('is given what the nearest of several objects has, at each level of one question', async () => {
    const query = `{ shop { lines {
      price
      seller { lines { price } partner { id } }
    } } }`;
    expect(await graph.dataOf(query)).toEqual({
      shop: {
        lines: [
          {
            ...price('l1', 'EUR'),
            seller: { lines: [price('l2', 'USD'), null, price('l3', 'USD')], partner: null },
          },
          { ...price('l2', 'EUR'), seller: null },
        ],
      },
    });
  });

  it('is given it over other objects and other subgraphs in between', async () => {
    const query = '{ shops { lines { bundle { price bundle { id price } } } lines2 { price } } }';
    const { shops: found } = (await graph.dataOf(query)) as { readonly shops: readonly object[] };
    const bundle = (id: string, currency: string | null) =>
      ['a', 'b'].map((end) => ({
        ...price(`${id}${end}`, currency),
        bundle: ['a', 'b'].map((more) => ({
          id: `${id}${end}${more}`,
          ...price(`${id}${end}${more}`, currency),
        })),
      }));
    expect(found[3]).toEqual({
      lines: [{ bundle: bundle('l1', null) }],
      lines2: [price('l7', null), price('l8', null)],
    });
    expect(found[1]).toEqual({
      lines: [{ bundle: bundle('l2', 'USD') }, null, { bundle: bundle('l3', 'USD') }],
      lines2: [price('l7', 'USD'), price('l8', 'USD')],
    });
  });

  it('waits for what a third subgraph has, and for what it requires besides', async () => {
    expect(await graph.dataOf('{ stocked { lines { toll freight } } }')).toEqual({
      stocked: {
        lines: [
          {
            toll: told(line('l2'), { region: 'region of s2' }),
            freight: `${told(line('l2'), { region: 'region of s2' })} 2`,
          },
          null,
          {
            toll: told(line('l3'), { region: 'region of s2' }),
            freight: `${told(line('l3'), { region: 'region of s2' })} 3`,
          },
        ],
      },
    });
    const query = '{ shops { lines { bundle { toll } } } }';
    expect(JSON.stringify(await graph.dataOf(query))).toBe(
      JSON.stringify({
        shops: [
          { lines: [tolls('l1', 'region of s1'), tolls('l2', 'region of s1')] },
          { lines: [tolls('l2', 'region of s2'), null, tolls('l3', 'region of s2')] },
          null,
          { lines: [tolls('l1', null)] },
          { lines: [tolls('l4', 'region of s4')] },
        ],
      }),
    );

    function tolls(id: string, region: string | null) {
      return { bundle: ['a', 'b'].map((end) => ({ toll: told(line(id + end), { region }) })) };
    }
  });

  it('is given lists of what is in lists, and nulls as they are', async () => {
    const marks = (id: string, given: unknown) => ({ marks: told(line(id), { marks: given }) });
    expect(await graph.dataOf('{ shops { lines { marks } } }')).toEqual({
      shops: [
        { lines: [marks('l1', ['kind', null, 'old']), marks('l2', ['kind', null, 'old'])] },
        { lines: [marks('l2', null), null, marks('l3', null)] },
        null,
        { lines: [marks('l1', [])] },
        { lines: [marks('l4', null)] },
      ],
    });
  });

  it('is given several values, beside what the client gives', async () => {
    const both = (id: string, given: object) => ({ both: told(line(id), given) });
    expect(
      await graph.dataOf('query ($of: Int) { shops { lines { both(of: $of) } } }', { of: 7 }),
    ).toEqual({
      shops: [
        {
          lines: ['l1', 'l2'].map((id) => both(id, { currency: 'EUR', of: 7, owner: 'Ann' })),
        },
        {
          lines: [
            both('l2', { currency: 'USD', of: 7, owner: null }),
            null,
            both('l3', { currency: 'USD', of: 7, owner: null }),
          ],
        },
        null,
        { lines: [both('l1', { currency: null, of: 7, owner: '' })] },
        { lines: [both('l4', { currency: 'EUR', of: 7, owner: null })] },
      ],
    });
  });

  it('comes in lists of lists', async () => {
    expect(await graph.dataOf('{ shop { shelves { price } } }')).toEqual({
      shop: { shelves: [[price('l1', 'EUR'), null], null, [price('l9', 'EUR')]] },
    });
  });

  it('may lead to an object, below which others have contexts', async () => {
    expect(
      await graph.dataOf('{ shops { id lines { next { price next { id } } } } }'),
    ).toMatchObject({
      shops: [
        { lines: [{ next: { ...price('l1-EUR', 'EUR'), next: { id: 'l1-EUR-EUR' } } }, {}] },
        { lines: [{ next: { ...price('l2-USD', 'USD'), next: { id: 'l2-USD-USD' } } }, null, {}] },
        null,
        { lines: [{ next: { ...price('l1-null', null), next: { id: 'l1-null-null' } } }] },
        {},
      ],
    });
  });

  it('is not misled by aliases of the client', async () => {
    const query = `{ shop {
      currency: id
      contextualArgument_2_4: currency
      ...Lines
    } }
    fragment Lines on Shop { owner: lines { id: price(of: 1) price: price(of: 2) both: id } partner { currency lines { currency: price } } }`;
    expect(await graph.dataOf(query)).toEqual({
      shop: {
        currency: 's1',
        contextualArgument_2_4: 'EUR',
        owner: ['l1', 'l2'].map((id) => ({
          id: told(line(id), { of: 1, currency: 'EUR' }),
          price: told(line(id), { of: 2, currency: 'EUR' }),
          both: id,
        })),
        partner: {
          currency: 'USD',
          lines: [{ currency: told(line('l1'), { currency: 'USD' }) }],
        },
      },
    });
  });

  it('is not misled by variables of the client', async () => {
    const query = `query ($contextualArgument_2_4: Int, $contextualArgument_2_4_: Int) { shop { lines {
      price(of: $contextualArgument_2_4) sure two: both(of: $contextualArgument_2_4_)
    } } }`;
    const variables = {
      contextualArgument_2_4: 4,
      contextualArgument_2_4_: 5,
      contextualArgument_2_0: 'injected',
      contextualArgument_2_6: 'injected',
    };
    const data = await graph.dataOf(query, variables);
    expect(data).toMatchObject({
      shop: {
        lines: [
          {
            price: told(line('l1'), { of: 4, currency: 'EUR' }),
            sure: told(line('l1'), { currency: 'EUR' }),
            two: told(line('l1'), { currency: 'EUR', of: 5, owner: 'Ann' }),
          },
          {},
        ],
      },
    });
    expect(JSON.stringify(data)).not.toContain('injected');
  });

  it('gets its own value where the client asks for the source with other arguments', async () => {
    const rated = (id: string) => ({ rated: told(line(id), { rate: 'USD'.charCodeAt(0) }) });
    expect(await graph.dataOf('{ shop { rate rates: rate(of: "GBP") lines { rated } } }')).toEqual({
      shop: { rate: 69, rates: 71, lines: [rated('l1'), rated('l2')] },
    });
  });

  it('follows conditions and fragments', async () => {
    const query = `query ($yes: Boolean!) {
      shops { ... @include(if: $yes) { lines { ...Price @skip(if: $yes) bundle @skip(if: $yes) { ...Price } } } lines { price @include(if: $yes) id } }
    }
    fragment Price on Line { price id }`;
    for (const yes of [true, false]) {
      const data = (await graph.dataOf(query, { yes })) as { readonly shops: readonly object[] };
      expect(data.shops[1]).toEqual({
        lines: yes
          ? [{ ...price('l2', 'USD'), id: 'l2' }, null, { ...price('l3', 'USD'), id: 'l3' }]
          : [{ id: 'l2' }, null, { id: 'l3' }],
      });
    }
  });

  it('is none that clients could give', async () => {
    const { data } = await graph.ask('{ __type(name: "Line") { fields { name args { name } } } }');
    expect(JSON.stringify(data)).not.toMatch(/currency|region|marks"}|owner/);
    const { errors } = await graph.ask('{ shop { lines { price(currency: "GBP") } } }');
    expect(errors?.[0]?.message).toMatch(/Unknown argument "currency"/);
    const { data: names } = await graph.ask('{ __schema { types { name } directives { name } } }');
    expect(JSON.stringify(names)).not.toMatch(/context/i);
  });

  it('has its errors at its own place, though the entity is elsewhere too', async () => {
    const { data, errors } = await graph.ask('{ shops { lines { risky } } }');
    expect(data).toMatchObject({
      shops: [
        { lines: [{}, { risky: told(line('l2'), { currency: 'EUR' }) }] },
        { lines: [{ risky: null }, null, { risky: told(line('l3'), { currency: 'USD' }) }] },
        null,
        {},
        {},
      ],
    });
    expect(errors).toMatchObject([
      { message: 'no dollars', path: ['shops', 1, 'lines', 0, 'risky'] },
    ]);
    expect(errors).toHaveLength(1);
  });

  it('leaves out no more than its object where it may not be null', async () => {
    const { data, errors } = await graph.ask('{ shops { id lines { sure } } }');
    expect(data).toMatchObject({
      shops: [{}, {}, null, { id: 's3', lines: [null] }, { id: 's4' }],
    });
    expect(errors).toMatchObject([{ path: ['shops', 3, 'lines', 0, 'sure'] }]);
  });

  it('is given null where its source has failed, which has an error of its own', async () => {
    expect(await graph.ask('{ broken { lines { price } } }')).toMatchObject({
      data: { broken: { lines: [price('l1', null), price('l2', null)] } },
      errors: [{ message: 'nobody knows', path: ['broken'] }],
    });
  });

  it('comes with mutations', async () => {
    expect(
      await graph.dataOf(
        'mutation { one: open(id: "s1") { lines { price } } two: open(id: "s2") { lines { price toll } } }',
      ),
    ).toEqual({
      one: { lines: [price('l1', 'EUR'), price('l2', 'EUR')] },
      two: {
        lines: [
          { ...price('l2', 'USD'), toll: told(line('l2'), { region: 'region of s2' }) },
          null,
          { ...price('l3', 'USD'), toll: told(line('l3'), { region: 'region of s2' }) },
        ],
      },
    });
  });

  it('comes with the events of a subscription, each with its own', async () => {
    const stream = await graph.subscribe('subscription { opened { lines { price } } }');
    expect(await stream.nextEvent()).toMatchObject({
      data: { data: { opened: { lines: [price('l1', 'EUR'), price('l2', 'EUR')] } } },
    });
    expect(await stream.nextEvent()).toMatchObject({
      data: { data: { opened: { lines: [price('l2', 'USD'), null, price('l3', 'USD')] } } },
    });
    stream.hangUp();
  });

  it('is not shared between requests that are under way together', async () => {
    const query = (id: string) => `mutation { open(id: "${id}") { lines { price } } }`;
    const answers = await Promise.all(
      ['s1', 's2', 's1', 's3'].map((id) => graph.dataOf(query(id))),
    );
    expect(answers).toMatchObject([
      { open: { lines: [price('l1', 'EUR'), {}] } },
      { open: { lines: [price('l2', 'USD'), null, {}] } },
      { open: { lines: [price('l1', 'EUR'), {}] } },
      { open: { lines: [price('l1', null)] } },
    ]);
  });
});

describe('a context of several types', () => {
  const offer = (id: string) => ({ id });
  const offices: Readonly<Record<string, object>> = {
    p1: { __typename: 'Pub', id: 'p1', town: 'York', offers: [offer('o1')], size: 0 },
    c1: { __typename: 'Cafe', id: 'c1', city: 'Bath', offers: [offer('o1')], size: 2 },
    h1: { __typename: 'Hall', id: 'h1', offers: [offer('o1')], size: 3 },
  };
  const all = ['p1', 'c1', 'h1'].map((id) => offices[id]);
  const graph = serveRemoteSupergraph({
    towns: {
      sdl: `
        scalar Long
        enum Mood { GLAD SAD }
        type Query @context(name: "place") @context(name: "whole") {
          land: String
          moods: [Mood!]!
          number: Long
          flag: Boolean
          places: [Place]
          sights: [Sight]
          pub: Pub
          halls: [Hall]
        }
        interface Sized @context(name: "sized") { size: Int }
        union Place @context(name: "town") = Pub | Cafe
        interface Sight { id: ID!  offers: [Offer] }
        type Pub implements Sight & Sized @key(fields: "id") @context(name: "place") {
          id: ID!  town: String  size: Int  offers: [Offer]
        }
        type Cafe implements Sight & Sized @key(fields: "id") @context(name: "place") {
          id: ID!  city: String  size: Int  offers: [Offer]
        }
        type Hall implements Sight & Sized @key(fields: "id") {
          id: ID!  size: Int  offers: [Offer]
        }
        type Offer @key(fields: "id") {
          id: ID!
          at(at: String @fromContext(
            field: "$place ... on Pub { town } ... on Cafe { city } ... on Query { land }"
          )): String
          told(
            moods: [Mood] @fromContext(field: "$whole { moods }")
            number: Long @fromContext(field: "$whole { number }")
            flag: Boolean @fromContext(field: "$whole { flag }")
          ): String
        }
        type Room @key(fields: "id") {
          id: ID!
          big(size: Int @fromContext(field: "$sized { size }")): String
          named(name: String @fromContext(
            field: "$town ... on Pub { town } ... on Cafe { city }"
          )): String
        }
      `,
      resolvers: {
        Query: {
          land: () => 'Wales',
          moods: () => ['SAD', 'GLAD'],
          number: () => 0,
          flag: () => false,
          places: () => [offices['p1'], null, offices['c1'], offices['p1']],
          sights: () => all,
          pub: () => offices['p1'],
          halls: () => [offices['h1'], offices['h1']],
        },
        Offer: { at: told, told },
        Room: { big: told, named: told },
      },
    },
    rooms: {
      sdl: `
        type Pub @key(fields: "id") { id: ID!  room: Room  rooms: [[Room]] }
        type Cafe @key(fields: "id") { id: ID!  room: Room }
        type Room @key(fields: "id") { id: ID!  seats: Int }
      `,
      resolvers: {
        Pub: { room: () => ({ id: 'r1' }), rooms: () => [[{ id: 'r2' }, null], []] },
        Cafe: { room: () => ({ id: 'r1' }) },
        Room: { seats: ({ id }: Key) => Number(id.slice(1)) },
      },
    },
  });

  const at = (where: string | null) => ({ offers: [{ at: told(offer('o1'), { at: where }) }] });
  const room = (id: string, size: number, name: string) => ({
    big: told({ id }, { size }),
    named: told({ id }, { name }),
    seats: Number(id.slice(1)),
  });

  it('gives what the type that is there has of it', async () => {
    const query = `{
      places { ... on Pub { offers { at } } ... on Cafe { offers { at } } }
      sights { ... on Pub { offers { at } } ... on Hall { offers { at } } ...Cafe }
      halls { offers { at } }
    }
    fragment Cafe on Cafe { id offers { at } }`;
    expect(await graph.dataOf(query)).toEqual({
      places: [at('York'), null, at('Bath'), at('York')],
      sights: [at('York'), { id: 'c1', ...at('Bath') }, at('Wales')],
      halls: [at('Wales'), at('Wales')],
    });
  });

  it('may be of a union or an interface, and of objects that another subgraph leads to', async () => {
    const query = `{
      pub { room { big named seats } rooms { big named seats } }
      places {
        ... on Pub { room { big named seats } }
        ... on Cafe { room { big named seats } }
      }
    }`;
    expect(await graph.dataOf(query)).toEqual({
      pub: { room: room('r1', 0, 'York'), rooms: [[room('r2', 0, 'York'), null], []] },
      places: [
        { room: room('r1', 0, 'York') },
        null,
        { room: room('r1', 2, 'Bath') },
        { room: room('r1', 0, 'York') },
      ],
    });
  });

  it('may be of the root, and gives lists, enums, scalars, 0 and false as they are', async () => {
    const given = { moods: ['SAD', 'GLAD'], number: 0, flag: false };
    expect(await graph.dataOf('{ halls { offers { told } } }')).toEqual({
      halls: [
        { offers: [{ told: told(offer('o1'), given) }] },
        { offers: [{ told: told(offer('o1'), given) }] },
      ],
    });
  });
});

describe('a context in a plan that the planner mixes up', () => {
  const parts = [{ id: 'p2' }, { id: 'p3' }];
  const graph = serveRemoteSupergraph({
    works: {
      sdl: `
        type Query { bench: Bench  benches: [Bench] }
        type Tool @key(fields: "id") { id: ID!  parts: [Part] }
        type Bench @key(fields: "id") @context(name: "above") { id: ID!  label: String  part: Part }
        type Part @key(fields: "id") @context(name: "above") {
          id: ID!
          label: String @external
          heavy(unit: String): Int @external
          parts: [Part]
          from(label: String @fromContext(field: "$above { label }")): String
          kilos(label: String @fromContext(field: "$above { label }")): String
            @requires(fields: "heavy(unit: \\"kg\\")")
          pounds(label: String @fromContext(field: "$above { label }")): String
            @requires(fields: "heavy(unit: \\"lb\\")")
        }
      `,
      resolvers: {
        Query: {
          bench: () => ({ id: 'b1', label: 'bench', part: { id: 'p1' } }),
          benches: () => [
            { id: 'b1', label: 'bench', part: { id: 'p1' } },
            { id: 'b2', label: 'stool', part: { id: 'p1' } },
          ],
        },
        Tool: { parts: () => [{ id: 'p9' }] },
        Part: {
          __resolveReference: (reference: Key) => reference,
          parts: ({ id }: Key) => (id === 'p1' ? parts : []),
          from: told,
          kilos: (part: Key & { readonly heavy: number }, given: object) =>
            `${told(part, given)} ${part.heavy}`,
          pounds: (part: Key & { readonly heavy: number }, given: object) =>
            `${told(part, given)} ${part.heavy}`,
        },
      },
    },
    makers: {
      sdl: `
        type Bench @key(fields: "id") { id: ID!  second: Part  items: [Item] }
        union Item = Part | Tool
        type Tool @key(fields: "id") { id: ID!  label: String }
        type Part @key(fields: "id") {
          id: ID!  code: String  label: String  heavy(unit: String): Int
        }
      `,
      resolvers: {
        Bench: {
          second: () => ({ id: 'p1' }),
          items: () => [
            { __typename: 'Tool', id: 't1', label: 'tool' },
            { __typename: 'Part', id: 'p1', label: 'part p1' },
          ],
        },
        Part: {
          label: ({ id }: Key) => `part ${id}`,
          heavy: ({ id }: Key, { unit }: { readonly unit: string }) =>
            Number(id.slice(1)) * (unit === 'kg' ? 10 : 22),
        },
      },
    },
  });

  const from = (id: string, label: string) => ({ from: told({ id }, { label }) });

  it('is that of each object, where an entity has one and is in one itself', async () => {
    const below = { parts: [from('p2', 'part p1'), from('p3', 'part p1')] };
    expect(await graph.dataOf('{ bench { second { from parts { from } } } }')).toEqual({
      bench: { second: { ...from('p1', 'bench'), ...below } },
    });
    expect(
      await graph.dataOf('{ benches { second { parts { from } from } part { from } } }'),
    ).toEqual({
      benches: ['bench', 'stool'].map((label) => ({
        second: { ...from('p1', label), ...below },
        part: from('p1', label),
      })),
    });
  });

  it('is none of an entity that only looks as if it had one', async () => {
    const query = `{ bench { items {
      ... on Tool { label parts { from } }
      ... on Part { label parts { from } }
    } } }`;
    expect(await graph.dataOf(query)).toEqual({
      bench: {
        items: [
          { label: 'tool', parts: [from('p9', 'bench')] },
          { label: 'part p1', parts: [from('p2', 'part p1'), from('p3', 'part p1')] },
        ],
      },
    });
  });

  it('comes beside fields that require one field with other arguments', async () => {
    const both = (id: string, label: string) => ({
      kilos: `${told({ id }, { label })} ${Number(id.slice(1)) * 10}`,
      pounds: `${told({ id }, { label })} ${Number(id.slice(1)) * 22}`,
    });
    const query =
      '{ benches { part { kilos pounds heavy(unit: "lb") parts { pounds kilos from } } } }';
    expect(await graph.dataOf(query)).toEqual({
      benches: ['bench', 'stool'].map((label) => ({
        part: {
          ...both('p1', label),
          heavy: 22,
          parts: ['p2', 'p3'].map((id) => ({ ...both(id, 'part p1'), ...from(id, 'part p1') })),
        },
      })),
    });
  });

  it('is told where the answer is explained, with the one fetch that it is', async () => {
    const { extensions } = await graph.ask(
      '{ benches { part { from } } }',
      {},
      { 'x-tributary-explain': 'true' },
    );
    const { explain } = (extensions ?? {})['tributary'] as {
      readonly explain: { readonly plan: string; readonly fetches: readonly object[] };
    };
    expect(explain.fetches).toMatchObject([{ subgraph: 'works' }, { subgraph: 'works' }]);
    expect(explain.plan).toContain('from(label: $contextualArgument_2_0)');
    expect(explain.plan).toContain('benches.@.part: $contextualArgument_2_0 is ../label of Bench');
  });
});
