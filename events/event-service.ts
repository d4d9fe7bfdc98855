import type { FieldValues, Problem } from '../ledger/identity-command.ts';

/**
 * An event as CloudEvents 1.0 JSON (structured mode): what a tool gets by webhook, by subscription and by polling.
 * https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md
 */
export interface CloudEvent {
  readonly specversion: '1.0';
  /** The sequence in the log as text; of the snapshot that a new subscriber gets first, `snapshot:POSITION:ENTITY/KEY`. */
  readonly id: string;
  /** Where the change came from. */
  readonly source: string;
  /** `CustomerCreated`, `CustomerUpdated`, `CustomerDeleted`. */
  readonly type: string;
  /** The entity's id. */
  readonly subject: string;
  /** When the lake committed the change, RFC 3339. */
  readonly time: string;
  readonly datacontenttype: 'application/json';
  /** The lean fields; of an entity that is gone, its key (and `mergedInto`). */
  readonly data: Readonly<Record<string, unknown>>;
  /** Version of the entity, from 1, one more with each change. */
  readonly entityversion: number;
  /** Hybrid logical clock. */
  readonly hlc: string;
  /** Who made the change. */
  readonly origin: string;
  /** Place in the log, zero-padded so that it sorts as text. */
  readonly sequence: string;
  readonly partitionkey: string;
  /** The event or request that led to it. */
  readonly causationid?: string;
  /** The id of the event that this one takes back. */
  readonly reverses?: string;
}

export interface EventEdge {
  readonly cursor: string;
  readonly event: CloudEvent;
}

export interface EventPage {
  readonly edges: readonly EventEdge[];
  readonly hasNextPage: boolean;
  /** Where to go on, also when the page is empty. */
  readonly endCursor: string;
}

export interface EventFilter {
  /** Name of the entity; all of them by default. */
  readonly entity?: string | undefined;
  /** Types of events; all of them by default. */
  readonly types?: readonly string[] | undefined;
  /** Leaves out what this actor did. */
  readonly exceptActor?: string | undefined;
}

export type SubscriberState = 'ACTIVE' | 'PAUSED' | 'FAILING' | 'GONE';

export interface Subscriber {
  readonly id: string;
  readonly name: string;
  /** The caller that made it, and whose own changes it does not get. */
  readonly owner: string;
  readonly url: string;
  readonly entities: readonly string[];
  readonly types: readonly string[];
  readonly includesOwn: boolean;
  readonly mayVeto: boolean;
  readonly vetoWindowMs: number;
  readonly state: SubscriberState;
  /** Everything up to here was delivered. */
  readonly position: string;
  /** Whether it is still getting the entities that there were when it was made. */
  readonly isInSnapshot: boolean;
  /** Events that wait, about. */
  readonly backlog: number;
  readonly lastDeliveryAt: Date | null;
  readonly lastError: string | null;
  readonly createdAt: Date;
}

/** What is counted of a subscriber, for those who watch the server. */
export interface SubscriberMetrics {
  readonly id: string;
  readonly name: string;
  readonly state: SubscriberState;
  /** Events that were accepted, since the program was started. */
  readonly delivered: number;
  /** Attempts that failed, since the program was started. */
  readonly failed: number;
  /** Events that wait, about. */
  readonly backlog: number;
  /** How old the oldest one is that waits; 0 where none does. */
  readonly lagSeconds: number;
  readonly deadLetters: number;
}

export interface NewSubscriber {
  readonly name: string;
  readonly url: string;
  readonly entities?: readonly string[] | undefined;
  readonly types?: readonly string[] | undefined;
  readonly includesOwn?: boolean | undefined;
  readonly mayVeto?: boolean | undefined;
  readonly vetoWindowMs?: number | undefined;
  /** Whether it first gets all entities that there are; otherwise it begins with what comes next. */
  readonly withSnapshot?: boolean | undefined;
}

export interface DeadLetter {
  readonly id: string;
  readonly subscriber: string;
  readonly event: CloudEvent;
  readonly attempts: number;
  readonly lastStatus: number | null;
  readonly lastError: string;
  readonly since: Date;
}

