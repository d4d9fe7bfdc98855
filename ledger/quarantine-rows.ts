import { DuckDBTimestampTZValue } from '@duckdb/node-api';
import { identifier, sql, value, type Sql } from '../lake/sql.ts';
import type { WriteTransaction } from '../lake/write-transaction.ts';
import type { LedgerContext } from './ledger-context.ts';
import type { Moment } from './log-draft.ts';

interface LeftRows {
  readonly domain: string;
  readonly table: string;
  /** `key`, `kind`, `reason`, `waits_entity`, `waits_key`, `payload`, `watermark`. */
  readonly select: Sql;
  readonly run?: string | undefined;
  readonly moment: Moment;
}

/**
 * Puts rows into quarantine. A row that is there already is replaced, unless it is newer; one that is the same keeps its
 * id, which somebody may have noted, and its time.
 */
export async function quarantineRows(
  tx: WriteTransaction,
  { domain, table, select, run, moment }: LeftRows,
  { waiting, temporaryName }: Pick<LedgerContext, 'waiting' | 'temporaryName'>,
): Promise<void> {
  const name = temporaryName();
  const left = identifier('temp', 'main', name);
  await tx.run(sql`CREATE TEMP TABLE ${identifier(name)} AS ${select}`);
  const isOfTable = sql`q.domain = ${value(domain)} AND q."table" = ${value(table)} AND q."key" = l."key" AND q.kind = l.kind`;
  await tx.run(
    sql`DELETE FROM ${left} AS l USING quarantine."row" AS q WHERE ${isOfTable} AND q.watermark > l.watermark`,
  );
  const isSame = sql`${isOfTable} AND q.payload = l.payload AND q.waits_entity IS NOT DISTINCT FROM l.waits_entity AND q.waits_key IS NOT DISTINCT FROM l.waits_key`;
  await tx.run(
    sql`UPDATE quarantine."row" AS q SET reason = l.reason, watermark = l.watermark, run = ${value(run ?? null)} FROM ${left} AS l WHERE ${isSame}`,
  );
  await tx.run(sql`DELETE FROM ${left} AS l USING quarantine."row" AS q WHERE ${isSame}`);
  await tx.run(sql`DELETE FROM quarantine."row" AS q USING ${left} AS l WHERE ${isOfTable}`);
  const count = await tx.run(
    sql`INSERT INTO quarantine."row" (domain, "table", "key", kind, reason, waits_entity, waits_key, payload, watermark, run, since) SELECT ${value(domain)}, ${value(table)}, "key", kind, reason, waits_entity, waits_key, payload, watermark, ${value(run ?? null)}, ${value(new DuckDBTimestampTZValue(moment.timeMicros))} FROM ${left}`,
  );
  if (count > 0) waiting.mayBe = true;
}
