import type { Entity, LakeModel, OwnedField } from '../../mapping/model.ts';
import { defaultPageSize } from '../derive/page-size.ts';
import type { HubLimits } from '../limits.ts';
import type { FilterBudget } from './filter-budget.ts';
import type { ListQuestion } from './list-question.ts';
import type { Order } from './order.ts';
import { readFilter } from './read-filter.ts';
import { completeOrder, readOrder, sequenceOrder } from './read-order.ts';
import { readPage, type PageArguments } from './read-page.ts';
import { readSearch } from './read-search.ts';
import type { Search } from './search.ts';

interface ReadListQuestionOptions {
  /** As `getArgumentValues` gives them. */
  readonly values: PageArguments;
  /** The entity whose rows are listed. */
  readonly entity: Entity;
  readonly model: LakeModel;
  readonly limits: HubLimits;
  readonly filters: FilterBudget;
  /** The fields that are searched where the question names none. */
  readonly searched: readonly OwnedField[];
  /** The field: `customers`, `Customer.invoicesConnection`. Cursors are those of this list. */
  readonly list: string;
  /** All entities, a page of the rows of a relation, or the rows of a relation as a plain list. */
  readonly kind: 'root' | 'page' | 'rows';
}

/**
 * What the arguments of a list ask for.
 *
 * @throws TributaryError, a client error that names the argument
 */
export function readListQuestion(options: ReadListQuestionOptions): ListQuestion {
  const { values, entity, model, limits, filters, searched, list, kind } = options;
  const where = readFilter(values['where'], entity, model, filters, 'where');
  const search = readSearch(values['search'], { entity, searched, list });
  const asked = readOrder(values['orderBy'], { entity, model, limits, list });
  const isDefaultOrder = asked.length === 0 && search === undefined;
  const order =
    isDefaultOrder && kind === 'root'
      ? sequenceOrder
      : completeOrder(asked.length === 0 ? rankOrder(search) : asked, entity);
  const defaultSize = kind === 'rows' ? undefined : defaultPageSize;
  const page = readPage({ values, limits, list, order, defaultSize });
  return { where, search, order, page, isDefaultOrder };
}

/** The best first, where something is searched for. */
function rankOrder(search: Search | undefined): Order {
  if (search === undefined) return [];
  return [{ by: { kind: 'rank', search }, isDescending: true, hasNullsFirst: false }];
}
