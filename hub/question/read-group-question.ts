import { raise } from '../../foundation/errors/tributary-error.ts';
import type { Entity, LakeModel } from '../../mapping/model.ts';
import type { HubLimits } from '../limits.ts';
import type { FilterBudget } from './filter-budget.ts';
import type { GroupQuestion } from './grouping.ts';
import { readFilter } from './read-filter.ts';
import { readGroupKeys } from './read-group-keys.ts';
import { readGroupOrder } from './read-group-order.ts';
import { readHaving } from './read-having.ts';

/** The values of a field's arguments; what is not given is not there. */
type GroupArguments = Readonly<Record<string, unknown>>;

interface GroupQuestionOptions {
  readonly entity: Entity;
  readonly model: LakeModel;
  readonly limits: HubLimits;
  readonly filters: FilterBudget;
  /** Its name, for errors: `customersAggregate`. */
  readonly field: string;
}

/**
 * What the arguments of an aggregate ask for.
 *
 * @throws TributaryError, a client error that names the argument
 */
export function readGroupQuestion(
  values: GroupArguments,
  { entity, model, limits, filters, field }: GroupQuestionOptions,
): GroupQuestion {
  const keys = readGroupKeys(values['groupBy'], entity, model, limits, field);
  return {
    where: readFilter(values['where'], entity, model, filters, 'where'),
    keys,
    having: readHaving(values['having'], entity, model, filters, 'having'),
    order: readGroupOrder(values['orderBy'], { entity, model, limits, keys, field }),
    limit: readLimit(values['limit'], limits, field),
    offset: readOffset(values['offset'], field),
  };
}

function readLimit(value: unknown, { groups }: HubLimits, field: string): number | undefined {
  if (value === null || value === undefined) return undefined;
  const limit = Number(value);
  if (Number.isInteger(limit) && limit >= 0 && limit <= groups) return limit;
  throw raise('GROUP_LIMIT_INVALID', { field, limit: String(value), most: groups });
}

function readOffset(value: unknown, field: string): number {
  const offset = Number(value ?? 0);
  if (Number.isInteger(offset) && offset >= 0) return offset;
  throw raise('PAGE_OFFSET_INVALID', { field, offset: String(value) });
}
