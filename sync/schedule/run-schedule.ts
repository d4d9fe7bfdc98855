import type { Clock } from '../../foundation/clock.ts';
import type { Log } from '../../foundation/log.ts';
import type { Scheduler } from '../../foundation/scheduler.ts';
import type { TableSync } from '../declaration/sync-declaration.ts';
import type { RunReport } from '../sync-service.ts';
import type { SyncState } from '../sync-state.ts';
import { lastOccurrence, nextOccurrence } from './occurrences.ts';

/** Times of the schedules up to which nothing is owed. */
export interface Due {
  readonly delta?: Date | undefined;
  readonly snapshot?: Date | undefined;
}

interface ScheduleOptions {
  readonly tables: () => readonly TableSync[];
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly random: (key: string) => number;
  readonly log: Log;
  readonly retryBaseMs: number;
  readonly run: (sync: TableSync, mode: 'delta' | 'snapshot') => Promise<RunReport>;
  /** Keeps it beyond this process. */
  readonly recordDue: (sync: TableSync, due: Due) => Promise<void>;
  /** Done each time the schedules were looked at, at least once a minute. */
  readonly afterLook: () => Promise<void>;
}

interface TableSchedule {
  settled: Due;
  /** Failed runs in a row for what is due. */
  failures: number;
  retryAt: Date | undefined;
  isRunning: boolean;
}

/** A failed run is tried again until one succeeds, later each time, but never later than this. */
const longestRetryMs = 30 * 60_000;

/** The clock may be set, and declarations may change: whatever comes next, it is looked again after so long. */
const longestSleepMs = 60_000;

/**
 * Runs each table when it is due. What was missed while the server was down is made up for once, however often it was
 * missed: the lake needs the newest state, not each one before it. A table that is seen for the first time owes
 * nothing; its first run is at its next time, or when somebody asks for it.
 */
export class RunSchedule {
  readonly #options: ScheduleOptions;
  readonly #tables = new Map<string, TableSchedule>();
  #cancel: (() => void) | undefined;
  #look: Promise<void> = Promise.resolve();
  readonly #running = new Set<Promise<void>>();
  #isStopped = true;

  constructor(options: ScheduleOptions) {
    this.#options = options;
  }

  start(states: readonly SyncState[]): void {
    for (const { domain, table, lastDue, lastReconcileDue } of states)
      this.#tables.set(`${domain}.${table}`, {
        settled: { delta: lastDue ?? undefined, snapshot: lastReconcileDue ?? undefined },
        failures: 0,
        retryAt: undefined,
        isRunning: false,
      });
    this.#isStopped = false;
    this.#wakeAfter(0);
  }

  /** Begins nothing more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel?.();
    await this.#look;
    await Promise.all(this.#running);
  }

  #wakeAfter(ms: number): void {
    this.#cancel?.();
    if (this.#isStopped) return;
    this.#cancel = this.#options.scheduler.after(ms, () => {
      this.#look = this.#lookAtAll().catch((error: unknown) =>
        this.#options.log.error({ err: error }, 'the schedules of syncs could not be looked at'),
      );
    });
  }

  async #lookAtAll(): Promise<void> {
    const { tables, clock, afterLook } = this.#options;
    try {
      for (const sync of tables()) await this.#lookAt(sync, clock.now());
      await afterLook();
    } finally {
      this.#wakeAfter(this.#sleepMs());
    }
  }

  async #lookAt(sync: TableSync, now: Date): Promise<void> {
    const known = this.#scheduleOf(sync);
    if (known.isRunning) return;
    const due = dueOf(sync, now);
    const { delta, snapshot } = known.settled;
    const unseen: Due = {
      delta: due.delta !== undefined && delta === undefined ? now : undefined,
      snapshot: due.snapshot !== undefined && snapshot === undefined ? now : undefined,
    };
    if (unseen.delta !== undefined || unseen.snapshot !== undefined)
      await this.#settle(sync, known, unseen);
    if (known.retryAt !== undefined && now < known.retryAt) return;
    const isOwed = (last: Date | undefined, settled: Date | undefined): boolean =>
      last !== undefined && settled !== undefined && last > settled;
    // A full snapshot is a delta as well.
    const mode = isOwed(due.snapshot, known.settled.snapshot)
      ? 'snapshot'
      : isOwed(due.delta, known.settled.delta)
        ? 'delta'
        : undefined;
    if (mode !== undefined) this.#begin(sync, known, mode, due);
  }

  #begin(sync: TableSync, known: TableSchedule, mode: 'delta' | 'snapshot', due: Due): void {
    const { run, log } = this.#options;
    known.isRunning = true;
    const settled = mode === 'snapshot' ? due : { delta: due.delta };
    const running = run(sync, mode)
      .then((report) => this.#ended(sync, known, report, settled))
      .catch((error: unknown) => log.error({ err: error }, 'a sync could not be run'))
      .finally(() => {
        this.#running.delete(running);
        known.isRunning = false;
        this.#wakeAfter(0);
      });
    this.#running.add(running);
  }

  async #ended(sync: TableSync, known: TableSchedule, report: RunReport, due: Due): Promise<void> {
    const { clock, random, retryBaseMs } = this.#options;
    // It was broken off for that, and is owed at the next start.
    if (this.#isStopped) return;
    if (report.state === 'FAILED') {
      known.failures += 1;
      const share = random(`sync:${sync.domain}.${sync.table}:${known.failures}`);
      const waitMs = Math.min(longestRetryMs, retryBaseMs * 4 ** (known.failures - 1));
      known.retryAt = new Date(clock.now().getTime() + waitMs * (0.5 + share));
      return;
    }
    await this.#settle(sync, known, due);
  }

  async #settle(sync: TableSync, known: TableSchedule, due: Due): Promise<void> {
    await this.#options.recordDue(sync, due);
    known.settled = {
      delta: due.delta ?? known.settled.delta,
      snapshot: due.snapshot ?? known.settled.snapshot,
    };
    known.failures = 0;
    known.retryAt = undefined;
  }

  #scheduleOf({ domain, table }: TableSync): TableSchedule {
    const key = `${domain}.${table}`;
    const known = this.#tables.get(key) ?? {
      settled: {},
      failures: 0,
      retryAt: undefined,
      isRunning: false,
    };
    this.#tables.set(key, known);
    return known;
  }

  /** Until something is due or to be tried again. */
  #sleepMs(): number {
    const { tables, clock } = this.#options;
    const now = clock.now();
    const moments = tables().flatMap((sync) => {
      const known = this.#scheduleOf(sync);
      if (known.isRunning) return [];
      return [known.retryAt, nextRunOf(sync, now)].filter((at) => at !== undefined);
    });
    const soonest = Math.min(...moments.map((at) => at.getTime() - now.getTime()));
    return Math.max(0, Math.min(longestSleepMs, soonest));
  }
}

/** When the table is synced next, in whichever way. */
export function nextRunOf({ schedule, reconcile }: TableSync, now: Date): Date | undefined {
  const [first] = [schedule, reconcile]
    .flatMap((one) => (one === undefined ? [] : [nextOccurrence(one, now)]))
    .filter((at) => at !== undefined)
    .toSorted((a, b) => a.getTime() - b.getTime());
  return first;
}

function dueOf({ schedule, reconcile }: TableSync, now: Date): Due {
  return {
    delta: schedule && lastOccurrence(schedule, now),
    snapshot: reconcile && lastOccurrence(reconcile, now),
  };
}
