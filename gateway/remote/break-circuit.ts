import type { Clock } from '../../foundation/clock.ts';
import type { Config } from '../../foundation/config/schema.ts';
import { raise, type TributaryError } from '../../foundation/errors/tributary-error.ts';
import type { Log } from '../../foundation/log.ts';
import { FailureWindow } from './failure-window.ts';
import { isItsFault, isUnavailable } from './remote-failure.ts';
import type { RemoteResponse, Send } from './remote-request.ts';
import type { SubgraphCounters } from './subgraph-counters.ts';

interface BreakerOptions {
  readonly subgraph: string;
  readonly settings: Config['subgraphs']['breaker'];
  readonly clock: Clock;
  readonly counters: SubgraphCounters;
  readonly log: Log;
}

/**
 * Leaves a subgraph alone that fails most of the time. After a pause one request finds out how it is; that one
 * decides whether all are sent again, or none for another pause.
 *
 * @throws SUBGRAPH_CIRCUIT_OPEN
 */
export function breakCircuit(send: Send, options: BreakerOptions): Send {
  if (!options.settings.enabled) return send;
  const circuit = new Circuit(options);
  return async (request) => {
    const pass = circuit.enter();
    let response: RemoteResponse;
    try {
      response = await send(request);
    } catch (error) {
      circuit.leave(pass, isItsFault(error) ? 'failure' : 'unknown');
      throw error;
    }
    const isWell = response.isGraphql && !isUnavailable(response.status);
    circuit.leave(pass, isWell ? 'success' : 'failure');
    return response;
  };
}

type Outcome = 'success' | 'failure' | 'unknown';

/** The leave to send one request. */
interface Pass {
  readonly isProbe: boolean;
  /** How often the circuit had changed: outcomes of requests from before say nothing new. */
  readonly era: number;
}

class Circuit {
  readonly #options: BreakerOptions;
  readonly #window: FailureWindow;
  #era = 0;
  #since = new Date(0);
  #againMs = 0;
  #isProbing = false;

  constructor(options: BreakerOptions) {
    this.#options = options;
    this.#window = new FailureWindow(options.settings.windowMs);
  }

  /** @throws SUBGRAPH_CIRCUIT_OPEN */
  enter(): Pass {
    const { counters, clock } = this.#options;
    if (counters.breakerState === 'closed') return { isProbe: false, era: this.#era };
    if (this.#isProbing || clock.monotonicMs() < this.#againMs) {
      counters.refusedByBreaker++;
      throw this.#refusal();
    }
    this.#isProbing = true;
    counters.breakerState = 'halfOpen';
    return { isProbe: true, era: this.#era };
  }

  leave({ isProbe, era }: Pass, outcome: Outcome): void {
    if (era !== this.#era) return;
    if (isProbe) this.#judgeProbe(outcome);
    else if (outcome !== 'unknown') this.#count(outcome);
  }

  #count(outcome: Outcome): void {
    const { subgraph, clock, settings, log } = this.#options;
    const nowMs = clock.monotonicMs();
    this.#window.add(outcome === 'failure', nowMs);
    // As old answers are forgotten, the share of failures can grow; an answer that is well is no reason to open.
    if (outcome !== 'failure') return;
    const percent = this.#window.failurePercent(settings.leastRequests, nowMs);
    if (percent < settings.failurePercent) return;
    this.#since = clock.now();
    this.#open();
    log.warn(
      { subgraph, percent, pauseMs: settings.pauseMs },
      'the subgraph fails and is left alone',
    );
  }

  #judgeProbe(outcome: Outcome): void {
    const { subgraph, counters, log } = this.#options;
    this.#isProbing = false;
    switch (outcome) {
      case 'success':
        this.#era++;
        this.#window.clear();
        counters.breakerState = 'closed';
        log.info({ subgraph }, 'the subgraph is well again');
        break;
      case 'failure':
        this.#open();
        break;
      case 'unknown':
        // The next request is the probe.
        counters.breakerState = 'open';
        break;
    }
  }

  #open(): void {
    const { counters, clock, settings } = this.#options;
    this.#era++;
    this.#againMs = clock.monotonicMs() + settings.pauseMs;
    counters.breakerState = 'open';
    counters.breakerOpenings++;
  }

  #refusal(): TributaryError {
    const { subgraph, clock } = this.#options;
    const waitMs = Math.max(0, this.#againMs - clock.monotonicMs());
    return raise('SUBGRAPH_CIRCUIT_OPEN', {
      subgraph,
      since: this.#since.toISOString(),
      again: new Date(clock.now().getTime() + waitMs).toISOString(),
    });
  }
}
