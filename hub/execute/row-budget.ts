import { raise } from '../../foundation/errors/tributary-error.ts';

/** Counts the rows of an answer while it is put together. */
export class RowBudget {
  readonly #limit: number;
  #rows = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** @throws ANSWER_TOO_LARGE */
  spend(rows: number, field: string): void {
    this.#rows += rows;
    if (this.#rows > this.#limit) throw raise('ANSWER_TOO_LARGE', { field, limit: this.#limit });
  }

  /** How many rows there may still be; one more than that is enough to know that there are too many. */
  get left(): number {
    return this.#limit - this.#rows;
  }
}
