import { identifier, sql, value, type Sql } from '../lake/sql.ts';
import type { WriteTransaction } from '../lake/write-transaction.ts';
import { DuckDBTimestampTZValue } from '@duckdb/node-api';
import type { LedgerContext } from './ledger-context.ts';
import { timestamp, type Moment } from './log-draft.ts';

interface LoggedRows {
  readonly count: number;
  readonly entity: string;
  /** Whose rows they are. */
  readonly domain: string;
  /** `place` (unique, the order), `kind`, `key`, `before`, `after` of as many rows as were counted. */
  readonly select: Sql;
  readonly moment: Moment;
}

/** Writes changes of a domain's rows into the log, all at once. */
export async function logRows(
  tx: WriteTransaction,
  { count, entity, domain, select, moment }: LoggedRows,
  { draft, temporaryName }: LedgerContext,
): Promise<void> {
  if (count === 0) return;
  const first = await draft.reserve(tx, count, moment);
  const { origin, transaction, timeMicros, stamp } = moment;
  const { occurredAt } = origin;
  const name = temporaryName();
  const numbered = identifier('temp', 'main', name);
  await tx.run(
    sql`CREATE TEMP TABLE ${identifier(name)} AS SELECT ${value(BigInt(first - 1))} + row_number() OVER (ORDER BY "place") AS "sequence", * FROM (${select})`,
  );
  await tx.run(
    sql`INSERT INTO ledger.change SELECT "sequence", ${value(BigInt(transaction))}, ${value(new DuckDBTimestampTZValue(timeMicros))}, ${value(stamp)}, kind, ${value(entity)}, "key", ${value(domain)}, NULL, ${value(origin.actor)}, ${value(origin.source)}, ${value(origin.cause ?? null)}, ${value(occurredAt === undefined ? null : timestamp(occurredAt))}, NULL, NULL FROM ${numbered} ORDER BY "sequence"`,
  );
  await tx.run(
    sql`INSERT INTO ledger.change_value SELECT "sequence", "before", "after" FROM ${numbered} ORDER BY "sequence"`,
  );
}
