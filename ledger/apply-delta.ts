import { sourceKeyColumn, watermarkColumn } from '../mapping/lake-name.ts';
import type { SqlType } from '../mapping/model.ts';
import { identifier, join, literal, sql, table, typeName, value, type Sql } from '../lake/sql.ts';
import type { WriteTransaction } from '../lake/write-transaction.ts';
import { deltaActions, deltaTable, type ActionCounts, type Delta } from './delta.ts';
import type { LedgerContext } from './ledger-context.ts';
import type { DeltaCounts, DeltaOptions } from './staged-rows.ts';
import { identityKey, isSameKey, keyTextSql, partsOfTable, tableOf } from './table-part.ts';
import { writeDelta } from './write-delta.ts';

/**
 * Takes staged rows over into a domain's table.
 *
 * First one statement decides for every key what becomes of it, in a temporary table (`decideRows`); then a few
 * statements for all of them carry it out (`writeDelta`): the table, the log, the projections, the quarantine. So the
 * cost is that of some joins, however many rows there are.
 */
export async function applyDelta(
  tx: WriteTransaction,
  options: DeltaOptions,
  context: LedgerContext,
): Promise<DeltaCounts> {
  const [target] = partsOfTable(options.model, options.domain, options.tableName);
  if (target === undefined)
    throw new TypeError(`${options.domain}.${options.tableName} holds no part of an entity.`);
  const delta: Delta = { ...options, target, name: context.temporaryName() };
  await decideRows(tx, delta, context);
  const counts = await countRows(tx, delta);
  await writeDelta(tx, delta, counts, context);
  return {
    inserted: counts.insert,
    updated: counts.update,
    deleted: counts.delete,
    unchanged: counts.same + counts.touch + counts.gone,
    stale: counts.stale,
    waiting: counts.waiting,
    merged: counts.merged,
  };
}

async function countRows(tx: WriteTransaction, delta: Delta): Promise<ActionCounts> {
  const { columns, rowCount } = await tx.read(
    sql`SELECT "_action", count(*) FROM ${deltaTable(delta)} GROUP BY ALL`,
  );
  const counts = Object.fromEntries(deltaActions.map((action) => [action, 0]));
  for (let row = 0; row < rowCount; row++)
    counts[String(columns[0]?.[row])] = Number(columns[1]?.[row]);
  return counts as ActionCounts;
}

