import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedTempFolder } from '../../foundation/testing/temp-folder.ts';
import type { Rows } from '../../lake/engine.ts';
import { keyText, type RowKey } from '../../lake/key-lookup.ts';
import type { LakeModel } from '../../mapping/model.ts';
import { projectionsOf, type Projection } from '../../mapping/projection.ts';
import { defaultLimits } from '../limits.ts';
import { formatCursor } from '../question/cursor.ts';
import { FilterBudget } from '../question/filter-budget.ts';
import type { ListQuestion } from '../question/list-question.ts';
import { readListQuestion } from '../question/read-list-question.ts';
import { openLakeOf } from '../testing/open-lake-of.ts';
import { studioRows, studioSchemas } from '../testing/studio.ts';
import {
  relatedBeyondStatement,
  relatedCountStatement,
  relatedPageStatement,
} from './related-page-sql.ts';
import { PagedList, valuesOf, type ListValues } from './testing/walk-pages.ts';
import { textFields } from '../testing/text-fields.ts';

const list = 'Artist.albumsConnection';
const by = ['catalogue.artist_id'];
const artists = ['A01', 'A02', 'A03', 'A04', 'A05', 'A06', 'A07', 'A08'];
const keys: readonly RowKey[] = artists.map((id) => [id]);

const directory = sharedTempFolder();
let lake: Awaited<ReturnType<typeof openLakeOf>>['lake'];
let model: LakeModel;

beforeAll(async () => {
  ({ lake, model } = await openLakeOf({ directory, domains: studioSchemas, rows: studioRows }));
});
afterAll(() => lake.close());

const orders = [
  undefined,
  [{ price: 'DESC' }],
  [{ producer: { worth: 'ASC_NULLS_FIRST' } }, { title: 'DESC' }],
  [{ tracksAggregate: { sum: { length: 'DESC_NULLS_FIRST' } } }],
];

describe('pages of related rows', () => {
  it.each(orders)('are what a list of each parent alone would give: %j', async (orderBy) => {
    for (const values of [
      {},
      { first: 2 },
      { first: 0 },
      { first: 2, offset: 1 },
      { offset: 3 },
      { last: 2 },
      { first: 1, where: { price: { isNull: false } } },
    ]) {
      const pages = await read({ ...values, orderBy });
      for (const artist of artists) {
        expect(pages.get(artist) ?? [], JSON.stringify([artist, values])).toEqual(
          await alone(artist, { ...values, orderBy }),
        );
      }
    }
  });

  it('go on behind a cursor, and end before one', async () => {
    const orderBy = [{ price: 'DESC' }];
    const whole = await read({ orderBy, first: 50 });
    const artist = artists.find((id) => (whole.get(id)?.length ?? 0) >= 4) ?? '';
    const albums = whole.get(artist) ?? [];
    const cursor = await cursorOf(artist, { orderBy, first: 50 }, 1);
    const after = await read({ orderBy, first: 50, after: cursor });
    expect(after.get(artist)).toEqual(albums.slice(2));
    const before = await read({ orderBy, last: 50, before: cursor });
    expect(before.get(artist)).toEqual(albums.slice(0, 1));
    for (const other of artists) {
      const both = [...(before.get(other) ?? []), ...(after.get(other) ?? [])];
      expect(both).toEqual(whole.get(other)?.filter((id) => id !== albums[1]) ?? []);
    }
    const beyond = await count(
      relatedBeyondStatement(related({ orderBy, after: cursor }), 'before'),
      1,
    );
    expect(beyond.get(artist)).toBe(2);
    const back = { orderBy, last: 1, before: cursor };
    const behind = await count(relatedBeyondStatement(related(back), 'after'), 1);
    expect(behind.get(artist)).toBe(albums.length - 1);
  });

  it('know that rows were skipped', async () => {
    const beyond = await count(relatedBeyondStatement(related({ offset: 100 }), 'before'), 1);
    const counted = await count(relatedCountStatement(related({})), 1);
    expect(beyond).toEqual(counted);
  });

  it('are counted with their filter, for each parent', async () => {
    const counted = await count(relatedCountStatement(related({ first: 1 })), 1);
    const priced = { where: { price: { isNull: false } } };
    const filtered = await count(relatedCountStatement(related(priced)), 1);
    const whole = await read({ first: undefined });
    const kept = await read(priced);
    for (const artist of artists) {
      expect(counted.get(artist) ?? 0).toBe(whole.get(artist)?.length ?? 0);
      expect(filtered.get(artist) ?? 0).toBe(kept.get(artist)?.length ?? 0);
    }
    expect([...counted.values()].reduce((sum, one) => sum + one, 0)).toBe(25);
  });

  it('come for keys of several columns and for very many keys', async () => {
    const projection = projectionOf('Track');
    const pairs: readonly RowKey[] = [
      [1n, 1],
      [2n, 1],
      [99n, 1],
    ];
    const question = questionOf('Track', { first: 5 });
    const columns = ['album', 'position'];
    const pages = { question, by: columns, keys: pairs, projection, projections: projections() };
    const rows = await lake.read(relatedPageStatement({ ...pages, columns, hasSurplus: true }));
    expect(rows.columns.slice(0, 2)).toEqual([
      [1n, 2n],
      [1, 1],
    ]);
    const many = Array.from({ length: 3_000 }, (_, index): RowKey => [`A${index}`]);
    const all = await read({ first: 1 }, [...many, ...keys]);
    expect(all).toEqual(await read({ first: 1 }));
  });
});

