import { DuckDBDecimalValue } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedTempFolder } from '../../foundation/testing/temp-folder.ts';
import { identifier, sql, table, value, type LakeValue } from '../../lake/sql.ts';
import { projectionsOf } from '../../mapping/projection.ts';
import { openLakeOf } from '../testing/open-lake-of.ts';
import { studioRows, studioSchemas } from '../testing/studio.ts';
import { countStatement, existsBeyondStatement } from './page-sql.ts';
import { PagedList, valuesOf, type ListValues } from './testing/walk-pages.ts';

type Row = Readonly<Record<string, LakeValue>>;
type Comparable = string | number | bigint | boolean | null;

const directory = sharedTempFolder();
let hub: Awaited<ReturnType<typeof openLakeOf>>;
let artists: PagedList;
let tracks: PagedList;
const rows: Record<string, readonly Row[]> = {};

beforeAll(async () => {
  hub = await openLakeOf({ directory, domains: studioSchemas, rows: studioRows });
  artists = new PagedList(hub.lake, hub.model, 'Artist');
  tracks = new PagedList(hub.lake, hub.model, 'Track');
  for (const { entity, table: name } of projectionsOf(hub.model).values()) {
    const read = await hub.lake.read(sql`SELECT * FROM ${table('hub', name)} ORDER BY _seq`);
    rows[entity.name] = Array.from({ length: read.rowCount }, (_, row) =>
      Object.fromEntries(valuesOf(read, row).map((cell, index) => [read.columnNames[index], cell])),
    );
  }
});
afterAll(() => hub.lake.close());

const agentOf = (artist: Row | undefined): Row | undefined =>
  rows['Artist']?.find(({ id }) => id === artist?.['catalogue.agent_id']);
const albumsOf = (artist: Row | undefined): readonly Row[] =>
  (rows['Album'] ?? []).filter((album) => album['catalogue.artist_id'] === artist?.['id']);
const sumOf = (values: readonly Comparable[]): Comparable => {
  const numbers = values.filter((one) => typeof one === 'bigint');
  return numbers.length === 0 ? null : numbers.reduce((sum, one) => sum + one, 0n);
};
const bestOf = (values: readonly Comparable[]): Comparable =>
  values.filter((one) => one !== null).toSorted((a, b) => compare(b, a))[0] ?? null;

/** What artists can be sorted by: how it is asked for, and what it is in a plain row. */
const things: Readonly<
  Record<string, readonly [(way: string) => ListValues, (artist: Row) => Comparable]>
> = {
  ...Object.fromEntries(
    'id name worth rate level streams seenAt bornOn isActive tier alias'
      .split(' ')
      .map((name) => [name, [(way: string) => ({ [name]: way }), (row: Row) => plain(row[name])]]),
  ),
  'alias of the agent': [
    (way) => ({ agent: { alias: way } }),
    (artist) => plain(agentOf(artist)?.['alias']),
  ],
  'level of the agent of the agent': [
    (way) => ({ agent: { agent: { level: way } } }),
    (artist) => plain(agentOf(agentOf(artist))?.['level']),
  ],
  'number of albums': [
    (way) => ({ albumsAggregate: { count: way } }),
    (artist) => albumsOf(artist).length,
  ],
  'price of all albums': [
    (way) => ({ albumsAggregate: { sum: { price: way } } }),
    (artist) => sumOf(albumsOf(artist).map(({ price }) => plain(price))),
  ],
  'last title of an album': [
    (way) => ({ albumsAggregate: { max: { title: way } } }),
    (artist) => bestOf(albumsOf(artist).map(({ title }) => plain(title))),
  ],
  'greatest key of an album, as a text': [
    (way) => ({ albumsAggregate: { max: { id: way } } }),
    (artist) => bestOf(albumsOf(artist).map(({ id }) => String(id))),
  ],
  'number of the agent’s albums': [
    (way) => ({ agent: { albumsAggregate: { count: way } } }),
    (artist) => (agentOf(artist) === undefined ? null : albumsOf(agentOf(artist)).length),
  ],
  'different producers of the agent’s albums': [
    (way) => ({ agent: { albumsAggregate: { countDistinct: { producer: { id: way } } } } }),
    (artist) => {
      const agent = agentOf(artist);
      if (agent === undefined) return null;
      const producers = albumsOf(agent).map((album) => album['catalogue.producer_id']);
      const known = rows['Artist']?.map(({ id }) => id) ?? [];
      return new Set(producers.filter((id) => id !== null && known.includes(id ?? null))).size;
    },
  ],
};

const ways = ['ASC', 'DESC'].flatMap((way) => [way, `${way}_NULLS_FIRST`, `${way}_NULLS_LAST`]);

