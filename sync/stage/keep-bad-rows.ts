import type { WriteTransaction } from '../../lake/engine.ts';
import { identifier, sql, table, value, type Sql } from '../../lake/sql.ts';
import { keyTextSql } from '../../ledger/table-part.ts';
import { sourceKeyColumn, watermarkColumn } from '../../mapping/lake-name.ts';
import type { TableSync } from '../declaration/sync-declaration.ts';
import { timestamp } from '../sync-state.ts';
import { badRows, reasonSql, ruleSql, type CheckedDelivery } from './check-rows.ts';
import { rawPayload } from './raw-shape.ts';

interface KeptRows {
  readonly delivery: CheckedDelivery;
  /** Of the rows' numbers: `_row`. */
  readonly isInChunk: Sql;
  /** A name for a temporary table. */
  readonly temporaryName: string;
  readonly run: string;
  readonly now: Date;
}

/** A row that was bad and comes in a good state that is no older needs no mending any more. */
export async function releaseMendedRows(
  tx: WriteTransaction,
  { sync, staging }: CheckedDelivery,
  isInChunk: Sql,
): Promise<void> {
  const checked = staging.table('checked');
  await tx.run(
    sql`DELETE FROM quarantine."row" AS q USING ${checked} AS c WHERE ${isBadOf(sync)} AND q."key" = c."~key" AND c."~problem" IS NULL AND c.${isInChunk} AND NOT COALESCE(q.watermark > c."_watermark", FALSE)`,
  );
}

/**
 * Puts the bad rows of a chunk into quarantine, with what the source sent. A row that is there already stays as it is,
 * however often it comes; one whose key came later in a good state is of no use any more, wherever that is by now: in
 * this delivery, in the lake, waiting for its identity, or removed.
 */
export async function keepBadRows(tx: WriteTransaction, kept: KeptRows): Promise<void> {
  const { delivery, isInChunk, temporaryName, run, now } = kept;
  const { sync, staging, shape } = delivery;
  const { domain, table: tableName } = sync;
  const isOfTable = isBadOf(sync);
  const checked = staging.table('checked');
  const bad = sql`temp.main.${identifier(temporaryName)}`;
  const isSuperseded = sql`EXISTS (SELECT 1 FROM ${checked} AS g WHERE g."~problem" IS NULL AND g."~key" = b."~key" AND COALESCE(g."_watermark" > b."_watermark" OR (g."_watermark" = b."_watermark" AND g."_row" > b."_row"), g."_row" > b."_row"))`;
  const inLake = sql`EXISTS (SELECT 1 FROM ${table(domain, tableName)} AS t WHERE COALESCE(${identifier('t', sourceKeyColumn)}, ${keyTextSql('t', sync.key)}) = b."~key" AND ${identifier('t', watermarkColumn)} > b."_watermark")`;
  const isOfDomain = (alias: string): Sql =>
    sql`${identifier(alias, 'domain')} = ${value(domain)} AND ${identifier(alias, 'table')} = ${value(tableName)} AND ${identifier(alias, 'key')} = b."~key" AND ${identifier(alias, 'watermark')} > b."_watermark"`;
  const isParked = sql`EXISTS (SELECT 1 FROM quarantine."row" AS p WHERE ${isOfDomain('p')} AND p.kind <> 'BAD')`;
  const isRemoved = sql`EXISTS (SELECT 1 FROM sync.tombstone AS z WHERE ${isOfDomain('z')})`;
  await tx.run(
    sql`CREATE TEMP TABLE ${identifier(temporaryName)} AS
      SELECT b."~key" AS "key", ${reasonSql(delivery)} AS reason, ${ruleSql(delivery)} AS "rule", ${rawPayload(shape, 'r')} AS payload, b."_watermark" AS watermark
      FROM ${badRows(delivery)} AS b JOIN ${staging.table('raw')} AS r ON r."_row" = b."_row"
      WHERE b.${isInChunk} AND NOT ${isSuperseded} AND NOT ${inLake} AND NOT ${isParked} AND NOT ${isRemoved}
      QUALIFY row_number() OVER (PARTITION BY COALESCE(b."~key", payload) ORDER BY b."_watermark" DESC NULLS LAST, b."_row" DESC) = 1 ORDER BY b."_row"`,
  );
  const isSame = sql`${isOfTable} AND q.payload = l.payload AND q.reason = l.reason`;
  await tx.run(
    sql`UPDATE quarantine."row" AS q SET run = ${value(run)} FROM ${bad} AS l WHERE ${isSame}`,
  );
  await tx.run(sql`DELETE FROM ${bad} AS l USING quarantine."row" AS q WHERE ${isSame}`);
  await tx.run(
    sql`DELETE FROM ${bad} AS l USING quarantine."row" AS q WHERE ${isOfTable} AND q."key" = l."key" AND q.watermark > l.watermark`,
  );
  await tx.run(
    sql`DELETE FROM quarantine."row" AS q USING ${bad} AS l WHERE ${isOfTable} AND q."key" = l."key"`,
  );
  await tx.run(
    sql`INSERT INTO quarantine."row" (domain, "table", "key", kind, reason, "rule", payload, watermark, run, since) SELECT ${value(domain)}, ${value(tableName)}, "key", 'BAD', reason, "rule", payload, watermark, ${value(run)}, ${value(timestamp(now))} FROM ${bad}`,
  );
  await tx.run(sql`DROP TABLE ${bad}`);
}

function isBadOf({ domain, table: name }: TableSync): Sql {
  return sql`q.domain = ${value(domain)} AND q."table" = ${value(name)} AND q.kind = 'BAD'`;
}
