import { sourceKeyColumn, watermarkColumn } from '../mapping/lake-name.ts';
import { identifier, join, literal, sql, value, type Sql } from '../lake/sql.ts';
import type { WriteTransaction } from '../lake/write-transaction.ts';
import { deltaTable, type ActionCounts, type Delta } from './delta.ts';
import { entitiesBegin, entitiesEnd } from './entity-life.ts';
import type { LedgerContext } from './ledger-context.ts';
import type { Moment } from './log-draft.ts';
import { logRows } from './log-rows.ts';
import { quarantineRows } from './quarantine-rows.ts';
import { refreshParts, relatedKeys } from './refresh-parts.ts';
import { isSameKey, rowTextsSql, tableOf } from './table-part.ts';

/** Carries out what `decideRows` decided. */
export async function writeDelta(
  tx: WriteTransaction,
  delta: Delta,
  counts: ActionCounts,
  context: LedgerContext,
): Promise<void> {
  const moment = context.draft.begin(delta.origin);
  const related = await relatedKeys(tx, delta, context);
  if (counts.waiting > 0 || counts.merged > 0) await quarantine(tx, delta, moment, context);
  if (counts.update > 0) await displaceMerged(tx, delta, moment, context);
  await log(tx, delta, counts, moment, context);
  if (counts.update + counts.touch > 0) await updateRows(tx, delta);
  if (counts.insert > 0) await insertRows(tx, delta);
  if (counts.delete > 0 && !delta.target.isIdentity) await deleteRows(tx, delta);
  await keepTombstones(tx, delta);
  await followUp(tx, delta, counts, moment, context);
  for (const { part, keys } of related) await refreshParts(tx, part, keys, context);
}

async function quarantine(
  tx: WriteTransaction,
  delta: Delta,
  moment: Moment,
  context: LedgerContext,
): Promise<void> {
  const { domain, tableName, staged, run, target } = delta;
  const [only, another] = target.key;
  // It keeps the key that it has in its source, so that it is led to the right place when it comes out again.
  const members = staged.columns.map((column) => {
    const given = sql`CAST(${identifier('d', column)} AS VARCHAR)`;
    const isKey = column === only && another === undefined;
    return [column, isKey ? sql`COALESCE(d."_own", ${given})` : given] as const;
  });
  await quarantineRows(
    tx,
    {
      domain,
      table: tableName,
      select: sql`SELECT COALESCE(d."_own", d."_key") AS "key", CASE d."_action" WHEN 'merged' THEN 'MERGED' ELSE 'WAITING' END AS kind,
        CASE d."_action" WHEN 'merged' THEN 'its entity was merged into ' || d."_key" || ', which has a row of its own' ELSE d."_reason" END AS reason,
        d."_waits_entity" AS waits_entity, d."_waits_key" AS waits_key, ${rowTextsSql(members)} AS payload, d."_watermark" AS watermark
        FROM ${deltaTable(delta)} AS d WHERE d."_action" IN ('waiting', 'merged')`,
      run,
      moment,
    },
    context,
  );
}

/** The entity's own row takes the place of one that came with an entity that was merged into it. */
async function displaceMerged(
  tx: WriteTransaction,
  delta: Delta,
  moment: Moment,
  context: LedgerContext,
): Promise<void> {
  const { domain, tableName, target, run } = delta;
  if (!context.redirects.has(target.entity.name)) return;
  const members = target.definition.columns.map(
    ({ name }) => [name, identifier('t', name)] as const,
  );
  const source = identifier('t', sourceKeyColumn);
  await quarantineRows(
    tx,
    {
      domain,
      table: tableName,
      select: sql`SELECT ${source} AS "key", 'MERGED' AS kind, 'its entity was merged into ' || d."_key" || ', which has a row of its own' AS reason,
        CAST(NULL AS VARCHAR) AS waits_entity, CAST(NULL AS VARCHAR) AS waits_key, ${rowTextsSql(members)} AS payload, t.${identifier(watermarkColumn)} AS watermark
        FROM ${deltaTable(delta)} AS d JOIN ${tableOf(target)} AS t ON ${isSameKey('t', target.key, 'd', target.key)}
        WHERE d."_action" = 'update' AND ${source} IS NOT NULL AND d."_own" IS NULL`,
      run,
      moment,
    },
    context,
  );
}

function log(
  tx: WriteTransaction,
  delta: Delta,
  counts: ActionCounts,
  moment: Moment,
  context: LedgerContext,
): Promise<void> {
  const { target, staged } = delta;
  const columns = target.definition.columns.map(({ name }) => name);
  const before = columns.map((name) => [name, identifier('t', name)] as const);
  const after = columns.map(
    (name) =>
      [
        name,
        staged.columns.includes(name) ? identifier('d', name) : identifier('t', name),
      ] as const,
  );
  return logRows(
    tx,
    {
      count: counts.insert + counts.update + counts.delete,
      entity: target.entity.name,
      domain: target.part.domain,
      select: sql`SELECT d."_row" AS "place", CASE d."_action" WHEN 'insert' THEN 'create' ELSE d."_action" END AS kind, d."_key" AS "key",
        CASE WHEN d."_action" <> 'insert' THEN ${rowTextsSql(before)} END AS "before",
        CASE WHEN d."_action" <> 'delete' THEN ${rowTextsSql(after)} END AS "after"
        FROM ${deltaTable(delta)} AS d LEFT JOIN ${tableOf(target)} AS t ON ${isSameKey('t', target.key, 'd', target.key)}
        WHERE d."_action" IN ('insert', 'update', 'delete')`,
      moment,
    },
    context,
  );
}

