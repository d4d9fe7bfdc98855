import type { Clock } from '../foundation/clock.ts';
import { didYouMean } from '../foundation/errors/did-you-mean.ts';
import { raise, type TributaryError } from '../foundation/errors/tributary-error.ts';
import type { HttpSend } from '../foundation/http-send.ts';
import type { Log } from '../foundation/log.ts';
import type { Scheduler } from '../foundation/scheduler.ts';
import type { Lake } from '../lake/engine.ts';
import type { Origin, Problem } from '../ledger/identity-command.ts';
import type { RowWriter } from '../ledger/ledger-transaction.ts';
import { foldCase } from '../mapping/lake-name.ts';
import type { LakeModel } from '../mapping/model.ts';
import { Alerts, type AlertSettings } from './alerts.ts';
import type { SyncDeclaration, TableSync } from './declaration/sync-declaration.ts';
import { readFreshness } from './freshness.ts';
import { stagedPush, stagePush } from './push-rows.ts';
import {
  findQuarantined,
  listQuarantined,
  missingRows,
  removeQuarantined,
} from './quarantine/quarantined-rows.ts';
import { replayQuarantined } from './quarantine/replay-quarantined.ts';
import { runTable, type RunContext } from './run-table.ts';
import { RunQueue } from './schedule/run-queue.ts';
import { RunSchedule } from './schedule/run-schedule.ts';
import { openSource } from './source/open-source.ts';
import type { Source } from './source/source.ts';
import { Staging } from './stage/staging.ts';
import type { Freshness, RunReport, SyncService } from './sync-service.ts';
import { readStates, recordDue } from './sync-state.ts';
import { unknownDomain } from './unknown-domain.ts';
import { changesNothing } from '../lake/versions.ts';

export interface SyncServiceOptions {
  readonly lake: Lake;
  readonly rows: RowWriter;
  /** Of the graph in service; asked anew each time, since it changes with the project's files. */
  readonly model: () => LakeModel;
  readonly declarations: () => readonly SyncDeclaration[];
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** From 0 up to 1, by what it is for. */
  readonly random: (key: string) => number;
  readonly newId: () => string;
  readonly send: HttpSend;
  readonly log: Log;
  readonly settings?: Partial<SyncSettings> | undefined;
  readonly onBroken?: ((freshness: Freshness) => void) | undefined;
  readonly onRestored?: ((freshness: Freshness) => void) | undefined;
}

export interface SyncSettings {
  /** Runs at once; the others wait in line. */
  readonly parallelism: number;
  /** Tools that may push at once. */
  readonly maxPushes: number;
  /** Rows of one transaction. */
  readonly chunkRows: number;
  /** Before a failed run is tried again; four times as long before each time after that. */
  readonly retryBaseMs: number;
  readonly alert: AlertSettings | undefined;
}

export const defaultSyncSettings: SyncSettings = {
  parallelism: 2,
  maxPushes: 4,
  chunkRows: 50_000,
  retryBaseMs: 60_000,
  alert: undefined,
};

export function createSyncService(options: SyncServiceOptions): SyncService {
  return new LakeSync(options);
}

class LakeSync implements SyncService {
  readonly #options: SyncServiceOptions;
  readonly #settings: SyncSettings;
  readonly #context: RunContext;
  readonly #queue: RunQueue;
  /** One at a time: what two replays of the same rows counted would not be what each of them did. */
  readonly #replays = new RunQueue(1);
  readonly #schedule: RunSchedule;
  readonly #alerts: Alerts;
  readonly #stopping = new AbortController();
  #pushes = 0;

