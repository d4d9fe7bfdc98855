import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createHttpSend } from '../../foundation/http-send.ts';
import { createLog } from '../../foundation/log.ts';
import { ManualTime } from '../../foundation/testing/manual-time.ts';
import { tempFolder } from '../../foundation/testing/temp-folder.ts';
import { openTestLedger, type TestLedger } from '../../ledger/testing/open-ledger.ts';
import type { RowWriter } from '../../ledger/ledger-transaction.ts';
import { createSyncService, type SyncServiceOptions } from '../create-sync-service.ts';
import { readDeclaration } from '../declaration/read-declarations.ts';
import type { SyncDeclaration } from '../declaration/sync-declaration.ts';
import type { RunReport, SyncService } from '../sync-service.ts';

export const syncedDomains = {
  identity: `
    type Customer @key(fields: "id") @table @identity(fields: "id name") { id: ID! name: String! }`,
  sales: `
    enum Tier { GOLD SILVER }
    type Customer @key(fields: "id") @table {
      id: ID! accountValue: Decimal @column(type: "DECIMAL(18,2)") salesRep: String tier: Tier
    }`,
  billing: `
    type Customer @key(fields: "id") @table { id: ID! vatNumber: String }
    type Invoice @key(fields: "id") @table {
      id: ID! customer: Customer! @relation(columns: ["customer_id"]) amount: Decimal! @column(type: "DECIMAL(18,2)")
      issuedOn: Date
    }`,
};

interface OpenOptions {
  readonly domains?: Readonly<Record<string, string>>;
  /** CSV text by `<domain>/<table>.csv`; customers C1 to C9 by default. */
  readonly rows?: Readonly<Record<string, string>>;
  /** `sync.yaml` by domain. */
  readonly declarations: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly settings?: SyncServiceOptions['settings'];
  readonly time?: ManualTime;
  readonly options?: Partial<SyncServiceOptions>;
}

export interface TestSync extends TestLedger {
  readonly sync: SyncService;
  readonly time: ManualTime;
  readonly projectDirectory: string;
  /** Another service over the same lake, as after a restart. */
  readonly restart: (options?: Partial<SyncServiceOptions>) => SyncService;
  /** Replaces the declarations, as an edit of a file does. */
  readonly declare: (domain: string, text: string) => void;
  /** Writes a file of the project, and moves it into place. */
  readonly drop: (file: string, text: string) => void;
  /** Runs a table while time goes on. */
  readonly run: (domain: string, table?: string, mode?: 'delta' | 'snapshot') => Promise<RunReport>;
}

const customers = Array.from({ length: 9 }, (_, n) => `C${n + 1},Customer ${n + 1}`).join('\n');

/** A service over a lake and a ledger of its own; all go when the running test ends. */
export async function openTestSync(options: OpenOptions): Promise<TestSync> {
  const { domains = syncedDomains, time = new ManualTime('2027-03-01T12:00:00Z') } = options;
  const rows = options.rows ?? { 'identity/customer.csv': `id,name\n${customers}\n` };
  const test = await openTestLedger({ domains, rows });
  const projectDirectory = tempFolder();
  const declarations = new Map<string, SyncDeclaration>();
  const declare = (domain: string, text: string): void => {
    const { environment = {} } = options;
    const reading = { model: test.model, projectDirectory, environment };
    declarations.set(domain, readDeclaration(domain, `${domain}/sync.yaml`, text, reading));
  };
  for (const [domain, text] of Object.entries(options.declarations)) declare(domain, text);
  let made = 0;
  const rowWriter: RowWriter = test.ledger;
  const restart = (more: Partial<SyncServiceOptions> = {}): SyncService => {
    const service = createSyncService({
      lake: test.lake,
      rows: rowWriter,
      model: () => test.model,
      declarations: () => [...declarations.values()],
      clock: time,
      scheduler: time,
      random: () => 0.5,
      newId: () => `run-${++made}`,
      send: createHttpSend({ allowPrivateHosts: true }),
      log: createLog({ level: 'silent' }),
      settings: options.settings,
      ...options.options,
      ...more,
    });
    onTestFinished(() => service.stop());
    return service;
  };
  const sync = restart();
  return {
    ...test,
    sync,
    time,
    projectDirectory,
    restart,
    declare,
    drop(file, text) {
      const path = join(projectDirectory, file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(`${path}.part`, text);
      renameSync(`${path}.part`, path);
    },
    async run(domain, table, mode) {
      const { runs, problems } = await whileTimeGoesOn(time, sync.runNow({ domain, table, mode }));
      const [run] = runs ?? [];
      if (run === undefined) throw new Error(JSON.stringify(problems));
      return run;
    },
  };
}

/** What waits for time in vain would wait for ever. */
export async function whileTimeGoesOn<Result>(
  time: ManualTime,
  work: Promise<Result>,
): Promise<Result> {
  const state = { isOver: false };
  void work.finally(() => (state.isOver = true)).catch(() => undefined);
  while (!state.isOver) {
    if (time.waiting > 0) await time.advance(100);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return work;
}
