import type { LedgerTransaction } from '../../ledger/ledger-transaction.ts';
import { keyTextSql } from '../../ledger/table-part.ts';
import { identifier, join, literal, sql, table, typeName, value } from '../../lake/sql.ts';
import { sourceKeyColumn, watermarkColumn } from '../../mapping/lake-name.ts';
import type { DeltaCounts } from '../../ledger/staged-rows.ts';
import type { CheckedDelivery } from './check-rows.ts';
import { nothingDone, type TakeOver } from './take-over.ts';

export interface MissingCounts {
  readonly missing: number;
  /** Rows that the lake has. */
  readonly present: number;
}

/**
 * Finds the rows that the lake has and a full snapshot lacks, in the table `missing`: staged as tombstones, newer than
 * what the lake has. A row that is in the snapshot but bad is not missing.
 */
export async function findMissing({ sync, staging }: CheckedDelivery): Promise<MissingCounts> {
  const checked = staging.table('checked');
  const target = table(sync.domain, sync.table);
  const own = sql`COALESCE(${identifier('t', sourceKeyColumn)}, ${keyTextSql('t', sync.key)})`;
  const columns = sync.key.map((key) => {
    const sqlType = sync.columns.find(({ name }) => name === key)?.sqlType ?? { kind: 'VARCHAR' };
    // What came with an entity that was merged into another goes by the key that it has in its source.
    const source = sync.key.length === 1 ? own : identifier('t', key);
    return sql`CAST(${source} AS ${typeName(sqlType)}) AS ${identifier(key)}`;
  });
  const newer = sql`greatest(${identifier('t', watermarkColumn)} + 1, (SELECT max("_watermark") FROM ${checked}))`;
  const missing = await staging.make(
    'missing',
    (name) =>
      sql`CREATE TEMP TABLE ${name} AS SELECT ${join(columns, ', ')}, row_number() OVER () AS "_row", ${newer} AS "_watermark", TRUE AS "_deleted" FROM ${target} AS t WHERE NOT EXISTS (SELECT 1 FROM ${checked} AS c WHERE c."~key" = ${own})`,
  );
  const counted = await staging.read(sql`SELECT count(*) FROM ${target}`);
  return { missing, present: Number(counted.columns[0]?.[0]) };
}

/**
 * Removes those rows, so many in one transaction, and with the first ones whatever waits in quarantine without being in
 * the snapshot.
 */
export async function removeMissing(work: TakeOver, { missing }: MissingCounts): Promise<void> {
  const { rows, chunkRows, signal, onCommit, finish } = work;
  for (let first = 1; first === 1 || first <= missing; first += chunkRows) {
    signal.throwIfAborted();
    const last = Math.min(missing, first + chunkRows - 1);
    const counts = await rows.write(async (tx) => {
      const removed = await removeChunk(tx, work, first, last);
      if (last === missing) await finish(tx);
      return removed;
    });
    onCommit(counts);
  }
}

/** Removes some of them, by their numbers, within a transaction. */
export async function removeChunk(
  tx: LedgerTransaction,
  { delivery, model, origin, run }: TakeOver,
  first: number,
  last: number,
): Promise<DeltaCounts> {
  const { sync, staging } = delivery;
  if (first === 1) await clearQuarantine(tx, delivery, run);
  if (last < first) return nothingDone;
  const within = sql`"_row" BETWEEN ${literal(first)} AND ${literal(last)}`;
  return tx.applyDelta({
    model,
    domain: sync.domain,
    tableName: sync.table,
    staged: {
      table: sql`(SELECT * FROM ${staging.table('missing')} WHERE ${within})`,
      columns: sync.key,
    },
    origin,
    run,
  });
}

async function clearQuarantine(
  tx: LedgerTransaction,
  { sync, staging }: CheckedDelivery,
  run: string,
): Promise<void> {
  const isOfTable = sql`q.domain = ${value(sync.domain)} AND q."table" = ${value(sync.table)}`;
  const isKnown = sql`EXISTS (SELECT 1 FROM ${staging.table('checked')} AS c WHERE c."~key" = q."key")`;
  await tx.run(
    sql`DELETE FROM quarantine."row" AS q WHERE ${isOfTable} AND CASE WHEN q.kind = 'BAD' THEN q.run IS DISTINCT FROM ${value(run)} ELSE NOT ${isKnown} END`,
  );
}
