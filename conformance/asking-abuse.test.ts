import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sharedTempFolder } from '../foundation/testing/temp-folder.ts';
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
  'x'.repeat(200_000),
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
        400,
        'WIRE_INPUT_INVALID',
      ],
      [
        'a Date',
        '($x: Date) { invoices(where: { issuedOn: { gt: $x } }) { totalCount } }',
        400,
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

  it('among many at once gets its own answer', async () => {
    const asked = Array.from({ length: 240 }, async (_, number) => {
      const id = `C${String(number + 1).padStart(7, '0')}`;
      const good: readonly (readonly [string, Row])[] = [
        [`{ customer(id: "${id}") { id } }`, { customer: { id } }],
        [
          `{ customers(where: { id: { in: ["${id}", "nobody"] } }) { totalCount nodes { id } } }`,
          { customers: { totalCount: 1, nodes: [{ id }] } },
        ],
        [
          `{ customers(offset: ${number}, first: 1, orderBy: [{ id: ASC }]) { nodes { id } } }`,
          { customers: { nodes: [{ id }] } },
        ],
        [
          `{ customersAggregate(groupBy: [{ field: id }], limit: 1, offset: ${number}) { keys { id } } }`,
          { customersAggregate: [{ keys: { id } }] },
        ],
      ];
      const bad: readonly (readonly [string, number, string])[] = [
        [`{ customers(first: -${number + 1}) { totalCount } }`, 200, 'PAGE_SIZE_INVALID'],
        [`{ customers(after: "${id}") { totalCount } }`, 200, 'CURSOR_INVALID'],
        [`{ customers { nodes { x${number} } } }`, 400, 'GRAPHQL_VALIDATION_FAILED'],
      ];
      const [query, answer] = good[number % good.length] ?? ['', {}];
      expect(await right(query)).toEqual(answer);
      const [mistaken, status, code] = bad[number % bad.length] ?? ['', 0, ''];
      expectRefusal(await project.ask(mistaken), status, code);
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
