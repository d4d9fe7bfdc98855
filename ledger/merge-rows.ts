import type { KeyRows } from '../lake/projection-upkeep.ts';
import { sourceKeyColumn, watermarkColumn } from '../mapping/lake-name.ts';
import { identifier, literal, sql, typeName, value, type Sql } from '../lake/sql.ts';
import type { WriteTransaction } from '../lake/write-transaction.ts';
import type { Entity, SqlType } from '../mapping/model.ts';
import type { LedgerContext } from './ledger-context.ts';
import type { Moment } from './log-draft.ts';
import { logRows } from './log-rows.ts';
import { quarantineRows } from './quarantine-rows.ts';
import { refreshParts } from './refresh-parts.ts';
import { releaseWaiting } from './release-waiting.ts';
import { allParts, keyTextSql, rowTextsSql, tableOf, type TablePart } from './table-part.ts';

/**
 * Gives what domains have of one entity to another. Where both have a row in a domain, the winner's stays and the
 * other goes to quarantine; what referred to the loser refers to the winner.
 *
 * The loser's own identity is still there, and goes afterwards.
 */
export async function mergeRows(
  tx: WriteTransaction,
  entity: Entity,
  loser: string,
  winner: string,
  moment: Moment,
  context: LedgerContext,
): Promise<void> {
  const [keyField, another] = entity.keyFields;
  if (keyField === undefined || another !== undefined) return;
  const from = keyOf(loser, keyField.sqlType);
  const to = keyOf(winner, keyField.sqlType);
  await tx.run(
    sql`UPDATE ledger.head SET merged_into = ${value(winner)} WHERE entity = ${literal(entity.name)} AND state = 'merged' AND merged_into = ${value(loser)}`,
  );
  for (const part of allParts(context.model)) {
    if (part.entity === entity && !part.isIdentity)
      await moveRow(tx, part, from, to, winner, moment, context);
    for (const { columns, target } of part.references) {
      const [column, second] = columns;
      if (target !== entity || column === undefined || second !== undefined) continue;
      await referAnew(tx, part, column, from, to, moment, context);
    }
  }
  context.redirects.add(entity.name, loser, winner);
  const identityKeyName = 'key';
  const keys: KeyRows = {
    select: sql`SELECT ${from} AS ${identifier(identityKeyName)}`,
    columns: [identityKeyName],
  };
  await releaseWaiting(tx, entity, keys, context);
}

function keyOf(text: string, sqlType: SqlType): Sql {
  return sql`CAST(${value(text)} AS ${typeName(sqlType)})`;
}

async function moveRow(
  tx: WriteTransaction,
  part: TablePart,
  from: Sql,
  to: Sql,
  winner: string,
  moment: Moment,
  context: LedgerContext,
): Promise<void> {
  const key = part.key[0] ?? '';
  const has = async (at: Sql): Promise<boolean> => {
    const found = await tx.read(
      sql`SELECT 1 FROM ${tableOf(part)} AS t WHERE ${identifier('t', key)} = ${at}`,
    );
    return found.rowCount > 0;
  };
  if (!(await has(from))) return;
  const isTaken = await has(to);
  const isLoser = sql`${identifier('t', key)} = ${from}`;
  const source = sql`COALESCE(t.${identifier(sourceKeyColumn)}, ${keyTextSql('t', part.key)})`;
  const members = part.definition.columns.map(({ name }) => [name, identifier('t', name)] as const);
  if (isTaken) {
    await quarantineRows(
      tx,
      {
        domain: part.part.domain,
        table: part.part.table,
        select: sql`SELECT ${source} AS "key", 'MERGED' AS kind, ${value(`its entity was merged into ${winner}, which has a row of its own`)} AS reason, CAST(NULL AS VARCHAR) AS waits_entity, CAST(NULL AS VARCHAR) AS waits_key, ${rowTextsSql(members)} AS payload, t.${identifier(watermarkColumn)} AS watermark FROM ${tableOf(part)} AS t WHERE ${isLoser}`,
        moment,
      },
      context,
    );
  }
  const moved = part.definition.columns.map(
    ({ name }) => [name, name === key ? to : identifier('t', name)] as const,
  );
  const removal = sql`SELECT 1 AS "place", 'delete' AS kind, ${keyTextSql('t', part.key)} AS "key", ${rowTextsSql(members)} AS "before", CAST(NULL AS VARCHAR) AS "after" FROM ${tableOf(part)} AS t WHERE ${isLoser}`;
  const arrival = sql`SELECT 2 AS "place", 'create' AS kind, CAST(${to} AS VARCHAR) AS "key", CAST(NULL AS VARCHAR) AS "before", ${rowTextsSql(moved)} AS "after" FROM ${tableOf(part)} AS t WHERE ${isLoser}`;
  await logRows(
    tx,
    {
      count: isTaken ? 1 : 2,
      entity: part.entity.name,
      domain: part.part.domain,
      select: isTaken ? removal : sql`${removal} UNION ALL ${arrival}`,
      moment,
    },
    context,
  );
  if (isTaken) await tx.run(sql`DELETE FROM ${tableOf(part)} AS t WHERE ${isLoser}`);
  else
    await tx.run(
      sql`UPDATE ${tableOf(part)} AS t SET ${identifier(key)} = ${to}, ${identifier(sourceKeyColumn)} = ${source} WHERE ${isLoser}`,
    );
  await refreshParts(tx, part, oneKey(part, to), context);
}

/** Rows that lead to the loser lead to the winner. */
async function referAnew(
  tx: WriteTransaction,
  part: TablePart,
  column: string,
  from: Sql,
  to: Sql,
  moment: Moment,
  context: LedgerContext,
): Promise<void> {
  const { definition, key, entity } = part;
  const leads = sql`FROM ${tableOf(part)} AS t WHERE ${identifier('t', column)} = ${from}`;
  const found = await tx.read(sql`SELECT count(*) ${leads}`);
  const count = Number(found.columns[0]?.[0]);
  if (count === 0) return;
  const before = definition.columns.map(({ name }) => [name, identifier('t', name)] as const);
  const after = before.map(([name, own]) => [name, name === column ? to : own] as const);
  await logRows(
    tx,
    {
      count,
      entity: entity.name,
      domain: part.part.domain,
      select: sql`SELECT row_number() OVER (ORDER BY ${keyTextSql('t', key)}) AS "place", 'update' AS kind, ${keyTextSql('t', key)} AS "key", ${rowTextsSql(before)} AS "before", ${rowTextsSql(after)} AS "after" ${leads}`,
      moment,
    },
    context,
  );
  const name = context.temporaryName();
  const selected = key.map((one) => identifier('t', one));
  await tx.run(
    sql`CREATE TEMP TABLE ${identifier(name)} AS SELECT ${selected[0] ?? sql`1`}${selected.slice(1).reduce((all, one) => sql`${all}, ${one}`, sql``)} ${leads}`,
  );
  await tx.run(
    sql`UPDATE ${tableOf(part)} AS t SET ${identifier(column)} = ${to} WHERE ${identifier('t', column)} = ${from}`,
  );
  const keys = { select: sql`SELECT * FROM ${identifier('temp', 'main', name)}`, columns: key };
  await refreshParts(tx, part, keys, context);
}

function oneKey({ key }: TablePart, at: Sql): KeyRows {
  const column = key[0] ?? 'key';
  return { select: sql`SELECT ${at} AS ${identifier(column)}`, columns: [column] };
}
