import { CacheMeter } from '../../foundation/metrics/cache-meter.ts';
import { Distribution, requestSeconds } from '../../foundation/metrics/distribution.ts';
import { HubMeter } from '../../hub/hub-meter.ts';

/** What was counted of fetches from one subgraph, local or remote. */
export class FetchMeter {
  readonly durations = new Distribution(requestSeconds);
  /** Fetches whose answer had an error in it, or that got none. */
  failures = 0;

  add(seconds: number, isFailure: boolean): void {
    this.durations.add(seconds);
    if (isFailure) this.failures++;
  }
}

/** What was counted of graphs: of one after the other, since the server started. */
export class GraphMeter {
  readonly answers = new CacheMeter();
  /** Operations that were parsed and validated before. */
  readonly operations = new CacheMeter();
  readonly hub = new HubMeter();
  /** Seconds that it took to plan an operation, where its plan was not known. */
  readonly plans = new Distribution(requestSeconds);
  plansKept = 0;
  reloads = 0;
  reloadsFailed = 0;
  readonly #fetches = new Map<string, FetchMeter>();

  get fetches(): ReadonlyMap<string, FetchMeter> {
    return this.#fetches;
  }

  fetchesFrom(subgraph: string): FetchMeter {
    const meter = this.#fetches.get(subgraph) ?? new FetchMeter();
    this.#fetches.set(subgraph, meter);
    return meter;
  }
}
