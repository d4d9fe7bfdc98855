import { keyText, type KeyLookup, type RowKey } from '../../lake/key-lookup.ts';
import type { RelationFetch, RowFetch } from '../compile/row-fetch.ts';
import { rowKey, type FetchedRows, type Related } from './fetched-rows.ts';
import { isKnownByKey } from './answer-reads.ts';
import { indexRows, JoinedLookups, type FoundRows } from './joined-lookups.ts';
import { runRelatedAggregate } from './run-related-aggregate.ts';
import { laneOf } from './lane.ts';
import { readRelatedPages } from './read-related-pages.ts';
import type { RunContext } from './run-context.ts';

/** Rows with their numbers by the text of their key. There may be rows beside those that were asked for. */
export interface KeyedRows {
  readonly rows: FetchedRows;
  readonly byKey: ReadonlyMap<string, readonly number[]>;
}

const nothing: KeyedRows = {
  rows: { columns: [], rowCount: 0, related: new Map() },
  byKey: new Map(),
};

/** The rows that hold one of these keys, and all that was selected along with them. */
export async function runByKeys(
  fetch: RowFetch,
  lookup: KeyLookup,
  keys: readonly RowKey[],
  context: RunContext,
): Promise<KeyedRows> {
  if (keys.length === 0) return nothing;
  const { projection, selected } = fetch;
  const { joined, reads } = context;
  const entity = projection.entity.name;
  if (reads !== undefined && isKnownByKey(lookup)) reads.addEntities(entity, keys);
  else {
    const by = lookup.columns.map(({ name }) => name);
    context.projections.partsRead?.addColumns(projection, [...by, ...selected]);
  }
  if (joined !== undefined && JoinedLookups.suits(lookup, keys)) {
    const found = await joined.find(lookup, entity, keys, context);
    return ownRows(fetch, found, keys, context);
  }
  const { text, values } = lookup.statementFor(keys);
  const rows = await context.reader.read(text, values, laneOf(keys));
  context.budget.spend(rows.rowCount, entity);
  const all = await withRelated(fetch, rows.columns, rows.rowCount, context);
  return { rows: all, byKey: indexRows(all, lookup) };
}

/** Of rows that were found for several requests, those of one of them. */
async function ownRows(
  fetch: RowFetch,
  { columns, byKey }: FoundRows,
  keys: readonly RowKey[],
  context: RunContext,
): Promise<KeyedRows> {
  const own = keys.flatMap((key) => byKey.get(keyText(key)) ?? []);
  context.budget.spend(own.length, fetch.projection.entity.name);
  // Others' rows do no harm where nothing more is fetched for each row.
  if (fetch.relations.length === 0)
    return { rows: { columns, rowCount: own.length, related: nothing.rows.related }, byKey };
  const picked = columns.map((column) => own.map((row) => column[row] ?? null));
  const places = new Map(own.map((row, place) => [row, place]));
  const rows = await withRelated(fetch, picked, own.length, context);
  const ownByKey = keys.map((key) => {
    const text = keyText(key);
    return [text, (byKey.get(text) ?? []).map((row) => places.get(row) ?? 0)] as const;
  });
  return { rows, byKey: new Map(ownByKey) };
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
      return {
        kind: 'rows',
        ...(await runByKeys(relation.target, relation.lookup, keys, context)),
      };
    }
  }
}
