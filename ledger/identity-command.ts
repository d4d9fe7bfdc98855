/** Who wants a change, and why. */
export interface Origin {
  readonly actor: string;
  /** As a CloudEvents `source`. */
  readonly source: string;
  readonly cause?: string | undefined;
  /** When it happened, as the source says; the time of the commit by default. */
  readonly occurredAt?: Date | undefined;
}

/** Fields by name, as they stand in JSON. */
export type FieldValues = Readonly<Record<string, unknown>>;

interface CommandBasis {
  readonly entity: string;
  readonly origin: Origin;
  /** A second command of the same actor with this key is not carried out: it gets the outcome of the first. */
  readonly idempotencyKey?: string | undefined;
}

/** A wish to change which entities exist and what all tools agree on about them. */
export type IdentityCommand = CommandBasis &
  (
    | {
        readonly kind: 'create';
        /** Fields of the key; one that is left out is made up where that can be done. */
        readonly key?: FieldValues | undefined;
        readonly fields: FieldValues;
      }
    | {
        readonly kind: 'update';
        readonly key: FieldValues;
        readonly fields: FieldValues;
        readonly expectedVersion?: number | undefined;
      }
    | {
        readonly kind: 'delete';
        readonly key: FieldValues;
        readonly expectedVersion?: number | undefined;
      }
    | { readonly kind: 'merge'; readonly winner: FieldValues; readonly loser: FieldValues }
    /** What another tool did at a time of its own; older than what is known, it changes nothing. */
    | {
        readonly kind: 'receive';
        readonly change: 'create' | 'update' | 'delete';
        readonly key?: FieldValues | undefined;
        readonly fields: FieldValues;
        /** Hybrid logical clock of the sender. */
        readonly stamp: string;
      }
    /** Takes a change back, unless something came after it. */
    | { readonly kind: 'reverse'; readonly sequence: number }
  );

/** Why something was not done, for the person or tool that asked. */
export interface Problem {
  readonly code:
    | 'REQUIRED'
    | 'INVALID'
    | 'EXISTS'
    | 'NOT_FOUND'
    | 'VERSION_CONFLICT'
    | 'IDEMPOTENCY_KEY_REUSED'
    | 'MERGE_INTO_ITSELF'
    | 'TOO_LATE'
    | 'CLOCK_SKEW'
    | 'FAILED';
  readonly message: string;
  /** The field that it is about. */
  readonly field?: string | undefined;
}

/**
 * What became of a command.
 *
 * - `done`: committed.
 * - `unchanged`: everything was so already; nothing was written.
 * - `stale`: something newer is known; nothing was written.
 * - `joined`: a create that met an entity of the same matching value (e-mail); `key` is that one's.
 * - `refused`: see `problems`; nothing was written.
 */
export interface Outcome {
  readonly status: 'done' | 'unchanged' | 'stale' | 'joined' | 'refused';
  /** The entity's key fields in JSON form, where there is such an entity. */
  readonly key?: FieldValues | undefined;
  /** The same as one text. */
  readonly keyText?: string | undefined;
  readonly version?: number | undefined;
  /** Of the change, where one was written. */
  readonly sequence?: number | undefined;
  readonly problems: readonly Problem[];
}

/** Whatever changes identities. */
export interface IdentityWriter {
  /** Resolves after the commit. Never rejects for what the command itself did wrong. */
  submit(command: IdentityCommand): Promise<Outcome>;
}
