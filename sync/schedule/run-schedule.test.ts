import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createLog } from '../../foundation/log.ts';
import { ManualTime } from '../../foundation/testing/manual-time.ts';
import { inlineModel } from '../../mapping/testing/inline-domain.ts';
import { readDeclaration } from '../declaration/read-declarations.ts';
import type { TableSync } from '../declaration/sync-declaration.ts';
import type { RunReport } from '../sync-service.ts';
import type { SyncState } from '../sync-state.ts';
import { syncedDomains } from '../testing/open-sync.ts';
import { RunSchedule, type Due } from './run-schedule.ts';

const model = inlineModel(syncedDomains);

function tableWith(schedule: string, more = ''): TableSync {
  const text = `
tables:
  customer:
    source: { folder: { path: drops, format: csv } }
    schedule: ${schedule}
    ${more}
`;
  const { tables } = readDeclaration('sales', 'sync.yaml', text, {
    model,
    projectDirectory: '/',
    environment: {},
  });
  const [table] = tables;
  if (table === undefined) throw new Error('There is a table.');
  return table;
}

/** A schedule whose runs take no time, and what it remembers over a restart. */
class ScheduleProbe {
  readonly time: ManualTime;
  readonly runs: string[] = [];
  table: TableSync;
  /** How runs end; without one, well. */
  readonly endings: RunReport['state'][] = [];
  runTakes: Promise<void> = Promise.resolve();
  #kept: Due = {};
  #schedule: RunSchedule | undefined;

  constructor(start: string, table: TableSync) {
    this.time = new ManualTime(start);
    this.table = table;
  }

  start(): void {
    this.#schedule = new RunSchedule({
      tables: () => [this.table],
      clock: this.time,
      scheduler: this.time,
      random: () => 0.5,
      log: createLog({ level: 'silent' }),
      retryBaseMs: 60_000,
      run: async (_, mode) => {
        this.runs.push(`${mode} ${this.time.now().toISOString().slice(5, 16)}`);
        await this.runTakes;
        return { state: this.endings.shift() ?? 'SUCCEEDED' } as RunReport;
      },
      recordDue: (_, due) => {
        this.#kept = { ...this.#kept, ...due };
        return Promise.resolve();
      },
      afterLook: () => Promise.resolve(),
    });
    const { delta = null, snapshot = null } = this.#kept;
    const state = {
      domain: 'sales',
      table: 'customer',
      lastDue: delta,
      lastReconcileDue: snapshot,
    };
    this.#schedule.start(delta === null && snapshot === null ? [] : [state as SyncState]);
  }

  stop(): Promise<void> | undefined {
    return this.#schedule?.stop();
  }

  async until(moment: string, stepMs = 900_000): Promise<void> {
    const endMs = Date.parse(moment);
    while (this.time.now().getTime() < endMs) {
      await this.time.advance(Math.min(stepMs, endMs - this.time.now().getTime()));
      await setImmediate();
    }
  }
}

