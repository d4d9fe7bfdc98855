import type { RowTexts } from '../../ledger/change.ts';
import type { IdentityCommand, Outcome } from '../../ledger/identity-command.ts';
import { mustEqual, mustHold } from '../world/broken-rule.ts';
import { expectOutcome, type Expected, type Surroundings } from './expect-outcome.ts';
import type { LoggedChange } from './logged-change.ts';

export interface ModelEntity {
  readonly key: string;
  readonly row: RowTexts | null;
  /** 0 where there never was one. */
  readonly version: number;
  readonly stamp: string;
  readonly sequence: number;
  readonly mergedInto: string | null;
}

interface Remembered {
  readonly wish: string;
  readonly outcome: Outcome;
}

/** What follows for domains from a change of an identity. */
export interface IdentityListener {
  begins(key: string): void;
  ends(key: string): void;
  merges(loser: string, winner: string): void;
}

/**
 * Which customers there are, as the rules say: commands in the order of their answers, events of other tools by their
 * stamps. Each answer of the product is compared with what the rules say at that moment, and each change in the log
 * belongs to exactly one command.
 */
export class IdentityModel {
  readonly entities = new Map<string, ModelEntity>();
  readonly #requests = new Map<string, Remembered>();
  readonly #log = new Map<number, LoggedChange>();
  readonly #claimed = new Set<number>();
  readonly #listener: IdentityListener;
  #newestStamp = '';

  constructor(listener: IdentityListener) {
    this.#listener = listener;
  }

  /** What is in the log, as it was read after a commit. */
  heard(change: LoggedChange): void {
    this.#log.set(change.sequence, change);
  }

  change(sequence: number): LoggedChange | undefined {
    return this.#log.get(sequence);
  }

