import { raise } from '../../foundation/errors/tributary-error.ts';
import type { Lake, LakeChanges, WriteTransaction } from '../../lake/engine.ts';
import { sql } from '../../lake/sql.ts';
import { deferred, type Deferred } from './deferred.ts';

export type WriteJob<Result> = (tx: WriteTransaction) => Promise<Result>;

interface PendingStatement {
  readonly run: (isBroken: boolean) => Promise<void>;
}

/** A statement that fails in DuckDB itself, so that the transaction is broken as by a real one. */
const failing = sql`SELECT error('the disk of the simulation failed')`;

/** A transaction of the real lake that goes on only when it is told to, statement by statement. */
export class SteppedTransaction<Result = unknown> {
  readonly visit: object;
  readonly #lake: Lake;
  readonly #job: WriteJob<Result>;
  readonly #onCommit: (() => LakeChanges) | undefined;
  readonly #answer: Deferred<Result>;
  readonly #statements: PendingStatement[] = [];
  readonly #mayCommit = deferred<void>();
  readonly #abandoned = deferred<never>();
  #ended: Promise<() => void> = Promise.resolve(() => undefined);
  #tell: () => void = () => undefined;
  #isHeard = true;
  #state: 'working' | 'done' | 'failed' = 'working';

  constructor(
    lake: Lake,
    visit: object,
    job: WriteJob<Result>,
    onCommit: (() => LakeChanges) | undefined,
    answer: Deferred<Result>,
  ) {
    this.visit = visit;
    this.#lake = lake;
    this.#job = job;
    this.#onCommit = onCommit;
    this.#answer = answer;
    this.#abandoned.promise.catch(() => undefined);
    this.#mayCommit.promise.catch(() => undefined);
  }

  /** `done` waits for its commit, `failed` for its rollback. */
  get state(): 'working' | 'done' | 'failed' {
    return this.#state;
  }

  get hasStatement(): boolean {
    return this.#statements.length > 0;
  }

  async begin(): Promise<void> {
    const begun = deferred<void>();
    const work = this.#lake.write(
      async (tx) => {
        begun.resolve();
        try {
          const value = await Promise.race([this.#job(this.#own(tx)), this.#abandoned.promise]);
          this.#state = 'done';
          await Promise.race([this.#mayCommit.promise, this.#abandoned.promise]);
          return value;
        } catch (error) {
          this.#state = 'failed';
          throw error;
        }
      },
      () => {
        return (this.#isHeard ? this.#onCommit?.() : undefined) ?? 'everything';
      },
    );
    this.#ended = work.then(
      (value) => () => this.#answer.resolve(value),
      (error: unknown) => () => this.#answer.reject(error),
    );
    await begun.promise;
  }

  runStatement(isBroken: boolean): Promise<void> {
    return this.#statements.shift()?.run(isBroken) ?? Promise.resolve();
  }

  /** @param isHeard whether the process lives to hear of it */
  async commit(isHeard: boolean): Promise<void> {
    this.#isHeard = isHeard;
    this.#mayCommit.resolve();
    this.#tell = await this.#ended;
  }

  async failCommit(): Promise<void> {
    this.#mayCommit.reject(raise('LAKE_COMMIT_FAILED', { reason: 'the disk failed' }));
    this.#tell = await this.#ended;
  }

  async rolledBack(): Promise<void> {
    this.#tell = await this.#ended;
  }

  /** Tells who waits for it what became of it. */
  tell(): void {
    this.#tell();
  }

  /** Rolls it back, and tells nobody. */
  async abandon(): Promise<void> {
    this.#abandoned.reject(new Error('The process is no more.'));
    await this.#ended;
  }

  #own(tx: WriteTransaction): WriteTransaction {
    const wait = <Value>(work: () => Promise<Value>): Promise<Value> => {
      const answer = deferred<Value>();
      const run = async (isBroken: boolean): Promise<void> => {
        try {
          if (isBroken) await tx.run(failing);
          answer.resolve(await work());
        } catch (error) {
          answer.reject(error);
        }
      };
      this.#statements.push({ run });
      return answer.promise;
    };
    return {
      run: (statement) => wait(() => tx.run(statement)),
      read: (statement) => wait(() => tx.read(statement)),
      append: (schema, table, rows) => wait(() => tx.append(schema, table, rows)),
    };
  }
}
