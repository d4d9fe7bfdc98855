import fc from 'fast-check';
import type { Argument } from './argument.ts';
import {
  entities,
  isNumber,
  isRanged,
  isText,
  relationsToMany,
  relationsToOne,
  type Entity,
  type EntityName,
  type Field,
} from './catalog.ts';
import type { FigureName } from './figures.ts';
import {
  json,
  list,
  member,
  nothing,
  object,
  orNothing,
  value,
  type Member,
} from './random-argument.ts';
import { once } from './once.ts';
import { inputTypeOf, operand, partOfText, titleOf } from './random-value.ts';

const argumentOnce = once<Argument>();

/** `CustomerFilter`, with filters inside of it up to a depth. */
export function filterOf(name: EntityName, depth: number): fc.Arbitrary<Argument> {
  return argumentOnce(`${name}Filter ${depth}`, () => {
    const entity = entities[name];
    const type = `${name}Filter`;
    const fields = entity.fields.map((field) =>
      member(field.name, orNothing(`${titleOf(field)}Condition`, conditionOn(field))),
    );
    if (depth === 0) return object(type, fc.oneof(...fields), { least: 1, most: 2 });
    const inner = filterOf(name, depth - 1);
    const toOne = relationsToOne(entity).map((relation) =>
      member(
        relation.name,
        orNothing(`${relation.target}Filter`, filterOf(relation.target, depth - 1)),
      ),
    );
    const toMany = relationsToMany(entity).map((relation) =>
      member(
        relation.name,
        orNothing(`${relation.target}ListFilter`, listFilterOf(relation.target, depth - 1)),
      ),
    );
    const both = ['and', 'or'].map((connective) =>
      member(connective, orNothing(`[${type}!]`, list(`[${type}!]`, required(inner)))),
    );
    return object(
      type,
      fc.oneof(
        { weight: 5, arbitrary: fc.oneof(...fields) },
        { weight: 2, arbitrary: fc.oneof(...both) },
        { weight: 2, arbitrary: member('not', orNothing(type, inner)) },
        ...[...toOne, ...toMany].map((arbitrary) => ({ weight: 1, arbitrary })),
      ),
    );
  });
}

/** In a list, where null may not stand. */
export function required(argument: fc.Arbitrary<Argument>): fc.Arbitrary<Argument> {
  return argument.map((each) => ({ ...each, type: `${each.type}!` }));
}

/** `InvoiceListFilter` */
function listFilterOf(name: EntityName, depth: number): fc.Arbitrary<Argument> {
  return argumentOnce(`${name}ListFilter ${depth}`, () => {
    const filter = `${name}Filter`;
    const filters = ['some', 'every', 'none', 'where'].map((quantifier) =>
      member(quantifier, orNothing(filter, filterOf(name, depth))),
    );
    const count = member('count', orNothing('IntCondition', smallCondition));
    const having = member('having', orNothing(`${name}Having`, havingOf(name, 1)));
    return object(`${name}ListFilter`, fc.oneof(...filters, count, having));
  });
}

const smallCondition = object(
  'IntCondition',
  fc.oneof(
    ...['eq', 'ne', 'lt', 'lte', 'gt', 'gte'].map((operator) =>
      member(operator, orNothing('Int', value('Int', fc.integer({ min: 0, max: 6 }).map(json)))),
    ),
    member('in', list('[Int!]', value('Int!', fc.integer({ min: 0, max: 6 }).map(json)))),
    member('isNull', value('Boolean', fc.boolean().map(json))),
  ),
  { most: 2 },
);

/** `CustomerHaving` */
export function havingOf(name: EntityName, depth: number): fc.Arbitrary<Argument> {
  return argumentOnce(`${name}Having ${depth}`, () => {
    const type = `${name}Having`;
    const figures = figuresOf.map(({ figure, kind }) =>
      member(
        figure,
        orNothing(`${name}${kind}Condition`, figuresConditionOf(name, figure, kind, 1)),
      ),
    );
    const count = member('count', orNothing('IntCondition', smallCondition));
    if (depth === 0) return object(type, fc.oneof(count, ...figures), { least: 1, most: 2 });
    const inner = havingOf(name, depth - 1);
    return object(
      type,
      fc.oneof(
        { weight: 2, arbitrary: count },
        { weight: 5, arbitrary: fc.oneof(...figures) },
        {
          weight: 1,
          arbitrary: fc.oneof(
            member('not', orNothing(type, inner)),
            member('and', orNothing(`[${type}!]`, list(`[${type}!]`, required(inner)))),
            member('or', orNothing(`[${type}!]`, list(`[${type}!]`, required(inner)))),
          ),
        },
      ),
      { most: 2 },
    );
  });
}

interface FigureShape {
  readonly figure: FigureName;
  readonly kind: string;
  readonly isOf: (field: Field) => boolean;
}

