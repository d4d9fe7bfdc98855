import type { Readable } from 'node:stream';
import type { Origin, Problem } from '../ledger/identity-command.ts';

/** How old a table of a domain is in the lake. */
export interface Freshness {
  readonly domain: string;
  /** In the lake. */
  readonly table: string;
  /** Entities whose fields the table holds. */
  readonly entities: readonly string[];
  /** `LIVE` for identities; `FRESH` and `STALE` by the objective; `NEVER` before the first success; `UNSYNCED` without a sync. */
  readonly state: 'LIVE' | 'FRESH' | 'STALE' | 'NEVER' | 'UNSYNCED';
  readonly lastSuccess: Date | null;
  /** Up to which time of the source the lake has everything; null where the source has no times. */
  readonly watermark: Date | null;
  /** From the watermark (else the last success) until now. */
  readonly lagSeconds: number | null;
  readonly objectiveSeconds: number | null;
  readonly rows: number;
  readonly quarantined: number;
  readonly nextRun: Date | null;
  /** The same as a local time in the zone of the schedule, `2026-11-29T02:00:00[Europe/Berlin]`. */
  readonly nextRunLocal: string | null;
  readonly timeZone: string | null;
  readonly lastError: string | null;
}

export interface RunReport {
  readonly id: string;
  readonly domain: string;
  readonly table: string;
  readonly state: 'SUCCEEDED' | 'FAILED' | 'REFUSED';
  readonly rowsRead: number;
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
  readonly unchanged: number;
  /** Older than what the lake has. */
  readonly stale: number;
  /** Wait for their identity. */
  readonly waiting: number;
  readonly quarantined: number;
  readonly startedAt: Date;
  readonly endedAt: Date;
  readonly watermark: Date | null;
  readonly error: string | null;
  /** What is no failure, and what somebody should see to all the same. */
  readonly warning?: string;
}

export interface QuarantinedRow {
  readonly id: string;
  readonly domain: string;
  readonly table: string;
  readonly key: string | null;
  /** `WAITING` for its identity, `BAD` by a rule, `MERGED`: another row has its place. */
  readonly kind: 'WAITING' | 'BAD' | 'MERGED';
  readonly reason: string;
  readonly rule: string | null;
  /** Columns and their texts: of the source for `BAD`, of the lake for the others. */
  readonly payload: Readonly<Record<string, unknown>>;
  readonly since: Date;
}

export interface SyncService {
  /**
   * Every table of every domain, or of one.
   * @throws DOMAIN_UNKNOWN
   */
  freshness(domain?: string): Promise<readonly Freshness[]>;
  /** Runs the syncs of a domain now, or of one table of it; resolves when they are over. */
  runNow(options: {
    readonly domain: string;
    readonly table?: string | undefined;
    readonly mode?: 'delta' | 'snapshot' | undefined;
  }): Promise<
    | { readonly runs: readonly RunReport[]; readonly problems: readonly [] }
    | { readonly runs: null; readonly problems: readonly Problem[] }
  >;
  /**
   * Rows that a tool sends as NDJSON; all of them are kept, or none.
   * @throws SYNC_PUSH_UNKNOWN, SYNC_PUSH_INVALID, …: errors of the catalogue that clients may see
   */
  push(options: {
    readonly domain: string;
    /** May be left out where the domain has one pushed table. */
    readonly table?: string | undefined;
    readonly mode: 'delta' | 'snapshot';
    readonly body: Readable;
    readonly origin: Origin;
    readonly signal: AbortSignal;
  }): Promise<RunReport>;

  /** @throws DOMAIN_UNKNOWN */
  quarantined(options: {
    readonly domain?: string | undefined;
    readonly kind?: QuarantinedRow['kind'] | undefined;
    readonly first: number;
    readonly after?: string | undefined;
  }): Promise<{
    readonly items: readonly QuarantinedRow[];
    readonly totalCount: number;
    readonly endCursor: string | null;
  }>;
  /** Tries rows again, with some of their columns set to other values; those that pass leave the quarantine. */
  replayQuarantined(
    ids: readonly string[],
    fix?: Readonly<Record<string, unknown>>,
  ): Promise<{
    readonly released: number;
    readonly remaining: number;
    readonly problems: readonly Problem[];
  }>;
  discardQuarantined(
    ids: readonly string[],
  ): Promise<{ readonly discarded: number; readonly problems: readonly Problem[] }>;

  start(): Promise<void>;
  stop(): Promise<void>;
}
