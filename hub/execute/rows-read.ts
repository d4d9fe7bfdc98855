import { raise } from '../../foundation/errors/tributary-error.ts';
import type { Rows } from '../../lake/engine.ts';
import type { Statement } from '../../lake/sql.ts';
import type { HubLimits } from '../limits.ts';
import { tablesRead } from '../sql/tables-read.ts';
import type { HubReader } from './hub-reader.ts';

/** Counts the rows that the scans of one operation make the lake look at, before each of them runs. */
export class RowsRead {
  readonly #reader: HubReader;
  readonly #limit: number;
  #rows = 0;

  constructor(reader: HubReader, { rowsRead }: Pick<HubLimits, 'rowsRead'>) {
    this.#reader = reader;
    this.#limit = rowsRead;
  }

  /**
   * Runs a statement that looks at whole tables. A table that is read twice counts twice, and what a filter would leave
   * out counts too: it has to be looked at.
   *
   * @throws QUESTION_TOO_LARGE
   */
  async scan(statement: Statement): Promise<Rows> {
    const sizes = await this.#reader.tableSizes();
    const tables = tablesRead(statement);
    this.#rows += tables.reduce((sum, table) => sum + (sizes.get(`hub.${table}`) ?? 0), 0);
    if (this.#rows > this.#limit) {
      throw raise('QUESTION_TOO_LARGE', { rows: this.#rows, limit: this.#limit });
    }
    return this.#reader.read(statement.text, statement.values, 'scan');
  }
}
