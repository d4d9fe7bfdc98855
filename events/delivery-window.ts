/** Something that is to be delivered, in order with all else of its partition. */
export interface Deliverable<Place> {
  /** Where the subscriber stands when this and all before it is done. */
  readonly place: Place;
  readonly partition: string;
}

/** A deliverable and what became of it so far. */
export interface Entry<Place, Item extends Deliverable<Place>> {
  readonly item: Item;
  /** Attempts that were made. */
  attempts: number;
  /** Failed attempts that speak against the event; see `SubscriberHealth`. */
  failures: number;
  refusals: number;
  /** How many others had been accepted when it first failed. */
  acceptedBefore: number | undefined;
  /** When it may be tried again. */
  dueMs: number;
  state: 'ready' | 'waiting' | 'blocked' | 'underWay' | 'done';
  /** Whether the subscriber may know of it. */
  isSent: boolean;
}

/**
 * The events between the first one that is not done and the last one that was read, in the order of the log.
 *
 * Each partition is a lane: its first event that is not done may be under way, and those behind it are blocked until
 * it is done. So partitions go side by side while each keeps its order. The low-water mark is the place up to which
 * everything is done; only that is written down, and what is done beyond it is done again after a crash.
 */
export class DeliveryWindow<Place, Item extends Deliverable<Place>> {
  readonly #entries: Entry<Place, Item>[] = [];
  readonly #lanes = new Map<string, Entry<Place, Item>[]>();
  readonly #ready: Entry<Place, Item>[] = [];
  readonly #waiting = new Set<Entry<Place, Item>>();
  #doneUpTo: Place;
  #readUpTo: Place;

  constructor(start: Place) {
    this.#doneUpTo = start;
    this.#readUpTo = start;
  }

  /** Events that are held here, done ones behind an undone one among them. */
  get size(): number {
    return this.#entries.length;
  }

  get readUpTo(): Place {
    return this.#readUpTo;
  }

  get lowWater(): Place {
    return this.#entries.length === 0 ? this.#readUpTo : this.#doneUpTo;
  }

  get oldest(): Item | undefined {
    return this.#entries[0]?.item;
  }

  get hasReady(): boolean {
    return this.#ready.length > 0;
  }

  /** When the next one that waits is due; undefined when none waits. */
  get nextDueMs(): number | undefined {
    return this.#earliest()?.dueMs;
  }

  find(isIt: (item: Item) => boolean): Entry<Place, Item> | undefined {
    return this.#entries.find(({ item }) => isIt(item));
  }

  /** Takes in what was read, and up to where that was, which may be beyond the last of it. */
  add(items: readonly Item[], readUpTo: Place): void {
    // What lies before the first of them is done.
    this.#doneUpTo = this.lowWater;
    for (const item of items) {
      const lane = this.#lanes.get(item.partition);
      const entry: Entry<Place, Item> = {
        item,
        attempts: 0,
        failures: 0,
        refusals: 0,
        acceptedBefore: undefined,
        dueMs: 0,
        state: lane === undefined ? 'ready' : 'blocked',
        isSent: false,
      };
      this.#entries.push(entry);
      if (lane === undefined) {
        this.#lanes.set(item.partition, [entry]);
        this.#ready.push(entry);
      } else lane.push(entry);
    }
    this.#readUpTo = readUpTo;
  }

  /** The next one that may be tried now; it counts as under way from here on. */
  take(nowMs: number): Entry<Place, Item> | undefined {
    const earliest = this.#earliest();
    const isDue = earliest !== undefined && earliest.dueMs <= nowMs;
    return this.#begin(isDue ? earliest : this.#ready[0]);
  }

  /** The same for a probe, which is due in any case: what was never tried first, then what has waited longest. */
  takeProbe(): Entry<Place, Item> | undefined {
    return this.#begin(this.#ready[0] ?? this.#earliest());
  }

  /** It did not arrive, and is tried again later. Everything behind it in its lane waits with it. */
  retry(entry: Entry<Place, Item>, dueMs: number): void {
    entry.state = 'waiting';
    entry.dueMs = dueMs;
    this.#waiting.add(entry);
  }

  /** It may not be sent as yet. */
  hold(entry: Entry<Place, Item>): void {
    entry.state = 'blocked';
  }

  /** It may be sent after all, or not at all. */
  release(entry: Entry<Place, Item>): void {
    entry.state = 'ready';
    this.#ready.push(entry);
  }

  /** Whatever waits is due now. */
  hurry(nowMs: number): void {
    for (const entry of this.#waiting) entry.dueMs = Math.min(entry.dueMs, nowMs);
  }

  /** It needs no more attempts, and its lane goes on. */
  finish(entry: Entry<Place, Item>): void {
    entry.state = 'done';
    const { partition } = entry.item;
    const lane = this.#lanes.get(partition);
    lane?.shift();
    const [next] = lane ?? [];
    if (next === undefined) this.#lanes.delete(partition);
    else {
      next.state = 'ready';
      this.#ready.push(next);
    }
    this.#raiseLowWater();
  }

  #begin(entry: Entry<Place, Item> | undefined): Entry<Place, Item> | undefined {
    if (entry === undefined) return undefined;
    if (entry.state === 'ready') this.#ready.splice(this.#ready.indexOf(entry), 1);
    this.#waiting.delete(entry);
    entry.state = 'underWay';
    return entry;
  }

  #earliest(): Entry<Place, Item> | undefined {
    let earliest: Entry<Place, Item> | undefined;
    for (const entry of this.#waiting)
      if (earliest === undefined || entry.dueMs < earliest.dueMs) earliest = entry;
    return earliest;
  }

  #raiseLowWater(): void {
    let count = 0;
    for (const { state, item } of this.#entries) {
      if (state !== 'done') break;
      this.#doneUpTo = item.place;
      count++;
    }
    this.#entries.splice(0, count);
  }
}