async function decideRows(
  tx: WriteTransaction,
  delta: Delta,
  context: LedgerContext,
): Promise<void> {
  const { target, staged, domain, tableName, isSnapshot } = delta;
  const { key } = target;
  const leading = await leadToWinners(tx, delta, context);
  const given = staged.columns.map((column) => identifier('r', column));
  const targetKey = key.map((column) => identifier('r', column));
  const sameKey = join(targetKey, ', ');
  const newest = sql`r."_watermark" DESC NULLS LAST, r."_row" DESC`;
  const newestOfEach = sql`SELECT * FROM (${leading}) AS r QUALIFY row_number() OVER (PARTITION BY ${sameKey}, r."_own" ORDER BY ${newest}) = 1`;
  const waits = waitingConditions(delta);
  const exists = sql`t.${identifier(key[0] ?? '')} IS NOT NULL`;
  // Of a merged entity, the row that stands there may be that of another one.
  const isItsOwn = sql`(${exists} AND t.${identifier(sourceKeyColumn)} IS NOT DISTINCT FROM r."_own")`;
  const isStale = sql`(r."_watermark" < CASE WHEN ${isItsOwn} THEN t.${identifier(watermarkColumn)} ELSE z.watermark END)`;
  const isOthers = sql`(${exists} AND r."_own" IS NOT NULL AND t.${identifier(sourceKeyColumn)} IS DISTINCT FROM r."_own")`;
  // For one place the row with the key itself comes before those that lead to it from an entity that was merged into
  // this one, and of these the one that stands there. What is removed or too old takes none.
  const hasNoPlace = sql`(r."_deleted" OR COALESCE(${isStale}, FALSE))`;
  const place = sql`row_number() OVER (PARTITION BY ${sameKey}, ${hasNoPlace} ORDER BY (r."_own" IS NULL) DESC, ${isItsOwn} DESC, ${newest})`;
  const losesPlace = context.redirects.has(target.entity.name)
    ? sql`(${isOthers} OR ${place} > 1)`
    : sql`FALSE`;
  const differs = staged.columns
    .filter((column) => !key.includes(column))
    .map((column) => sql`t.${identifier(column)} IS DISTINCT FROM r.${identifier(column)}`);
  const isDifferent = join(
    [sql`t.${identifier(sourceKeyColumn)} IS DISTINCT FROM r."_own"`, ...differs],
    ' OR ',
  );
  const action = sql`CASE
    WHEN r."_deleted" THEN CASE WHEN ${isStale} THEN 'stale' WHEN ${isItsOwn} THEN 'delete' ELSE 'gone' END
    WHEN ${isStale} THEN 'stale'
    ${join(
      waits.map(({ condition }) => sql`WHEN ${condition} THEN 'waiting'`),
      ' ',
    )}
    WHEN ${losesPlace} THEN 'merged'
    WHEN NOT (${exists}) THEN 'insert'
    WHEN ${isDifferent} THEN 'update'
    WHEN t.${identifier(watermarkColumn)} IS DISTINCT FROM r."_watermark" THEN 'touch'
    ELSE 'same' END`;
  const firstWait = (pick: (wait: Waiting) => Sql): Sql =>
    waits.length === 0
      ? sql`CAST(NULL AS VARCHAR)`
      : sql`CASE ${join(
          waits.map((wait) => sql`WHEN ${wait.condition} THEN ${pick(wait)}`),
          ' ',
        )} END`;
  await tx.run(sql`CREATE TEMP TABLE ${identifier(delta.name)} AS
    SELECT ${join(given, ', ')}, r."_own", r."_row", r."_watermark", r."_deleted", ${action} AS "_action",
      ${keyTextSql('r', key)} AS "_key", ${firstWait(({ entity }) => entity)} AS "_waits_entity",
      ${firstWait(({ keyText }) => keyText)} AS "_waits_key", ${firstWait(({ reason }) => reason)} AS "_reason"
    FROM (${newestOfEach}) AS r
    LEFT JOIN ${tableOf(target)} AS t ON ${join(
      key.map((column, position) => sql`t.${identifier(column)} = ${targetKey[position] ?? sql``}`),
      ' AND ',
    )}
    LEFT JOIN sync.tombstone AS z ON z.domain = ${value(domain)} AND z."table" = ${value(tableName)} AND z."key" = COALESCE(r."_own", ${keyTextSql('r', key)})
    ${join(
      waits.map(({ join: joined }) => joined),
      ' ',
    )}`);
  if (context.redirects.has(target.entity.name)) await spareReplaced(tx, delta);
  if (isSnapshot === true) await addMissing(tx, delta);
}

/** A row that is gone in its source, and whose place the entity's own row takes at once, is not there to be removed. */
async function spareReplaced(tx: WriteTransaction, delta: Delta): Promise<void> {
  const own = sql`SELECT "_key" FROM ${deltaTable(delta)} WHERE "_action" = 'update' AND "_own" IS NULL`;
  await tx.run(
    sql`UPDATE ${deltaTable(delta)} SET "_action" = 'gone' WHERE "_action" = 'delete' AND "_own" IS NOT NULL AND "_key" IN (${own})`,
  );
}

