import type { LakeValue } from '../../lake/sql.ts';
import { allOf, notOf } from './combine-conditions.ts';
import { compareNumber } from './compare-number.ts';
import { never, type Comparison, type Condition, type Test } from './condition.ts';
import { givenMembers, itemsOf } from './input-members.ts';
import { equalValue, exactTypeOf, isText, textValue } from './lake-values.ts';
import { testOf, type OperatorContext } from './operator-context.ts';

/** Reads one operator of a condition on a single value; `asked` is not null. */
export function readValueOperator(
  operator: string,
  asked: unknown,
  context: OperatorContext,
): Condition {
  switch (operator) {
    case 'eq':
      return readEqual(asked, context);
    case 'ne':
      return notOf(readEqual(asked, context));
    case 'in':
      return readIn(asked, context);
    case 'notIn':
      return notOf(readIn(asked, context));
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      return readOrdered(operator, asked, context);
    case 'between':
      return readBetween(asked, context);
    case 'contains':
    case 'startsWith':
    case 'endsWith':
      return readText(operator, asked, context, false);
    case 'eqIgnoreCase':
      return readText('eq', asked, context, true);
    case 'containsIgnoreCase':
      return readText('contains', asked, context, true);
    case 'startsWithIgnoreCase':
      return readText('startsWith', asked, context, true);
    case 'endsWithIgnoreCase':
      return readText('endsWith', asked, context, true);
    default:
      throw new TypeError(`There is no operator ${operator}.`);
  }
}

function readEqual(asked: unknown, context: OperatorContext): Condition {
  const value = equalValue(asked, context.type);
  return value === undefined ? never : compare('eq', value, context);
}

function readIn(asked: unknown, context: OperatorContext): Condition {
  const items = itemsOf(asked);
  context.budget.countList(items, context.place);
  const values = items
    .map((item) => equalValue(item, context.type))
    .filter((value) => value !== undefined);
  const [only, another] = values;
  if (only === undefined) return never;
  return another === undefined
    ? compare('eq', only, context)
    : testOf(context, { kind: 'in', values });
}

function readBetween(asked: unknown, context: OperatorContext): Condition {
  return allOf(
    givenMembers(asked).map(([end, bound]) =>
      readOrdered(end === 'from' ? 'gte' : 'lte', bound, context),
    ),
  );
}

function readOrdered(
  operator: Exclude<Comparison, 'eq'>,
  asked: unknown,
  context: OperatorContext,
): Condition {
  if (isText(context.type)) return readTextOrder(operator, String(asked), context);
  const exactType = exactTypeOf(context.type.sqlType);
  if (exactType === undefined) {
    const value = equalValue(asked, context.type);
    return value === undefined ? never : compare(operator, value, context);
  }
  const comparison = compareNumber(operator, asked, exactType);
  switch (comparison.kind) {
    case 'compare':
      return compare(comparison.operator, comparison.value, context);
    case 'everyNumber':
      return notOf(testOf(context, { kind: 'isNull' }));
    case 'noNumber':
      return never;
  }
}

/**
 * Half of a surrogate pair is no character that a row could have, and none that the driver could bind. No text lies
 * between one that ends in it and the same text with the first character after all such halves.
 */
function readTextOrder(
  operator: Exclude<Comparison, 'eq'>,
  text: string,
  context: OperatorContext,
): Condition {
  const half = text.search(/\p{Surrogate}/u);
  if (half === -1) return compare(operator, text, context);
  const isUpperBound = operator === 'lt' || operator === 'lte';
  return compare(isUpperBound ? 'lt' : 'gte', `${text.slice(0, half)}\ue000`, context);
}

function readText(
  operator: Extract<Test, { readonly kind: 'text' }>['operator'],
  asked: unknown,
  context: OperatorContext,
  ignoresCase: boolean,
): Condition {
  const value = textValue(asked);
  if (value === undefined) return never;
  return testOf(context, { kind: 'text', operator, value, ignoresCase });
}

function compare(operator: Comparison, value: LakeValue, context: OperatorContext): Condition {
  return testOf(context, { kind: 'compare', operator, value });
}
