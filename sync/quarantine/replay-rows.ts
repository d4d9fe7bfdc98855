import { identifier, join, literal, sql, typeName, value, type Sql } from '../../lake/sql.ts';
import { partsOfTable } from '../../ledger/table-part.ts';
import { foldCase } from '../../mapping/lake-name.ts';
import type { TableSync } from '../declaration/sync-declaration.ts';
import type { RunContext } from '../run-table.ts';
import {
  checkRows,
  reasonSql,
  badRows,
  ruleSql,
  type CheckedDelivery,
} from '../stage/check-rows.ts';
import { problemsOf } from '../stage/problems.ts';
import { Staging } from '../stage/staging.ts';
import type { QuarantinedRow } from '../sync-service.ts';
import { removeQuarantined } from './quarantined-rows.ts';

type Fix = Readonly<Record<string, unknown>>;

const origin = { actor: 'sync', source: 'tributary/quarantine' } as const;
const shape = { kind: 'json' } as const;

/**
 * Tries bad rows of one table again: what the source sent, with some columns set to other values, goes through the
 * mapping and the rules of today. Rows that pass leave the quarantine; of the others the reason is told anew.
 */
export async function replayBadRows(
  { lake, rows, model, clock, newId }: RunContext,
  sync: TableSync,
  quarantined: readonly QuarantinedRow[],
  fix: Fix,
): Promise<void> {
  const staging = new Staging(lake, `sync_${newId()}`);
  try {
    await staging.create(shape);
    const set = inSourceNames(sync, fix);
    const payloads = quarantined.map(({ payload }) => JSON.stringify({ ...payload, ...set }));
    await staging.append(shape, [payloads]);
    const problems = problemsOf(sync, BigInt(clock.now().getTime()) * 1_000n);
    const name = `${sync.domain}.${sync.table} in quarantine`;
    const delivery: CheckedDelivery = { sync, staging, shape, name, isSnapshot: false, problems };
    await checkRows(delivery);
    // `_row` is the place of a row among those that are tried.
    const found = await staging.read(
      sql`SELECT "_row", ${reasonSql(delivery)}, ${ruleSql(delivery)} FROM ${badRows(delivery)} AS b`,
    );
    const [numbers = [], reasons = [], names = []] = found.columns;
    const stillBad = new Map(
      numbers.map((number, row) => [
        Number(number) - 1,
        [reasons[row] ?? null, names[row] ?? null] as const,
      ]),
    );
    await rows.write(async (tx) => {
      await removeQuarantined(
        tx,
        quarantined.filter((_, position) => !stillBad.has(position)).map(({ id }) => id),
      );
      for (const [position, [reason, rule]] of stillBad)
        await tx.run(
          sql`UPDATE quarantine."row" SET reason = ${value(reason)}, "rule" = ${value(rule)} WHERE id = ${value(BigInt(quarantined[position]?.id ?? 0))}`,
        );
      if (stillBad.size < quarantined.length)
        await tx.applyDelta({
          model: model(),
          domain: sync.domain,
          tableName: sync.table,
          staged: {
            table: sql`(SELECT * FROM ${staging.table('checked')} WHERE "~problem" IS NULL)`,
            columns: sync.columns.map(({ name: column }) => column),
          },
          origin,
        });
    });
  } finally {
    await staging.drop();
  }
}

/**
 * Tries rows of one table again that wait or have lost their place. They have been checked already, and their columns
 * are the lake's. Those that still have no place come back into quarantine.
 *
 * @returns the column of the fix whose value is none of its type, in which case nothing was done
 */
export async function replayWaitingRows(
  { lake, rows, model, newId }: RunContext,
  { domain, table }: Pick<QuarantinedRow, 'domain' | 'table'>,
  quarantined: readonly QuarantinedRow[],
  fix: Fix,
): Promise<string | undefined> {
  const [target] = partsOfTable(model(), domain, table);
  if (target === undefined) return undefined;
  const { definition, key } = target;
  const set = inSpellingOf(
    definition.columns.map(({ name }) => name),
    fix,
  );
  const payloads = quarantined.map(({ payload }) => ({ ...payload, ...set }));
  const names = new Set([...key, ...payloads.flatMap((payload) => Object.keys(payload))]);
  const columns = definition.columns.filter(({ name }) => names.has(name));
  const staging = new Staging(lake, `sync_${newId()}`);
  try {
    const ids = quarantined.map(({ id }) => id);
    const texts = { kind: 'columns', names: ['id', 'payload'] } as const;
    await staging.create(texts);
    await staging.append(texts, [ids, payloads.map((payload) => JSON.stringify(payload))]);
    const values = columns.map(
      ({ name, sqlType }) =>
        sql`TRY_CAST(${memberOf(name)} AS ${typeName(sqlType)}) AS ${identifier(name)}`,
    );
    await staging.make(
      'checked',
      (name) =>
        sql`CREATE TEMP TABLE ${name} AS SELECT r."_row", q.watermark AS "_watermark", FALSE AS "_deleted", r.c1, ${join(values, ', ')} FROM ${staging.table('raw')} AS r JOIN quarantine."row" AS q ON q.id = CAST(r.c0 AS BIGINT)`,
    );
    for (const { name } of columns.filter((column) => Object.hasOwn(set, column.name))) {
      const lost = await staging.read(
        sql`SELECT 1 FROM ${staging.table('checked')} AS r WHERE ${memberOf(name)} IS NOT NULL AND ${identifier('r', name)} IS NULL LIMIT 1`,
      );
      if (lost.rowCount > 0) return name;
    }
    await rows.write(async (tx) => {
      await removeQuarantined(tx, ids);
      await tx.applyDelta({
        model: model(),
        domain,
        tableName: table,
        staged: { table: staging.table('checked'), columns: columns.map(({ name }) => name) },
        origin,
      });
    });
    return undefined;
  } finally {
    await staging.drop();
  }
}

/** Columns that nothing knows, among those that a fix sets. */
export function unknownColumns(
  fix: Fix,
  quarantined: readonly QuarantinedRow[],
  sync: TableSync | undefined,
  lakeColumns: readonly string[],
): readonly string[] {
  const known = new Set([
    ...lakeColumns.map(foldCase),
    ...quarantined.flatMap(({ payload }) => Object.keys(payload)),
    ...(sync?.columns.map(({ from }) => from) ?? []),
    ...[sync?.watermark?.column, sync?.tombstone?.column].filter((name) => name !== undefined),
  ]);
  return Object.keys(fix).filter((name) => !known.has(name) && !known.has(foldCase(name)));
}

/** A fix may name the source's columns, which a person sees in the quarantine, or the lake's. */
function inSourceNames({ columns }: TableSync, fix: Fix): Fix {
  const isSourceName = (name: string): boolean => columns.some(({ from }) => from === name);
  return Object.fromEntries(
    Object.entries(fix).map(([name, set]) => {
      const own = columns.find((column) => foldCase(column.name) === foldCase(name));
      return [own === undefined || isSourceName(name) ? name : own.from, set];
    }),
  );
}

function inSpellingOf(names: readonly string[], fix: Fix): Fix {
  return Object.fromEntries(
    Object.entries(fix).map(([name, set]) => [
      names.find((known) => foldCase(known) === foldCase(name)) ?? name,
      set,
    ]),
  );
}

function memberOf(name: string): Sql {
  const path = `$."${name.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  return sql`json_extract_string(r.c1, ${literal(path)})`;
}
