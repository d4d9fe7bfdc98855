import { raise, type TributaryError } from '../../foundation/errors/tributary-error.ts';

/** Counts the rows of an answer while it is put together. */
export class RowBudget {
  readonly #limit: number;
  #rows = 0;
  #refusal: TributaryError | undefined;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** @throws ANSWER_TOO_LARGE */
  spend(rows: number, field: string): void {
    this.#rows += rows;
    if (this.#rows <= this.#limit) return;
    this.#refusal ??= raise('ANSWER_TOO_LARGE', { field, limit: this.#limit });
    throw this.#refusal;
  }

  /** How many there may still be; one more than that is enough to know that there are too many. */
  get left(): number {
    return Math.max(0, this.#limit - this.#rows);
  }

  /**
   * For whoever is about to read more.
   *
   * @throws ANSWER_TOO_LARGE when there are too many already
   */
  refuseMore(): void {
    if (this.#refusal !== undefined) throw this.#refusal;
  }
}
