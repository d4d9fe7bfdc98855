import type { EventService } from '../events/event-service.ts';
import type { ChangeFeed } from '../ledger/change.ts';
import type { FieldValues } from '../ledger/identity-command.ts';
import type { SyncService } from '../sync/sync-service.ts';

/** Whatever is behind the graph and the routes of what moves. */
export interface MotionServices {
  readonly events: EventService;
  readonly sync: SyncService;
  readonly feed: Pick<ChangeFeed, 'head'>;
  /**
   * Versions of entities, in the order of the keys (fields of the primary key in JSON form); null for one that does
   * not exist. One that was there before anything was logged has the version 1.
   */
  versionOf(entity: string, keys: readonly FieldValues[]): Promise<readonly (number | null)[]>;
  /** Groups of entities of one matching value, the largest first. */
  duplicates(entity: string, first: number): Promise<readonly DuplicateGroup[]>;
}

/** Entities that are probably one. */
export interface DuplicateGroup {
  /** What they have in common, as it is compared. */
  readonly value: string;
  /** Fields of the primary key, in JSON form. */
  readonly keys: readonly FieldValues[];
}
