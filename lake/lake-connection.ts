import {
  StatementType,
  type DuckDBAppender,
  type DuckDBConnection,
  type DuckDBInstance,
  type DuckDBMaterializedResult,
  type DuckDBPreparedStatement,
  type DuckDBResult,
} from '@duckdb/node-api';
import { raise } from '../foundation/errors/tributary-error.ts';
import { bindValues } from './bind-values.ts';
import { PreparedStatements } from './prepared-statements.ts';
import { readRows, type Rows } from './rows.ts';
import type { Statement } from './sql.ts';

/** Told of every statement that is about to run. */
export type StatementObserver = (statement: Statement, kind: 'read' | 'write') => void;

/** Statements that differ in the number of keys are several, so a graph of 50 operations may well use a few hundred. */
const preparedStatementLimit = 256;

/** Statements after which a table may have other columns. */
const definitions: ReadonlySet<StatementType> = new Set([
  StatementType.ALTER,
  StatementType.CREATE,
  StatementType.DROP,
]);

/**
 * One connection to the lake. It serves one query at a time, until that query's rows are completely read: two at
 * once get each other's rows. Who holds it sees to that.
 */
export class LakeConnection {
  readonly #connection: DuckDBConnection;
  readonly #prepared: PreparedStatements;
  readonly #observe: StatementObserver | undefined;
  readonly #columns = new Map<string, readonly string[]>();

  private constructor(connection: DuckDBConnection, observe: StatementObserver | undefined) {
    this.#connection = connection;
    this.#prepared = new PreparedStatements(connection, preparedStatementLimit);
    this.#observe = observe;
  }

  static async open(
    instance: DuckDBInstance,
    observe?: StatementObserver,
  ): Promise<LakeConnection> {
    return new LakeConnection(await instance.connect(), observe);
  }

  /** Runs a SELECT; raises `LAKE_READ_ONLY` for anything else before it runs. */
  async read(statement: Statement): Promise<Rows> {
    this.#observe?.(statement, 'read');
    return this.readUnobserved(statement);
  }

  /** The same for what says nothing about what the product asks of the lake. */
  async readUnobserved(statement: Statement): Promise<Rows> {
    const prepared = await this.#prepareSelect(statement);
    return readRows(await prepared.run());
  }

  /** Runs a SELECT and gives, instead of its rows, what DuckDB counted meanwhile, as JSON. */
  async profile(statement: Statement): Promise<string> {
    // It is the statement itself that has to be a SELECT: EXPLAIN ANALYZE runs whatever it explains.
    await this.#prepareSelect(statement);
    const prepared = await this.#connection.prepare(
      `EXPLAIN (ANALYZE, FORMAT JSON) ${statement.text}`,
    );
    try {
      bindValues(prepared, statement.values);
      const { columns } = readRows(await prepared.run());
      return String(columns[1]?.[0]);
    } finally {
      prepared.destroySync();
    }
  }

  /** Runs a SELECT whose rows are read while they are made. The connection is taken until the last one is. */
  async startStream(statement: Statement): Promise<DuckDBResult> {
    this.#observe?.(statement, 'read');
    const prepared = await this.#prepareSelect(statement);
    return prepared.stream();
  }

  /** Runs any statement; gives the number of rows that it changed. */
  async run(statement: Statement): Promise<number> {
    return (await this.#runAny(statement)).rowsChanged;
  }

  /** Runs any statement; gives the rows that it answers, such as those of `INSERT … RETURNING`. */
  async query(statement: Statement): Promise<Rows> {
    return readRows(await this.#runAny(statement));
  }

  /** `BEGIN`, `COMMIT`, `ROLLBACK` and `CHECKPOINT`, which say nothing about what the product asks of the lake. */
  async control(command: 'BEGIN' | 'COMMIT' | 'ROLLBACK' | 'CHECKPOINT'): Promise<void> {
    // What is rolled back may have been another shape of a table.
    if (command === 'ROLLBACK') this.#columns.clear();
    await this.#connection.run(command);
  }

  createAppender(schema: string, table: string): Promise<DuckDBAppender> {
    return this.#connection.createAppender(table, schema);
  }

  /** How far the statement has come that is running, from 0 to 1; where DuckDB was told to keep count. */
  get progress(): number {
    return Math.min(1, Math.max(0, this.#connection.progress.percentage / 100));
  }

  /** Stops what is running now. It does nothing to a query that has not begun, so it may need repeating. */
  interrupt(): void {
    this.#connection.interrupt();
  }

  /** True when the connection still answers rightly; asked after an interrupt. */
  async isUsable(): Promise<boolean> {
    try {
      const result = await this.#connection.run('SELECT 1');
      return readRows(result).columns[0]?.[0] === 1;
    } catch {
      return false;
    }
  }

  /** Only when nothing runs: a query whose connection goes away never ends. */
  close(): void {
    this.#connection.disconnectSync();
  }

  /** The columns of a table, in its order; asked for once until a statement of this connection may have changed them. */
  async columnsOf(statement: Statement): Promise<readonly string[]> {
    const known = this.#columns.get(statement.text);
    if (known !== undefined) return known;
    const { columnNames } = await this.query(statement);
    this.#columns.set(statement.text, columnNames);
    return columnNames;
  }

  async #runAny(statement: Statement): Promise<DuckDBMaterializedResult> {
    this.#observe?.(statement, 'write');
    const prepared = await this.#prepared.get(statement.text);
    const isDefinition = definitions.has(prepared.statementType);
    if (isDefinition) this.#columns.clear();
    bindValues(prepared, statement.values);
    try {
      return await prepared.run();
    } finally {
      // Run a second time, CREATE TABLE … AS SELECT makes a table without columns.
      if (isDefinition) this.#prepared.forget(statement.text);
    }
  }

  async #prepareSelect(statement: Statement): Promise<DuckDBPreparedStatement> {
    const prepared = await this.#prepared.get(statement.text);
    if (prepared.statementType !== StatementType.SELECT) {
      this.#prepared.forget(statement.text);
      throw raise('LAKE_READ_ONLY', { statement: statement.text });
    }
    bindValues(prepared, statement.values);
    return prepared;
  }
}