/** Rows whose key, or a key that they refer to, was merged into another, with the key that it leads to now. */
async function leadToWinners(
  tx: WriteTransaction,
  { target, staged }: Delta,
  context: LedgerContext,
): Promise<Sql> {
  const replaced = new Map<string, Sql>();
  const joins: Sql[] = [];
  let own = sql`CAST(NULL AS VARCHAR)`;
  const lead = (entity: string, column: string, number: number): void => {
    const alias = `h${number}`;
    const text = sql`CAST(${identifier('s', column)} AS VARCHAR)`;
    joins.push(
      sql`LEFT JOIN ledger.head AS ${identifier(alias)} ON ${identifier(alias, 'subject')} = ${literal(`${entity}/`)} || ${text} AND ${identifier(alias, 'state')} = 'merged'`,
    );
    const definition = target.definition.columns.find(({ name }) => name === column);
    const type: SqlType = definition?.sqlType ?? { kind: 'VARCHAR' };
    const winner = sql`CAST(${identifier(alias, 'merged_into')} AS ${typeName(type)})`;
    replaced.set(
      column,
      sql`CASE WHEN ${winner} IS NULL THEN ${identifier('s', column)} ELSE ${winner} END`,
    );
    if (column === target.key[0] && target.key.length === 1)
      own = sql`CASE WHEN ${winner} IS NULL THEN NULL ELSE ${text} END`;
  };
  const [only, another] = target.key;
  if (only !== undefined && another === undefined && !target.isIdentity)
    if (context.redirects.has(target.entity.name)) lead(target.entity.name, only, 0);
  for (const [position, { columns, target: referred }] of target.references.entries()) {
    const [column, second] = columns;
    if (column === undefined || second !== undefined || !context.redirects.has(referred.name))
      continue;
    if (staged.columns.includes(column) && !replaced.has(column))
      lead(referred.name, column, position + 1);
  }
  const columns = staged.columns.map((column) => {
    const source = replaced.get(column) ?? identifier('s', column);
    return sql`${source} AS ${identifier(column)}`;
  });
  return sql`SELECT ${join(columns, ', ')}, ${own} AS "_own", s."_row", s."_watermark", COALESCE(s."_deleted", FALSE) AS "_deleted" FROM ${staged.table} AS s ${join(joins, ' ')}`;
}

/** An entity that a row needs, and how it is told that there is none. */
interface Waiting {
  readonly join: Sql;
  readonly condition: Sql;
  readonly entity: Sql;
  readonly keyText: Sql;
  readonly reason: Sql;
}

function waitingConditions({ target, staged }: Delta): readonly Waiting[] {
  const { entity, key, isIdentity, references } = target;
  const needs = [
    ...(isIdentity
      ? []
      : [
          {
            columns: key,
            needed: entity,
            mayBeNull: false,
            reason: `no ${entity.name} has this key`,
          },
        ]),
    ...references
      .filter(({ columns }) => columns.every((column) => staged.columns.includes(column)))
      .map(({ columns, target: needed, isNonNull, name }) => ({
        columns,
        needed,
        mayBeNull: !isNonNull,
        reason: `${name} names no ${needed.name} that exists`,
      })),
  ];
  return needs.map(({ columns, needed, mayBeNull, reason }, position) => {
    const alias = `i${position}`;
    const own = identityKey(needed);
    const { identity } = needed;
    const isSet = columns.map((column) => sql`${identifier('r', column)} IS NOT NULL`);
    const isMissing = sql`${identifier(alias, own[0] ?? '')} IS NULL`;
    return {
      join: sql`LEFT JOIN ${table(identity.domain, identity.table)} AS ${identifier(alias)} ON ${isSameKey(alias, own, 'r', columns)}`,
      condition: mayBeNull ? sql`(${isMissing} AND ${join(isSet, ' AND ')})` : isMissing,
      entity: literal(needed.name),
      keyText: keyTextSql('r', columns),
      reason: literal(reason),
    };
  });
}

/** Of a full snapshot: what the table has and the snapshot lacks is gone. */
async function addMissing(tx: WriteTransaction, delta: Delta): Promise<void> {
  const { target } = delta;
  const { key } = target;
  const names = join(
    key.map((column) => identifier(column)),
    ', ',
  );
  const values = key.map((column) => identifier('t', column));
  await tx.run(
    sql`INSERT INTO ${deltaTable(delta)} (${names}, "_own", "_row", "_watermark", "_deleted", "_action", "_key") SELECT ${join(values, ', ')}, t.${identifier(sourceKeyColumn)}, -row_number() OVER (), NULL, TRUE, 'delete', ${keyTextSql('t', key)} FROM ${tableOf(target)} AS t WHERE NOT EXISTS (SELECT 1 FROM ${deltaTable(delta)} AS d WHERE ${isSameKey('d', key, 't', key)})`,
  );
}
