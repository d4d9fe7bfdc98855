import type { ArgumentPlace } from './argument-place.ts';
import type { Condition, Operand, Test } from './condition.ts';
import type { FilterBudget } from './filter-budget.ts';
import type { MeasureType } from './measure-type.ts';

/** What an operator is asked of, and where. */
export interface OperatorContext {
  readonly operand: Operand;
  readonly type: MeasureType;
  readonly budget: FilterBudget;
  readonly place: ArgumentPlace;
}

export function testOf({ operand }: Pick<OperatorContext, 'operand'>, test: Test): Condition {
  return { kind: 'test', operand, test };
}
