import type { RowTexts } from '../ledger/change.ts';
import { identityKey, keyTextSql, rowTextsSql } from '../ledger/table-part.ts';
import { identifier, sql, table, value, type Sql } from '../lake/sql.ts';
import type { Entity } from '../mapping/model.ts';
import type { PastIdentity } from './cloud-event.ts';
import { numberOf, textOf } from './lake-cells.ts';
import type { EventLake } from './subscriber-store.ts';

interface SnapshotPage {
  readonly entity: Entity;
  /** The place in the log as of which entities are read. */
  readonly position: number;
  /** The page begins behind this key. */
  readonly afterKey: string | undefined;
  /** Reads this one alone. */
  readonly onlyKey?: string | undefined;
  readonly limit: number;
}

/**
 * Entities as they were at a place in the log, by their keys. Rows that did not change since stand in the identity's
 * table; of those that did, the first change behind the place says what they were. So the same page can be read again
 * at any later time. It is one statement, so one state of the lake.
 *
 * Who was erased since then is left out: nothing is left to tell.
 */
export async function readSnapshot(
  lake: EventLake,
  page: SnapshotPage,
): Promise<readonly PastIdentity[]> {
  const { columns, rowCount } = await lake.read(statementOf(page), { lane: 'scan' });
  const [keys = [], rows = [], versions = [], stamps = []] = columns;
  return Array.from({ length: rowCount }, (_, at) => ({
    key: String(keys[at]),
    row: JSON.parse(String(rows[at])) as RowTexts,
    version: numberOf(versions[at] ?? null) ?? 1,
    stamp: textOf(stamps[at] ?? null) ?? undefined,
  }));
}

function statementOf({ entity, position, afterKey, onlyKey, limit }: SnapshotPage): Sql {
  const { identity, name } = entity;
  const tableName = table(identity.domain, identity.table);
  const ownKey = keyTextSql('t', identityKey(entity));
  const after = value(BigInt(position));
  const entityName = value(name);
  const members = identity.fields.flatMap(({ expression }) =>
    expression.kind === 'column'
      ? [[expression.column, identifier('t', expression.column)] as const]
      : [],
  );
  const isInPage = (key: Sql): Sql =>
    onlyKey === undefined
      ? afterKey === undefined
        ? sql`TRUE`
        : sql`${key} > ${value(afterKey)}`
      : sql`${key} = ${value(onlyKey)}`;
  // The keys of the page come first, so that only their rows are put together.
  return sql`WITH later AS MATERIALIZED (
      SELECT "key", min("sequence") AS "sequence" FROM ledger.change
      WHERE "sequence" > ${after} AND "version" IS NOT NULL AND entity = ${entityName} GROUP BY "key"),
    past AS MATERIALIZED (
      SELECT c."key", v."before" AS "row", c."version" - 1 AS "version" FROM ledger.change AS c
      JOIN later AS l ON l."sequence" = c."sequence" JOIN ledger.change_value AS v ON v."sequence" = c."sequence"
      WHERE c."sequence" > ${after} AND v."sequence" > ${after} AND v."before" IS NOT NULL),
    page AS MATERIALIZED (
      SELECT "key", is_past FROM (
        SELECT ${ownKey} AS "key", FALSE AS is_past FROM ${tableName} AS t
        WHERE ${isInPage(ownKey)} AND ${ownKey} NOT IN (SELECT "key" FROM later)
        UNION ALL SELECT "key", TRUE FROM past WHERE ${isInPage(sql`"key"`)})
      ORDER BY "key" LIMIT ${value(BigInt(limit))})
    SELECT * FROM (
      SELECT p."key", ${rowTextsSql(members)} AS "row", h."version", h.stamp FROM page AS p
      JOIN ${tableName} AS t ON ${ownKey} = p."key"
      LEFT JOIN ledger.head AS h ON h.entity = ${entityName} AND h."key" = p."key" WHERE NOT p.is_past
      UNION ALL
      SELECT p."key", past."row", past."version", (
        SELECT max(c.stamp) FROM ledger.change AS c WHERE c.entity = ${entityName} AND c."key" = p."key"
        AND c."sequence" <= ${after} AND c."version" IS NOT NULL)
      FROM page AS p JOIN past ON past."key" = p."key" WHERE p.is_past)
    ORDER BY "key"`;
}