describe('pages', () => {
  const term = fc.tuple(fc.constantFrom(...Object.keys(things)), fc.constantFrom(...ways));

  it('follow one another in the order asked for, whichever way and however long they are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(term, { minLength: 1, maxLength: 3 }),
        fc.constantFrom<'forward' | 'backward'>('forward', 'backward'),
        fc.constantFrom(1, 2, 5, 12, 50),
        async (terms, direction, size) => {
          const orderBy = terms.map(([name, way]) => things[name]?.[0](way));
          expect(await artists.walk({ orderBy }, direction, size)).toEqual(sortedKeys(terms));
        },
      ),
      { numRuns: 200, seed: 20_260_101, examples: everyWay() },
    );
  });

  /** Each thing in each way, half of them forward and half of them backward. */
  function everyWay(): [[string, string][], 'forward' | 'backward', number][] {
    return Object.keys(things).flatMap((name, index) =>
      ways.map((way, turn) => [
        [[name, way]],
        (index + turn) % 2 === 0 ? 'forward' : 'backward',
        turn % 3 === 0 ? 1 : 5,
      ]),
    );
  }

  it('come as the entities came where no order is asked for', async () => {
    const expected = rows['Artist']?.map(({ id }) => String(id));
    expect(expected?.[0]).toBe('A12');
    expect(await artists.walk({}, 'forward', 5)).toEqual(expected);
    expect(await artists.walk({}, 'backward', 5)).toEqual(expected);
  });

  it('are ordered by all fields of a key, numbers as numbers', async () => {
    const expected = (rows['Track'] ?? [])
      .toSorted(
        (a, b) =>
          compare(plain(a['length']), plain(b['length'])) ||
          Number(a['album']) - Number(b['album']) ||
          Number(a['position']) - Number(b['position']),
      )
      .map((track) => `${String(track['album'])}/${String(track['position'])}`);
    const values = { orderBy: [{ length: 'ASC' }] };
    expect(await tracks.walk(values, 'forward', 7)).toEqual(expected);
    expect(await tracks.walk(values, 'backward', 3)).toEqual(expected);
  });

  it('lie between two cursors, from either end', async () => {
    const orderBy = [{ level: 'DESC_NULLS_FIRST' }, { rate: 'ASC' }];
    const { keys, cursors } = await artists.page({ orderBy });
    const between = { orderBy, after: cursors[2], before: cursors[9] };
    expect((await artists.page({ ...between, first: 50 })).keys).toEqual(keys.slice(3, 9));
    expect((await artists.page({ ...between, first: 2 })).keys).toEqual(keys.slice(3, 5));
    expect((await artists.page({ ...between, last: 2 })).keys).toEqual(keys.slice(7, 9));
    expect((await artists.page({ ...between, last: 2 })).hasMore).toBe(true);
    expect((await artists.page({ ...between, last: 6 })).hasMore).toBe(false);
    expect((await artists.page({ orderBy, before: cursors[2] })).keys).toEqual(keys.slice(0, 2));
  });

  it('skip rows, after a cursor where there is one', async () => {
    const orderBy = [{ worth: 'DESC' }];
    const { keys, cursors } = await artists.page({ orderBy });
    expect((await artists.page({ orderBy, offset: 4, first: 3 })).keys).toEqual(keys.slice(4, 7));
    const { keys: skipped } = await artists.page({ orderBy, after: cursors[1], offset: 2 });
    expect(skipped).toEqual(keys.slice(4));
    expect((await artists.page({ orderBy, offset: 100 })).keys).toEqual([]);
    expect(await artists.page({ orderBy, first: 0 })).toMatchObject({ keys: [], hasMore: true });
  });

  it('keep to a filter, and the next one may have another', async () => {
    const orderBy = [{ level: 'ASC' }];
    const all = await artists.page({ orderBy, where: { tier: { eq: 'LOW' } } });
    expect(all.keys).toHaveLength(4);
    const rest = await artists.page({ orderBy, after: all.cursors[1], where: {} });
    const whole = await artists.page({ orderBy });
    const position = whole.keys.indexOf(all.keys[1] ?? '');
    expect(rest.keys).toEqual(whole.keys.slice(position + 1));
  });

  it('know whether anything lies on the side from which they were counted', async () => {
    const orderBy = [{ alias: 'DESC' }];
    const { cursors } = await artists.page({ orderBy });
    const [first, second] = cursors;
    const last = cursors.at(-1);
    expect(await isAnythingBeyond({ orderBy, first: 1, after: first })).toBe(true);
    expect(await isAnythingBeyond({ orderBy, last: 1, before: last })).toBe(true);
    expect(await isAnythingBeyond({ orderBy, offset: 1 })).toBe(true);
    const nobody = { id: { eq: 'nobody' } };
    expect(await isAnythingBeyond({ orderBy, offset: 1, where: nobody })).toBe(false);
    expect(await isAnythingBeyond({ orderBy, after: second, where: nobody })).toBe(false);
    const { keys } = await artists.page({ orderBy });
    const firstIsOut = { id: { ne: keys[0] } };
    expect(await isAnythingBeyond({ orderBy, after: first, where: firstIsOut })).toBe(false);
    expect(await isAnythingBeyond({ orderBy, after: second, where: firstIsOut })).toBe(true);
    expect(await isAnythingBeyond({ orderBy })).toBe(false);
  });

  it('are parts of what is counted', async () => {
    const { projection, projections } = artists;
    const count = async (values: ListValues): Promise<unknown> => {
      const question = artists.question(values);
      const counted = await hub.lake.read(countStatement(question, projection, projections));
      return counted.columns[0]?.[0];
    };
    expect(await count({ first: 1, offset: 5 })).toBe(12n);
    expect(await count({ where: { tier: { eq: 'LOW' } } })).toBe(4n);
    expect(await count({ search: { text: 'ada' } })).toBe(4n);
  });

  it('neither lose nor repeat a row while others are written and removed', async () => {
    const orderBy = [{ level: 'ASC_NULLS_FIRST' }, { alias: 'DESC' }];
    const before = await artists.walk({ orderBy }, 'forward', 5);
    const first = await artists.page({ orderBy, first: 5 });
    await copyOf('A01', 'A01b');
    await copyOf(first.keys[2] ?? '', 'A00');
    await remove(first.keys[4] ?? '');
    const rest = await artists.page({ orderBy, after: first.cursors[4] });
    const found = [...first.keys, ...rest.keys];
    expect(found.filter((key) => key !== 'A01b' && key !== 'A00')).toEqual(before);
    expect(new Set(found).size).toBe(found.length);
    const back = await artists.page({ orderBy, last: 50, before: rest.cursors[0] });
    expect(back.keys.filter((key) => before.includes(key))).toEqual(before.slice(0, 4));
  });
});

