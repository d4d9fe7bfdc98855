import { didYouMean } from '../../foundation/errors/did-you-mean.ts';
import { raise } from '../../foundation/errors/tributary-error.ts';
import { isOneOf } from '../../lake/is-one-of.ts';
import { identifier, join, literal, sql, table, typeName, type Sql } from '../../lake/sql.ts';
import { keyTextSql } from '../../ledger/table-part.ts';
import type { SyncedColumn, TableSync } from '../declaration/sync-declaration.ts';
import { textOf, type Problem } from './problems.ts';
import { rawText, type RawShape } from './raw-shape.ts';
import type { Staging } from './staging.ts';

/** Rows of one statement: fewer keep identities waiting for less, more are done sooner. */
const rowsOfStatement = 100_000;

/** What the checks need to know of a delivery. */
export interface CheckedDelivery {
  readonly sync: TableSync;
  readonly staging: Staging;
  readonly shape: RawShape;
  /** What errors call the source. */
  readonly name: string;
  /** The rows are all there are. */
  readonly isSnapshot: boolean;
  readonly problems: readonly Problem[];
}

interface CheckCounts {
  readonly rows: number;
  readonly bad: number;
}

/**
 * Makes values of the lake out of the source's texts, and finds the rows that are bad: in the table `checked`, with
 * the columns of the lake, `_row`, `_watermark`, `_deleted`, the key as one text in `~key`, and the number of the
 * problem in `~problem`.
 *
 * @throws SYNC_SOURCE_COLUMN_MISSING
 */
export async function checkRows(delivery: CheckedDelivery): Promise<CheckCounts> {
  const { staging } = delivery;
  const rows = staging.rowCount;
  await staging.make(
    'checked',
    (name) => sql`CREATE TEMP TABLE ${name} AS ${checkedRows(delivery, 1, rowsOfStatement)}`,
  );
  for (let first = rowsOfStatement + 1; first <= rows; first += rowsOfStatement) {
    const select = checkedRows(delivery, first, first + rowsOfStatement - 1);
    await staging.run(sql`INSERT INTO ${staging.table('checked')} ${select}`);
  }
  await findEqualValues(delivery);
  const counted = await staging.read(
    sql`SELECT count(*) FROM ${staging.table('checked')} WHERE "~problem" IS NOT NULL`,
  );
  return { rows, bad: Number(counted.columns[0]?.[0]) };
}

/** What is wrong with the bad rows, in words: how many break which rule, and the first few of them. */
export async function describeBadRows(
  delivery: CheckedDelivery,
): Promise<{ readonly rules: string; readonly examples: string }> {
  const { staging } = delivery;
  const broken = await staging.read(
    sql`SELECT "rule", count(*) FROM (SELECT ${ruleSql(delivery)} AS "rule" FROM ${staging.table('checked')} WHERE "~problem" IS NOT NULL) GROUP BY ALL ORDER BY 2 DESC, 1`,
  );
  const [rules = [], counts = []] = broken.columns;
  const first = await staging.read(
    sql`SELECT COALESCE(left("~key", 80) || ': ', '') || ${reasonSql(delivery)} FROM ${badRows(delivery)} ORDER BY "_row" LIMIT 3`,
  );
  return {
    rules: rules.map((rule, at) => `${String(counts[at])} of "${String(rule)}"`).join(', '),
    examples: (first.columns[0] ?? []).map(String).join('; '),
  };
}

/** Bad rows, with the texts that reasons speak of; `c` has the checked row, `r` the source's. */
export function badRows(delivery: CheckedDelivery): Sql {
  const { staging } = delivery;
  return sql`(SELECT p.*, c."~problem", c."~key" FROM ${staging.table('checked')} AS c JOIN (${preparedRows(delivery, sql`TRUE`)}) AS p ON p."_row" = c."_row" WHERE c."~problem" IS NOT NULL)`;
}

export function reasonSql({ problems }: CheckedDelivery): Sql {
  return byProblem(problems, ({ reason }) => reason);
}

export function ruleSql({ problems }: CheckedDelivery): Sql {
  return byProblem(problems, ({ rule }) => literal(rule));
}

function byProblem(problems: readonly Problem[], pick: (problem: Problem) => Sql): Sql {
  const cases = problems.map(
    (problem, position) => sql`WHEN ${literal(position)} THEN ${pick(problem)}`,
  );
  return sql`CASE "~problem" ${join(cases, ' ')} END`;
}

/** @param first the first and @param last the last `_row` */
function checkedRows(delivery: CheckedDelivery, first: number, last: number): Sql {
  const { sync, problems } = delivery;
  const cases = problems.flatMap(({ condition }, position) =>
    condition === undefined ? [] : [sql`WHEN ${condition} THEN ${literal(position)}`],
  );
  const problem = cases.length === 0 ? sql`NULL` : sql`CASE ${join(cases, ' ')} END`;
  const columns = sync.columns.map(({ name }) => identifier(name));
  const within = sql`r."_row" BETWEEN ${literal(first)} AND ${literal(last)}`;
  const select = sql`SELECT "_row", "_watermark", "_deleted", ${join(columns, ', ')}, ${keyTextSql('p', sync.key)} AS "~key", CAST(${problem} AS INTEGER) AS "~problem" FROM (${preparedRows(delivery, within)}) AS p`;
  // A watermark that is a problem says nothing about where to go on.
  const isAhead = problems.flatMap(({ rule }, position) =>
    rule === 'watermark' ? [literal(position)] : [],
  );
  if (isAhead.length === 0) return select;
  return sql`SELECT * REPLACE (CASE WHEN "~problem" IN (${join(isAhead, ', ')}) THEN NULL ELSE "_watermark" END AS "_watermark") FROM (${select})`;
}

