import { refreshProjection, type KeyRows } from '../lake/projection-upkeep.ts';
import { identifier, join, sql } from '../lake/sql.ts';
import type { WriteTransaction } from '../lake/write-transaction.ts';
import { foldCase } from '../mapping/lake-name.ts';
import { deltaTable, type Delta } from './delta.ts';
import type { LedgerContext } from './ledger-context.ts';
import { allParts, isSameKey, partsOfTable, tableOf, type TablePart } from './table-part.ts';

/** Brings what the projections hold of a table's rows up to date, for whichever entities they are parts of. */
export async function refreshParts(
  tx: WriteTransaction,
  { part, key }: TablePart,
  keys: KeyRows,
  context: LedgerContext,
): Promise<void> {
  const parts = partsOfTable(context.model, part.domain, part.table);
  for (const own of parts) {
    if (own.key.join('\0') !== key.join('\0')) continue;
    await context.changed.add(tx, own.entity, own.part, keys);
    for (const projection of context.projectionsOf(own.entity.name)) {
      const read = projection.entity.parts.find(
        ({ domain, table }) => domain === part.domain && foldCase(table) === foldCase(part.table),
      );
      if (read !== undefined) await refreshProjection(tx, projection, read, keys);
    }
  }
}

interface RelatedKeys {
  readonly part: TablePart;
  readonly keys: KeyRows;
}

/**
 * Entities with fields that are figures over the delta's table, as far as its rows belong to them, before and after.
 * To be asked before the rows are written; the keys are kept in a temporary table.
 */
export async function relatedKeys(
  tx: WriteTransaction,
  delta: Delta,
  context: LedgerContext,
): Promise<readonly RelatedKeys[]> {
  const { domain, tableName, target, staged } = delta;
  const found: RelatedKeys[] = [];
  for (const part of allParts(context.model)) {
    if (part.part.domain !== domain) continue;
    for (const { table, columns } of part.part.relatedTables) {
      if (foldCase(table) !== foldCase(tableName)) continue;
      const name = context.temporaryName();
      const of = (alias: string) =>
        join(
          columns.map(
            (column, position) =>
              sql`${identifier(alias, column)} AS ${identifier(part.key[position] ?? '')}`,
          ),
          ', ',
        );
      const changed = sql`d."_action" IN ('insert', 'update', 'delete')`;
      const given = columns.every((column) => staged.columns.includes(column))
        ? sql`SELECT ${of('d')} FROM ${deltaTable(delta)} AS d WHERE ${changed} UNION `
        : sql``;
      await tx.run(
        sql`CREATE TEMP TABLE ${identifier(name)} AS ${given} SELECT ${of('t')} FROM ${deltaTable(delta)} AS d JOIN ${tableOf(target)} AS t ON ${isSameKey('t', target.key, 'd', target.key)} WHERE ${changed}`,
      );
      found.push({
        part,
        keys: { select: sql`SELECT * FROM ${identifier('temp', 'main', name)}`, columns: part.key },
      });
    }
  }
  return found;
}
