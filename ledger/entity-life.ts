import {
  deleteFromProjection,
  insertIntoProjection,
  type KeyRows,
} from '../lake/projection-upkeep.ts';
import { identifier, join, literal, sql, table, typeName, type Sql } from '../lake/sql.ts';
import type { WriteTransaction } from '../lake/write-transaction.ts';
import { sourceKeyColumn, watermarkColumn } from '../mapping/lake-name.ts';
import type { Entity } from '../mapping/model.ts';
import type { Projection } from '../mapping/projection.ts';
import type { LedgerContext } from './ledger-context.ts';
import type { Moment } from './log-draft.ts';
import { logRows } from './log-rows.ts';
import { quarantineRows } from './quarantine-rows.ts';
import { refreshParts } from './refresh-parts.ts';
import { releaseWaiting } from './release-waiting.ts';
import {
  allParts,
  identityKey,
  isSameKey,
  keyTextSql,
  rowTextsSql,
  tableOf,
  type TablePart,
} from './table-part.ts';

/** Entities whose rows were added to the identity's table: they come into the projections, and what waited for them comes too. */
export async function entitiesBegin(
  tx: WriteTransaction,
  entity: Entity,
  keys: KeyRows,
  context: LedgerContext,
): Promise<void> {
  await context.changed.add(tx, entity, entity.identity, keys);
  for (const projection of context.projectionsOf(entity.name))
    await addToProjection(tx, projection, keys);
  await releaseWaiting(tx, entity, keys, context);
}

/** The rows of the projection, for entities of which no domain has a row yet. */
export async function addToProjection(
  tx: WriteTransaction,
  projection: Projection,
  keys: KeyRows,
): Promise<void> {
  const { entity } = projection;
  const { identity } = entity;
  const isKey = isSameKey('i', identityKey(entity), 'k', keys.columns);
  const rows = sql`(SELECT i.* FROM ${table(identity.domain, identity.table)} AS i SEMI JOIN (${keys.select}) AS k ON ${isKey})`;
  await insertIntoProjection(tx, projection, rows);
}

/**
 * Entities that are no more: their row of the identity goes, and in the same transaction whatever leads to them. Rows
 * of domains are not lost: they wait in quarantine, and come back with the entity if it does.
 */
export async function entitiesEnd(
  tx: WriteTransaction,
  entity: Entity,
  keys: KeyRows,
  moment: Moment,
  context: LedgerContext,
): Promise<void> {
  const gone = await keepKeys(tx, keys, context);
  await context.changed.add(tx, entity, entity.identity, gone);
  for (const part of allParts(context.model)) {
    if (part.entity === entity && !part.isIdentity)
      await park(
        tx,
        part,
        part.key,
        entity,
        gone,
        `no ${entity.name} has this key`,
        moment,
        context,
      );
    for (const { columns, target, name } of part.references) {
      if (target !== entity) continue;
      const reason = `${name} names no ${entity.name} that exists`;
      await park(tx, part, columns, entity, gone, reason, moment, context);
    }
  }
  for (const projection of context.projectionsOf(entity.name))
    await deleteFromProjection(tx, projection, gone);
  const { identity } = entity;
  await tx.run(
    sql`DELETE FROM ${table(identity.domain, identity.table)} AS t USING (${gone.select}) AS k WHERE ${isSameKey('t', identityKey(entity), 'k', gone.columns)}`,
  );
}

/** The rows that the keys come from are about to go. */
async function keepKeys(
  tx: WriteTransaction,
  { select, columns }: KeyRows,
  context: LedgerContext,
): Promise<KeyRows> {
  const name = context.temporaryName();
  await tx.run(sql`CREATE TEMP TABLE ${identifier(name)} AS ${select}`);
  return { select: sql`SELECT * FROM ${identifier('temp', 'main', name)}`, columns };
}

/** Takes rows of a table that lead to entities which are gone out of it, into quarantine. */
async function park(
  tx: WriteTransaction,
  part: TablePart,
  columns: readonly string[],
  gone: Entity,
  keys: KeyRows,
  reason: string,
  moment: Moment,
  context: LedgerContext,
): Promise<void> {
  const { definition, key, entity } = part;
  const from = sql`FROM ${tableOf(part)} AS t SEMI JOIN (${keys.select}) AS k ON ${isSameKey('t', columns, 'k', keys.columns)}`;
  const found = await tx.read(sql`SELECT count(*) ${from}`);
  const count = Number(found.columns[0]?.[0]);
  if (count === 0) return;
  const source = identifier('t', sourceKeyColumn);
  const isPart = columns === key && key.length === 1;
  const members = definition.columns.map(({ name, sqlType }) => {
    const column = identifier('t', name);
    // What came with an entity that was merged into this one goes back to where it came from.
    const own = sql`COALESCE(CAST(${source} AS ${typeName(sqlType)}), ${column})`;
    return [name, isPart && name === key[0] ? own : column] as const;
  });
  const rowKey = sql`COALESCE(t.${identifier(sourceKeyColumn)}, ${keyTextSql('t', key)})`;
  await quarantineRows(
    tx,
    {
      domain: part.part.domain,
      table: part.part.table,
      select: sql`SELECT ${rowKey} AS "key", 'WAITING' AS kind, ${literal(reason)} AS reason, ${literal(gone.name)} AS waits_entity, ${keyTextSql('t', columns)} AS waits_key, ${rowTextsSql(members)} AS payload, t.${identifier(watermarkColumn)} AS watermark ${from}`,
      moment,
    },
    context,
  );
  const parked = await keepKeys(tx, keysOf(part, from), context);
  if (part.isIdentity) {
    await logRemoval(tx, part, parked, count, moment, context);
    await entitiesEnd(tx, entity, parked, moment, context);
    return;
  }
  await logRemoval(tx, part, parked, count, moment, context);
  await tx.run(
    sql`DELETE FROM ${tableOf(part)} AS t USING (${parked.select}) AS k WHERE ${isSameKey('t', key, 'k', parked.columns)}`,
  );
  if (entity !== gone || columns !== key) await refreshParts(tx, part, parked, context);
}

function keysOf({ key }: TablePart, from: Sql): KeyRows {
  const selected = join(
    key.map((column) => identifier('t', column)),
    ', ',
  );
  return { select: sql`SELECT ${selected} ${from}`, columns: key };
}

function logRemoval(
  tx: WriteTransaction,
  part: TablePart,
  keys: KeyRows,
  count: number,
  moment: Moment,
  context: LedgerContext,
): Promise<void> {
  const { key, definition, entity } = part;
  const members = definition.columns.map(({ name }) => [name, identifier('t', name)] as const);
  return logRows(
    tx,
    {
      count,
      entity: entity.name,
      domain: part.part.domain,
      select: sql`SELECT row_number() OVER (ORDER BY ${keyTextSql('t', key)}) AS "place", 'delete' AS kind, ${keyTextSql('t', key)} AS "key", ${rowTextsSql(members)} AS "before", CAST(NULL AS VARCHAR) AS "after" FROM ${tableOf(part)} AS t SEMI JOIN (${keys.select}) AS k ON ${isSameKey('t', key, 'k', keys.columns)}`,
      moment,
    },
    context,
  );
}
