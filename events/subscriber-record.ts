import type { NewSubscriber, SubscriberState } from './event-service.ts';

/** A subscriber as it is kept. */
export interface SubscriberRecord extends SubscriberChoices {
  readonly id: string;
  readonly owner: string;
  readonly secret: string;
  readonly createdAt: Date;
  readonly progress: DeliveryProgress;
}

/** What its owner chooses. */
export interface SubscriberChoices {
  readonly name: string;
  readonly url: string;
  /** Empty for all of them. */
  readonly entities: readonly string[];
  /** Empty for all of them. */
  readonly types: readonly string[];
  readonly includesOwn: boolean;
  readonly mayVeto: boolean;
  readonly vetoWindowMs: number;
}

/** How far its deliveries have come. */
export interface DeliveryProgress {
  readonly state: SubscriberState;
  /** Everything up to here is done, once it is through with its snapshot. */
  readonly position: number;
  /** The place in the log whose state it gets first; null when it has got it. */
  readonly snapshotPosition: number | null;
  /** Up to here it has got that; null before the first. */
  readonly snapshotCursor: SnapshotCursor | null;
  readonly lastDeliveryAt: Date | null;
  readonly lastError: string | null;
  readonly failingSince: Date | null;
}

/** Entities come in the order of their names, and of each the keys in theirs. */
export interface SnapshotCursor {
  readonly entity: string;
  /** Null when it is through with the entity. */
  readonly key: string | null;
}

/** The choices as they are when nothing but a name and an address was given. */
export function choicesOf(
  input: Partial<NewSubscriber>,
  defaults: SubscriberChoices,
): SubscriberChoices {
  return {
    name: input.name?.trim() ?? defaults.name,
    url: input.url ?? defaults.url,
    entities: [...new Set(input.entities ?? defaults.entities)],
    types: [...new Set(input.types ?? defaults.types)],
    includesOwn: input.includesOwn ?? defaults.includesOwn,
    mayVeto: input.mayVeto ?? defaults.mayVeto,
    vetoWindowMs: input.vetoWindowMs ?? defaults.vetoWindowMs,
  };
}
