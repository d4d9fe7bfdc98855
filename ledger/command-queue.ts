import type { Clock } from '../foundation/clock.ts';
import { TributaryError } from '../foundation/errors/tributary-error.ts';
import type { Distribution } from '../foundation/metrics/distribution.ts';
import type { Log } from '../foundation/log.ts';
import { DuckDBTimestampTZValue } from '@duckdb/node-api';
import { sql, value } from '../lake/sql.ts';
import type { WriteTransaction } from '../lake/write-transaction.ts';
import { decide } from './decide.ts';
import type { IdentityCommand, Outcome } from './identity-command.ts';
import type { IdentityShape } from './identity-shape.ts';
import type { LedgerContext } from './ledger-context.ts';
import { loadGroup } from './load-group.ts';
import { timestamp } from './log-draft.ts';
import { fingerprintOf, isTooLong, longestRequestKey, requestId } from './request-id.ts';
import { writeGroup } from './write-group.ts';

interface QueueOptions {
  readonly shapes: () => ReadonlyMap<string, IdentityShape>;
  readonly transact: <Result>(
    job: (tx: WriteTransaction, context: LedgerContext) => Promise<Result>,
  ) => Promise<Result>;
  readonly newId: () => string;
  readonly clock: Clock;
  readonly maxSkewMs: number;
  readonly log: Log | undefined;
  /** Told how many commands were written together. */
  readonly groups: Distribution;
}

interface Waiting {
  readonly command: IdentityCommand;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

/** More commands than this are not written at once: whoever waits behind them waits too long. */
const largestGroup = 1_024;

const dayMs = 86_400_000;

/** For so long, a command with an idempotency key that was used gets the outcome of then. */
const rememberedDays = 7;

/**
 * Commands that come while others are written are written together, as one transaction: a commit costs the same for
 * one as for a thousand. When the group as a whole fails, each is tried alone, so that a bad one fails alone.
 */
export class CommandQueue {
  readonly #options: QueueOptions;
  readonly #waiting: Waiting[] = [];
  #working: Promise<void> | undefined;
  #forgotMs = 0;

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  submit(command: IdentityCommand): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ command, resolve, reject });
      this.#working ??= this.#work();
    });
  }

  async settle(): Promise<void> {
    while (this.#working !== undefined) await this.#working;
  }

  async #work(): Promise<void> {
    // What is submitted in the same turn goes together.
    await Promise.resolve();
    while (this.#waiting.length > 0) await this.#writeGroup(this.#nextGroup());
    this.#working = undefined;
  }

  /** Merges and compensations read more than others and stand alone. */
  #nextGroup(): readonly Waiting[] {
    const isAlone = ({ command }: Waiting): boolean =>
      command.kind === 'merge' || command.kind === 'reverse';
    const first = this.#waiting[0];
    if (first !== undefined && isAlone(first)) return this.#waiting.splice(0, 1);
    const alone = this.#waiting.findIndex(isAlone);
    const count = Math.min(alone === -1 ? this.#waiting.length : alone, largestGroup);
    return this.#waiting.splice(0, count);
  }

  async #writeGroup(group: readonly Waiting[]): Promise<void> {
    this.#options.groups.add(group.length);
    try {
      const outcomes = await this.#write(group.map(({ command }) => command));
      for (const [position, { resolve }] of group.entries())
        resolve(outcomes[position] ?? failed());
    } catch (error) {
      if (group.length > 1 && isOfOne(error)) {
        for (const one of group) await this.#writeGroup([one]);
        return;
      }
      for (const { command, resolve, reject } of group) {
        this.#options.log?.error({ err: error, kind: command.kind }, 'a change was not written');
        if (isOfOne(error)) resolve(failed());
        else reject(error);
      }
    }
  }

  /** Once a day, since nobody repeats a request for longer than that. */
  async #forgetOld(tx: WriteTransaction): Promise<void> {
    const nowMs = this.#options.clock.now().getTime();
    if (nowMs - this.#forgotMs < dayMs) return;
    this.#forgotMs = nowMs;
    const oldest = timestamp(new Date(nowMs - rememberedDays * dayMs));
    await tx.run(sql`DELETE FROM ledger.request WHERE "time" < ${value(oldest)}`);
  }

  #write(commands: readonly IdentityCommand[]): Promise<readonly Outcome[]> {
    const { shapes, transact, newId, clock, maxSkewMs } = this.#options;
    return transact(async (tx, context) => {
      const known = shapes();
      const state = await loadGroup(tx, commands, known);
      const { draft } = context;
      const fresh: (readonly [id: string, fingerprint: string, outcome: Outcome])[] = [];
      const outcomes = commands.map((command) => {
        const shape = known.get(command.entity);
        if (shape === undefined) return unchangeable(command);
        if (isTooLong(command)) return tooLong();
        const id = requestId(command);
        const remembered = id === undefined ? undefined : state.request(id);
        const fingerprint = id === undefined ? '' : fingerprintOf(command);
        if (remembered !== undefined)
          return remembered.fingerprint === fingerprint ? remembered.outcome : reused();
        const nowMs = clock.now().getTime();
        const outcome = decide(command, { shape, state, draft, newId, nowMs, maxSkewMs });
        if (id !== undefined && outcome.status !== 'refused') {
          state.putRequest(id, { fingerprint, outcome });
          fresh.push([id, fingerprint, outcome]);
        }
        return outcome;
      });
      // What follows for domains' rows comes after all that was decided.
      const moment = draft.begin({ actor: 'tributary', source: 'tributary/identity' });
      await writeGroup(tx, state, known, moment, context);
      await remember(tx, fresh, moment.timeMicros);
      await this.#forgetOld(tx);
      return outcomes;
    });
  }
}

async function remember(
  tx: WriteTransaction,
  fresh: readonly (readonly [id: string, fingerprint: string, outcome: Outcome])[],
  timeMicros: bigint,
): Promise<void> {
  if (fresh.length === 0) return;
  const time = new DuckDBTimestampTZValue(timeMicros);
  await tx.append('ledger', 'request', {
    columnNames: ['id', 'fingerprint', 'outcome', 'time'],
    columns: [
      fresh.map(([id]) => id),
      fresh.map(([, fingerprint]) => fingerprint),
      fresh.map(([, , outcome]) => JSON.stringify(outcome)),
      fresh.map(() => time),
    ],
  });
}

/** Whether one command may have caused it, rather than the lake as a whole. */
function isOfOne(error: unknown): boolean {
  return error instanceof TributaryError ? error.code === 'LAKE_WRITE_FAILED' : true;
}

function failed(): Outcome {
  const message = 'The lake did not take the change, and nothing of it was written.';
  return { status: 'refused', problems: [{ code: 'FAILED', message }] };
}

function tooLong(): Outcome {
  const message = `The idempotency key has more than ${longestRequestKey} characters. A UUID has 36.`;
  const problem = { code: 'INVALID', message, field: 'idempotencyKey' } as const;
  return { status: 'refused', problems: [problem] };
}

function reused(): Outcome {
  const message =
    'This idempotency key was used for another request. Take a new key for each request that asks for something else.';
  const problem = { code: 'IDEMPOTENCY_KEY_REUSED', message, field: 'idempotencyKey' } as const;
  return { status: 'refused', problems: [problem] };
}

function unchangeable({ entity }: IdentityCommand): Outcome {
  const message = `${entity} is no entity with an identity that can be changed.`;
  return { status: 'refused', problems: [{ code: 'NOT_FOUND', message }] };
}
