import type { KeyRows } from '../lake/projection-upkeep.ts';
import { identifier, join, literal, sql, typeName, value } from '../lake/sql.ts';
import type { WriteTransaction } from '../lake/write-transaction.ts';
import type { Entity } from '../mapping/model.ts';
import type { LedgerContext } from './ledger-context.ts';
import { keyTextSql, partsOfTable } from './table-part.ts';

/** Rows that waited for entities which exist now are tried again, and leave the quarantine for their tables. */
export async function releaseWaiting(
  tx: WriteTransaction,
  entity: Entity,
  keys: KeyRows,
  context: LedgerContext,
): Promise<void> {
  if (!context.waiting.mayBe) return;
  const any = await tx.read(sql`SELECT 1 FROM quarantine."row" WHERE kind = 'WAITING' LIMIT 1`);
  if (any.rowCount === 0) {
    context.waiting.mayBe = false;
    return;
  }
  const found = context.temporaryName();
  const released = identifier('temp', 'main', found);
  await tx.run(
    sql`CREATE TEMP TABLE ${identifier(found)} AS SELECT q.* FROM quarantine."row" AS q WHERE q.kind = 'WAITING' AND q.waits_entity = ${literal(entity.name)} AND q.waits_key IN (SELECT ${keyTextSql('k', keys.columns)} FROM (${keys.select}) AS k)`,
  );
  const tables = await tx.read(
    sql`SELECT domain, "table" FROM ${released} GROUP BY ALL ORDER BY ALL`,
  );
  for (let row = 0; row < tables.rowCount; row++) {
    const domain = String(tables.columns[0]?.[row]);
    const tableName = String(tables.columns[1]?.[row]);
    await releaseTable(tx, domain, tableName, found, context);
  }
}

async function releaseTable(
  tx: WriteTransaction,
  domain: string,
  tableName: string,
  found: string,
  context: LedgerContext,
): Promise<void> {
  const [target] = partsOfTable(context.model, domain, tableName);
  if (target === undefined) return;
  const columns = target.definition.columns;
  const staged = context.temporaryName();
  const values = columns.map(
    ({ name, sqlType }) =>
      sql`CAST(json_extract_string(q.payload, ${literal(jsonPath(name))}) AS ${typeName(sqlType)}) AS ${identifier(name)}`,
  );
  const isOfTable = sql`q.domain = ${value(domain)} AND q."table" = ${value(tableName)}`;
  await tx.run(
    sql`CREATE TEMP TABLE ${identifier(staged)} AS SELECT ${join(values, ', ')}, q.id AS "_row", q.watermark AS "_watermark", FALSE AS "_deleted" FROM ${identifier('temp', 'main', found)} AS q WHERE ${isOfTable}`,
  );
  await tx.run(
    sql`DELETE FROM quarantine."row" AS w USING ${identifier('temp', 'main', found)} AS q WHERE w.id = q.id AND ${isOfTable}`,
  );
  await context.applyDelta(tx, {
    model: context.model,
    domain,
    tableName,
    staged: {
      table: identifier('temp', 'main', staged),
      columns: columns.map(({ name }) => name),
    },
    origin: { actor: 'tributary', source: 'tributary/quarantine' },
  });
}

/** A member by its name, whatever is in it. */
function jsonPath(name: string): string {
  return `$."${name.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
