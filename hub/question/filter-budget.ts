import { raise } from '../../foundation/errors/tributary-error.ts';
import type { LakeModel } from '../../mapping/model.ts';
import type { HubLimits } from '../limits.ts';
import { placeText, type ArgumentPlace } from './argument-place.ts';

type FilterLimits = Pick<HubLimits, 'filterDepth' | 'conditions' | 'listValues'>;

/**
 * How many conditions one on related rows counts for. Each is a join, and DuckDB's time to plan grows with the square
 * of their number: two seconds for a hundred.
 */
const relatedWeight = 20;

/**
 * Counts what all filters of one operation ask while they are read: a filter in a variable may stand in each of
 * hundreds of fields, and every one of them is written in SQL, planned and run.
 */
export class FilterBudget {
  readonly #limits: FilterLimits;
  #depth = 0;
  #conditions = 0;
  #listValues = 0;

  constructor(limits: FilterLimits) {
    this.#limits = limits;
  }

  /** @throws FILTER_TOO_DEEP when a filter at this place would stand in too many others */
  nest<Result>(place: ArgumentPlace, read: () => Result): Result {
    const limit = this.#limits.filterDepth;
    if (this.#depth >= limit) throw raise('FILTER_TOO_DEEP', { argument: placeText(place), limit });
    this.#depth += 1;
    try {
      return read();
    } finally {
      // The filters of other fields are read after one that is refused.
      this.#depth -= 1;
    }
  }

  /** @throws FILTER_TOO_LARGE */
  countTest(place: ArgumentPlace): void {
    this.#count(1, place);
  }

  /**
   * An object or a list that asks for nothing has to be read like any other.
   * @throws FILTER_TOO_LARGE
   */
  countEmpty(members: readonly unknown[], place: ArgumentPlace): void {
    if (members.length === 0) this.#count(1, place);
  }

  /** @throws FILTER_TOO_LARGE */
  countRelated(place: ArgumentPlace): void {
    this.#count(relatedWeight, place);
  }

  /** @throws FILTER_LIST_TOO_LONG */
  countList(values: readonly unknown[], place: ArgumentPlace): void {
    const limit = this.#limits.listValues;
    const count = values.length;
    this.#listValues += count;
    if (this.#listValues > limit)
      throw raise('FILTER_LIST_TOO_LONG', { argument: placeText(place), count, limit });
  }

  #count(weight: number, place: ArgumentPlace): void {
    const limit = this.#limits.conditions;
    this.#conditions += weight;
    if (this.#conditions > limit)
      throw raise('FILTER_TOO_LARGE', { argument: placeText(place), limit, relatedWeight });
  }
}

/** What the readers of one filter share. */
export interface FilterContext {
  readonly model: LakeModel;
  readonly budget: FilterBudget;
  /** Whether figures are those of related rows, each of which is a query of its own. */
  readonly isOfRelated?: boolean;
}
