import { randomBytes } from 'node:crypto';
import { createEventService } from '../../../events/create-event-service.ts';
import type { EventService } from '../../../events/event-service.ts';
import { loadConfig } from '../../../foundation/config/load-config.ts';
import { createHttpSend } from '../../../foundation/http-send.ts';
import { createLog } from '../../../foundation/log.ts';
import { openProject } from '../../../gateway/open-project.ts';
import { openLake, type Lake } from '../../../lake/engine.ts';
import { Ledger } from '../../../ledger/ledger.ts';
import type { LakeModel } from '../../../mapping/model.ts';
import { prepareLake } from '../../../seed/prepare-lake.ts';
import { createSyncService } from '../../../sync/create-sync-service.ts';
import { readSyncDeclarations } from '../../../sync/declaration/read-declarations.ts';
import type { SyncDeclaration } from '../../../sync/declaration/sync-declaration.ts';
import type { SyncService } from '../../../sync/sync-service.ts';
import type { DayClock, Life } from './day-clock.ts';

interface DayHubOptions {
  readonly projectDirectory: string;
  readonly dataDirectory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly clock: DayClock;
  readonly alert: { readonly url: string; readonly secret: string };
}

const log = createLog({ level: 'silent' });

/** A ledger, events and syncs over a lake, wired as `gateway/motion.ts` wires them but for time and chance. */
export class DayHub {
  readonly lake: Lake;
  ledger!: Ledger;
  events!: EventService;
  sync!: SyncService;
  readonly #options: DayHubOptions;
  readonly #model: LakeModel;
  readonly #declarations: readonly SyncDeclaration[];
  #life: Life | undefined;
  #ids = 0;

  private constructor(
    options: DayHubOptions,
    lake: Lake,
    model: LakeModel,
    declarations: readonly SyncDeclaration[],
  ) {
    this.#options = options;
    this.lake = lake;
    this.#model = model;
    this.#declarations = declarations;
  }

  static async open(options: DayHubOptions): Promise<DayHub> {
    const { projectDirectory, dataDirectory, environment } = options;
    const flags = { lake: { directory: dataDirectory } };
    const config = loadConfig({ projectDirectory, environment: {}, flags });
    const { authored } = await openProject({ projectDirectory, config, environment: {} });
    const { model } = authored;
    const declarations = await readSyncDeclarations({ model, projectDirectory, environment });
    const lake = await openLake({ directory: dataDirectory, memoryLimit: '512MB' });
    const { seedDirectory } = config.lake;
    await prepareLake({ lake, model, seedDirectory, log });
    const hub = new DayHub(options, lake, model, declarations);
    await hub.start();
    return hub;
  }

  /** As a process that begins over this lake. */
  async start(): Promise<void> {
    const { clock, alert } = this.#options;
    const life = clock.openLife(this.lake, createHttpSend({ allowPrivateHosts: true }));
    const newId = (): string => `id-${++this.#ids}`;
    const ledger = await Ledger.open({ lake: life.lake, clock: clock.time, newId, log });
    ledger.use(this.#model);
    const shared = {
      lake: life.lake,
      model: () => this.#model,
      clock: clock.time,
      scheduler: life.scheduler,
      random: () => 0.5,
      newId,
      send: life.send,
      log,
    };
    this.events = createEventService({
      ...shared,
      feed: ledger,
      identities: ledger,
      newSecret: () => randomBytes(32),
    });
    this.sync = createSyncService({
      ...shared,
      rows: ledger,
      declarations: () => this.#declarations,
      // 10, 40 and 160 minutes after a failed run.
      settings: { alert, retryBaseMs: 600_000 },
    });
    this.ledger = ledger;
    this.#life = life;
    await this.events.start();
    await this.sync.start();
  }

  /** As a process that is killed. */
  kill(): void {
    this.#life?.kill();
  }

  async close(): Promise<void> {
    this.kill();
    await this.lake.close();
  }
}