/** What becomes of a change that a subscriber may refuse. */
export interface Saga {
  readonly event: string;
  /** `PENDING` while it may be vetoed, then `CONFIRMED`; `COMPENSATED` after a veto that took it back; `VETO_TOO_LATE`. */
  readonly state: 'PENDING' | 'CONFIRMED' | 'COMPENSATED' | 'VETO_TOO_LATE';
  readonly deadline: Date | null;
  readonly vetoedBy: string | null;
  readonly reason: string | null;
  /** The id of the event that took it back. */
  readonly compensation: string | null;
  /** Names of the subscribers that had it already. */
  readonly appliedBy: readonly string[];
}

export type Answered<Value> =
  | { readonly value: Value; readonly problems: readonly [] }
  | { readonly value: null; readonly problems: readonly Problem[] };

export interface InboundOutcome {
  readonly id: string;
  readonly status: 'done' | 'unchanged' | 'stale' | 'joined' | 'refused';
  readonly key?: FieldValues | undefined;
  readonly subject?: string | undefined;
  readonly version?: number | undefined;
  readonly problems: readonly Problem[];
}

/** Everything that the gateway lets callers do with events. */
export interface EventService {
  /** @throws EVENT_CURSOR_INVALID */
  page(
    options: EventFilter & { readonly after?: string | undefined; readonly first: number },
  ): Promise<EventPage>;
  /** Events as they come, from a cursor on or from now; ends when the signal aborts. Reads only as fast as it is read. */
  follow(
    options: EventFilter & { readonly after?: string | undefined; readonly signal: AbortSignal },
  ): AsyncIterable<EventEdge>;
  /** Events of other tools, in the order given; one outcome each. */
  receive(events: readonly unknown[], actor: string): Promise<readonly InboundOutcome[]>;

  subscribers(): Promise<readonly Subscriber[]>;
  subscriber(id: string): Promise<Subscriber | undefined>;
  /** The secret (`whsec_…`) is told once. */
  createSubscriber(
    input: NewSubscriber,
    actor: string,
  ): Promise<Answered<{ readonly subscriber: Subscriber; readonly secret: string }>>;
  updateSubscriber(
    id: string,
    input: Partial<NewSubscriber>,
  ): Promise<Answered<{ readonly subscriber: Subscriber }>>;
  deleteSubscriber(id: string): Promise<Answered<{ readonly id: string }>>;
  pause(id: string): Promise<Answered<{ readonly subscriber: Subscriber }>>;
  resume(id: string): Promise<Answered<{ readonly subscriber: Subscriber }>>;
  /** Sends everything after a cursor again; of one that is ahead of what was delivered, everything that was not. */
  replay(id: string, after: string): Promise<Answered<{ readonly subscriber: Subscriber }>>;

  deadLetters(options: {
    readonly subscriber?: string | undefined;
    readonly first: number;
    readonly after?: string | undefined;
  }): Promise<{ readonly items: readonly DeadLetter[]; readonly endCursor: string | null }>;
  /** Sends them again, now; those that arrive are gone from the list. */
  replayDeadLetters(ids: readonly string[]): Promise<Answered<{ readonly delivered: number }>>;
  discardDeadLetters(ids: readonly string[]): Promise<Answered<{ readonly discarded: number }>>;

  /** Undefined when there is no such event, or none that anybody may veto. */
  saga(eventId: string): Promise<Saga | undefined>;
  veto(
    input: { readonly event: string; readonly subscriber: string; readonly reason: string },
    actor: string,
  ): Promise<Answered<Saga>>;

  /** Numbers of every subscriber, as they are now. */
  metrics(): readonly SubscriberMetrics[];

  /** Reads the subscribers and begins to deliver; before anything but `page`, `follow` and `receive` is asked. */
  start(): Promise<void>;
  /** Finishes deliveries that are under way, for a moment, and writes positions down. */
  stop(): Promise<void>;
}
