import { raise } from '../../foundation/errors/tributary-error.ts';
import type { Rows } from '../../lake/engine.ts';
import type { Statement } from '../../lake/sql.ts';
import type { HubLimits } from '../limits.ts';
import { tablesRead } from '../sql/tables-read.ts';
import type { HubReader } from './hub-reader.ts';
import type { RowBudget } from './row-budget.ts';

/** One operation may ask many things at once, and others wait in the same line. */
const mostAtOnce = 2;
/** DuckDB needs some milliseconds to plan each, whatever its size. */
const mostTables = 500;

interface RowsReadOptions {
  readonly reader: HubReader;
  readonly limits: Pick<HubLimits, 'rowsRead'>;
  /** Rows of the answer; once there are too many, nothing more is read. */
  readonly budget: RowBudget;
}

/** The scans of one operation: a few at a time, counted before each of them runs. */
export class RowsRead {
  readonly #options: RowsReadOptions;
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  #rows = 0;
  #tables = 0;

  constructor(options: RowsReadOptions) {
    this.#options = options;
  }

  /**
   * Runs a statement that looks at whole tables. A table that is read twice counts twice, and what a filter would leave
   * out counts too: it has to be looked at.
   *
   * @throws QUESTION_TOO_LARGE, QUESTION_TOO_WIDE, ANSWER_TOO_LARGE
   */
  async scan(statement: Statement): Promise<Rows> {
    return this.#inTurn(async () => {
      await this.#count(tablesRead(statement));
      return this.#read(statement, 'scan');
    });
  }

  /** Runs a statement that looks at a piece of a table, however large the table is. */
  window(statement: Statement): Promise<Rows> {
    return this.#inTurn(() => this.#read(statement, 'point'));
  }

  #read({ text, values }: Statement, lane: 'point' | 'scan'): Promise<Rows> {
    this.#options.budget.refuseMore();
    return this.#options.reader.read(text, values, lane);
  }

  async #count(tables: readonly string[]): Promise<void> {
    const { reader, limits } = this.#options;
    this.#tables += tables.length;
    if (this.#tables > mostTables)
      throw raise('QUESTION_TOO_WIDE', { tables: this.#tables, limit: mostTables });
    const sizes = await reader.tableSizes();
    this.#rows += tables.reduce((sum, table) => sum + (sizes.get(`hub.${table}`) ?? 0), 0);
    if (this.#rows > limits.rowsRead)
      throw raise('QUESTION_TOO_LARGE', { rows: this.#rows, limit: limits.rowsRead });
  }

  async #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#running >= mostAtOnce)
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running += 1;
    try {
      return await work();
    } finally {
      // Who waits takes over the place.
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}