  constructor(options: SyncServiceOptions) {
    this.#options = options;
    this.#settings = { ...defaultSyncSettings, ...options.settings };
    this.#context = options;
    this.#queue = new RunQueue(this.#settings.parallelism);
    this.#schedule = new RunSchedule({
      ...options,
      retryBaseMs: this.#settings.retryBaseMs,
      tables: () => this.#tables(),
      run: (sync, mode) => this.#run(sync, mode, originOf(sync)),
      recordDue: (sync, due) =>
        options.lake.write((tx) => recordDue(tx, sync, due), changesNothing),
      afterLook: async () => this.#alerts.look(await this.freshness()),
    });
    const { onBroken, onRestored } = options;
    const signal = this.#stopping.signal;
    this.#alerts = new Alerts({
      ...options,
      settings: this.#settings.alert,
      onBroken,
      onRestored,
      signal,
    });
  }

  async freshness(domain?: string): Promise<readonly Freshness[]> {
    const { lake, clock } = this.#options;
    const model = this.#options.model();
    const unknown = domain === undefined ? undefined : unknownDomain(domain, model);
    if (unknown !== undefined) throw unknown;
    const all = await readFreshness({ lake, model, tables: this.#tables(), now: clock.now() });
    return domain === undefined ? all : all.filter((one) => one.domain === domain);
  }

  runNow: SyncService['runNow'] = async ({ domain, table, mode = 'delta' }) => {
    const unknown = unknownDomain(domain, this.#options.model());
    const all = this.#tables();
    const named = all.filter(
      (sync) => sync.domain === domain && (table === undefined || isNamed(sync, table)),
    );
    const problem = problemOfRun({ domain, table, all, named, unknown });
    if (problem !== undefined) return { runs: null, problems: [problem] };
    const pulled = named.filter(({ source }) => source.kind !== 'push');
    const runs = await Promise.all(pulled.map((sync) => this.#run(sync, mode, originOf(sync))));
    return { runs, problems: [] };
  };

  push: SyncService['push'] = async ({ domain, table, mode, body, origin, signal }) => {
    // It may break off before anybody reads it; whoever reads it then is told all the same.
    body.on('error', () => undefined);
    const sync = this.#pushTarget(domain, table);
    const { maxPushes } = this.#settings;
    if (this.#pushes >= maxPushes) throw raise('SYNC_PUSH_BUSY', { limit: maxPushes });
    if (this.#stopping.signal.aborted) throw raise('SYNC_STOPPED', {});
    this.#pushes += 1;
    const id = this.#options.newId();
    const staging = new Staging(this.#options.lake, `sync_push_${id}`);
    try {
      await stagePush(body, staging, signal);
      const name = `The push to ${sync.domain}.${sync.table}`;
      const source = stagedPush(staging, name, mode === 'snapshot');
      return await this.#run(sync, mode, origin, { source, id, chunkRows: Infinity });
    } finally {
      this.#pushes -= 1;
      await staging.drop();
    }
  };

  quarantined: SyncService['quarantined'] = async (options) => {
    const { lake, model } = this.#options;
    const page = await listQuarantined(lake, options);
    const { domain } = options;
    // There may be rows of a domain that the project has no longer.
    const unknown =
      domain === undefined || page.totalCount > 0 ? undefined : unknownDomain(domain, model());
    if (unknown !== undefined) throw unknown;
    return page;
  };

  replayQuarantined: SyncService['replayQuarantined'] = (ids, fix = {}) => {
    const syncOf = (domain: string, table: string): TableSync | undefined =>
      this.#tables().find((sync) => sync.domain === domain && isNamed(sync, table));
    return this.#replays.run('quarantine', () =>
      replayQuarantined({ context: this.#context, syncOf, ids, fix }),
    );
  };

  discardQuarantined: SyncService['discardQuarantined'] = (ids) =>
    this.#options.lake.write(async (tx) => {
      const problems = missingRows(ids, await findQuarantined(tx, ids));
      return { discarded: await removeQuarantined(tx, ids), problems };
    }, changesNothing);

  async start(): Promise<void> {
    this.#schedule.start(await readStates(this.#options.lake));
  }

  /** Begins nothing more, and breaks off what runs at the end of its transaction. */
  async stop(): Promise<void> {
    this.#stopping.abort(raise('SYNC_STOPPED', {}));
    await this.#schedule.stop();
    await this.#queue.settle();
    await this.#replays.settle();
    await this.#alerts.settle();
  }

  #tables(): readonly TableSync[] {
    return this.#options.declarations().flatMap(({ tables }) => tables);
  }

  #run(
    sync: TableSync,
    mode: 'delta' | 'snapshot',
    origin: Origin,
    own?: { readonly source: Source; readonly id: string; readonly chunkRows: number },
  ): Promise<RunReport> {
    const { clock, newId } = this.#options;
    const { chunkRows } = this.#settings;
    return this.#queue.run(`${sync.domain}.${sync.table}`, () => {
      const id = own?.id ?? newId();
      const source = own?.source ?? openSource(sync, this.#options);
      return runTable(this.#context, {
        sync,
        source,
        mode,
        origin: { cause: id, ...origin },
        id,
        startedAt: clock.now(),
        chunkRows: own?.chunkRows ?? chunkRows,
        signal: this.#stopping.signal,
      });
    });
  }

  #pushTarget(domain: string, table: string | undefined): TableSync {
    const pushed = this.#tables().filter(({ source }) => source.kind === 'push');
    const own = pushed.filter((sync) => sync.domain === domain);
    const found = own.filter((sync) => table === undefined || isNamed(sync, table));
    const [only, another] = found;
    if (only !== undefined && another === undefined) return only;
    const tables = own.map((sync) => sync.table).join(', ');
    if (only !== undefined) throw raise('SYNC_PUSH_AMBIGUOUS', { domain, tables });
    const name = table === undefined ? `of ${domain}` : `${domain}.${table}`;
    const advice =
      own.length > 0 && table !== undefined
        ? didYouMean(
            table,
            own.map((sync) => sync.table),
          )
        : didYouMean(domain, new Set(pushed.map((sync) => sync.domain)));
    throw raise('SYNC_PUSH_UNKNOWN', { name, advice });
  }
}

function originOf({ domain }: TableSync): Origin {
  return { actor: 'sync', source: `tributary/sync/${domain}` };
}

function isNamed(sync: TableSync, table: string): boolean {
  return foldCase(sync.table) === foldCase(table);
}

interface WantedRun {
  readonly domain: string;
  readonly table: string | undefined;
  readonly all: readonly TableSync[];
  readonly named: readonly TableSync[];
  readonly unknown: TributaryError | undefined;
}

function problemOfRun({ domain, table, all, named, unknown }: WantedRun): Problem | undefined {
  const declared = all.filter((sync) => sync.domain === domain);
  if (declared.length === 0) {
    const synced = [...new Set(all.map((sync) => sync.domain))].toSorted().join(', ') || 'none';
    const message =
      unknown === undefined
        ? `No table of ${domain} is synced: there is no sync.yaml for it. Domains with syncs: ${synced}.`
        : `${unknown.message} ${unknown.hint}`;
    return { code: 'NOT_FOUND', message, field: 'domain' };
  }
  if (named.length === 0) {
    const advice = didYouMean(
      table ?? '',
      declared.map((sync) => sync.table),
    );
    return {
      code: 'NOT_FOUND',
      message: `${domain}.${table} is not synced. ${advice}`,
      field: 'table',
    };
  }
  if (named.some(({ source }) => source.kind !== 'push')) return undefined;
  const message = `The rows of ${domain} are pushed by its tool, so there is nothing to fetch.`;
  return { code: 'INVALID', message, field: table === undefined ? 'domain' : 'table' };
}
