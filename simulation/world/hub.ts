import type { HttpSend } from '../../foundation/http-send.ts';
import type { Log } from '../../foundation/log.ts';
import { createEventService } from '../../events/create-event-service.ts';
import type { EventService } from '../../events/event-service.ts';
import type { IdentityWriter } from '../../ledger/identity-command.ts';
import { Ledger } from '../../ledger/ledger.ts';
import type { RowWriter } from '../../ledger/ledger-transaction.ts';
import { createSyncService } from '../../sync/create-sync-service.ts';
import type { SyncService } from '../../sync/sync-service.ts';
import type { SteppedLake } from './stepped-lake.ts';
import type { Shop } from './shop.ts';
import type { Lifetime, VirtualTime } from './virtual-time.ts';

export interface HubOptions {
  readonly lake: SteppedLake;
  readonly time: VirtualTime;
  readonly shop: Shop;
  readonly send: (lifetime: Lifetime) => HttpSend;
  readonly random: (key: string) => number;
  readonly newId: () => string;
  readonly newSecret: () => Uint8Array;
  readonly log: Log;
  /** Between the services and the ledger, so that the model hears of everything. */
  readonly observe: (ledger: Ledger) => IdentityWriter & RowWriter;
}

/** What runs while the process lives. */
export interface Services {
  readonly ledger: Ledger;
  readonly writer: IdentityWriter & RowWriter;
  readonly events: EventService;
  readonly sync: SyncService;
}

/** One life of the server's process: real ledger, real events, real syncs. It begins when it is made. */
export class Hub {
  readonly #lifetime: Lifetime;
  readonly #visit: ReturnType<SteppedLake['visit']>;
  #services: Services | undefined;
  #failure: unknown;
  #isOver = false;

  constructor(options: HubOptions) {
    this.#lifetime = options.time.lifetime();
    this.#visit = options.lake.visit();
    void this.#open(options).catch((error: unknown) => {
      this.#failure = error;
    });
  }

  /** Undefined until it has started. */
  get services(): Services | undefined {
    return this.#services;
  }

  /** Why it did not start. */
  get failure(): unknown {
    return this.#failure;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** kill -9 */
  async kill(): Promise<void> {
    this.#isOver = true;
    this.#lifetime.end();
    await this.#visit.end();
  }

  async #open(options: HubOptions): Promise<void> {
    const { time, shop, random, newId, newSecret, log } = options;
    const { lake } = this.#visit;
    const ledger = await Ledger.open({ lake, clock: time, newId, log });
    ledger.use(shop.model);
    const writer = options.observe(ledger);
    const parts = {
      lake,
      model: () => shop.model,
      clock: time,
      scheduler: this.#lifetime,
      random,
      newId,
      send: options.send(this.#lifetime),
      log,
    };
    const events = createEventService({ ...parts, feed: ledger, identities: writer, newSecret });
    const declarations = (): Shop['declarations'] => shop.declarations;
    const sync = createSyncService({ ...parts, rows: writer, declarations });
    await events.start();
    await sync.start();
    this.#services = { ledger, writer, events, sync };
  }
}
