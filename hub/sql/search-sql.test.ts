import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedTempFolder } from '../../foundation/testing/temp-folder.ts';
import { openLakeOf } from '../testing/open-lake-of.ts';
import { pageSql } from './page-sql.ts';
import { PagedList, valuesOf, type ListValues } from './testing/walk-pages.ts';

const domains = {
  library: `
    type Book @key(fields: "id") @table @identity(fields: "id title author") {
      id: ID! @column(type: "BIGINT")
      title: String!
      author: String
    }
    type Query { book(id: ID!): Book }`,
};

const rows = {
  'library/book.csv': `id,title,author
1,Ångström,
2,the ANGSTROM unit,Ada
3,angstroms,Ada Åkesson
4,tangstrom,
5,O'Neil: jean-luc (2nd),"50% _of_ \\ ""all"""
6,慕容 a,Ada
7,Plain,angstrom
12,"tab\tbed
line",Émile
`,
};

const directory = sharedTempFolder();
let lake: Awaited<ReturnType<typeof openLakeOf>>['lake'];
let books: PagedList;

beforeAll(async () => {
  const opened = await openLakeOf({ directory, domains, rows });
  lake = opened.lake;
  books = new PagedList(lake, opened.model, 'Book');
});
afterAll(() => lake.close());

describe('a search', () => {
  it.each<[string, readonly string[] | undefined, Record<string, number>]>([
    ['angstrom', ['title'], { 1: 1, 3: 0.75, 2: 0.5, 4: 0.25 }],
    ['ÅNGSTRÖM', ['title'], { 1: 1, 3: 0.75, 2: 0.5, 4: 0.25 }],
    ['angstrom', undefined, { 1: 1, 7: 1, 3: 0.75, 2: 0.5, 4: 0.25 }],
    ['angstrom ada', undefined, { 3: 0.75, 2: 0.75 }],
    ['  ada\n\u00a0ada ', undefined, { 2: 1, 6: 1, 3: 0.75 }],
    ['ADA akes', undefined, { 3: 0.625 }],
    ['luc', undefined, { 5: 0.5 }],
    ["o'neil", undefined, { 5: 0.75 }],
    ['neil', undefined, { 5: 0.5 }],
    ['eil', undefined, { 5: 0.25 }],
    ['bed', undefined, { 12: 0.5 }],
    ['line', undefined, { 12: 0.5 }],
    ['emile', undefined, { 12: 1 }],
    ['慕', undefined, { 6: 0.75 }],
    ['容', undefined, { 6: 0.25 }],
    ['2', undefined, { 2: 1, 5: 0.5, 12: 0.25 }],
    ['12', undefined, { 12: 1 }],
    ['%', undefined, { 5: 0.25 }],
    ['_', undefined, { 5: 0.5 }],
    ['\\', undefined, { 5: 0.5 }],
    ['"all"', undefined, { 5: 0.5 }],
    ["' OR 1=1 --", undefined, {}],
    ['\ud800', undefined, {}],
    ['angstrom', [], {}],
    ['ada', ['title'], {}],
  ])('for %j in %j finds and ranks', async (text, fields, expected) => {
    expect(await ranks({ search: { text, fields } })).toEqual(expected);
  });

  it('brings the best first, and those that are equally good by their key', async () => {
    const search = { text: 'angstrom' };
    const expected = ['1', '7', '3', '2', '4'];
    expect((await books.page({ search })).keys).toEqual(expected);
    expect(await books.walk({ search }, 'forward', 1)).toEqual(expected);
    expect(await books.walk({ search }, 'backward', 2)).toEqual(expected);
  });

  it('keeps to another order and to a filter', async () => {
    const search = { text: 'angstrom' };
    const orderBy = [{ title: 'ASC' }];
    const expected = ['7', '3', '4', '2', '1'];
    expect(await books.walk({ search, orderBy }, 'forward', 2)).toEqual(expected);
    const where = { author: { isNull: false } };
    expect((await books.page({ search, orderBy, where })).keys).toEqual(['7', '3', '2']);
  });

  it('tells the rank in another order too, before the place', async () => {
    const question = books.question({ search: { text: 'angstrom' }, orderBy: [{ title: 'ASC' }] });
    const { projection, projections } = books;
    const read = await lake.read(pageSql(question, ['id'], projection, projections));
    expect(valuesOf(read, 0)).toEqual([7n, 1, 'Plain', 7n]);
  });

  it.each([{ text: '' }, { text: ' \n' }, null])(
    'for nothing finds everything: %j',
    async (search) => {
      expect((await books.page({ search })).keys).toHaveLength(8);
    },
  );
});

async function ranks(values: ListValues): Promise<Record<string, number>> {
  const question = books.question(values);
  const { projection, projections } = books;
  const read = await lake.read(pageSql(question, ['id'], projection, projections));
  return Object.fromEntries(
    Array.from({ length: read.rowCount }, (_, row) => {
      const [id, rank] = valuesOf(read, row);
      return [String(id), Number(rank)];
    }),
  );
}