export const figuresOf: readonly FigureShape[] = [
  { figure: 'countDistinct', kind: 'DistinctCounts', isOf: ({ kind }) => kind !== 'list' },
  { figure: 'sum', kind: 'Sums', isOf: isNumber },
  { figure: 'avg', kind: 'Means', isOf: isNumber },
  { figure: 'median', kind: 'Means', isOf: isNumber },
  { figure: 'stddev', kind: 'Means', isOf: isNumber },
  { figure: 'min', kind: 'Extremes', isOf: isRanged },
  { figure: 'max', kind: 'Extremes', isOf: isRanged },
];

/** `CustomerSumsCondition`, with those of neighbours up to a depth. */
function figuresConditionOf(
  name: EntityName,
  figure: FigureName,
  kind: string,
  depth: number,
): fc.Arbitrary<Argument> {
  return argumentOnce(`${name} ${figure} ${depth}`, () => {
    const entity: Entity = entities[name];
    const isOf = figuresOf.find((each) => each.figure === figure)?.isOf ?? (() => false);
    const fields = entity.fields.filter(isOf).map((field) => {
      const compared = comparedAs(field, figure);
      const condition = figure === 'countDistinct' ? smallCondition : conditionOn(compared);
      return member(field.name, orNothing(`${titleOf(compared)}Condition`, condition));
    });
    const relations = depth === 0 ? [] : relationsToOne(entity);
    const neighbours = relations.map((relation) =>
      member(
        relation.name,
        orNothing(
          `${relation.target}${kind}Condition`,
          figuresConditionOf(relation.target, figure, kind, depth - 1),
        ),
      ),
    );
    return object(`${name}${kind}Condition`, fc.oneof(...fields, ...neighbours), { most: 2 });
  });
}

function comparedAs(field: Field, figure: FigureName): Field {
  switch (figure) {
    case 'countDistinct':
      return { ...field, kind: 'int' };
    case 'sum':
      return field.kind === 'float' ? field : { ...field, kind: 'decimal' };
    case 'avg':
    case 'median':
    case 'stddev':
      return { ...field, kind: 'float' };
    case 'min':
    case 'max':
      return field;
  }
}

/** `StringCondition` and its like. */
function conditionOn(field: Field): fc.Arbitrary<Argument> {
  const title = titleOf(field);
  return argumentOnce(`${title}Condition`, () =>
    object(`${title}Condition`, fc.oneof(...operatorsOn(field)), { most: 2 }),
  );
}

function operatorsOn(field: Field): readonly fc.Arbitrary<Member>[] {
  const type = inputTypeOf(field);
  const one = orNothing(type, operand(field));
  const isNull = member('isNull', orNothing('Boolean', value('Boolean', fc.boolean().map(json))));
  // Null has a meaning of its own in these two.
  const equality = ['eq', 'ne'].map((operator) =>
    member(
      operator,
      fc.oneof({ weight: 5, arbitrary: one }, { weight: 1, arbitrary: nothing(type) }),
    ),
  );
  if (field.kind === 'list') return [isNull, ...equality, ...listOperators()];
  const many = orNothing(`[${type}!]`, list(`[${type}!]`, operand(field, '!'), { most: 5 }));
  const membership = field.kind === 'boolean' ? [] : ['in', 'notIn'];
  return [
    isNull,
    ...equality,
    ...membership.map((operator) => member(operator, many)),
    ...(isRanged(field) ? rangeOperators(field, one) : []),
    ...(isText(field) ? textOperators(type === 'ID' ? 'ID' : 'String') : []),
  ];
}

function rangeOperators(
  field: Field,
  one: fc.Arbitrary<Argument>,
): readonly fc.Arbitrary<Member>[] {
  const type = `${titleOf(field)}Range`;
  const range = fc.tuple(operand(field, '!'), operand(field, '!')).map(([from, to]): Argument => {
    const fields: Member[] = [
      ['from', from],
      ['to', to],
    ];
    return { kind: 'object', type, form: 'literal', fields };
  });
  return [
    ...['lt', 'lte', 'gt', 'gte'].map((operator) => member(operator, one)),
    member('between', orNothing(type, range)),
  ];
}

function textOperators(type: 'ID' | 'String'): readonly fc.Arbitrary<Member>[] {
  return [
    'contains',
    'startsWith',
    'endsWith',
    'eqIgnoreCase',
    'containsIgnoreCase',
    'startsWithIgnoreCase',
    'endsWithIgnoreCase',
  ].map((operator) => member(operator, orNothing(type, partOfText(type))));
}

const tag = fc.constantFrom('a', 'b', 'A', '', 'x y', 'ä', '%', 'a,b');

function listOperators(): readonly fc.Arbitrary<Member>[] {
  const items = list('[String!]', value('String!', tag.map(json)));
  return [
    member('has', orNothing('String', value('String', tag.map(json)))),
    member('hasEvery', orNothing('[String!]', items)),
    member('hasSome', orNothing('[String!]', items)),
    member('isEmpty', orNothing('Boolean', value('Boolean', fc.boolean().map(json)))),
  ];
}
