import { systemClock, type Clock } from '../../foundation/clock.ts';
import type { Environment } from '../../foundation/config/environment.ts';
import type { Config } from '../../foundation/config/schema.ts';
import { didYouMean } from '../../foundation/errors/did-you-mean.ts';
import { raise } from '../../foundation/errors/tributary-error.ts';
import type { Log } from '../../foundation/log.ts';
import { systemScheduler, type Scheduler } from '../../foundation/scheduler.ts';
import { connectionPool, type ConnectionPool } from './connection-pool.ts';
import type { Send } from './remote-request.ts';
import { remoteSettings, type RemoteSettings } from './remote-settings.ts';
import { remoteStages } from './remote-stages.ts';
import { SubgraphCounters } from './subgraph-counters.ts';

interface RemoteOptions {
  readonly config: Config;
  readonly environment: Environment;
  readonly log: Log;
  readonly clock?: Clock;
  readonly scheduler?: Scheduler;
  readonly random?: () => number;
}

/** The way to one remote subgraph. */
export interface RemoteSubgraph {
  readonly send: Send;
  readonly settings: RemoteSettings;
  readonly clock: Clock;
  readonly counters: SubgraphCounters;
}

interface OpenSubgraph extends RemoteSubgraph {
  readonly pool: ConnectionPool;
}

/**
 * The remote subgraphs of a server: their connections, and what is known of how they are. They outlive graphs, so
 * that a reload neither drops connections nor forgets that a subgraph is down.
 */
export class RemoteSubgraphs {
  readonly #options: RemoteOptions;
  readonly #byAddress = new Map<string, OpenSubgraph>();
  readonly #counters = new Map<string, SubgraphCounters>();
  readonly #known = new Set<string>();

  constructor(options: RemoteOptions) {
    this.#options = options;
  }

  /** What was counted since a subgraph got the address that it has, by the names of the subgraphs. */
  get counters(): ReadonlyMap<string, Readonly<SubgraphCounters>> {
    return this.#counters;
  }

  /** @throws SUBGRAPH_URL_INVALID, SUBGRAPH_TLS_FILE_UNUSABLE, SUBGRAPH_HEADER_UNSET */
  at(subgraph: string, url: string): RemoteSubgraph {
    const address = JSON.stringify([subgraph, url]);
    const open = this.#byAddress.get(address) ?? this.#open(subgraph, url);
    this.#byAddress.set(address, open);
    return open;
  }

  /**
   * Refuses settings for subgraphs that there are not. One that was there before may go while the server runs.
   * @throws SUBGRAPH_SETTINGS_UNUSED
   */
  checkNames(names: Iterable<string>): void {
    for (const name of names) this.#known.add(name);
    for (const subgraph of Object.keys(this.#options.config.subgraphs.byName)) {
      if (this.#known.has(subgraph)) continue;
      const suggestion = didYouMean(subgraph, this.#known);
      throw raise('SUBGRAPH_SETTINGS_UNUSED', { subgraph, suggestion });
    }
  }

  /** Ends all connections. */
  async close(): Promise<void> {
    await Promise.all([...this.#byAddress.values()].map(({ pool }) => pool.close()));
    this.#byAddress.clear();
  }

  #open(subgraph: string, address: string): OpenSubgraph {
    const url = parseHttpUrl(subgraph, address);
    const { config, environment, log } = this.#options;
    const {
      clock = systemClock,
      scheduler = systemScheduler,
      random = Math.random,
    } = this.#options;
    const settings = remoteSettings(subgraph, config, environment);
    const counters = new SubgraphCounters();
    this.#counters.set(subgraph, counters);
    const pool = connectionPool({ subgraph, url, settings });
    const stages = { subgraph, url, settings, counters, clock, scheduler, random, log };
    return { pool, settings, clock, counters, send: remoteStages(pool.send, stages) };
  }
}

function parseHttpUrl(subgraph: string, address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  // A name and a password in an address would show wherever the supergraph does.
  const isUsable = url !== undefined && url.username === '' && url.password === '';
  if (!isUsable || !/^https?:$/.test(url.protocol)) {
    throw raise('SUBGRAPH_URL_INVALID', { subgraph, url: address });
  }
  return url;
}
