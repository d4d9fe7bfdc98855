import { raise } from '../foundation/errors/tributary-error.ts';
import type { Cancellation } from './cancellation.ts';
import type { HelperThreads } from './helper-threads.ts';
import type { LakeConnection } from './lake-connection.ts';
import type { LakeMeter, LaneUse } from './lake-meter.ts';

/** Points read a few rows that they know, and end within milliseconds; scans are all that may take longer. */
export type Lane = 'point' | 'scan';

/** A connection that is lent to one query. */
export interface Loan {
  readonly connection: LakeConnection;
  /** Only when all rows were read. After an interrupt the connection is `suspect`, and is tried before it is lent again. */
  giveBack(state: 'sound' | 'suspect'): void;
}

interface PoolOptions {
  readonly size: number;
  /** Connections that scans leave to points. */
  readonly reservedForPoints: number;
  readonly connect: () => Promise<LakeConnection>;
  /** Called whenever the last loan has come back. */
  readonly onQuiet: () => void;
  readonly meter: LakeMeter;
  readonly helpers: HelperThreads;
}

interface Waiting {
  readonly arrival: number;
  readonly resolve: (loan: Loan) => void;
}

interface LaneState {
  readonly limit: number;
  readonly waiting: Set<Waiting>;
  active: number;
  isHeld: boolean;
}

/** Lends each connection to one query at a time; who comes while none is free waits in line and may be cancelled there. */
export class ConnectionPool {
  readonly meter: LakeMeter;
  /** Whoever runs a statement on a connection that is lent tells these of it. */
  readonly helpers: HelperThreads;
  readonly #connect: () => Promise<LakeConnection>;
  readonly #onQuiet: () => void;
  readonly #idle: LakeConnection[];
  readonly #lanes: Readonly<Record<Lane, LaneState>>;
  readonly #watchers = new Set<() => void>();
  #arrivals = 0;
  #isClosing = false;

  private constructor(connections: LakeConnection[], options: PoolOptions) {
    const { size, reservedForPoints } = options;
    this.meter = options.meter;
    this.helpers = options.helpers;
    this.#connect = options.connect;
    this.#onQuiet = options.onQuiet;
    this.#idle = connections;
    this.#lanes = {
      point: { limit: size, waiting: new Set(), active: 0, isHeld: false },
      scan: {
        limit: Math.max(1, size - reservedForPoints),
        waiting: new Set(),
        active: 0,
        isHeld: false,
      },
    };
  }

  static async open(options: PoolOptions): Promise<ConnectionPool> {
    const connections: LakeConnection[] = [];
    for (let index = 0; index < options.size; index++) connections.push(await options.connect());
    return new ConnectionPool(connections, options);
  }

  use(lane: Lane): LaneUse {
    const { active, limit, waiting } = this.#lanes[lane];
    return { active, limit, waiting: waiting.size };
  }

  /** Rejects with the reason of the cancellation when that comes first. */
  lend(lane: Lane, cancellation: Cancellation): Promise<Loan> {
    if (this.#isClosing) return Promise.reject(raise('LAKE_CLOSED', {}));
    if (cancellation.reason !== undefined) return Promise.reject(cancellation.reason);
    return new Promise<Loan>((resolve, reject) => {
      const { waiting } = this.#lanes[lane];
      const entry: Waiting = {
        arrival: this.#arrivals++,
        resolve: (loan) => {
          stopWatching();
          resolve(loan);
        },
      };
      const stopWatching = cancellation.onCancel(() => {
        waiting.delete(entry);
        this.#tellWatchers();
        reject(cancellation.reason ?? raise('LAKE_CANCELLED', {}));
      });
      waiting.add(entry);
      this.#serve();
    });
  }

  /**
   * Lends nothing more and waits until nothing is lent: first scans, while points go on, then points, which end soon.
   * `resume` ends it.
   */
  async hold(): Promise<void> {
    for (const lane of [this.#lanes.scan, this.#lanes.point]) {
      lane.isHeld = true;
      await this.#until(() => lane.active === 0);
    }
  }

  resume(): void {
    for (const lane of Object.values(this.#lanes)) lane.isHeld = false;
    this.#serve();
  }

  /** Takes no new work, finishes what runs and what waits, and closes the connections. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#until(() => {
      const lanes = Object.values(this.#lanes);
      return lanes.every(({ active, waiting }) => active === 0 && waiting.size === 0);
    });
    for (const connection of this.#idle.splice(0)) connection.close();
  }

  #serve(): void {
    for (;;) {
      const lane = this.#nextLane();
      const entry = lane === undefined ? undefined : firstOf(lane.waiting);
      if (lane === undefined || entry === undefined) return;
      const connection = this.#idle.pop();
      if (connection === undefined) return;
      lane.waiting.delete(entry);
      lane.active += 1;
      entry.resolve(this.#loanOf(connection, lane));
    }
  }

  /** Of the lanes that may have a connection, the one whose first has waited longest: so neither starves the other. */
  #nextLane(): LaneState | undefined {
    return Object.values(this.#lanes)
      .filter(({ isHeld, active, limit, waiting }) => !isHeld && active < limit && waiting.size > 0)
      .toSorted((a, b) => (firstOf(a.waiting)?.arrival ?? 0) - (firstOf(b.waiting)?.arrival ?? 0))
      .at(0);
  }

  #loanOf(connection: LakeConnection, lane: LaneState): Loan {
    let isOut = true;
    return {
      connection,
      giveBack: (state) => {
        if (!isOut) return;
        isOut = false;
        if (state === 'sound') this.#takeBack(connection, lane);
        else void this.#repair(connection).then((sound) => this.#takeBack(sound, lane));
      },
    };
  }

  #takeBack(connection: LakeConnection, lane: LaneState): void {
    this.#idle.push(connection);
    lane.active -= 1;
    this.#serve();
    this.#tellWatchers();
    if (Object.values(this.#lanes).every(({ active }) => active === 0)) this.#onQuiet();
  }

  async #repair(connection: LakeConnection): Promise<LakeConnection> {
    if (await this.helpers.during('small', () => connection.isUsable())) return connection;
    try {
      const replacement = await this.#connect();
      connection.close();
      return replacement;
    } catch {
      // No new connection to be had: the lake itself is in trouble, which the next query on this one will report.
      return connection;
    }
  }

  async #until(isReached: () => boolean): Promise<void> {
    while (!isReached()) {
      await new Promise<void>((resolve) => this.#watchers.add(resolve));
    }
  }

  #tellWatchers(): void {
    for (const watcher of this.#watchers) watcher();
    this.#watchers.clear();
  }
}

function firstOf<Item>(items: ReadonlySet<Item>): Item | undefined {
  for (const item of items) return item;
  return undefined;
}
