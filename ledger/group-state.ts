import type { Change, RowTexts } from './change.ts';
import type { Outcome } from './identity-command.ts';

/** What is known of one entity while a group of commands is decided. */
export interface EntityState {
  readonly entity: string;
  readonly key: string;
  /** The identity's row; null when there is none. */
  readonly row: RowTexts | null;
  /** 0 when there never was such an entity. */
  readonly version: number;
  /** `firstStamp` where nothing is known to have happened. */
  readonly stamp: string;
  /** Of its newest change; 0 for a row that was there before the log. */
  readonly sequence: number;
  readonly mergedInto: string | undefined;
  /** Whether the lake has a head of it; one that was there before the log has none until something is heard of it. */
  readonly hasHead: boolean;
}

export interface KnownRequest {
  readonly fingerprint: string;
  readonly outcome: Outcome;
}

/**
 * The world as a group of commands sees it: read from the lake once for all of them, then changed in memory by one
 * command after the other, and written at the end.
 */
export class GroupState {
  readonly #entities = new Map<string, EntityState>();
  readonly #read = new Map<string, EntityState>();
  readonly #matches = new Map<string, Set<string>>();
  readonly #requests = new Map<string, KnownRequest>();
  readonly #changes = new Map<number, Change>();

  static subject(entity: string, key: string): string {
    return `${entity}/${key}`;
  }

  /** To be called for everything that the lake holds, before the first command is decided. */
  learn(state: EntityState): void {
    const subject = GroupState.subject(state.entity, state.key);
    this.#entities.set(subject, state);
    this.#read.set(subject, state);
  }

  learnMatch(value: string, key: string): void {
    this.#matchesOf(value).add(key);
  }

  learnRequest(id: string, request: KnownRequest): void {
    this.#requests.set(id, request);
  }

  learnChange(change: Change): void {
    this.#changes.set(change.sequence, change);
  }

  find(entity: string, key: string): EntityState | undefined {
    return this.#entities.get(GroupState.subject(entity, key));
  }

  /** The entity that a key leads to, through merges. */
  resolve(entity: string, key: string): EntityState | undefined {
    let state = this.find(entity, key);
    for (let step = 0; state?.mergedInto !== undefined && step < 100; step++)
      state = this.find(entity, state.mergedInto);
    return state;
  }

  /** The keys of entities with this matching value, the smallest first. */
  matching(value: string): readonly string[] {
    return [...(this.#matches.get(value) ?? [])].toSorted();
  }

  request(id: string): KnownRequest | undefined {
    return this.#requests.get(id);
  }

  change(sequence: number): Change | undefined {
    return this.#changes.get(sequence);
  }

  /** Takes over what a command did. */
  put(state: EntityState, match: { readonly before?: string; readonly after?: string }): void {
    this.#entities.set(GroupState.subject(state.entity, state.key), state);
    if (match.before !== undefined) this.#matches.get(match.before)?.delete(state.key);
    if (match.after !== undefined) this.#matchesOf(match.after).add(state.key);
  }

  /** Takes over that something as new as this was heard of it, and changed nothing. */
  putStamp(state: EntityState, stamp: string): void {
    this.#entities.set(GroupState.subject(state.entity, state.key), { ...state, stamp });
  }

  putRequest(id: string, request: KnownRequest): void {
    this.#requests.set(id, request);
  }

  /** Every entity that is not as it was read, with what it was; undefined where it was not there. */
  changed(): readonly { readonly before: EntityState | undefined; readonly after: EntityState }[] {
    return [...this.#entities].flatMap(([subject, after]) => {
      const before = this.#read.get(subject);
      return before === after ? [] : [{ before, after }];
    });
  }

  #matchesOf(value: string): Set<string> {
    const known = this.#matches.get(value) ?? new Set<string>();
    this.#matches.set(value, known);
    return known;
  }
}
