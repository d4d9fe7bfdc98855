import { listValue } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedTempFolder } from '../../foundation/testing/temp-folder.ts';
import type { LakeValue } from '../../lake/sql.ts';
import { snakeCase } from '../../mapping/snake-case.ts';
import { parseSqlType } from '../../mapping/sql-type.ts';
import { toKeyValue } from '../../wire/to-lake-value.ts';
import { openFilterLake, type FilterLake } from '../testing/filter-lake.ts';
import { hostileTexts, valueCases } from '../testing/value-cases.ts';

const domains = {
  things: `
    type Thing @key(fields: "id") @table {
      id: ID!
      ${valueCases.map(({ field, type, sqlType }) => `${field}: ${type} @column(type: "${sqlType}")`).join('\n')}
      tags: [String]
      days: [Date] @column(type: "DATE[]")
      select: String @column(name: "select")
      quoted: String @column(name: "a\\"b")
      Select: String @column(name: "c.d e")
    }
    enum Tier { GOLD SILVER BRONZE }
    type Query { thing(id: ID!): Thing }`,
};

const rowCount = Math.max(...valueCases.map(({ values }) => values.length));
const ids = Array.from({ length: rowCount }, (_, row) => `R${String(row).padStart(2, '0')}`);

type Texts = readonly (string | null)[] | null;
const tags: readonly Texts[] = [['a', 'b'], [], null, ['a', null], ["'; DROP", 'b', 'a'], [null]];
const days: readonly Texts[] = [['2024-02-29'], ['2024-02-29', null], []];

function lakeRow(row: number): Readonly<Record<string, LakeValue>> {
  const values = valueCases.map(({ field, sqlType, values: all }) => {
    const wire = all[row] ?? null;
    const text = typeof wire === 'number' ? String(wire) : wire;
    return [snakeCase(field), lakeValue(text, sqlType)] as const;
  });
  return {
    id: ids[row] ?? '',
    ...Object.fromEntries(values),
    tags: lakeList(tags[row], 'VARCHAR'),
    days: lakeList(days[row], 'DATE'),
    select: row === 0 ? 'from' : null,
    'a"b': row === 1 ? 'quoted' : null,
    'c.d e': row === 2 ? 'other' : null,
  };
}

function lakeValue(wire: unknown, sqlType: string): LakeValue {
  const type = parseSqlType(sqlType);
  return (type && toKeyValue(wire, type)) ?? null;
}

function lakeList(items: Texts | undefined, sqlType: string): LakeValue {
  if (items === null || items === undefined) return null;
  return listValue(items.map((item) => lakeValue(item, sqlType)));
}

