import { keyColumnsOf } from '../mapping/key-columns.ts';
import type { LakeType } from '../mapping/model.ts';
import { sequenceColumn, type Projection } from '../mapping/projection.ts';
import { aliasOf, columnSql, joinedParts, namesSql, projectionTable } from './projection-sql.ts';
import { identifier, join, sql, table, type Sql } from './sql.ts';
import type { WriteTransaction } from './write-transaction.ts';

/** Keys of some entities as rows: `SELECT` with one column a field of the key, in the order of the key. */
export interface KeyRows {
  readonly select: Sql;
  /** Names of its columns. */
  readonly columns: readonly string[];
}

/** Adds entities that have begun to exist, and of which no domain has a row yet. */
export async function insertIntoProjection(
  tx: WriteTransaction,
  projection: Projection,
  /** Rows of the identity's table, with all its columns. */
  identityRows: Sql,
): Promise<void> {
  const { entity, columns } = projection;
  const sequence = identifier(aliasOf(entity.identity), sequenceColumn);
  const targets = [sequenceColumn, ...columns.map(({ name }) => name)];
  const sources = [sequence, ...columns.map((column) => columnSql(column, entity))];
  await tx.run(
    sql`INSERT INTO ${projectionTable(projection)} (${namesSql(targets)}) SELECT ${join(sources, ', ')} FROM ${joinedParts(entity, identityRows, false)} ORDER BY ${sequence}`,
  );
}

/** Reads anew what one domain holds of some entities; with no row there, its defaults. */
export async function refreshProjection(
  tx: WriteTransaction,
  projection: Projection,
  part: LakeType,
  keys: KeyRows,
): Promise<void> {
  const { entity, key, indexes } = projection;
  const own = projection.columns.filter((column) =>
    column.kind === 'field' ? column.source.owner === part : column.part === part,
  );
  const columns = own.filter(({ name }) => !key.includes(name));
  if (columns.length === 0) return;
  const partKey = keyColumnsOf(
    part,
    entity.keyFields.map(({ name }) => name),
  );
  const alias = aliasOf(part);
  const isSame = partKey.map(
    (column, position) =>
      sql`${identifier(alias, column)} = ${identifier('keys', keys.columns[position] ?? '')}`,
  );
  const keyNames = entity.keyFields.map((_, position) => `key~${position}`);
  const selected = [
    ...keyNames.map(
      (name, position) =>
        sql`${identifier('keys', keys.columns[position] ?? '')} AS ${identifier(name)}`,
    ),
    ...columns.map((column) => sql`${columnSql(column, entity)} AS ${identifier(column.name)}`),
  ];
  const source = sql`(SELECT ${join(selected, ', ')} FROM (${keys.select}) AS "keys" LEFT JOIN ${table(part.domain, part.table)} AS ${identifier(alias)} ON ${join(isSame, ' AND ')})`;
  const isTarget = keyNames.map(
    (name, position) =>
      sql`${identifier('target', key[position] ?? '')} = ${identifier('source', name)}`,
  );
  const indexed = new Set(indexes.flat());
  // An indexed column that is set at all makes DuckDB remove and add the row, so only rows where it changes are touched.
  const groups = [
    columns.filter(({ name }) => !indexed.has(name)),
    ...columns.filter(({ name }) => indexed.has(name)).map((column) => [column]),
  ];
  for (const group of groups) {
    if (group.length === 0) continue;
    const sets = group.map(({ name }) => sql`${identifier(name)} = ${identifier('source', name)}`);
    const differs = group.map(
      ({ name }) =>
        sql`${identifier('target', name)} IS DISTINCT FROM ${identifier('source', name)}`,
    );
    await tx.run(
      sql`UPDATE ${projectionTable(projection)} AS "target" SET ${join(sets, ', ')} FROM ${source} AS "source" WHERE ${join(isTarget, ' AND ')} AND (${join(differs, ' OR ')})`,
    );
  }
}

/** Removes entities that are no more. */
export async function deleteFromProjection(
  tx: WriteTransaction,
  projection: Projection,
  keys: KeyRows,
): Promise<void> {
  const isTarget = projection.key.map(
    (column, position) =>
      sql`${identifier('target', column)} = ${identifier('keys', keys.columns[position] ?? '')}`,
  );
  await tx.run(
    sql`DELETE FROM ${projectionTable(projection)} AS "target" USING (${keys.select}) AS "keys" WHERE ${join(isTarget, ' AND ')}`,
  );
}
