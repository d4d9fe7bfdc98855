import type { DuckDBValue } from '@duckdb/node-api';
import { selectByKeys } from '../compile/to-sql.ts';
import type { RelationFetch, RowFetch } from '../compile/row-fetch.ts';
import { keyText, type FetchedRows, type RelatedRows } from './fetched-rows.ts';
import type { HubReader } from './hub-reader.ts';

/** A key as the lake knows it: one value for each of its columns. */
export type LakeKey = readonly DuckDBValue[];

const nothing: FetchedRows = { columns: [], rowCount: 0, related: new Map() };

/** The rows that hold one of these keys, and all that was selected along with them. */
export async function runByKeys(
  fetch: RowFetch,
  by: readonly string[],
  keys: readonly LakeKey[],
  reader: HubReader,
): Promise<FetchedRows> {
  if (keys.length === 0) return nothing;
  const padded = padToPowerOfTwo(keys);
  const text = selectByKeys(fetch, by, padded.length);
  const rows = await reader.read(text, padded.flat(), 'point');
  return withRelated(fetch, rows.columns, rows.rowCount, reader);
}

/** Fetches what belongs to rows that are there: one statement for each relation, however many rows there are. */
export async function withRelated(
  fetch: RowFetch,
  columns: FetchedRows['columns'],
  rowCount: number,
  reader: HubReader,
): Promise<FetchedRows> {
  const related = await Promise.all(
    fetch.relations.map(
      async (relation) =>
        [relation, await runRelation(relation, columns, rowCount, reader)] as const,
    ),
  );
  return { columns, rowCount, related: new Map(related) };
}

async function runRelation(
  relation: RelationFetch,
  columns: FetchedRows['columns'],
  rowCount: number,
  reader: HubReader,
): Promise<RelatedRows> {
  const keys = new Map<string, LakeKey>();
  for (let row = 0; row < rowCount; row++) {
    const text = keyText(columns, relation.parentPositions, row);
    if (text === undefined || keys.has(text)) continue;
    keys.set(
      text,
      relation.parentPositions.map((position) => columns[position]?.[row] as DuckDBValue),
    );
  }
  const rows = await runByKeys(relation.target, relation.by, [...keys.values()], reader);
  return { rows, byKey: indexRows(rows, relation.childPositions) };
}

/** Row numbers by the text of a key. */
export function indexRows(
  { columns, rowCount }: FetchedRows,
  positions: readonly number[],
): ReadonlyMap<string, readonly number[]> {
  const byKey = new Map<string, number[]>();
  for (let row = 0; row < rowCount; row++) {
    const text = keyText(columns, positions, row);
    if (text === undefined) continue;
    const rows = byKey.get(text);
    if (rows === undefined) byKey.set(text, [row]);
    else rows.push(row);
  }
  return byKey;
}

/** Repeats the last key, so that a handful of statements serves lists of every length. */
function padToPowerOfTwo(keys: readonly LakeKey[]): readonly LakeKey[] {
  const last = keys.at(-1);
  if (last === undefined) return keys;
  const length = 2 ** Math.ceil(Math.log2(keys.length));
  return [...keys, ...Array.from({ length: length - keys.length }, () => last)];
}
