import type { Clock } from '../../foundation/clock.ts';

/** What is counted of operations of one name. */
export interface NamedOperations {
  /** By `seriesOf`. */
  readonly counts: Float64Array;
  /** Until their answers were sent, all together. */
  seconds: number;
  cost: number;
  lastMs: number;
}

export interface NameLimits {
  /** Names that are counted for themselves. */
  readonly most: number;
  /** One that was not asked for so long makes room for another. */
  readonly idleMs: number;
}

const usualLimits: NameLimits = { most: 200, idleMs: 3_600_000 };

const longestName = 100;

/**
 * Counts by the names of operations, no more of them than a metrics store can bear. Names come from clients, who may
 * make up a new one with each request: a name that there is no room for counts as `others`, and so does, once it was
 * not asked for an hour, one that made room. What is asked all the time therefore keeps its place, whoever tries to
 * take it, and no count is ever lost.
 */
export class OperationNames {
  /** No name that GraphQL knows looks like it. */
  static readonly others = '(other)';
  readonly #clock: Clock;
  readonly #series: number;
  readonly #limits: NameLimits;
  readonly #byName = new Map<string, NamedOperations>();
  readonly #others: NamedOperations;

  /** @param series how many numbers are counted of each name */
  constructor(clock: Clock, series: number, limits = usualLimits) {
    this.#clock = clock;
    this.#series = series;
    this.#limits = limits;
    this.#others = this.#empty();
  }

  /** @param name empty for what has none, which is one of the names */
  find(name: string): NamedOperations {
    const short = name.length > longestName ? name.slice(0, longestName) : name;
    const nowMs = this.#clock.monotonicMs();
    const found = this.#byName.get(short) ?? this.#add(short, nowMs);
    found.lastMs = nowMs;
    return found;
  }

  *entries(): Generator<readonly [name: string, counted: NamedOperations]> {
    yield* this.#byName;
    if (this.#others.counts.some((count) => count > 0)) yield [OperationNames.others, this.#others];
  }

  #add(name: string, nowMs: number): NamedOperations {
    if (this.#byName.size >= this.#limits.most && !this.#makeRoom(nowMs)) return this.#others;
    const added = this.#empty();
    this.#byName.set(name, added);
    return added;
  }

  #makeRoom(nowMs: number): boolean {
    let oldest: readonly [string, NamedOperations] | undefined;
    for (const entry of this.#byName) {
      if (oldest === undefined || entry[1].lastMs < oldest[1].lastMs) oldest = entry;
    }
    if (oldest === undefined) return false;
    const [name, { counts, seconds, cost, lastMs }] = oldest;
    if (nowMs - lastMs < this.#limits.idleMs) return false;
    this.#byName.delete(name);
    const others = this.#others;
    counts.forEach((count, place) => (others.counts[place] = (others.counts[place] ?? 0) + count));
    others.seconds += seconds;
    others.cost += cost;
    return true;
  }

  #empty(): NamedOperations {
    return { counts: new Float64Array(this.#series), seconds: 0, cost: 0, lastMs: 0 };
  }
}