describe('conditions in DuckDB', () => {
  const directory = sharedTempFolder();
  let lake: FilterLake;
  beforeAll(async () => {
    const thing = ids.map((_, row) => lakeRow(row));
    lake = await openFilterLake({ directory, domains, rows: { things: { thing } } });
  });
  afterAll(() => lake.close());

  /** That a filter finds these rows and its opposite all others. */
  async function expectRows(filter: unknown, isExpected: (row: number) => boolean): Promise<void> {
    const expected = ids.filter((_, row) => isExpected(row));
    const found = await lake.find('Thing', filter);
    const others = await lake.find('Thing', { not: filter });
    const rest = ids.filter((id) => !expected.includes(id));
    expect({ filter, found, others }).toEqual({ filter, found: expected, others: rest });
  }

  describe.each(valueCases)('on $type in $sqlType', (valueCase) => {
    const { field, values, others, isText } = valueCase;
    const candidates = [...values.filter((value) => value !== null), ...others];
    const order = valueCase.compare as ((a: unknown, b: unknown) => number) | undefined;
    const isEqual = (a: unknown, b: unknown): boolean =>
      order === undefined || isText === true ? a === b : order(a, b) === 0;
    const valueAt = (row: number): unknown => values[row] ?? null;
    const isNull = (row: number): boolean => valueAt(row) === null;

    /** Of the rows that have a value, those of which this holds. */
    const expectWhere = (condition: unknown, holds: (value: unknown) => boolean): Promise<void> =>
      expectRows({ [field]: condition }, (row) => !isNull(row) && holds(valueAt(row)));

    it('knows what is equal', async () => {
      for (const candidate of candidates) {
        const isSame = (value: unknown): boolean => isEqual(value, candidate);
        await expectWhere({ eq: candidate }, isSame);
        await expectRows(
          { [field]: { ne: candidate } },
          (row) => isNull(row) || !isSame(valueAt(row)),
        );
      }
    });

    it('knows what is missing', async () => {
      await expectRows({ [field]: { isNull: true } }, isNull);
      await expectRows({ [field]: { isNull: false } }, (row) => !isNull(row));
      await expectRows({ [field]: { eq: null } }, isNull);
      await expectRows({ [field]: { ne: null } }, (row) => !isNull(row));
      for (const operator of ['in', 'notIn', 'lt', 'between', 'contains', 'isNull'])
        await expectRows({ [field]: { [operator]: null } }, () => true);
    });

    it('knows what is in a list', async () => {
      for (const some of [[], candidates.slice(0, 1), candidates.slice(0, 3), candidates]) {
        const isAmong = (value: unknown): boolean => some.some((item) => isEqual(value, item));
        await expectWhere({ in: some }, isAmong);
        await expectRows(
          { [field]: { notIn: some } },
          (row) => isNull(row) || !isAmong(valueAt(row)),
        );
      }
    });

    it('knows what stands before and after', async () => {
      if (order === undefined) return;
      for (const bound of candidates) {
        await expectWhere({ lt: bound }, (value) => order(value, bound) < 0);
        await expectWhere({ lte: bound }, (value) => order(value, bound) <= 0);
        await expectWhere({ gt: bound }, (value) => order(value, bound) > 0);
        await expectWhere({ gte: bound }, (value) => order(value, bound) >= 0);
        for (const from of candidates.slice(0, 4)) {
          await expectWhere(
            { between: { from, to: bound } },
            (value) => order(value, from) >= 0 && order(value, bound) <= 0,
          );
        }
      }
    });

    it('looks into texts', async () => {
      if (isText !== true) return;
      for (const part of [...candidates.map(String), '', '-', '0', 'E']) {
        const small = part.toLowerCase();
        await expectWhere({ contains: part }, (value) => String(value).includes(part));
        await expectWhere({ startsWith: part }, (value) => String(value).startsWith(part));
        await expectWhere({ endsWith: part }, (value) => String(value).endsWith(part));
        const expectIgnoringCase = (operator: string, holds: (text: string) => boolean) =>
          expectWhere({ [operator]: part }, (value) => holds(String(value).toLowerCase()));
        await expectIgnoringCase('eqIgnoreCase', (text) => text === small);
        await expectIgnoringCase('containsIgnoreCase', (text) => text.includes(small));
        await expectIgnoringCase('startsWithIgnoreCase', (text) => text.startsWith(small));
        await expectIgnoringCase('endsWithIgnoreCase', (text) => text.endsWith(small));
      }
    });
  });

  it('know which items a list has', async () => {
    const list = (row: number): Texts => tags[row] ?? null;
    const expectTags = (condition: unknown, holds: (items: readonly unknown[]) => boolean) =>
      expectRows({ tags: condition }, (row) => list(row) !== null && holds(list(row) ?? []));
    for (const some of [[], ['a'], ['b', 'a'], ['a', 'x'], [null], ['a', null], ["'; DROP"]]) {
      await expectTags({ hasEvery: some }, (items) => some.every((item) => items.includes(item)));
      await expectTags({ hasSome: some }, (items) => some.some((item) => items.includes(item)));
      await expectTags({ eq: some }, (items) => JSON.stringify(items) === JSON.stringify(some));
      await expectRows(
        { tags: { ne: some } },
        (row) => JSON.stringify(list(row)) !== JSON.stringify(some),
      );
    }
    await expectTags({ has: 'a' }, (items) => items.includes('a'));
    await expectTags({ has: '\ud800' }, () => false);
    await expectTags({ hasSome: ['\ud800', 'b'] }, (items) => items.includes('b'));
    await expectTags({ isEmpty: true }, (items) => items.length === 0);
    await expectTags({ isEmpty: false }, (items) => items.length > 0);
    await expectRows({ tags: { isNull: true } }, (row) => list(row) === null);
    await expectRows({ tags: { eq: null } }, (row) => list(row) === null);
    for (const operator of ['has', 'hasEvery', 'hasSome', 'isEmpty'])
      await expectRows({ tags: { [operator]: null } }, () => true);
    await expectRows({ days: { has: '2024-02-29' } }, (row) => row < 2);
    await expectRows({ days: { eq: ['2024-02-29', null] } }, (row) => row === 1);
    await expectRows({ days: { eq: [null, '2024-02-29'] } }, () => false);
  });

  it('go by columns of any name', async () => {
    await expectRows({ select: { eq: 'from' } }, (row) => row === 0);
    await expectRows({ quoted: { contains: 'quot' } }, (row) => row === 1);
    await expectRows({ Select: { in: ['other', 'x'] } }, (row) => row === 2);
  });

  it('take a text for nothing but a text, wherever it stands', async () => {
    const operators = ['eq', 'ne', 'lt', 'gte', 'contains', 'startsWithIgnoreCase'];
    for (const text of [...hostileTexts, '\ud800', 'a\udc00b']) {
      for (const operator of operators) await lake.find('Thing', { text: { [operator]: text } });
      await lake.find('Thing', { text: { in: [text, text, 'x'] }, tags: { hasSome: [text] } });
      await lake.find('Thing', { id: { eq: text }, number: { in: [text] }, stamp: { gt: text } });
    }
    expect(await lake.find('Thing', {})).toEqual(ids);
  });

  it('know that half a character stands between those that there are', async () => {
    const isBefore = (row: number): boolean => (valueOf(row) ?? '\uffff') < '\ud800';
    for (const half of ['\ud800', '\udfff']) {
      for (const operator of ['lt', 'lte'])
        await expectRows({ text: { [operator]: half } }, isBefore);
      await expectRows({ text: { gt: half } }, (row) => valueOf(row) !== null && !isBefore(row));
      await expectRows({ text: { eq: half } }, () => false);
      await expectRows({ text: { contains: half } }, () => false);
    }
    function valueOf(row: number): string | null {
      const value = valueCases[0]?.values[row] ?? null;
      return value === null ? null : String(value);
    }
  });

  it.each([2, 3, 256, 257, 10_000])('find what is among %i values', async (length) => {
    const none = Array.from({ length: length - 2 }, (_, index) => `N${index}`);
    const values = ['R01', ...none, 'R03'];
    await expectRows({ id: { in: values } }, (row) => row === 1 || row === 3);
    await expectRows({ id: { notIn: values } }, (row) => row !== 1 && row !== 3);
    await expectRows(
      { or: [{ id: { in: values } }, { whole: { eq: 0 } }] },
      (row) => row === 0 || row === 1 || row === 3,
    );
    const numbers = Array.from({ length }, (_, index) => `${index}.5`);
    await expectRows({ exact: { in: [...numbers, '10.01'] } }, (row) => row === 1);
  });

  it('hold for a row or for its opposite, and never for both or for none', async () => {
    const leaf = fc.constantFrom(
      ...valueCases.flatMap(({ field, values, others, compare }) =>
        [...values, ...others].flatMap((value) => [
          { [field]: { eq: value } },
          { [field]: { ne: value } },
          { [field]: { in: [value ?? '', 'x'].slice(0, value === null ? 0 : 1) } },
          ...(compare === undefined
            ? []
            : [{ [field]: { lt: value } }, { [field]: { gte: value } }]),
        ]),
      ),
    );
    const filters = fc.letrec<{ filter: unknown }>((tie) => ({
      filter: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.record({ not: tie('filter') }),
        fc.record({ and: fc.array(tie('filter'), { maxLength: 3 }) }),
        fc.record({ or: fc.array(tie('filter'), { maxLength: 3 }) }),
      ),
    }));
    await fc.assert(
      fc.asyncProperty(filters.filter, async (filter) => {
        const found = await lake.find('Thing', filter);
        const others = await lake.find('Thing', { not: filter });
        expect([...found, ...others].toSorted()).toEqual(ids);
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});
