import { keyText, type KeyLookup, type RowKey } from '../../lake/key-lookup.ts';
import type { RelationFetch, RowFetch } from '../compile/row-fetch.ts';
import { rowKey, type FetchedRows, type Related } from './fetched-rows.ts';
import { runRelatedAggregate } from './run-related-aggregate.ts';
import { laneOf } from './lane.ts';
import { readRelatedPages } from './read-related-pages.ts';
import type { RunContext } from './run-context.ts';

const nothing: FetchedRows = { columns: [], rowCount: 0, related: new Map() };

/** The rows that hold one of these keys, and all that was selected along with them. */
export async function runByKeys(
  fetch: RowFetch,
  lookup: KeyLookup,
  keys: readonly RowKey[],
  context: RunContext,
): Promise<FetchedRows> {
  if (keys.length === 0) return nothing;
  const { projection, selected } = fetch;
  const by = lookup.columns.map(({ name }) => name);
  context.projections.partsRead?.addColumns(projection, [...by, ...selected]);
  const { text, values } = lookup.statementFor(keys);
  const rows = await context.reader.read(text, values, laneOf(keys));
  context.budget.spend(rows.rowCount, projection.entity.name);
  return withRelated(fetch, rows.columns, rows.rowCount, context);
}

/** Fetches what belongs to rows that are there: one statement for each relation, however many rows there are. */
export async function withRelated(
  fetch: RowFetch,
  columns: FetchedRows['columns'],
  rowCount: number,
  context: RunContext,
): Promise<FetchedRows> {
  const related = await Promise.all(
    fetch.relations.map(
      async (relation) =>
        [
          relation,
          await runRelation(relation, keysOf(relation, columns, rowCount), context).catch(
            (error: unknown): Related => ({ kind: 'failed', error }),
          ),
        ] as const,
    ),
  );
  return { columns, rowCount, related: new Map(related) };
}

/** The different keys by which a relation is followed from the rows. */
function keysOf(
  { parentPositions }: RelationFetch,
  columns: FetchedRows['columns'],
  rowCount: number,
): readonly RowKey[] {
  const keys = new Map<string, RowKey>();
  for (let row = 0; row < rowCount; row++) {
    const key = rowKey(columns, parentPositions, row);
    if (key !== undefined) keys.set(keyText(key), key);
  }
  return [...keys.values()];
}

async function runRelation(
  relation: RelationFetch,
  keys: readonly RowKey[],
  context: RunContext,
): Promise<Related> {
  switch (relation.kind) {
    case 'aggregate':
      return {
        kind: 'aggregate',
        ofKey: await runRelatedAggregate(relation.member, relation.by, keys, context),
      };
    case 'page': {
      const { columns, rowCount, pages } = await readRelatedPages(relation, keys, context);
      const rows = await withRelated(relation.target, columns, rowCount, context);
      const byKey = [...pages].map(([key, page]) => [key, { ...page, rows }] as const);
      return { kind: 'page', byKey: new Map(byKey) };
    }
    case 'rows': {
      if (!relation.member.arguments.isEmpty) {
        const { columns, rowCount, pages } = await readRelatedPages(relation, keys, context);
        const rows = await withRelated(relation.target, columns, rowCount, context);
        const byKey = [...pages].map(([key, { rowNumbers }]) => [key, rowNumbers] as const);
        return { kind: 'rows', rows, byKey: new Map(byKey) };
      }
      const rows = await runByKeys(relation.target, relation.lookup, keys, context);
      return { kind: 'rows', rows, byKey: indexRows(rows, relation.lookup) };
    }
  }
}

/** Row numbers by the text of their key in a look-up. */
export function indexRows(
  { columns, rowCount }: FetchedRows,
  lookup: Pick<KeyLookup, 'keyOf'>,
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
