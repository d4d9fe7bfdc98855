import { keyColumnsOf } from '../mapping/key-columns.ts';
import type { LakeModel, LakeType } from '../mapping/model.ts';
import { sourceKeyColumn, watermarkColumn } from '../mapping/lake-name.ts';
import { sequenceColumn } from '../mapping/projection.ts';
import { describeTables } from './describe-tables.ts';
import { identifier, join, literal, sql, table, type Sql } from './sql.ts';
import type { WriteTransaction } from './write-transaction.ts';

/** Rows of a domain's table that name an entity which does not exist. */
export interface Quarantined {
  /** The entity that the rows are a part of. */
  readonly entity: string;
  readonly domain: string;
  readonly table: string;
  readonly reason: string;
  readonly rowCount: number;
}

interface Reference {
  readonly from: LakeType;
  /** The columns of its own key. */
  readonly ownKey: readonly string[];
  readonly columns: readonly string[];
  readonly to: LakeType;
  readonly toColumns: readonly string[];
  /** Whether a row may do without: a null leads nowhere by intent then. */
  readonly mayBeNull: boolean;
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
  // A row that leaves may be what another one refers to, so it takes rounds until nothing moves.
  for (let movedInRound = 1; movedInRound > 0;) {
    movedInRound = 0;
    for (const reference of references) {
      const rowCount = await moveOrphans(tx, reference);
      movedInRound += rowCount;
      const { from, reason } = reference;
      if (rowCount === 0) continue;
      moved.push({ entity: from.name, domain: from.domain, table: from.table, reason, rowCount });
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
        ownKey: keyColumnsOf(from, keyNames),
        columns: keyColumnsOf(from, keyNames),
        to: entity.identity,
        toColumns: keyColumnsOf(entity.identity, keyNames),
        mayBeNull: true,
        reason: `no ${entity.name} has this key`,
      }));
    const toOthers = entity.relations.flatMap(({ owner, relation }) => {
      const target = model.entities.get(relation.target);
      if (relation.cardinality === 'many' || target === undefined) return [];
      return [
        {
          from: owner,
          ownKey: keyColumnsOf(owner, keyNames),
          columns: relation.columns,
          to: target.identity,
          toColumns: keyColumnsOf(
            target.identity,
            target.keyFields.map(({ name }) => name),
          ),
          mayBeNull: !relation.isNonNull,
          reason: `${relation.name} names no ${target.name} that exists`,
        },
      ];
    });
    return [...toIdentity, ...toOthers];
  });
}

async function moveOrphans(tx: WriteTransaction, reference: Reference): Promise<number> {
  const { from, reason, to, columns } = reference;
  const source = table(from.domain, from.table);
  const isOrphan = orphanCondition(reference);
  const found = await tx.read(sql`SELECT count(*) FROM ${source} AS "row" WHERE ${isOrphan}`);
  const rowCount = Number(found.columns[0]?.[0]);
  if (rowCount === 0) return 0;
  const actual = (await describeTables(tx)).find({ schema: from.domain, name: from.table });
  const members = (actual?.columns ?? [])
    .filter(({ name }) => ![sequenceColumn, watermarkColumn, sourceKeyColumn].includes(name))
    .map(({ name }) => sql`${literal(name)}, CAST(${identifier('row', name)} AS VARCHAR)`);
  const payload = sql`CAST(json_object(${join(members, ', ')}) AS VARCHAR)`;
  await tx.run(
    sql`INSERT INTO quarantine."row" (domain, "table", "key", kind, reason, waits_entity, waits_key, payload, since)
      SELECT ${literal(from.domain)}, ${literal(from.table)}, ${keyText('row', reference.ownKey)}, 'WAITING', ${literal(reason)}, ${literal(to.name)}, ${keyText('row', columns)}, ${payload}, now()
      FROM ${source} AS "row" WHERE ${isOrphan}`,
  );
  await tx.run(sql`DELETE FROM ${source} AS "row" WHERE ${isOrphan}`);
  return rowCount;
}

/** As `keyText` in `lake/key-lookup.ts` makes it. */
function keyText(alias: string, columns: readonly string[]): Sql {
  const texts = columns.map((column) => sql`CAST(${identifier(alias, column)} AS VARCHAR)`);
  const [only, another] = texts;
  if (only !== undefined && another === undefined) return only;
  return sql`CAST(to_json([${join(texts, ', ')}]) AS VARCHAR)`;
}

function orphanCondition({ columns, to, toColumns, mayBeNull }: Reference): Sql {
  const isSet = columns.map((column) => sql`${identifier('row', column)} IS NOT NULL`);
  const isSame = columns.map(
    (column, position) =>
      sql`${identifier('target', toColumns[position] ?? '')} = ${identifier('row', column)}`,
  );
  const isUnknown = sql`NOT EXISTS (SELECT 1 FROM ${table(to.domain, to.table)} AS "target" WHERE ${join(isSame, ' AND ')})`;
  return mayBeNull ? sql`${join(isSet, ' AND ')} AND ${isUnknown}` : isUnknown;
}
