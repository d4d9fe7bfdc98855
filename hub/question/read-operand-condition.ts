import { placeWithin, type ArgumentPlace } from './argument-place.ts';
import { allOf, notOf } from './combine-conditions.ts';
import type { Condition, Operand } from './condition.ts';
import type { FilterBudget } from './filter-budget.ts';
import { membersOf } from './input-members.ts';
import { measureType, type MeasureType } from './measure-type.ts';
import { testOf } from './operator-context.ts';
import { readListOperator } from './read-list-operator.ts';
import { readValueOperator } from './read-value-operator.ts';

/** Reads an input such as `StringCondition`: what is asked of one value, of which all has to hold. */
export function readOperandCondition(
  value: unknown,
  operand: Operand,
  budget: FilterBudget,
  place: ArgumentPlace,
): Condition {
  const type = typeOf(operand);
  const readOperator = type.wireType.kind === 'list' ? readListOperator : readValueOperator;
  const isNull = testOf({ operand }, { kind: 'isNull' });
  const members = membersOf(value).filter(asksSomething);
  budget.countEmpty(members, place);
  const conditions = members.map(([operator, asked]) => {
    const here = placeWithin(place, operator);
    budget.countTest(here);
    if (asked === null) return operator === 'eq' ? isNull : notOf(isNull);
    if (operator === 'isNull') return asked === true ? isNull : notOf(isNull);
    return readOperator(operator, asked, { operand, type, budget, place: here });
  });
  return allOf(conditions);
}

function typeOf(operand: Operand): MeasureType {
  return operand.kind === 'measure' ? measureType(operand.measure) : operand.path.source.field;
}

/** Only `eq` and `ne` can be asked of a missing value; with another operator null asks for nothing. */
function asksSomething([operator, asked]: readonly [string, unknown]): boolean {
  return asked !== null || operator === 'eq' || operator === 'ne';
}
