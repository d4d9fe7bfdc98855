import type { Problem } from '../../ledger/identity-command.ts';
import { partsOfTable } from '../../ledger/table-part.ts';
import { sql, value } from '../../lake/sql.ts';
import type { Lake } from '../../lake/engine.ts';
import type { TableSync } from '../declaration/sync-declaration.ts';
import { hasHalfCharacter } from '../source/json-rows.ts';
import type { RunContext } from '../run-table.ts';
import type { QuarantinedRow, SyncService } from '../sync-service.ts';
import { findQuarantined, missingRows } from './quarantined-rows.ts';
import { replayBadRows, replayWaitingRows, unknownColumns } from './replay-rows.ts';

interface ReplayOptions {
  readonly context: RunContext;
  readonly syncOf: (domain: string, table: string) => TableSync | undefined;
  readonly ids: readonly string[];
  readonly fix: Readonly<Record<string, unknown>>;
}

type Replayed = Awaited<ReturnType<SyncService['replayQuarantined']>>;

/** Tries rows again, table by table. What remains is counted by what the quarantine has afterwards. */
export async function replayQuarantined({
  context,
  syncOf,
  ids,
  fix,
}: ReplayOptions): Promise<Replayed> {
  const { lake } = context;
  const found = await findQuarantined(lake, ids);
  const problems = [...missingRows(ids, found)];
  let remaining = 0;
  for (const rows of byTable(found)) {
    const [{ domain, table }] = rows;
    const before = await countOf(lake, domain, table);
    problems.push(...(await replayTable({ context, syncOf, fix, rows })));
    remaining += Math.max(0, rows.length - (before - (await countOf(lake, domain, table))));
  }
  return { released: found.length - remaining, remaining, problems };
}

type TableRows = readonly [QuarantinedRow, ...QuarantinedRow[]];

async function replayTable({
  context,
  syncOf,
  fix,
  rows,
}: Omit<ReplayOptions, 'ids'> & { readonly rows: TableRows }): Promise<readonly Problem[]> {
  const [first] = rows;
  const { domain, table, kind } = first;
  const sync = syncOf(domain, table);
  const [part] = partsOfTable(context.model(), domain, table);
  const isBad = kind === 'BAD';
  if (part === undefined || (isBad && sync === undefined)) {
    const message = `Nothing is synced to ${domain}.${table} any more, so its rows cannot be tried again.`;
    return [{ code: 'INVALID', message, field: 'ids' }];
  }
  const lakeColumns = part.definition.columns.map(({ name }) => name);
  const [unknown] = unknownColumns(fix, rows, isBad ? sync : undefined, lakeColumns);
  if (unknown !== undefined) {
    const message = `The rows of ${domain}.${table} have no column "${unknown}".`;
    return [{ code: 'INVALID', message, field: unknown }];
  }
  const halved = Object.keys(fix).find((name) => hasHalfCharacter(fix[name]));
  if (halved !== undefined) {
    const message = `The value for "${halved}" has half a character.`;
    return [{ code: 'INVALID', message, field: halved }];
  }
  if (isBad && sync !== undefined) {
    await replayBadRows(context, sync, rows, fix);
    return [];
  }
  const misfit = await replayWaitingRows(context, first, rows, fix);
  if (misfit === undefined) return [];
  const message = `The value for "${misfit}" is none of the type of that column.`;
  return [{ code: 'INVALID', message, field: misfit }];
}

function byTable(found: readonly QuarantinedRow[]): readonly TableRows[] {
  const groups = new Map<string, [QuarantinedRow, ...QuarantinedRow[]]>();
  for (const row of found) {
    const key = JSON.stringify([row.domain, row.table, row.kind === 'BAD']);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return [...groups.values()];
}

async function countOf(lake: Lake, domain: string, table: string): Promise<number> {
  const counted = await lake.read(
    sql`SELECT count(*) FROM quarantine."row" WHERE domain = ${value(domain)} AND "table" = ${value(table)}`,
  );
  return Number(counted.columns[0]?.[0]);
}