  /** Changes of identities, in their order. */
  get changes(): readonly LoggedChange[] {
    return [...this.#log.values()].filter(({ version }) => version !== null);
  }

  resolve(key: string): ModelEntity | undefined {
    let found = this.entities.get(key);
    while (found?.mergedInto != null) found = this.entities.get(found.mergedInto);
    return found;
  }

  get live(): readonly ModelEntity[] {
    return [...this.entities.values()].filter(({ row }) => row !== null);
  }

  /** The product answered a command. */
  answered(command: IdentityCommand, outcome: Outcome, nowMs: number): void {
    if (outcome.problems.some(({ code }) => code === 'FAILED')) return;
    const id = requestOf(command);
    const known = id === undefined ? undefined : this.#requests.get(id);
    const wish = wishOf(command);
    if (known !== undefined) {
      if (known.wish === wish)
        mustEqual(outcome, known.outcome, 'A request that is sent again gets its first outcome.');
      else
        mustEqual(
          outcome.problems.map(({ code }) => code),
          ['IDEMPOTENCY_KEY_REUSED'],
          'A key of one request does not serve another.',
        );
      return;
    }
    const expected = expectOutcome(command, this.#surroundings(nowMs));
    this.#compare(command, outcome, expected);
    if (id !== undefined && outcome.status !== 'refused') this.#requests.set(id, { wish, outcome });
  }

  /** The process ended before it could answer: what it did, if anything, is in the log or among the requests. */
  recovered(command: IdentityCommand, remembered: Outcome | undefined): void {
    const id = requestOf(command);
    if (remembered !== undefined && id !== undefined && !this.#requests.has(id)) {
      this.answered(command, remembered, Number.POSITIVE_INFINITY);
      return;
    }
    const change = this.changes.find(
      ({ sequence, cause, source }) =>
        !this.#claimed.has(sequence) &&
        cause === command.origin.cause &&
        (source === command.origin.source || source === 'tributary/match'),
    );
    if (change === undefined) return;
    mustHold(id === undefined, 'What was done is remembered under its idempotency key.', () =>
      JSON.stringify(command),
    );
    const expected = expectOutcome(command, this.#surroundings(Number.POSITIVE_INFINITY));
    mustHold(
      expected.change !== undefined,
      `Before the crash ${JSON.stringify(command)} did what it could do.`,
      () => JSON.stringify(change, bigintText),
    );
    if (expected.change !== undefined)
      this.#take(command, change, { ...expected.change, key: change.key });
  }

  /** Every change of an identity was asked for by somebody. */
  checkComplete(): void {
    const orphan = this.changes.find(({ sequence }) => !this.#claimed.has(sequence));
    mustHold(orphan === undefined, 'Each change of an identity belongs to one command.', () =>
      JSON.stringify(orphan, bigintText),
    );
  }

  #surroundings(nowMs: number): Surroundings {
    return {
      find: (key) => this.entities.get(key),
      resolve: (key) => this.resolve(key),
      live: this.live,
      change: (sequence) => this.#log.get(sequence),
      nowMs,
    };
  }

  #compare(command: IdentityCommand, outcome: Outcome, expected: Expected): void {
    const told = {
      status: outcome.status,
      key: outcome.keyText,
      version: outcome.version,
      problems: outcome.problems.map(({ code }) => code),
    };
    const isNewKey = expected.change !== undefined && expected.change.key === undefined;
    const key = isNewKey ? outcome.keyText : expected.change?.key;
    const wanted = {
      status: expected.status,
      key: isNewKey ? outcome.keyText : expected.key,
      version: expected.version,
      problems: expected.problems,
    };
    mustEqual(told, wanted, `The outcome of ${JSON.stringify(command)} is as the rules say.`);
    if (expected.change === undefined) {
      mustHold(outcome.status !== 'done', 'What is done is in the log.', () =>
        JSON.stringify(outcome),
      );
      this.#keepStamp(expected);
      return;
    }
    const change = this.#changeOf(outcome, key ?? '');
    this.#take(command, change, { ...expected.change, key: key ?? '' });
  }

  #keepStamp({ key = '', keepsStamp: stamp }: Expected): void {
    const known = this.entities.get(key);
    if (stamp === undefined || known === undefined) return;
    this.entities.set(key, { ...known, stamp });
    if (stamp > this.#newestStamp) this.#newestStamp = stamp;
  }

  #take(
    command: IdentityCommand,
    change: LoggedChange | undefined,
    expected: NonNullable<Expected['change']> & { readonly key: string },
  ): void {
    const rule = `The log has what became of ${JSON.stringify(command)}.`;
    if (change === undefined) return mustHold(false, rule, () => 'It is not there.');
    const { key, version, mergedInto, reverses, before, sequence, stamp } = change;
    const known = this.entities.get(expected.key);
    mustEqual(
      { kind: change.kind, key, version, mergedInto, reverses, before, cause: change.cause },
      {
        kind: expected.kind,
        key: expected.key,
        version: (known?.version ?? 0) + 1,
        mergedInto: expected.mergedInto ?? null,
        reverses: expected.reverses ?? null,
        before: known?.row ?? null,
        cause: command.origin.cause ?? null,
      },
      rule,
    );
    mustEqual(change.after, expected.after(change), rule);
    if (expected.stamp !== undefined) mustEqual(stamp, expected.stamp, rule);
    else
      mustHold(
        stamp > this.#newestStamp,
        'A stamp of ours is later than all that we had seen.',
        () => `${stamp} after ${this.#newestStamp}`,
      );
    if (stamp > this.#newestStamp) this.#newestStamp = stamp;
    this.#claimed.add(sequence);
    this.#put({
      key,
      row: change.after,
      version: version ?? 0,
      stamp,
      sequence,
      mergedInto,
    });
  }

  #put(entity: ModelEntity): void {
    const before = this.entities.get(entity.key);
    this.entities.set(entity.key, entity);
    if (entity.mergedInto !== null) this.#listener.merges(entity.key, entity.mergedInto);
    const had = (before?.row ?? null) !== null;
    if (had && entity.row === null && entity.mergedInto === null) this.#listener.ends(entity.key);
    if (!had && entity.row !== null) this.#listener.begins(entity.key);
    if (entity.mergedInto === null) return;
    // One step is enough: what led to the loser leads on.
    for (const [key, other] of this.entities)
      if (other.mergedInto === entity.key)
        this.entities.set(key, { ...other, mergedInto: entity.mergedInto });
  }

  /** Where two ids became one, the answer speaks of the one that stayed, and the change is of the other. */
  #changeOf(outcome: Outcome, key: string): LoggedChange | undefined {
    if (outcome.sequence !== undefined && outcome.status === 'done')
      return this.#log.get(outcome.sequence);
    return this.changes.find((change) => change.key === key && !this.#claimed.has(change.sequence));
  }
}

export function requestOf({ idempotencyKey, origin }: IdentityCommand): string | undefined {
  return idempotencyKey === undefined ? undefined : `${origin.actor}\n${idempotencyKey}`;
}

function wishOf(command: IdentityCommand): string {
  // When we heard of it is no part of what another tool did.
  return JSON.stringify({
    ...command,
    origin: undefined,
    idempotencyKey: undefined,
    stamp: undefined,
  });
}

function bigintText(_: string, member: unknown): unknown {
  return typeof member === 'bigint' ? String(member) : member;
}
