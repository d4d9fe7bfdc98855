import { fieldOf, relationOf, type Entity, type Kind, type Relation } from './catalog.ts';
import { figureOf, isFigureName, isUncertain, type Figure } from './figures.ts';
import { Undecided } from './undecided.ts';
import { compareValues, isSame, lowerCase, valueOf, type Value } from './value.ts';
import { fieldValue, targetOf, type Row, type World } from './world.ts';

/** An argument's object as GraphQL hands it over: what was not sent is not in it. */
export type Given = Readonly<Record<string, unknown>>;

/** Whether a row matches a filter: it does or it does not, there is nothing between. */
export function matches(world: World, row: Row, filter: unknown): boolean {
  return holdsForAll(filter, (name, part) => {
    if (name === 'and') return listOf(part).every((each) => matches(world, row, each));
    if (name === 'or') return listOf(part).some((each) => matches(world, row, each));
    if (name === 'not') return !matches(world, row, part);
    const field = fieldOf(row.entity, name);
    if (field !== undefined) return holds(field.kind, fieldValue(row, name), part);
    const relation = relationOf(row.entity, name);
    if (relation === undefined) throw new Error(`${row.entity.name} has no ${name}`);
    return relation.isMany
      ? matchesMany(world, row, relation, part)
      : matchesOne(world, world.one(row, relation), part);
  });
}

function matchesOne(world: World, other: Row | undefined, filter: unknown): boolean {
  return other !== undefined && matches(world, other, filter);
}

function matchesMany(world: World, row: Row, relation: Relation, filter: unknown): boolean {
  const all = world.many(row, relation);
  const { where } = filter as Given;
  const counted = all.filter((related) => matches(world, related, where));
  return holdsForAll(filter, (name, part) => {
    switch (name) {
      case 'some':
        return all.some((related) => matches(world, related, part));
      case 'every':
        return all.every((related) => matches(world, related, part));
      case 'none':
        return !all.some((related) => matches(world, related, part));
      case 'count':
        return holds('int', counted.length, part);
      case 'having':
        return isHad(world, targetOf(relation), counted, part);
      case 'where':
        return true;
      default:
        throw new Error(`A relation to many has no ${name}`);
    }
  });
}

/** Whether the figures of some rows meet the conditions on them. */
export function isHad(
  world: World,
  entity: Entity,
  rows: readonly Row[],
  having: unknown,
): boolean {
  return holdsForAll(having, (name, part) => {
    if (name === 'and') return listOf(part).every((each) => isHad(world, entity, rows, each));
    if (name === 'or') return listOf(part).some((each) => isHad(world, entity, rows, each));
    if (name === 'not') return !isHad(world, entity, rows, part);
    if (name === 'count') return holds('int', rows.length, part);
    if (!isFigureName(name)) throw new Error(`There is no figure ${name}`);
    return figuresHold(part, entity, [], (path, condition) =>
      figureHolds(figureOf(world, entity, rows, name, path), condition),
    );
  });
}

/** Goes through the conditions on a figure's fields, of this entity and of its neighbours. */
function figuresHold(
  conditions: unknown,
  entity: Entity,
  path: readonly string[],
  check: (path: readonly string[], condition: unknown) => boolean,
): boolean {
  return holdsForAll(conditions, (name, part) => {
    const relation = relationOf(entity, name);
    return relation === undefined
      ? check([...path, name], part)
      : figuresHold(part, targetOf(relation), [...path, name], check);
  });
}

function figureHolds({ kind, value, doubt }: Figure, condition: unknown): boolean {
  const operands = Object.values(condition as Given).flatMap(numbersIn);
  if (operands.some((operand) => isUncertain(operand, value, doubt))) {
    throw new Undecided(`${String(value)} is too near to what it is compared with`);
  }
  return holds(kind, value, condition);
}

function numbersIn(operand: unknown): readonly number[] {
  if (typeof operand === 'number') return [operand];
  if (typeof operand !== 'object' || operand === null) return [];
  return Object.values(operand).flatMap(numbersIn);
}

/** Whether a value meets a condition. */
export function holds(kind: Kind, value: Value, condition: unknown): boolean {
  return holdsForAll(condition, (operator, operand) => meets(kind, value, operator, operand), true);
}

function meets(kind: Kind, value: Value, operator: string, operand: unknown): boolean {
  switch (operator) {
    case 'eq':
      return operand === null ? value === null : isEqual(kind, value, operand);
    case 'ne':
      return operand === null ? value !== null : !isEqual(kind, value, operand);
    case 'notIn':
      return operand === null || !meets(kind, value, 'in', operand);
    default:
      break;
  }
  // Every other operator with null is not asked, and none of them holds for a missing value.
  if (operand === null) return true;
  if (operator === 'isNull') return (value === null) === operand;
  if (value === null) return false;
  if (typeof value === 'object') return meetsOfList(value, operator, operand);
  const order = (bound: unknown): number => compareValues(value, valueOf(kind, bound));
  switch (operator) {
    case 'in':
      return listOf(operand).some((item) => isEqual(kind, value, item));
    case 'lt':
      return order(operand) < 0;
    case 'lte':
      return order(operand) <= 0;
    case 'gt':
      return order(operand) > 0;
    case 'gte':
      return order(operand) >= 0;
    case 'between': {
      const { from, to } = operand as Given;
      return order(from) >= 0 && order(to) <= 0;
    }
    default:
      return meetsOfText(String(value), operator, String(operand));
  }
}

function isEqual(kind: Kind, value: Value, operand: unknown): boolean {
  return isSame(value, valueOf(kind, operand));
}

function meetsOfText(value: string, operator: string, operand: string): boolean {
  const exact = operator.replace('IgnoreCase', '');
  if (exact !== operator) return meetsOfText(lowerCase(value), exact, lowerCase(operand));
  switch (operator) {
    case 'eq':
      return value === operand;
    case 'contains':
      return value.includes(operand);
    case 'startsWith':
      return value.startsWith(operand);
    case 'endsWith':
      return value.endsWith(operand);
    default:
      throw new Error(`There is no condition ${operator}`);
  }
}

function meetsOfList(items: readonly string[], operator: string, operand: unknown): boolean {
  const asked = listOf(operand);
  switch (operator) {
    case 'has':
      return items.some((item) => item === operand);
    case 'hasEvery':
      return asked.every((each) => items.some((item) => item === each));
    case 'hasSome':
      return asked.some((each) => items.some((item) => item === each));
    case 'isEmpty':
      return (items.length === 0) === operand;
    default:
      throw new Error(`There is no condition ${operator} on lists`);
  }
}

/** All parts of an object have to hold; one that is null is not asked, unless null means something in it. */
function holdsForAll(
  given: unknown,
  check: (name: string, part: unknown) => boolean,
  isNullAsked = false,
): boolean {
  return Object.entries((given ?? {}) as Given).every(
    ([name, part]) => part === undefined || (part === null && !isNullAsked) || check(name, part),
  );
}

function listOf(given: unknown): readonly unknown[] {
  return Array.isArray(given) ? given : [given];
}
