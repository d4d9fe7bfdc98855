import type { Lake } from '../lake/engine.ts';
import { join, literal, sql, table as tableName } from '../lake/sql.ts';
import { partsOfTable } from '../ledger/table-part.ts';
import { foldCase } from '../mapping/lake-name.ts';
import type { LakeModel, TableDefinition } from '../mapping/model.ts';
import { tableDefinitions } from '../mapping/tables.ts';
import type { TableSync } from './declaration/sync-declaration.ts';
import { nextRunOf } from './schedule/run-schedule.ts';
import { localText } from './schedule/zoned-time.ts';
import { watermarkDate } from './run-table.ts';
import type { Freshness } from './sync-service.ts';
import { readStates, type SyncState } from './sync-state.ts';

interface FreshnessOptions {
  readonly lake: Lake;
  readonly model: LakeModel;
  readonly tables: readonly TableSync[];
  readonly now: Date;
}

/** How old every table of every domain is. */
export async function readFreshness(options: FreshnessOptions): Promise<readonly Freshness[]> {
  const { lake, model, tables } = options;
  const definitions = tableDefinitions(model);
  const [states, rows, quarantined] = await Promise.all([
    readStates(lake),
    countRows(lake, definitions),
    countQuarantined(lake),
  ]);
  return definitions.map((definition): Freshness => {
    const { schema: domain, name: table } = definition;
    const isOf = (one: { readonly domain: string; readonly table: string }): boolean =>
      one.domain === domain && foldCase(one.table) === foldCase(table);
    const age = ageOf(definition, tables.find(isOf), states.find(isOf), options);
    const key = keyOf(domain, table);
    return {
      domain,
      table,
      rows: rows.get(key) ?? 0,
      quarantined: quarantined.get(key) ?? 0,
      ...age,
    };
  });
}

type Age = Omit<Freshness, 'domain' | 'table' | 'rows' | 'quarantined'>;

function ageOf(
  { schema, name }: TableDefinition,
  sync: TableSync | undefined,
  state: SyncState | undefined,
  { model, now }: FreshnessOptions,
): Age {
  const parts = partsOfTable(model, schema, name);
  const isLive = parts.some(({ isIdentity, part }) => isIdentity && part.leanFields !== undefined);
  const related = [...model.entities.values()].filter((entity) =>
    entity.parts.some(
      ({ domain, relatedTables }) =>
        domain === schema && relatedTables.some(({ table }) => foldCase(table) === foldCase(name)),
    ),
  );
  const entities = new Set([
    ...parts.map(({ entity }) => entity.name),
    ...related.map((entity) => entity.name),
  ]);
  const none = { ...unsynced, entities: [...entities] };
  if (isLive) return { ...none, state: 'LIVE' };
  if (sync === undefined) return none;
  const watermark = watermarkDate(sync, state?.watermark ?? null);
  const lastSuccess = state?.lastSuccess ?? null;
  const upTo = lastSuccess === null ? null : (watermark ?? lastSuccess);
  const lagMs = upTo === null ? null : Math.max(0, now.getTime() - upTo.getTime());
  const isStale = lagMs !== null && sync.objectiveMs !== undefined && lagMs > sync.objectiveMs;
  const nextRun = nextRunOf(sync, now) ?? null;
  const timeZone = (sync.schedule ?? sync.reconcile)?.timeZone ?? null;
  return {
    ...none,
    state: lastSuccess === null ? 'NEVER' : isStale ? 'STALE' : 'FRESH',
    lastSuccess,
    watermark,
    lagSeconds: lagMs === null ? null : lagMs / 1_000,
    objectiveSeconds: sync.objectiveMs === undefined ? null : sync.objectiveMs / 1_000,
    nextRun,
    nextRunLocal: nextRun === null || timeZone === null ? null : localText(nextRun, timeZone),
    timeZone,
    lastError: state?.lastError ?? null,
  };
}

const unsynced: Omit<Age, 'entities'> = {
  state: 'UNSYNCED',
  lastSuccess: null,
  watermark: null,
  lagSeconds: null,
  objectiveSeconds: null,
  nextRun: null,
  nextRunLocal: null,
  timeZone: null,
  lastError: null,
};

async function countRows(
  lake: Lake,
  definitions: readonly TableDefinition[],
): Promise<ReadonlyMap<string, number>> {
  if (definitions.length === 0) return new Map();
  const counts = definitions.map(
    ({ schema, name }) =>
      sql`SELECT ${literal(keyOf(schema, name))}, count(*) FROM ${tableName(schema, name)}`,
  );
  return toCounts(
    await lake.read(join(counts, ' UNION ALL '), { lane: 'scan', isBackground: true }),
  );
}

async function countQuarantined(lake: Lake): Promise<ReadonlyMap<string, number>> {
  return toCounts(
    await lake.read(
      sql`SELECT domain || '.' || lower("table"), count(*) FROM quarantine."row" GROUP BY ALL`,
      { isBackground: true },
    ),
  );
}

function toCounts({
  columns,
  rowCount,
}: Awaited<ReturnType<Lake['read']>>): ReadonlyMap<string, number> {
  const counted = Array.from(
    { length: rowCount },
    (_, row) => [String(columns[0]?.[row]), Number(columns[1]?.[row])] as const,
  );
  return new Map(counted);
}

/** Tables go by any spelling, and a table's name and a key are compared in the one that DuckDB's `lower` makes too. */
function keyOf(domain: string, table: string): string {
  return `${domain}.${table.toLowerCase()}`;
}
