import DataLoader from 'dataloader';
import type { Scheduler } from '../foundation/scheduler.ts';
import type { FieldValues } from '../ledger/identity-command.ts';
import type { MotionServices } from './motion-services.ts';

/** What the resolvers know of a request. */
export interface LedgerContext {
  readonly services: MotionServices;
  readonly caller: LedgerCaller;
  /** Ends a subscription. */
  readonly signal: AbortSignal;
  /** Where a subscription goes on that broke off; said by a header. */
  readonly lastEventId: string | undefined;
  readonly limits: LedgerLimits;
  readonly scheduler: Scheduler;
  readonly versions: VersionLoader;
}

export interface LedgerCaller {
  /** The name by which its changes and its subscribers are known. */
  readonly actor: string;
  /** Whether it sees everybody's subscribers, since it is on the server's own machine. */
  readonly seesAll: boolean;
}

export interface LedgerLimits {
  /** Most items of one page. */
  readonly pageSize: number;
  /** How long a question waits for a sync. */
  readonly syncWaitMs: number;
}

export function ledgerContext(options: Omit<LedgerContext, 'versions'>): LedgerContext {
  return { ...options, versions: new VersionLoader(options.services) };
}

/** Collects the entities whose versions one request asks for. */
export class VersionLoader {
  readonly #services: MotionServices;
  readonly #loaders = new Map<string, DataLoader<FieldValues, number | null, string>>();

  constructor(services: MotionServices) {
    this.#services = services;
  }

  load(entity: string, key: FieldValues): Promise<number | null> {
    const known = this.#loaders.get(entity);
    const loader =
      known ??
      new DataLoader<FieldValues, number | null, string>(
        (keys) => this.#services.versionOf(entity, keys),
        { cacheKeyFn: (values) => JSON.stringify(Object.values(values)) },
      );
    this.#loaders.set(entity, loader);
    return loader.load(key);
  }
}
