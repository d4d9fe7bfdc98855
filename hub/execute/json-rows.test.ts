import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedTempFolder } from '../../foundation/testing/temp-folder.ts';
import { identifier, sql, table, value, type LakeValue } from '../../lake/sql.ts';
import { projectionsOf } from '../../mapping/projection.ts';
import { JsonText } from '../../wire/json-text.ts';
import type { WireOptions } from '../../wire/to-wire.ts';
import { openHub, type TestHub } from '../testing/open-hub.ts';

const domains = {
  catalog: `
    scalar Decimal
    scalar Date
    scalar DateTime
    scalar BigInt
    enum Colour { RED GREEN }
    type Thing @key(fields: "id") @table {
      id: ID!
      number: ID @column(type: "BIGINT")
      title: String!
      count: Int
      wide: Int @column(type: "BIGINT")
      big: BigInt
      ratio: Float
      isNew: Boolean
      price: Decimal @column(type: "DECIMAL(18,2)")
      exact: Decimal @column(type: "DECIMAL(38,16)")
      cents: Decimal @column(type: "DECIMAL(9,2)")
      colour: Colour
      day: Date
      moment: DateTime
      tags: [String!]
    }
    type Query { thing(id: ID!): Thing }`,
};

const header =
  'id,number,title,count,wide,big,ratio,is_new,price,exact,cents,colour,day,moment,tags';
const texts = ['plain', 'Ann "A"', 'back\\slash', 'tab\there', '慕容', '', "O'Neil", '🎈'];
const moments = [
  '2024-03-31T01:00:00Z',
  '2024-03-31T01:00:00.5Z',
  '2024-03-31T01:00:00.000001Z',
  '0001-01-01T00:00:00Z',
  '1969-12-31T23:59:59.123456Z',
];
const rowCount = 400;

function csvRow(number: number): string {
  const of = <Value>(values: readonly Value[]): Value | '' => values[number % values.length] ?? '';
  const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  const isEmpty = number % 11 === 0;
  const rest = isEmpty
    ? ',,,,,,,,,,,'
    : [
        number - 200,
        number * 5_000_000,
        `${number}007199254740993`,
        of([0, -1.5, 1e21, 1e-7, 123456.789]),
        number % 2 === 0,
        of(['0.00', '12.50', '-0.01', '9999999999999.99']),
        of(['0', '1.0000000001', '-12.5']),
        of(['1.10', '-3.00']),
        of(['RED', 'GREEN']),
        of(['2024-02-29', '0001-01-01', '9999-12-31']),
        of(moments),
        '"[a, b]"',
      ].join(',');
  return `T${number},${number},${quote(of(texts))},${rest}\n`;
}

const fields =
  'type: __typename id number title count wide big ratio isNew price cents colour day moment';
const list = (selection: string, more = 'first: 300'): string =>
  `{ things(${more}) { nodes { ${selection} } pageInfo { hasNextPage endCursor } totalCount } }`;

describe('the nodes of a large page', () => {
  const directory = sharedTempFolder();
  let hub: TestHub;
  beforeAll(async () => {
    const rows = Array.from({ length: rowCount }, (_, index) => csvRow(index + 1)).join('');
    hub = await openHub({
      directory,
      domains,
      rows: { 'catalog/thing.csv': `${header}\n${rows}` },
    });
  });
  afterAll(() => hub.close());

  /** The answer by both ways, and whether the lake wrote the nodes. */
  async function askBoth(query: string, wire: WireOptions = { decimals: 'number' }) {
    const shaped = await hub.hub.execute({ query, wire });
    const written = await hub.hub.execute({ query, wire, takesJsonText: true });
    const { nodes } = (written.data?.['things'] ?? {}) as { readonly nodes?: unknown };
    return {
      isText: nodes instanceof JsonText,
      shaped: JSON.parse(JSON.stringify(shaped)) as unknown,
      written: JSON.parse(JSON.stringify(written)) as unknown,
    };
  }

  it.each([
    ['in the default order', list(fields)],
    ['behind a filter', list(fields, 'first: 300, where: { count: { gt: -150 } }')],
    ['sorted', list(fields, 'first: 250, orderBy: [{ price: DESC }, { title: ASC }]')],
    ['backward', list(fields, 'last: 250, orderBy: [{ moment: ASC_NULLS_FIRST }]')],
    ['searched', list(fields, 'first: 250, search: { text: "ann" }')],
    ['past an offset', list(fields, 'first: 250, offset: 390')],
    ['of one field under two names', list('a: title b: title')],
    ['without its ends', `{ things(first: 300) { nodes { ${fields} } } }`],
    [
      'sorted and backward without its ends',
      `{ things(last: 250, orderBy: [{ price: DESC }, { colour: ASC_NULLS_FIRST }]) { nodes { ${fields} } totalCount } }`,
    ],
    ['at the end of the list without its ends', `{ things(first: 9000) { nodes { ${fields} } } }`],
  ])('is written by the lake as it would be shaped: %s', async (_, query) => {
    const { isText, shaped, written } = await askBoth(query);
    expect(isText).toBe(true);
    expect(written).toEqual(shaped);
  });

  it('has decimals as text where that is asked for', async () => {
    const query = list(`${fields} exact`);
    const { isText, shaped, written } = await askBoth(query, { decimals: 'string' });
    expect(isText).toBe(true);
    expect(written).toEqual(shaped);
  });

  it.each([
    ['a small page', list(fields, 'first: 100')],
    ['a list in a row', list('id tags')],
    ['digits that only the value itself can tell', list('id exact')],
    ['edges', '{ things(first: 300) { nodes { id } edges { cursor } } }'],
    ['nodes twice', '{ things(first: 300) { nodes { id } more: nodes { title } } }'],
  ])('is shaped value by value where it has to be: %s', async (_, query) => {
    const { isText, shaped, written } = await askBoth(query);
    expect(isText).toBe(false);
    expect(written).toEqual(shaped);
  });

  describe('with a value in it that no answer can have', () => {
    const change = async (column: string, changed: LakeValue): Promise<void> => {
      const name = projectionsOf(hub.model).get('Thing')?.table ?? '';
      await hub.lake.write((tx) =>
        tx.run(
          sql`UPDATE ${table('hub', name)} SET ${identifier(column)} = ${value(changed)} WHERE id = ${value('T7')}`,
        ),
      );
    };

    it.each([
      ['a colour that is none', 'colour', 'BLUE'],
      ['a number that is none', 'ratio', Number.NaN],
      ['a number beyond Int', 'wide', 3_000_000_000n],
      ['a null where none may be', 'title', null],
    ])('has its error: %s', async (_, column, changed) => {
      await change(column, changed);
      const { isText, shaped, written } = await askBoth(list(fields));
      expect(isText).toBe(false);
      expect(written).toEqual(shaped);
      expect(shaped).toMatchObject({ errors: [expect.anything()] });
      await change(column, column === 'title' ? 'plain' : null);
    });
  });
});
