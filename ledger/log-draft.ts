import { DuckDBTimestampTZValue } from '@duckdb/node-api';
import type { LakeValue } from '../lake/sql.ts';
import type { WriteTransaction } from '../lake/write-transaction.ts';
import type { Change } from './change.ts';
import { stampAfter } from './hybrid-clock.ts';
import type { Origin } from './identity-command.ts';

/** Where the log stands. */
export interface LogState {
  /** Of the newest change. */
  readonly sequence: number;
  /** Its time, in microseconds since 1970. */
  readonly timeMicros: bigint;
  readonly stamp: string;
}

/** What a command and all that follows from it have in common. */
export interface Moment {
  /** The sequence of its first change. */
  readonly transaction: number;
  readonly timeMicros: bigint;
  readonly stamp: string;
  readonly origin: Origin;
}

/** A change before it has its place in the log. */
export type NewChange = Pick<
  Change,
  'kind' | 'entity' | 'key' | 'domain' | 'version' | 'mergedInto' | 'reverses' | 'before' | 'after'
> & {
  /** Where it is another than that of the moment. */
  readonly stamp?: string | undefined;
};

/** The changes of one transaction of the lake, numbered without a gap behind those that are committed. */
export class LogDraft {
  readonly #nowMs: number;
  #state: LogState;
  readonly #unwritten: Change[] = [];
  readonly #ofIdentities: Change[] = [];

  constructor(state: LogState, nowMs: number) {
    this.#state = state;
    this.#nowMs = nowMs;
  }

  /** Where the log will stand after the commit. */
  get state(): LogState {
    return this.#state;
  }

  /** Changes of identities, for readers who follow the log. */
  get identityChanges(): readonly Change[] {
    return this.#ofIdentities;
  }

  /** Begins what one command does. Times are strictly monotonic, whatever the wall clock does. */
  begin(origin: Origin): Moment {
    const now = BigInt(this.#nowMs) * 1_000n;
    const last = this.#state.timeMicros;
    const timeMicros = now > last ? now : last + 1n;
    const stamp = stampAfter(this.#state.stamp, this.#nowMs);
    return { transaction: this.#state.sequence + 1, timeMicros, stamp, origin };
  }

  /** Stamps of others count as seen, so that ours are later from now on. */
  hear(stamp: string): void {
    if (stamp > this.#state.stamp) this.#state = { ...this.#state, stamp };
  }

  add(change: NewChange, moment: Moment): Change {
    const { stamp = moment.stamp, ...rest } = change;
    const { origin } = moment;
    const [sequence] = this.#take(1, moment, stamp);
    const added: Change = {
      ...rest,
      sequence,
      transaction: moment.transaction,
      time: new Date(Number(moment.timeMicros / 1_000n)),
      stamp,
      actor: origin.actor,
      source: origin.source,
      cause: origin.cause ?? null,
      occurredAt: origin.occurredAt ?? null,
    };
    this.#unwritten.push(added);
    if (added.version !== null) this.#ofIdentities.push(added);
    this.#timeOf.set(added, moment.timeMicros);
    return added;
  }

  /** Numbers for changes that a statement writes: the first of them. Those that were added before come first. */
  async reserve(tx: WriteTransaction, count: number, moment: Moment): Promise<number> {
    await this.flush(tx);
    return this.#take(count, moment, moment.stamp)[0];
  }

  /** Writes what was added. */
  async flush(tx: WriteTransaction): Promise<void> {
    if (this.#unwritten.length === 0) return;
    const changes = this.#unwritten.splice(0);
    await tx.append('ledger', 'change', {
      columnNames: changeColumns,
      columns: transpose(changes.map((change) => this.#toRow(change))),
    });
    await tx.append('ledger', 'change_value', {
      columnNames: ['sequence', 'before', 'after'],
      columns: transpose(
        changes.map(({ sequence, before, after }) => [
          BigInt(sequence),
          before === null ? null : JSON.stringify(before),
          after === null ? null : JSON.stringify(after),
        ]),
      ),
    });
  }

  readonly #timeOf = new WeakMap<Change, bigint>();

  #take(count: number, { timeMicros }: Moment, stamp: string): [first: number] {
    const first = this.#state.sequence + 1;
    this.#state = {
      sequence: this.#state.sequence + count,
      timeMicros: timeMicros > this.#state.timeMicros ? timeMicros : this.#state.timeMicros,
      stamp: stamp > this.#state.stamp ? stamp : this.#state.stamp,
    };
    return [first];
  }

  #toRow(change: Change): readonly LakeValue[] {
    const { occurredAt, version, reverses } = change;
    return [
      BigInt(change.sequence),
      BigInt(change.transaction),
      new DuckDBTimestampTZValue(this.#timeOf.get(change) ?? 0n),
      change.stamp,
      change.kind,
      change.entity,
      change.key,
      change.domain,
      version === null ? null : BigInt(version),
      change.actor,
      change.source,
      change.cause,
      occurredAt === null ? null : timestamp(occurredAt),
      change.mergedInto,
      reverses === null ? null : BigInt(reverses),
    ];
  }
}

export function timestamp(date: Date): DuckDBTimestampTZValue {
  return new DuckDBTimestampTZValue(BigInt(date.getTime()) * 1_000n);
}

export const changeColumns = [
  'sequence',
  'transaction',
  'time',
  'stamp',
  'kind',
  'entity',
  'key',
  'domain',
  'version',
  'actor',
  'source',
  'cause',
  'occurred_at',
  'merged_into',
  'reverses',
] as const;

export function transpose(rows: readonly (readonly LakeValue[])[]): readonly LakeValue[][] {
  const width = rows[0]?.length ?? 0;
  return Array.from({ length: width }, (_, column) => rows.map((row) => row[column] ?? null));
}
