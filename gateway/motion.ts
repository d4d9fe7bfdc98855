import { randomBytes, randomUUID } from 'node:crypto';
import { createEventService } from '../events/create-event-service.ts';
import type { Clock } from '../foundation/clock.ts';
import type { Config } from '../foundation/config/schema.ts';
import { createHttpSend } from '../foundation/http-send.ts';
import type { Log } from '../foundation/log.ts';
import { systemScheduler } from '../foundation/scheduler.ts';
import type { Lake } from '../lake/engine.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { LakeModel } from '../mapping/model.ts';
import type { MotionServices } from '../motion/motion-services.ts';
import { createSyncService } from '../sync/create-sync-service.ts';
import type { SyncDeclaration } from '../sync/declaration/sync-declaration.ts';

interface MotionOptions {
  readonly lake: Lake;
  readonly ledger: Ledger;
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  /** Of the graph in service. */
  readonly model: () => LakeModel;
  readonly declarations: () => readonly SyncDeclaration[];
}

/** What moves beside the graph: events to tools, and rows from domains. Nothing moves before `start`. */
export interface Motion extends MotionServices {
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Events and syncs over a lake, with the real clock, network and chance. */
export function createMotion(options: MotionOptions): Motion {
  const { lake, ledger, config, clock, log, model, declarations } = options;
  const { allowPrivateHosts } = config.events;
  const shared = {
    lake,
    model,
    clock,
    scheduler: systemScheduler,
    random: () => Math.random(),
    newId: randomUUID,
    log,
  };
  const events = createEventService({
    ...shared,
    feed: ledger,
    identities: ledger,
    newSecret: () => randomBytes(32),
    send: createHttpSend({ allowPrivateHosts }),
    settings: { allowPrivateHosts },
  });
  const sync = createSyncService({
    ...shared,
    rows: ledger,
    declarations,
    // Sources are named by the operator, in files of the project.
    send: createHttpSend({ allowPrivateHosts: true }),
    settings: { parallelism: config.sync.parallelism, alert: config.sync.alert },
  });
  return {
    events,
    sync,
    feed: ledger,
    versionOf: (entity, keys) => ledger.versionOf(entity, keys),
    duplicates: (entity, first) => ledger.duplicates(entity, first),
    async start() {
      await events.start();
      await sync.start();
    },
    async stop() {
      await sync.stop();
      await events.stop();
    },
  };
}
