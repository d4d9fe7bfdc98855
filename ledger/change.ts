/** Columns of a row and their values as the lake casts them to text; what is cast back is the same value. */
export type RowTexts = Readonly<Record<string, string | null>>;

export type ChangeKind = 'create' | 'update' | 'delete';

/**
 * One entry of the log: what became of one row. A change of an identity has a version and is an event for every
 * tool; a change of a domain's own row has none.
 */
export interface Change {
  /** Place in the log: 1, 2, 3, … without a gap, in the order of commits. */
  readonly sequence: number;
  /** The sequence of the first change that the same command made. */
  readonly transaction: number;
  /** When the lake committed it: strictly later than every change before it of another transaction. */
  readonly time: Date;
  /** Hybrid logical clock, as sortable text; see `ledger/hybrid-clock.ts`. */
  readonly stamp: string;
  readonly kind: ChangeKind;
  readonly entity: string;
  /** The key as one text; see `keyText`. */
  readonly key: string;
  /** The domain whose row it is. */
  readonly domain: string;
  /** The identity's version after the change, from 1; null for a domain's own row. */
  readonly version: number | null;
  /** Who did it: the name of the API key or token, `sync`, … */
  readonly actor: string;
  /** Where it came from, as a CloudEvents `source`. */
  readonly source: string;
  /** The id of the event or request that led to it. */
  readonly cause: string | null;
  /** When it happened, as the source says. */
  readonly occurredAt: Date | null;
  /** The key that this one resolves to from now on; only where an identity was merged away. */
  readonly mergedInto: string | null;
  /** The sequence of the change that this one takes back. */
  readonly reverses: number | null;
  /** Null where there was no row, and where the values were erased. */
  readonly before: RowTexts | null;
  /** Null where there is no row any more, and where the values were erased. */
  readonly after: RowTexts | null;
}

/** What readers of the log need of it. */
export interface ChangeFeed {
  /** The sequence of the newest committed change; 0 while there is none. */
  readonly head: number;
  /**
   * Changes of identities after a position, in their order. `position` says up to where the log was read, which may
   * be beyond the last of them: changes of domains' rows stand between.
   */
  read(options: {
    readonly after: number;
    readonly limit: number;
  }): Promise<{ readonly changes: readonly Change[]; readonly position: number }>;
  /** One change by its sequence; undefined when there is none. */
  find(sequence: number): Promise<Change | undefined>;
  /** Calls back after each commit that changed the log; gives a function that ends that. */
  onCommit(listener: () => void): () => void;
}
