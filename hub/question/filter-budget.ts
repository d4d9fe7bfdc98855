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

/** Counts what one filter asks while it is read. */
export class FilterBudget {
  readonly #limits: FilterLimits;
  #depth = 0;
  #conditions = 0;

  constructor(limits: FilterLimits) {
    this.#limits = limits;
  }

  /** @throws FILTER_TOO_DEEP when a filter at this place would stand in too many others */
  nest<Result>(place: ArgumentPlace, read: () => Result): Result {
    const limit = this.#limits.filterDepth;
    if (this.#depth >= limit) throw raise('FILTER_TOO_DEEP', { argument: placeText(place), limit });
    this.#depth += 1;
    const result = read();
    this.#depth -= 1;
    return result;
  }

  /** @throws FILTER_TOO_LARGE */
  countTest(place: ArgumentPlace): void {
    this.#count(1, place);
  }

  /** @throws FILTER_TOO_LARGE */
  countRelated(place: ArgumentPlace): void {
    this.#count(relatedWeight, place);
  }

  /** @throws FILTER_LIST_TOO_LONG */
  checkList(values: readonly unknown[], place: ArgumentPlace): void {
    const limit = this.#limits.listValues;
    if (values.length <= limit) return;
    throw raise('FILTER_LIST_TOO_LONG', {
      argument: placeText(place),
      count: values.length,
      limit,
    });
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
