import { crc32 } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sharedTempFolder } from '../foundation/testing/temp-folder.ts';
import type { GraphAnswer } from './testing/ask-graph.ts';
import { expectRefusal } from './testing/expect-refusal.ts';
import { startProjectUntilClosed, type TestProject } from './testing/start-project.ts';

type Row = Readonly<Record<string, unknown>>;

const hostileTexts: readonly string[] = [
  `'; DROP TABLE hub.customer; --`,
  `" OR 1=1 --`,
  `') OR TRUE --`,
  `$1`,
  `%`,
  `_`,
  `\\`,
  `\\'; SELECT 1`,
  'x\u0000y',
  '\u0000',
  '\u2028\u202e',
  '\ud800',
  'x'.repeat(900_000),
];

/** What the whole graph makes of questions that nobody should ask, over the committed data. */
describe('a question', () => {
  const dataDirectory = sharedTempFolder();
  let project: TestProject;
  let names: readonly string[];

  beforeAll(async () => {
    project = await startProjectUntilClosed({ dataDirectory });
    const data = await right('{ customers(first: 10000) { nodes { name } } }');
    names = (data['customers'] as { readonly nodes: readonly Row[] }).nodes.map(({ name }) =>
      String(name),
    );
  });
  afterEach(async () => {
    const query = '{ customers { totalCount } invoices { totalCount } }';
    expect(await right(query)).toEqual({
      customers: { totalCount: 1000 },
      invoices: { totalCount: 2986 },
    });
  });
  afterAll(() => project.server.close());

  async function right(query: string, variables: Row = {}): Promise<Row> {
    const { status, data, errors } = await project.ask(query, variables);
    expect({ status, errors }).toEqual({ status: 200, errors: undefined });
    return data ?? {};
  }

  async function count(where: unknown): Promise<unknown> {
    const query = 'query ($where: CustomerFilter) { customers(where: $where) { totalCount } }';
    return (await right(query, { where }))['customers'];
  }

  describe('with SQL in it', () => {
    const anywhere = `query ($text: String!, $id: ID!) {
      eq: customers(where: { name: { eq: $text } }) { totalCount }
      in: customers(where: { name: { in: [$text, "x"] } }) { totalCount }
      ne: customers(where: { name: { ne: $text } }) { totalCount }
      before: customers(where: { name: { lt: $text } }) { totalCount }
      contains: customers(where: { name: { contains: $text } }) { totalCount }
      ends: customers(where: { name: { endsWithIgnoreCase: $text } }) { totalCount }
      related: invoices(where: { customer: { salesRep: { startsWith: $text } } }) { totalCount }
      having: customersAggregate(groupBy: [{ field: name }], having: { min: { name: { eq: $text } } }) { count }
      id: customer(id: $id) { name }
      ids: customers(where: { id: { in: [$id], contains: $id } }) { totalCount }
    }`;

    it.each(hostileTexts)(
      'as the value of a variable is a text like any other: %#',
      async (text) => {
        const isBefore = (name: string): boolean => compareCharacters(name, text) < 0;
        const found = (matches: (name: string) => boolean) => ({
          totalCount: names.filter(matches).length,
        });
        expect(await right(anywhere, { text, id: text })).toEqual({
          eq: found((name) => name === text),
          in: found((name) => name === text),
          ne: found((name) => name !== text),
          before: found(isBefore),
          contains: found((name) => name.includes(text)),
          ends: found((name) => name.endsWith(text)),
          related: { totalCount: 0 },
          having: [],
          id: null,
          ids: { totalCount: 0 },
        });
      },
    );

    it.each(hostileTexts.filter((text) => !/\ud800/.test(text)))(
      'in its own text is a text like any other: %#',
      async (text) => {
        const literal = JSON.stringify(text);
        const data = await right(
          `{ customers(where: { or: [{ name: { eq: ${literal} } }, { salesRep: { contains: ${literal} } }] }) { totalCount } }`,
        );
        expect(data).toEqual({ customers: { totalCount: 0 } });
      },
    );

    it.each(hostileTexts.filter(({ length }) => length < 100))(
      'is searched for: %#',
      async (text) => {
        const query = `query ($text: String) { customers(search: { text: $text, fields: [name, email] }) { totalCount } }`;
        const { customers } = await right(query, { text });
        expect(customers).toEqual({ totalCount: 0 });
      },
    );

    const refusing: readonly (readonly [string, string, number, string])[] = [
      ['a cursor', '($x: String) { customers(after: $x) { totalCount } }', 200, 'CURSOR_INVALID'],
      [
        'a time zone',
        '($x: String) { customersAggregate(groupBy: [{ field: createdAt, bucket: DAY, timeZone: $x }]) { count } }',
        200,
        'TIME_ZONE_UNKNOWN',
      ],
      [
        'a Decimal',
        '($x: Decimal) { customers(where: { accountValue: { eq: $x } }) { totalCount } }',
        200,
        'WIRE_INPUT_INVALID',
      ],
      [
        'a Date',
        '($x: Date) { invoices(where: { issuedOn: { gt: $x } }) { totalCount } }',
        200,
        'WIRE_INPUT_INVALID',
      ],
      [
        'a DateTime',
        '($x: DateTime) { customers(where: { createdAt: { between: { from: $x, to: $x } } }) { totalCount } }',
        400,
        'GRAPHQL_VALIDATION_FAILED',
      ],
      [
        'an enum of a domain',
        '($x: SupportTierInput) { customers(where: { supportTier: { eq: $x } }) { totalCount } }',
        400,
        'BAD_USER_INPUT',
      ],
      [
        'an order',
        '($x: RowOrder) { customers(orderBy: [{ name: $x }]) { totalCount } }',
        400,
        'BAD_USER_INPUT',
      ],
      [
        'a field to group by',
        '($x: CustomerField) { customersAggregate(groupBy: [{ field: $x }]) { count } }',
        400,
        'BAD_USER_INPUT',
      ],
      [
        'a bucket',
        '($x: TimeBucket) { customersAggregate(groupBy: [{ field: createdAt, bucket: $x }]) { count } }',
        400,
        'BAD_USER_INPUT',
      ],
      [
        'a field to search',
        '($x: CustomerSearchField!) { customers(search: { text: "a", fields: [$x] }) { totalCount } }',
        400,
        'BAD_USER_INPUT',
      ],
    ];
    it.each(refusing)('is refused as %s', async (_, query, status, code) => {
      for (const x of hostileTexts.filter(({ length }) => length < 100)) {
        expectRefusal(await project.ask(`query ${query}`, { x }), status, code);
      }
    });
  });

  describe('with too much in it', () => {
    const numbered = (length: number): readonly string[] =>
      Array.from({ length }, (_, number) => `C${String(number + 1).padStart(7, '0')}`);

    it('has lists of 10,000 values answered, and longer ones than allowed refused', async () => {
      expect(await count({ id: { in: numbered(10_000) } })).toEqual({ totalCount: 1000 });
      expect(await count({ id: { notIn: numbered(10_000) } })).toEqual({ totalCount: 0 });
      const whole = Array.from({ length: 10_000 }, (_, number) => number);
      expect(await count({ lifetimeTickets: { in: whole } })).toEqual(
        await count({ lifetimeTickets: { gte: 0 } }),
      );
      const tiers = Array.from({ length: 10_000 }, () => 'GOLD');
      expect(await count({ supportTier: { in: tiers } })).toEqual({ totalCount: 113 });
      const literals = numbered(10_000).map((id) => `"${id}"`);
      const data = await right(
        `{ customers(where: { id: { in: [${literals.join()}] } }) { totalCount } }`,
      );
      expect(data).toEqual({ customers: { totalCount: 1000 } });
      const query = 'query ($ids: [ID!]) { customers(where: { id: { in: $ids } }) { totalCount } }';
      expectRefusal(
        await project.ask(query, { ids: numbered(20_001) }),
        200,
        'FILTER_LIST_TOO_LONG',
      );
    });

    it.each([62, 63])('has the opposite of the opposite of … answered, %i times', async (times) => {
      const there = { salesRep: { isNull: false } };
      expect(await count(nested('not', times, there))).toEqual({
        totalCount: times % 2 === 0 ? 862 : 138,
      });
    });

    it.each([
      [64, 200, 'FILTER_TOO_DEEP'],
      [240, 200, 'FILTER_TOO_DEEP'],
      [1_000, 400, 'DOCUMENT_TOO_NESTED'],
      [20_000, 400, 'DOCUMENT_TOO_NESTED'],
    ] as const)('is refused for %i nested filters', async (times, status, code) => {
      const variables = `{"where":${'{"not":'.repeat(times)}{}${'}'.repeat(times)}}`;
      const query = 'query ($where: CustomerFilter) { customers(where: $where) { totalCount } }';
      expectRefusal(await post(`{"query":"${query}","variables":${variables}}`), status, code);
      const where = `${'{ not: '.repeat(times)}{}${' }'.repeat(times)}`;
      expectRefusal(
        await project.ask(`{ customers(where: ${where}) { totalCount } }`),
        status,
        code,
      );
    });

    it('is refused for conditions and relations beyond the limit, and right below it', async () => {
      const name = (number: number) => ({ name: { eq: `nobody ${number}` } });
      const filters = Array.from({ length: 2_001 }, (_, number) => name(number));
      expect(await count({ or: filters.slice(1) })).toEqual({ totalCount: 0 });
      const ask = (where: unknown): Promise<GraphAnswer> =>
        project.ask('query ($where: CustomerFilter) { customers(where: $where) { totalCount } }', {
          where,
        });
      expectRefusal(await ask({ or: filters }), 200, 'FILTER_TOO_LARGE');
      const related = (minimum: number) => ({ invoices: { some: { amount: { gt: minimum } } } });
      const many = Array.from({ length: 100 }, (_, number) => related(number));
      expectRefusal(await ask({ and: many }), 200, 'FILTER_TOO_LARGE');
      const there = (levels: number): unknown =>
        levels === 0 ? {} : { invoices: { some: { customer: there(levels - 1) } } };
      expect(await count(there(20))).toEqual({ totalCount: 851 });
      expectRefusal(await ask(there(33)), 200, 'FILTER_TOO_DEEP');
    });

    it.each([
      ['{ customers(search: { text: "a b c d e f g h i" }) { totalCount } }', 'SEARCH_TOO_LONG'],
      [`{ customers(orderBy: [${'{ name: ASC } '.repeat(11)}]) { totalCount } }`, 'ORDER_TOO_LONG'],
      [
        '{ customersAggregate(groupBy: [{ field: id } { field: name } { field: email } { field: createdAt } { field: updatedAt } { field: createdBy } { field: vatNumber } { field: salesRep } { field: supportTier }]) { count } }',
        'GROUP_KEYS_TOO_MANY',
      ],
      [
        `{ customersAggregate { quantiles(at: [${'0.5 '.repeat(500)}]) { accountValue } } }`,
        'QUANTILES_INVALID',
      ],
      [many(101, '{ customers(first: 1000) { nodes { id } } }'), 'ANSWER_TOO_LARGE'],
      [many(101, '{ customersAggregate(groupBy: [{ field: id }]) { count } }'), 'ANSWER_TOO_LARGE'],
      [
        `{ customers(first: 1000) { nodes { ${'invoices { customer { '.repeat(20)} id ${'} } '.repeat(20)} } } }`,
        'ANSWER_TOO_LARGE',
      ],
    ])('is refused with the name of the limit: %#', async (query, code) => {
      expectRefusal(await project.ask(query), 200, code);
    });

    it('is refused where its selections go too deep or its body is too large', async () => {
      const deep = `{ customers { nodes { ${'invoices { customer { '.repeat(40)} id ${'} } '.repeat(40)} } } }`;
      expectRefusal(await project.ask(deep), 400, 'SELECTION_TOO_DEEP');
      const huge = await project.ask('query ($id: ID!) { customer(id: $id) { id } }', {
        id: 'x'.repeat(1_100_000),
      });
      expectRefusal(huge, 413, 'BODY_TOO_LARGE');
    });

    async function post(body: string): Promise<GraphAnswer> {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(`${project.server.url}/graphql`, {
        method: 'POST',
        headers,
        body,
      });
      return { status: response.status, ...((await response.json()) as object) };
    }
  });

  describe('with a page that there is not', () => {
    it.each([
      ['first: -1', 200, 'PAGE_SIZE_INVALID'],
      ['first: 10001', 200, 'PAGE_SIZE_INVALID'],
      ['last: 2147483647', 200, 'PAGE_SIZE_INVALID'],
      ['offset: -1', 200, 'PAGE_OFFSET_INVALID'],
      ['first: 2147483648', 400, 'GRAPHQL_VALIDATION_FAILED'],
      ['offset: -99999999999', 400, 'GRAPHQL_VALIDATION_FAILED'],
      ['first: 1.5', 400, 'GRAPHQL_VALIDATION_FAILED'],
      ['first: "1"', 400, 'GRAPHQL_VALIDATION_FAILED'],
      ['first: 1, last: 1', 200, 'PAGE_ARGUMENTS_CLASH'],
      ['offset: 0, last: 1', 200, 'PAGE_ARGUMENTS_CLASH'],
      ['offset: 0, before: "x"', 200, 'PAGE_ARGUMENTS_CLASH'],
    ] as const)('is refused: %s', async (page, status, code) => {
      expectRefusal(await project.ask(`{ customers(${page}) { totalCount } }`), status, code);
      const related = `{ customers(first: 1) { nodes { invoicesConnection(${page}) { totalCount } } } }`;
      expectRefusal(await project.ask(related), status, code);
    });

    it.each([
      ['limit: -1', 'GROUP_LIMIT_INVALID'],
      ['limit: 10001', 'GROUP_LIMIT_INVALID'],
      ['offset: -1', 'PAGE_OFFSET_INVALID'],
    ])('of groups is refused: %s', async (piece, code) => {
      const query = `{ customersAggregate(groupBy: [{ field: name }], ${piece}) { count } }`;
      expectRefusal(await project.ask(query), 200, code);
    });

    it('behind the end is empty', async () => {
      const query = `{
        rows: customers(offset: 2147483647, first: 10000) { nodes { id } pageInfo { hasNextPage hasPreviousPage } }
        groups: customersAggregate(groupBy: [{ field: name }], offset: 2147483647) { count }
      }`;
      expect(await right(query)).toEqual({
        rows: { nodes: [], pageInfo: { hasNextPage: false, hasPreviousPage: true } },
        groups: [],
      });
    });
  });

  describe('with a cursor', () => {
    const sorted = 'orderBy: [{ accountValue: DESC }, { name: ASC }]';
    const orders = [
      sorted,
      'orderBy: [{ accountValue: DESC }]',
      'orderBy: [{ accountValue: ASC }, { name: ASC }]',
      'orderBy: [{ accountValue: DESC_NULLS_FIRST }, { name: ASC }]',
      'orderBy: [{ accountValue: DESC }, { name: DESC }]',
      'orderBy: [{ name: ASC }, { accountValue: DESC }]',
      'orderBy: [{ invoicesAggregate: { sum: { amount: DESC } } }]',
      'orderBy: [{ invoicesAggregate: { max: { amount: DESC } } }]',
      'search: { text: "an" }',
      'search: { text: "ab" }',
      'where: {}',
    ];

    const cursorOf = async (list: string): Promise<string> => {
      const { list: page } = await right(`{ list: ${list} { edges { cursor } } }`);
      return (
        (page as { readonly edges: readonly { readonly cursor: string }[] }).edges[0]?.cursor ?? ''
      );
    };
    const ask = (list: string, cursor: string): Promise<GraphAnswer> =>
      project.ask(`query ($cursor: String) { ${list} }`, { cursor });
    const after = (order: string): string =>
      `customers(${order}, first: 2, after: $cursor) { nodes { id } }`;

    it('of another order, search or list is refused, by every one of them', async () => {
      const cursors = await Promise.all(
        orders.map((order) => cursorOf(`customers(${order}, first: 1)`)),
      );
      expect(new Set(cursors).size).toBe(orders.length);
      for (const [position, cursor] of cursors.entries()) {
        for (const [other, order] of orders.entries()) {
          const answer = await ask(after(order), cursor);
          if (other === position) expect(answer.errors).toBeUndefined();
          else expectRefusal(answer, 200, 'CURSOR_INVALID');
        }
        const lists = [
          'invoices(first: 1, after: $cursor) { totalCount }',
          'customers(first: 1) { nodes { invoicesConnection(after: $cursor) { totalCount } } }',
        ];
        for (const list of lists) expectRefusal(await ask(list, cursor), 200, 'CURSOR_INVALID');
      }
    });

    it('that was cut or changed anywhere is refused', async () => {
      const cursor = await cursorOf(`customers(${sorted}, first: 1)`);
      const cut = [1, 2, 3, 4, 5, 20].map((characters) => cursor.slice(0, -characters));
      const changed = Array.from({ length: cursor.length }, (_, place) => {
        const other = cursor[place] === 'A' ? 'B' : 'A';
        return `${cursor.slice(0, place)}${other}${cursor.slice(place + 1)}`;
      });
      const longer = ['A', 'AAAA', '=', ' ', '\u0000'].map((more) => cursor + more);
      const texts = [...cut, ...changed, ...longer, ` ${cursor}`, '', 'A'.repeat(900_000)];
      for (const text of texts)
        expectRefusal(await ask(after(sorted), text), 200, 'CURSOR_INVALID');
    });

    it('that somebody made up is a place at most', async () => {
      const [digest] = JSON.parse(
        Buffer.from(await cursorOf(`customers(${sorted}, first: 1)`), 'base64url').toString(
          'utf8',
          5,
        ),
      ) as readonly unknown[];
      const wrong: readonly unknown[] = [
        [digest, "1'; DROP TABLE hub.customer; --", 'x', 'y'],
        [digest, 5, 'x', 'y'],
        [digest, {}, [], null],
        [digest, '-0', 'x', 'y'],
        [digest, 'NaN', 'x', 'y'],
        [digest, '9'.repeat(60), 'x', 'y'],
        [digest, '1'],
        [digest, '1', 'x', 'y', 'z'],
        ['__proto__', '1', 'x', 'y'],
        [],
        {},
        null,
        'text',
        nested('a', 5_000, {}),
      ];
      for (const content of wrong)
        expectRefusal(await ask(after(sorted), forgedCursor(content)), 200, 'CURSOR_INVALID');
      expectRefusal(
        await ask(after(sorted), forgedCursor([digest, '1', 'x', 'y'], 2)),
        200,
        'CURSOR_INVALID',
      );
      const places: readonly unknown[] = [
        [digest, null, null, null],
        [digest, '100', "'; DROP TABLE hub.customer; --", '\u0000'],
        [digest, '-999999999999999999', '\ud800', 'x'.repeat(100_000)],
      ];
      for (const place of places) {
        const { errors } = await ask(after(sorted), forgedCursor(place));
        expect(errors).toBeUndefined();
      }
    });
  });

  it('among many at once gets its own answer', async () => {
    const asked = Array.from({ length: 240 }, async (_, number) => {
      const id = `C${String((number % 1000) + 1).padStart(7, '0')}`;
      switch (number % 8) {
        case 0:
          return expect(await right(`{ customer(id: "${id}") { id } }`)).toEqual({
            customer: { id },
          });
        case 1:
          return expect(await count({ id: { lte: id } })).toEqual({ totalCount: number + 1 });
        case 2:
          return expect(
            await right(`{ customers(offset: ${number}, first: 1) { nodes { id } } }`),
          ).toEqual({
            customers: { nodes: [{ id }] },
          });
        case 3:
          return expectRefusal(
            await project.ask(`{ customers(first: -${number}) { totalCount } }`),
            200,
            'PAGE_SIZE_INVALID',
          );
        case 4:
          return expect(
            await right(`{ customersAggregate(where: { id: { gt: "${id}" } }) { count } }`),
          ).toEqual({ customersAggregate: [{ count: 999 - number }] });
        case 5:
          return expectRefusal(
            await project.ask(`{ customers(after: "${id}") { totalCount } }`),
            200,
            'CURSOR_INVALID',
          );
        case 6:
          return expect(
            await right(
              `{ customers(where: { id: { eq: "${id}" } }) { nodes { id invoices { customer { id } } } } }`,
            ),
          ).toMatchObject({ customers: { nodes: [{ id }] } });
        default:
          return expectRefusal(
            await project.ask(`{ customers { nodes { x${number} } } }`),
            400,
            'GRAPHQL_VALIDATION_FAILED',
          );
      }
    });
    await Promise.all(asked);
  });
});

function compareCharacters(one: string, other: string): number {
  const [a, b] = [Array.from(one), Array.from(other)];
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const difference = (a[index]?.codePointAt(0) ?? 0) - (b[index]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function nested(name: string, times: number, inner: unknown): unknown {
  return times === 0 ? inner : { [name]: nested(name, times - 1, inner) };
}

/** One field many times under different names. */
function many(times: number, query: string): string {
  const field = query.slice(1, -1);
  return `{ ${Array.from({ length: times }, (_, number) => `a${number}: ${field}`).join(' ')} }`;
}

/** As a cursor is written, with a right checksum. */
function forgedCursor(content: unknown, version = 1): string {
  const body = Buffer.from(JSON.stringify(content));
  const header = Buffer.alloc(5);
  header.writeUInt8(version);
  header.writeUInt32BE(crc32(body), 1);
  return Buffer.concat([header, body]).toString('base64url');
}
