import { keyText, type KeyLookup, type RowKey } from '../../lake/key-lookup.ts';
import type { RelationFetch, RowFetch } from '../compile/row-fetch.ts';
import { rowKeyText, type FetchedRows, type RelatedRows } from './fetched-rows.ts';
import type { HubReader } from './hub-reader.ts';

/** More keys than this are no point: the statement may take a while, and must not hold up those that do not. */
const mostKeysOfAPoint = 1_024;

const nothing: FetchedRows = { columns: [], rowCount: 0, related: new Map() };

/** The rows that hold one of these keys, and all that was selected along with them. */
export async function runByKeys(
  fetch: RowFetch,
  lookup: KeyLookup,
  keys: readonly RowKey[],
  reader: HubReader,
): Promise<FetchedRows> {
  if (keys.length === 0) return nothing;
  const { text, values } = lookup.statementFor(keys);
  const lane = keys.length > mostKeysOfAPoint ? 'scan' : 'point';
  const rows = await reader.read(text, values, lane);
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
  { parentPositions, lookup, target }: RelationFetch,
  columns: FetchedRows['columns'],
  rowCount: number,
  reader: HubReader,
): Promise<RelatedRows> {
  const keys = new Map<string, RowKey>();
  for (let row = 0; row < rowCount; row++) {
    const text = rowKeyText(columns, parentPositions, row);
    if (text === undefined || keys.has(text)) continue;
    keys.set(
      text,
      parentPositions.map((position) => columns[position]?.[row] ?? null),
    );
  }
  const rows = await runByKeys(target, lookup, [...keys.values()], reader);
  return { rows, byKey: indexRows(rows, lookup) };
}

/** Row numbers by the text of their key in a look-up. */
export function indexRows(
  { columns, rowCount }: FetchedRows,
  lookup: KeyLookup,
): ReadonlyMap<string, readonly number[]> {
  const byKey = new Map<string, number[]>();
  for (let row = 0; row < rowCount; row++) {
    const text = keyText(lookup.keyOf(columns, row));
    const rows = byKey.get(text);
    if (rows === undefined) byKey.set(text, [row]);
    else rows.push(row);
  }
  return byKey;
}