async function updateRows(tx: WriteTransaction, delta: Delta): Promise<void> {
  const { target, staged } = delta;
  const indexed = new Set(target.definition.indexes.flat());
  const given = staged.columns.filter((column) => !target.key.includes(column));
  const set = (names: readonly Sql[], condition: Sql): Promise<number> =>
    tx.run(
      sql`UPDATE ${tableOf(target)} AS t SET ${join(names, ', ')} FROM ${deltaTable(delta)} AS d WHERE ${isSameKey('t', target.key, 'd', target.key)} AND ${condition}`,
    );
  const assign = (column: string): Sql => sql`${identifier(column)} = d.${identifier(column)}`;
  await set(
    [
      ...given.filter((column) => !indexed.has(column)).map(assign),
      sql`${identifier(watermarkColumn)} = d."_watermark"`,
      sql`${identifier(sourceKeyColumn)} = d."_own"`,
    ],
    sql`d."_action" IN ('update', 'touch')`,
  );
  // Setting an indexed column makes DuckDB remove and add the row: only where it is another value.
  for (const column of given.filter((name) => indexed.has(name))) {
    const differs = sql`t.${identifier(column)} IS DISTINCT FROM d.${identifier(column)}`;
    await set([assign(column)], sql`d."_action" = 'update' AND ${differs}`);
  }
}

async function insertRows(tx: WriteTransaction, delta: Delta): Promise<void> {
  const { target, staged } = delta;
  const names = [...staged.columns, watermarkColumn, sourceKeyColumn];
  const sources = [
    ...staged.columns.map((column) => identifier('d', column)),
    sql`d."_watermark"`,
    sql`d."_own"`,
  ];
  const columns = join(
    names.map((name) => identifier(name)),
    ', ',
  );
  await tx.run(
    sql`INSERT INTO ${tableOf(target)} (${columns}) SELECT ${join(sources, ', ')} FROM ${deltaTable(delta)} AS d WHERE d."_action" = 'insert' ORDER BY d."_row"`,
  );
}

async function deleteRows(tx: WriteTransaction, delta: Delta): Promise<void> {
  const { target } = delta;
  await tx.run(
    sql`DELETE FROM ${tableOf(target)} AS t USING ${deltaTable(delta)} AS d WHERE ${isSameKey('t', target.key, 'd', target.key)} AND d."_action" = 'delete'`,
  );
}

/** How new the removal of a row is, so that an older state of it does not come back. */
async function keepTombstones(tx: WriteTransaction, delta: Delta): Promise<void> {
  const { domain, tableName } = delta;
  const key = sql`COALESCE(d."_own", d."_key")`;
  const isOfTable = sql`z.domain = ${value(domain)} AND z."table" = ${value(tableName)}`;
  const removed = sql`d."_action" IN ('delete', 'gone') AND d."_watermark" IS NOT NULL`;
  await tx.run(
    sql`DELETE FROM sync.tombstone AS z USING ${deltaTable(delta)} AS d WHERE ${isOfTable} AND z."key" = ${key} AND (d."_action" IN ('insert', 'update') OR (${removed} AND d."_watermark" >= z.watermark))`,
  );
  await tx.run(
    sql`INSERT INTO sync.tombstone SELECT ${value(domain)}, ${value(tableName)}, ${key}, d."_watermark" FROM ${deltaTable(delta)} AS d WHERE ${removed} AND NOT EXISTS (SELECT 1 FROM sync.tombstone AS z WHERE ${isOfTable} AND z."key" = ${key})`,
  );
  // A row that waits somewhere is gone as well, and what a row says that has come is newer than what waits.
  await tx.run(
    sql`DELETE FROM quarantine."row" AS q USING ${deltaTable(delta)} AS d WHERE q.domain = ${value(domain)} AND q."table" = ${value(tableName)} AND q.kind = 'WAITING' AND q."key" = ${key} AND d."_action" NOT IN ('waiting', 'merged', 'stale') AND NOT q.watermark > d."_watermark"`,
  );
}

/** What the rows mean for the entities of the graph. */
async function followUp(
  tx: WriteTransaction,
  delta: Delta,
  counts: ActionCounts,
  moment: Moment,
  context: LedgerContext,
): Promise<void> {
  const { target } = delta;
  const keysOf = (...kinds: readonly string[]) => {
    const listed = join(
      kinds.map((kind) => literal(kind)),
      ', ',
    );
    const columns = target.key;
    const selected = join(
      columns.map((column) => identifier('d', column)),
      ', ',
    );
    const select = sql`SELECT ${selected} FROM ${deltaTable(delta)} AS d WHERE d."_action" IN (${listed})`;
    return { select, columns };
  };
  if (!target.isIdentity) {
    if (counts.insert + counts.update + counts.delete > 0)
      await refreshParts(tx, target, keysOf('insert', 'update', 'delete'), context);
    return;
  }
  if (counts.update > 0) await refreshParts(tx, target, keysOf('update'), context);
  if (counts.insert > 0) await entitiesBegin(tx, target.entity, keysOf('insert'), context);
  if (counts.delete > 0) await entitiesEnd(tx, target.entity, keysOf('delete'), moment, context);
}