/** The source's rows with each column twice: as the text that was read (`name~text`) and as a value of the lake. */
function preparedRows(delivery: CheckedDelivery, condition: Sql): Sql {
  const { sync, staging } = delivery;
  const { watermark, tombstone, columns } = sync;
  const texts = columns.map(
    (column) => sql`${mappedText(delivery, column)} AS ${textOf(column.name)}`,
  );
  const read = (column: string, isExpected: boolean): Sql =>
    sourceText(delivery, column, isExpected);
  const marked =
    watermark === undefined ? sql`CAST(NULL AS VARCHAR)` : read(watermark.column, true);
  const tomb = tombstone === undefined ? sql`CAST(NULL AS VARCHAR)` : read(tombstone.column, true);
  const inner = sql`SELECT r."_row", ${marked} AS "watermark~text", ${tomb} AS "tombstone~text", ${join(texts, ', ')} FROM ${staging.table('raw')} AS r WHERE ${condition}`;
  const values = columns.map(
    ({ name, sqlType }) =>
      sql`TRY_CAST(${textOf(name)} AS ${typeName(sqlType)}) AS ${identifier(name)}`,
  );
  return sql`SELECT *, ${watermarkSql(sync)} AS "_watermark", ${deletedSql(sync)} AS "_deleted", ${join(values, ', ')} FROM (${inner})`;
}

function watermarkSql({ watermark }: TableSync): Sql {
  const text = identifier('watermark~text');
  if (watermark === undefined) return sql`CAST(NULL AS BIGINT)`;
  if (watermark.type === 'integer') return sql`TRY_CAST(${text} AS BIGINT)`;
  const time = sql`TRY_CAST(${text} AS TIMESTAMPTZ)`;
  return sql`CASE WHEN isfinite(${time}) THEN epoch_us(${time}) END`;
}

function deletedSql({ tombstone }: TableSync): Sql {
  const text = identifier('tombstone~text');
  if (tombstone === undefined) return sql`FALSE`;
  if (tombstone.equals === undefined) return sql`COALESCE(${text} <> '', FALSE)`;
  const values = tombstone.equals.map((one) => literal(one));
  return sql`COALESCE(${isOneOf(text, values)}, FALSE)`;
}

function mappedText(delivery: CheckedDelivery, column: SyncedColumn): Sql {
  const { from, isExpected, trim, nullIf, map, fallback } = column;
  let text = sourceText(delivery, from, isExpected);
  if (trim) text = sql`trim(${text})`;
  if (nullIf.length > 0) {
    const none = nullIf.map((one) => literal(one));
    text = sql`CASE WHEN ${isOneOf(text, none)} THEN NULL ELSE ${text} END`;
  }
  if (map.length > 0) {
    const cases = map.map(([was, is]) => sql`WHEN ${literal(was)} THEN ${literal(is)}`);
    text = sql`CASE ${text} ${join(cases, ' ')} ELSE ${text} END`;
  }
  return fallback === undefined ? text : sql`COALESCE(${text}, ${literal(fallback)})`;
}

function sourceText(
  { shape, name, sync }: CheckedDelivery,
  column: string,
  isExpected: boolean,
): Sql {
  const text = rawText(shape, 'r', column);
  if (text !== undefined) return text;
  if (!isExpected) return sql`CAST(NULL AS VARCHAR)`;
  const advice = didYouMean(column, shape.kind === 'columns' ? shape.names : []);
  throw raise(
    'SYNC_SOURCE_COLUMN_MISSING',
    { source: name, column, advice },
    { at: sync.location },
  );
}

/** Marks rows whose value of a unique column another row has: one that comes before it, or one of the lake that stays. */
async function findEqualValues({
  sync,
  staging,
  problems,
  isSnapshot,
}: CheckedDelivery): Promise<void> {
  const checked = staging.table('checked');
  const offset = problems.length - sync.rules.length;
  for (const [position, rule] of sync.rules.entries()) {
    if (rule.kind !== 'unique') continue;
    const own = identifier('n', rule.column);
    const newest = sql`SELECT * FROM ${checked} WHERE "~problem" IS NULL QUALIFY row_number() OVER (PARTITION BY "~key" ORDER BY "_watermark" DESC NULLS LAST, "_row" DESC) = 1`;
    const isEqual = sql`SELECT n."_row" FROM (${newest}) AS n WHERE NOT n."_deleted" AND ${own} IS NOT NULL QUALIFY row_number() OVER (PARTITION BY ${own} ORDER BY n."_watermark" NULLS FIRST, n."_row") > 1`;
    const inLake = sql`SELECT n."_row" FROM (${newest}) AS n JOIN ${table(sync.domain, sync.table)} AS t ON ${identifier('t', rule.column)} = ${own} WHERE NOT n."_deleted" AND ${keyTextSql('t', sync.key)} NOT IN (SELECT "~key" FROM ${checked} WHERE "~problem" IS NULL)`;
    // Of a snapshot, what the lake has besides is about to go.
    const equal = isSnapshot ? isEqual : sql`${isEqual} UNION ALL ${inLake}`;
    await staging.run(
      sql`UPDATE ${checked} SET "~problem" = ${literal(offset + position)} WHERE "_row" IN (${equal})`,
    );
  }
}