async function isAnythingBeyond(values: ListValues): Promise<boolean> {
  const { projection, projections } = artists;
  const question = artists.question(values);
  const side = question.page.direction === 'forward' ? 'before' : 'after';
  const statement = existsBeyondStatement(question, side, projection, projections);
  return (await hub.lake.read(statement)).rowCount > 0;
}

async function copyOf(key: string, newKey: string): Promise<void> {
  const artist = table('hub', artists.projection.table);
  await hub.lake.write((tx) =>
    tx.run(
      sql`INSERT INTO ${artist} SELECT * REPLACE (${value(newKey)} AS id, 1000 + length(${value(newKey)}) AS _seq) FROM ${artist} WHERE id = ${value(key)}`,
    ),
  );
}

async function remove(key: string): Promise<void> {
  const artist = table('hub', artists.projection.table);
  await hub.lake.write((tx) =>
    tx.run(sql`DELETE FROM ${artist} WHERE ${identifier('id')} = ${value(key)}`),
  );
}

function sortedKeys(terms: readonly (readonly [string, string])[]): readonly string[] {
  const order = (a: Row, b: Row): number => {
    for (const [name, way] of terms) {
      const of = things[name]?.[1] ?? (() => null);
      const found = compareIn(way, of(a), of(b));
      if (found !== 0) return found;
    }
    return compare(plain(a['id']), plain(b['id']));
  };
  return (rows['Artist'] ?? []).toSorted(order).map(({ id }) => String(id));
}

function compareIn(way: string, a: Comparable, b: Comparable): number {
  if (a === null || b === null) {
    const firstIsMissing = Number(b === null) - Number(a === null);
    return way.endsWith('_FIRST') ? firstIsMissing : -firstIsMissing;
  }
  return way.startsWith('DESC') ? compare(b, a) : compare(a, b);
}

/** Missing values last, NaN behind all numbers, texts by their characters' numbers. */
function compare(a: Comparable, b: Comparable): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? 1 : -1;
  if (typeof a === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(String(b)));
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a < b ? -1 : Number(a > b);
}

function plain(cell: LakeValue | undefined): Comparable {
  if (cell === undefined || cell === null) return null;
  if (cell instanceof DuckDBDecimalValue) return cell.value;
  if (typeof cell === 'object') {
    if ('micros' in cell && typeof cell.micros === 'bigint') return cell.micros;
    if ('days' in cell && typeof cell.days === 'number') return cell.days;
    throw new TypeError(`${String(cell)} is of a type that the test does not know`);
  }
  return cell;
}
