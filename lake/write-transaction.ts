import { raise, TributaryError } from '../foundation/errors/tributary-error.ts';
import { appendRows, type AppendedRows } from './append-rows.ts';
import type { LakeConnection } from './lake-connection.ts';
import type { Rows } from './rows.ts';
import { identifier, render, toStatement, type Sql, type Statement } from './sql.ts';

/** What a job given to `lake.write` may do. Statements run in the order in which they are given. */
export interface WriteTransaction {
  /** Runs a statement; gives the number of rows that it changed. */
  run(statement: Statement | Sql): Promise<number>;
  /** Runs a statement and gives its rows, with everything that the transaction did so far. */
  read(statement: Statement | Sql): Promise<Rows>;
  /** Adds many rows at once; columns that are not named become NULL. */
  append(schema: string, table: string, rows: AppendedRows): Promise<void>;
}

/** Runs a statement with the threads that suit its transaction. */
export type During = <Result>(work: () => Promise<Result>) => Promise<Result>;

/**
 * The statements of one transaction, one at a time on the writer's connection.
 *
 * It remembers the first statement that failed, also when the job catches the error: DuckDB would let the `COMMIT`
 * of such a transaction succeed, and lose all of it.
 */
export class StatementSequence implements WriteTransaction {
  readonly #connection: LakeConnection;
  readonly #during: During;
  #tail: Promise<unknown> = Promise.resolve();
  #failure: TributaryError | undefined;
  #isOver = false;

  constructor(connection: LakeConnection, during: During) {
    this.#connection = connection;
    this.#during = during;
  }

  /** The first statement's error; undefined while the transaction is healthy. */
  get failure(): TributaryError | undefined {
    return this.#failure;
  }

  run(statement: Statement | Sql): Promise<number> {
    const { text, values } = toStatement(statement);
    return this.#next(text, () => this.#connection.run({ text, values }));
  }

  read(statement: Statement | Sql): Promise<Rows> {
    const { text, values } = toStatement(statement);
    return this.#next(text, () => this.#connection.query({ text, values }));
  }

  append(schema: string, table: string, rows: AppendedRows): Promise<void> {
    const { text } = render(identifier(schema, table));
    return this.#next(`append to ${text}`, () => appendRows(this.#connection, schema, table, rows));
  }

  /** Takes no more statements, and waits for those that the job did not await. */
  async end(): Promise<void> {
    this.#isOver = true;
    await this.#tail;
  }

  #next<Result>(text: string, work: () => Promise<Result>): Promise<Result> {
    if (this.#isOver) return Promise.reject(raise('LAKE_TRANSACTION_OVER', { statement: text }));
    const result = this.#tail.then(() => this.#attempt(text, work));
    // A rejection that the job never awaits is not lost: the transaction rejects with it.
    this.#tail = result.catch(() => undefined);
    return result;
  }

  async #attempt<Result>(text: string, work: () => Promise<Result>): Promise<Result> {
    if (this.#failure !== undefined) throw this.#failure;
    try {
      return await this.#during(work);
    } catch (error) {
      this.#failure = writeError(error, text);
      throw this.#failure;
    }
  }
}

function writeError(error: unknown, statement: string): TributaryError {
  if (error instanceof TributaryError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return raise('LAKE_WRITE_FAILED', { reason, statement }, { cause: error });
}
