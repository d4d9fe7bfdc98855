import type { Clock } from '../../foundation/clock.ts';
import { Distribution, requestSeconds } from '../../foundation/metrics/distribution.ts';
import type { RequestFacts } from '../http/route.ts';
import { ErrorMeter } from './error-meter.ts';
import { OperationNames } from './operation-names.ts';

export const operationTypes = ['', 'query', 'mutation', 'subscription'] as const;
export const operationWays = ['kept', 'known', 'whole'] as const;
/** `none`: nobody got an answer. */
export const operationOutcomes = ['success', 'partial', 'failure', 'none'] as const;

/** A request that was answered, or not. */
export interface SeenRequest {
  /** As sent. */
  readonly method: string;
  /** Undefined for a path that leads nowhere. */
  readonly route: string | undefined;
  readonly status: number;
  readonly facts: RequestFacts;
  readonly seconds: number;
}

export interface HttpSeries {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly durations: Distribution;
}

const methods: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
]);

/** As OpenTelemetry has it, so that nobody makes series by making up methods. */
export function knownMethod(method: string): string {
  return methods.has(method) ? method : '_OTHER';
}

/** What is counted of requests and of the operations that they ask for, since the server started. */
export class RequestMeter {
  readonly errors = new ErrorMeter();
  readonly names: OperationNames;
  /** By `place(type, way)`. */
  readonly durations = operationTypes.flatMap(() =>
    operationWays.map(() => new Distribution(requestSeconds)),
  );
  active = 0;
  /** By route and status, those of each method. */
  readonly #http = new Map<string, Map<number, readonly HttpSeries[]>>();

  constructor(clock: Clock) {
    const series = operationTypes.length * operationWays.length * operationOutcomes.length;
    this.names = new OperationNames(clock, series);
  }

  get http(): readonly HttpSeries[] {
    return [...this.#http.values()].flatMap((byStatus) => [...byStatus.values()].flat());
  }

  add(seen: SeenRequest): void {
    this.#seriesOf(seen).durations.add(seen.seconds);
    this.addOperation(seen.facts, seen.seconds);
  }

  /** Counts what a request was about, when it asked the graph something. */
  addOperation({ operation, way = 'whole', ...facts }: RequestFacts, seconds: number): void {
    const { outcome, cost = 0, errorCodes = [] } = facts;
    for (const code of errorCodes) this.errors.add(code);
    if (operation === undefined && outcome === undefined) return;
    const place = placeOf(operation?.type ?? '', way);
    const counted = this.names.find(operation?.name ?? '');
    const series = place * operationOutcomes.length + operationOutcomes.indexOf(outcome ?? 'none');
    counted.counts[series] = (counted.counts[series] ?? 0) + 1;
    counted.cost += cost;
    // A subscription takes as long as somebody listens.
    if (operation?.type === 'subscription') return;
    counted.seconds += seconds;
    this.durations[place]?.add(seconds);
  }

  #seriesOf({ method, route = '', status }: SeenRequest): HttpSeries {
    let byStatus = this.#http.get(route);
    if (byStatus === undefined) this.#http.set(route, (byStatus = new Map()));
    const known = knownMethod(method);
    let series = byStatus.get(status)?.find((found) => found.method === known);
    if (series === undefined) {
      series = { method: known, route, status, durations: new Distribution(requestSeconds) };
      byStatus.set(status, [...(byStatus.get(status) ?? []), series]);
    }
    return series;
  }
}

export function placeOf(
  type: (typeof operationTypes)[number],
  way: (typeof operationWays)[number],
): number {
  return operationTypes.indexOf(type) * operationWays.length + operationWays.indexOf(way);
}