function projections(): ReadonlyMap<string, Projection> {
  return projectionsOf(model);
}

function projectionOf(entity: string): Projection {
  const projection = projections().get(entity);
  if (projection === undefined) throw new Error(`There is no projection of ${entity}`);
  return projection;
}

function questionOf(entity: string, values: ListValues): ListQuestion {
  const limits = defaultLimits;
  const projection = projectionOf(entity);
  const given = Object.keys(values).some((name) => ['first', 'last', 'after'].includes(name));
  const kind = given ? 'page' : 'rows';
  const searched = textFields(projection.entity);
  const of = {
    entity: projection.entity,
    model,
    limits,
    filters: new FilterBudget(limits),
    searched,
  };
  return readListQuestion({ values, ...of, list, kind });
}

function related(values: ListValues, of: readonly RowKey[] = keys) {
  const question = questionOf('Album', values);
  return { question, by, keys: of, projection: projectionOf('Album'), projections: projections() };
}

function readRows(values: ListValues, of = keys): Promise<Rows> {
  return lake.read(
    relatedPageStatement({ ...related(values, of), columns: [...by, 'id'], hasSurplus: true }),
  );
}

/** Keys of albums by their artist, with the row too many where there is one. */
async function read(
  values: ListValues,
  of: readonly RowKey[] = keys,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await readRows(values, of);
  const pages = new Map<string, string[]>();
  for (let row = 0; row < rows.rowCount; row++) {
    const [artist, album] = valuesOf(rows, row).map(String);
    pages.set(artist ?? '', [...(pages.get(artist ?? '') ?? []), album ?? '']);
  }
  return pages;
}

async function cursorOf(artist: string, values: ListValues, position: number): Promise<string> {
  const rows = await readRows(values, [[artist]]);
  const { order } = related(values).question;
  return formatCursor(list, order, valuesOf(rows, position).slice(by.length + 1));
}

/**
 * The same from a list of all albums, with a filter instead of a relation. Without an order its rows come as they came
 * into the lake, which for albums is by their key.
 */
async function alone(artist: string, values: ListValues): Promise<readonly string[]> {
  const { first, last, ...rest } = values;
  const where = { and: [values['where'], { artist: { id: { eq: artist } } }] };
  const size =
    typeof last === 'number'
      ? { last: last + 1 }
      : { first: typeof first === 'number' ? first + 1 : undefined };
  const { keys: albums } = await new PagedList(lake, model, 'Album').page({
    ...rest,
    ...size,
    where,
  });
  return albums;
}

async function count(
  statement: Parameters<typeof lake.read>[0],
  keyColumns: number,
): Promise<ReadonlyMap<string, number>> {
  const rows = await lake.read(statement);
  const counted = Array.from({ length: rows.rowCount }, (_, row) => valuesOf(rows, row));
  return new Map(
    counted.map((cells) => [keyText(cells.slice(0, keyColumns)), Number(cells[keyColumns])]),
  );
}
