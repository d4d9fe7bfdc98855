import type { Problem } from '../../ledger/identity-command.ts';
import type { Freshness, QuarantinedRow, RunReport, SyncService } from '../../sync/sync-service.ts';

const began = new Date('2026-01-31T01:00:00Z');

/** Syncs in memory, behind the same interface as those of the lake. */
export class MemorySync implements SyncService {
  readonly tables: Freshness[] = [];
  readonly rows: QuarantinedRow[] = [];
  /** What was pushed, as it came. */
  readonly pushes: { readonly domain: string; readonly table: string | undefined; text: string }[] =
    [];
  readonly pushOptions: Parameters<SyncService['push']>[0][] = [];
  readonly fixes: unknown[] = [];
  /** Awaited before a run ends. */
  pause: Promise<void> = Promise.resolve();
  /** Thrown before a byte of a push is read. */
  refusal: Error | undefined;
  pushState: RunReport['state'] = 'SUCCEEDED';

  freshness(domain?: string) {
    const isAsked = (table: Freshness): boolean => domain === undefined || table.domain === domain;
    return Promise.resolve(this.tables.filter(isAsked));
  }

  runNow: SyncService['runNow'] = async ({ domain, table }) => {
    await this.pause;
    if (domain === 'nowhere') {
      const problem = { code: 'NOT_FOUND', message: 'There is no such domain.', field: 'domain' };
      return { runs: null, problems: [problem as { code: 'NOT_FOUND'; message: string }] };
    }
    if (domain === 'pushed')
      return { runs: null, problems: [{ code: 'INVALID', message: 'There is nothing to fetch.' }] };
    return { runs: [report(domain, table ?? 'customer', 3)], problems: [] };
  };

  push: SyncService['push'] = async (options) => {
    if (this.refusal !== undefined) throw this.refusal;
    this.pushOptions.push(options);
    const { domain, table, body } = options;
    const push = { domain, table, text: '' };
    this.pushes.push(push);
    for await (const chunk of body) push.text += String(chunk);
    const rows = push.text.split('\n').filter((line) => line !== '').length;
    return { ...report(domain, table ?? 'customer', rows), state: this.pushState };
  };

  quarantined: SyncService['quarantined'] = ({ domain, kind, first, after }) => {
    const found = this.rows.filter(
      (row) =>
        (domain === undefined || row.domain === domain) &&
        (kind === undefined || row.kind === kind),
    );
    const items = found.filter(({ id }) => Number(id) > Number(after ?? 0)).slice(0, first);
    const endCursor = items.at(-1)?.id ?? null;
    return Promise.resolve({ items, totalCount: found.length, endCursor });
  };

  replayQuarantined: SyncService['replayQuarantined'] = (ids, fix) => {
    this.fixes.push(fix);
    const problems = this.#missing(ids);
    return Promise.resolve({ released: ids.length - problems.length, remaining: 0, problems });
  };

  discardQuarantined: SyncService['discardQuarantined'] = (ids) => {
    const problems = this.#missing(ids);
    this.rows.splice(0, Infinity, ...this.rows.filter(({ id }) => !ids.includes(id)));
    return Promise.resolve({ discarded: ids.length - problems.length, problems });
  };

  #missing(ids: readonly string[]): readonly Problem[] {
    const isMissing = (id: string): boolean => this.rows.every((row) => row.id !== id);
    return ids.filter(isMissing).map((id) => ({
      code: 'NOT_FOUND',
      message: `There is no row ${id} in quarantine.`,
      field: 'ids',
    }));
  }

  start(): Promise<void> {
    return Promise.resolve();
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }
}

function report(domain: string, table: string, rowsRead: number): RunReport {
  return {
    id: 'run-1',
    domain,
    table,
    state: 'SUCCEEDED',
    rowsRead,
    inserted: rowsRead,
    updated: 0,
    deleted: 0,
    unchanged: 0,
    stale: 0,
    waiting: 0,
    quarantined: 0,
    startedAt: began,
    endedAt: new Date(began.getTime() + 1_000),
    watermark: null,
    error: null,
  };
}

export function freshnessOf(domain: string, changes: Partial<Freshness> = {}): Freshness {
  return {
    domain,
    table: 'customer',
    entities: ['Customer'],
    state: 'FRESH',
    lastSuccess: began,
    watermark: began,
    lagSeconds: 60,
    objectiveSeconds: 86_400,
    rows: 1_000,
    quarantined: 2,
    nextRun: new Date('2026-02-01T01:00:00Z'),
    nextRunLocal: '2026-02-01T02:00:00[Europe/Berlin]',
    timeZone: 'Europe/Berlin',
    lastError: null,
    ...changes,
  };
}
