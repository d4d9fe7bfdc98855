import { keyColumnsOf } from '../mapping/key-columns.ts';
import type { LakeModel, LakeType } from '../mapping/model.ts';
import { identifier, join, literal, sql, table, type Sql } from './sql.ts';
import type { WriteTransaction } from './write-transaction.ts';

const quarantineSchema = 'quarantine';

/** Rows of a domain's table that name an entity which does not exist. */
export interface Quarantined {
  readonly domain: string;
  readonly table: string;
  readonly reason: string;
  readonly rowCount: number;
}

interface Reference {
  readonly from: LakeType;
  readonly columns: readonly string[];
  readonly to: LakeType;
  readonly toColumns: readonly string[];
  readonly reason: string;
}

/**
 * Moves rows whose entity, or an entity that they refer to, does not exist out of the domains' tables and into
 * quarantine, where they wait: an entity exists when its identity does, and the graph never leads into nothing.
 */
export async function quarantineOrphans(
  tx: WriteTransaction,
  model: LakeModel,
): Promise<readonly Quarantined[]> {
  const references = referencesOf(model);
  const moved: Quarantined[] = [];
  await tx.run(sql`CREATE SCHEMA IF NOT EXISTS ${identifier(quarantineSchema)}`);
  // A row that leaves may be what another one refers to, so it takes rounds until nothing moves.
  for (let movedInRound = 1; movedInRound > 0;) {
    movedInRound = 0;
    for (const reference of references) {
      const rowCount = await moveOrphans(tx, reference);
      movedInRound += rowCount;
      const { from, reason } = reference;
      if (rowCount > 0) moved.push({ domain: from.domain, table: from.table, reason, rowCount });
    }
  }
  return moved;
}

function referencesOf(model: LakeModel): readonly Reference[] {
  return [...model.entities.values()].flatMap((entity) => {
    const keyNames = entity.keyFields.map(({ name }) => name);
    const toIdentity = entity.parts
      .filter((part) => part !== entity.identity)
      .map((from) => ({
        from,
        columns: keyColumnsOf(from, keyNames),
        to: entity.identity,
        toColumns: keyColumnsOf(entity.identity, keyNames),
        reason: `no ${entity.name} has this key`,
      }));
    const toOthers = entity.relations.flatMap(({ owner, relation }) => {
      const target = model.entities.get(relation.target);
      if (relation.cardinality === 'many' || target === undefined) return [];
      return [
        {
          from: owner,
          columns: relation.columns,
          to: target.identity,
          toColumns: keyColumnsOf(
            target.identity,
            target.keyFields.map(({ name }) => name),
          ),
          reason: `${relation.name} names a ${target.name} that does not exist`,
        },
      ];
    });
    return [...toIdentity, ...toOthers];
  });
}

async function moveOrphans(tx: WriteTransaction, reference: Reference): Promise<number> {
  const { from, reason } = reference;
  const source = table(from.domain, from.table);
  const isOrphan = orphanCondition(reference);
  const found = await tx.read(sql`SELECT count(*) FROM ${source} AS "row" WHERE ${isOrphan}`);
  const rowCount = Number(found.columns[0]?.[0]);
  if (rowCount === 0) return 0;
  const waiting = table(quarantineSchema, `${from.domain}.${from.table}`);
  const rows = sql`SELECT "row".*, ${literal(reason)} AS "_reason", now() AS "_since" FROM ${source} AS "row" WHERE ${isOrphan}`;
  await tx.run(sql`CREATE TABLE IF NOT EXISTS ${waiting} AS ${rows} LIMIT 0`);
  await tx.run(sql`INSERT INTO ${waiting} BY NAME ${rows}`);
  await tx.run(sql`DELETE FROM ${source} AS "row" WHERE ${isOrphan}`);
  return rowCount;
}

/** A null in the reference leads nowhere by intent. */
function orphanCondition({ columns, to, toColumns }: Reference): Sql {
  const isSet = columns.map((column) => sql`${identifier('row', column)} IS NOT NULL`);
  const isSame = columns.map(
    (column, position) =>
      sql`${identifier('target', toColumns[position] ?? '')} = ${identifier('row', column)}`,
  );
  return sql`${join(isSet, ' AND ')} AND NOT EXISTS (SELECT 1 FROM ${table(to.domain, to.table)} AS "target" WHERE ${join(isSame, ' AND ')})`;
}