describe('a schedule', () => {
  it('runs a table when it is due in its zone, and owes nothing for before it was seen', async () => {
    const probe = new ScheduleProbe(
      '2027-03-27T12:00:00Z',
      tableWith(`{ cron: '30 2 * * *', timeZone: Europe/Berlin }`),
    );
    probe.start();
    await probe.until('2027-03-30T12:00:00Z');
    // The night of the 28th has no half past two: it is due when that is left out.
    expect(probe.runs).toEqual(['delta 03-28T01:00', 'delta 03-29T00:30', 'delta 03-30T00:30']);
  });

  it('runs once in a night that has its time twice', async () => {
    const probe = new ScheduleProbe(
      '2027-10-30T12:00:00Z',
      tableWith(`{ cron: '30 2 * * *', timeZone: Europe/Berlin }`),
    );
    probe.start();
    await probe.until('2027-11-01T12:00:00Z');
    expect(probe.runs).toEqual(['delta 10-31T00:30', 'delta 11-01T01:30']);
  });

  it('makes up once for all runs that were missed while the server was down', async () => {
    const probe = new ScheduleProbe('2027-03-01T12:00:00Z', tableWith(`{ cron: '0 2 * * *' }`));
    probe.start();
    await probe.until('2027-03-02T03:00:00Z');
    await probe.stop();
    await probe.until('2027-03-05T09:00:00Z');
    probe.start();
    await probe.until('2027-03-06T03:00:00Z');
    expect(probe.runs).toEqual(['delta 03-02T02:00', 'delta 03-05T09:00', 'delta 03-06T02:00']);
  });

  it('makes up as well for runs that were missed while the clock stood still', async () => {
    const probe = new ScheduleProbe('2027-03-01T12:00:00Z', tableWith(`{ cron: '0 2 * * *' }`));
    probe.start();
    await probe.time.advance(1_000);
    await probe.time.advance(3 * 86_400_000);
    expect(probe.runs.length).toBeGreaterThan(0);
  });

  it('tries a failed run again, later each time, until its source is back', async () => {
    const probe = new ScheduleProbe('2027-03-01T01:00:00Z', tableWith(`{ cron: '0 2 * * *' }`));
    probe.endings.push(...Array.from({ length: 8 }, () => 'FAILED' as const));
    probe.start();
    await probe.until('2027-03-02T03:00:00Z', 60_000);
    expect(probe.runs).toEqual([
      'delta 03-01T02:00',
      'delta 03-01T02:01',
      'delta 03-01T02:05',
      'delta 03-01T02:21',
      'delta 03-01T02:51',
      'delta 03-01T03:21',
      'delta 03-01T03:51',
      'delta 03-01T04:21',
      'delta 03-01T04:51',
      'delta 03-02T02:00',
    ]);
  });

  it('that is due again while its source is away takes no second turn', async () => {
    const probe = new ScheduleProbe('2027-03-01T01:50:00Z', tableWith(`{ cron: '0 * * * *' }`));
    probe.endings.push(...Array.from({ length: 6 }, () => 'FAILED' as const));
    probe.start();
    await probe.until('2027-03-01T04:30:00Z', 60_000);
    expect(probe.runs.slice(3)).toEqual([
      'delta 03-01T02:21',
      'delta 03-01T02:51',
      'delta 03-01T03:21',
      'delta 03-01T03:51',
      'delta 03-01T04:00',
    ]);
  });

  it('does not try a refused run again before its next time', async () => {
    const probe = new ScheduleProbe('2027-03-01T01:00:00Z', tableWith(`{ cron: '0 2 * * *' }`));
    probe.endings.push('REFUSED');
    probe.start();
    await probe.until('2027-03-02T03:00:00Z');
    expect(probe.runs).toEqual(['delta 03-01T02:00', 'delta 03-02T02:00']);
  });

  it('takes a full snapshot now and then, which does for the delta of that night', async () => {
    const table = tableWith(`{ cron: '0 2 * * *' }`, `reconcile: { cron: '0 4 * * 0' }`);
    const probe = new ScheduleProbe('2027-03-06T12:00:00Z', table);
    probe.start();
    await probe.until('2027-03-07T03:00:00Z');
    expect(probe.runs).toEqual(['delta 03-07T02:00']);
    await probe.stop();
    // Of a delta and a snapshot that were both missed, the snapshot is enough.
    await probe.until('2027-03-15T00:00:00Z');
    probe.start();
    await probe.until('2027-03-16T03:00:00Z');
    expect(probe.runs.slice(1)).toEqual([
      'snapshot 03-15T00:00',
      'delta 03-15T02:00',
      'delta 03-16T02:00',
    ]);
  });

  it('never begins a run of a table while one is under way', async () => {
    const probe = new ScheduleProbe('2027-03-01T12:00:00Z', tableWith(`{ cron: '0 * * * *' }`));
    let end = (): void => undefined;
    probe.runTakes = new Promise((resolve) => (end = resolve));
    probe.start();
    await probe.until('2027-03-01T16:30:00Z');
    expect(probe.runs).toEqual(['delta 03-01T13:00']);
    end();
    await setImmediate();
    await probe.until('2027-03-01T17:30:00Z');
    expect(probe.runs.slice(1)).toEqual(['delta 03-01T16:30', 'delta 03-01T17:00']);
  });

  it('that changes with its declaration is followed', async () => {
    const probe = new ScheduleProbe('2027-03-01T01:00:00Z', tableWith(`{ cron: '0 2 * * *' }`));
    probe.start();
    await probe.until('2027-03-01T01:30:00Z');
    probe.table = tableWith(`{ cron: '0 5 * * *' }`);
    await probe.until('2027-03-01T06:00:00Z');
    expect(probe.runs).toEqual(['delta 03-01T05:00']);
  });
});
