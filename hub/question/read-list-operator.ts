import type { LakeValue } from '../../lake/sql.ts';
import { allOf, notOf } from './combine-conditions.ts';
import { never, type Condition } from './condition.ts';
import { itemsOf } from './input-members.ts';
import { equalValue } from './lake-values.ts';
import { testOf, type OperatorContext } from './operator-context.ts';

/** Reads one operator of a condition on a list; `asked` is not null. */
export function readListOperator(
  operator: string,
  asked: unknown,
  context: OperatorContext,
): Condition {
  switch (operator) {
    case 'eq':
      return readEvery('eq', asked, context);
    case 'ne':
      return notOf(readEvery('eq', asked, context));
    case 'has':
      return readEvery('hasEvery', [asked], context);
    case 'hasEvery':
      return readEvery('hasEvery', asked, context);
    case 'hasSome':
      return readSome(asked, context);
    case 'isEmpty':
      return readIsEmpty(asked, context);
    default:
      throw new TypeError(`There is no operator ${operator} of lists.`);
  }
}

/** One item that no row can have, and there is no such list. */
function readEvery(
  operator: 'eq' | 'hasEvery',
  asked: unknown,
  context: OperatorContext,
): Condition {
  const values = readItems(asked, context);
  const possible = values.filter((value) => value !== undefined);
  if (possible.length < values.length) return never;
  if (operator === 'hasEvery' && values.length === 0)
    return notOf(testOf(context, { kind: 'isNull' }));
  return testOf(context, { kind: 'items', operator, values: possible });
}

function readSome(asked: unknown, context: OperatorContext): Condition {
  const values = readItems(asked, context).filter((value) => value !== undefined);
  if (values.length === 0) return never;
  return testOf(context, { kind: 'items', operator: 'hasSome', values });
}

/** A missing list is not empty, and neither is it one with items. */
function readIsEmpty(asked: unknown, context: OperatorContext): Condition {
  const isEmpty = testOf(context, { kind: 'isEmpty' });
  if (asked === true) return isEmpty;
  return allOf([notOf(testOf(context, { kind: 'isNull' })), notOf(isEmpty)]);
}

/** Values of the items' column; undefined for an item that no row can have. */
function readItems(
  asked: unknown,
  { type, budget, place }: OperatorContext,
): readonly (LakeValue | undefined)[] {
  const { sqlType, wireType } = type;
  if (sqlType.kind !== 'LIST' || wireType.kind !== 'list')
    throw new TypeError('Only lists have items.');
  const items = itemsOf(asked);
  budget.countList(items, place);
  const itemType = { sqlType: sqlType.of, wireType: wireType.of };
  return items.map((item) => (item === null ? null : equalValue(item, itemType)));
}
