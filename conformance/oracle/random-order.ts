import fc from 'fast-check';
import type { Argument } from './argument.ts';
import { entities, relationsToMany, relationsToOne, type EntityName } from './catalog.ts';
import { figuresOf } from './random-filter.ts';
import { once } from './once.ts';
import {
  absent,
  list,
  member,
  name,
  nothing,
  object,
  orNothing,
  type Member,
} from './random-argument.ts';

const ways = [
  'ASC',
  'DESC',
  'ASC_NULLS_FIRST',
  'ASC_NULLS_LAST',
  'DESC_NULLS_FIRST',
  'DESC_NULLS_LAST',
];
const way = name('RowOrder', ways);
const argumentOnce = once<Argument>();
const memberOnce = once<Member>();
const exactlyOne = { least: 1, most: 1 };

/** The argument `orderBy` of a list. */
export function orderByOf(entity: EntityName): fc.Arbitrary<Argument> {
  const type = `${entity}Order`;
  return argumentOnce(`[${type}]`, () => listOfTerms(type, orderOf(entity, 2)));
}

function listOfTerms(type: string, term: fc.Arbitrary<Argument>): fc.Arbitrary<Argument> {
  const item = fc.oneof(
    { weight: 12, arbitrary: term },
    { weight: 1, arbitrary: object(type, fc.constant(['', never]), { most: 0 }) },
    { weight: 1, arbitrary: nothing(type) },
    { weight: 1, arbitrary: absent(type) },
  );
  return orNothing(`[${type}]`, list(`[${type}]`, item));
}

const never: Argument = { kind: 'absent', type: '' };

function orderOf(entityName: EntityName, depth: number): fc.Arbitrary<Argument> {
  const entity = entities[entityName];
  const fields = entity.fields
    .filter(({ kind }) => kind !== 'list')
    .map((field) => member(field.name, orNothing('RowOrder', way)));
  const toOne = depth === 0 ? [] : relationsToOne(entity);
  const toMany = depth === 0 ? [] : relationsToMany(entity);
  const related = [
    ...toOne.map((relation) =>
      member(
        relation.name,
        fc.constant(relation).chain(({ target }) => orderOf(target, depth - 1)),
      ),
    ),
    ...toMany.map((relation) =>
      member(
        `${relation.name}Aggregate`,
        fc.constant(relation).chain(({ target }) => measureOrderOf(target)),
      ),
    ),
  ];
  return object(
    `${entityName}Order`,
    fc.oneof(
      { weight: 3, arbitrary: fc.oneof(...fields) },
      ...related.map((arbitrary) => ({ weight: 1, arbitrary })),
    ),
    exactlyOne,
  );
}

/** `InvoiceMeasureOrder` */
function measureOrderOf(entityName: EntityName): fc.Arbitrary<Argument> {
  return object(`${entityName}MeasureOrder`, measureMember(entityName), exactlyOne);
}

function measureMember(entityName: EntityName): fc.Arbitrary<Member> {
  return memberOnce(entityName, () => makeMeasureMember(entityName));
}

function makeMeasureMember(entityName: EntityName): fc.Arbitrary<Member> {
  return fc.oneof(
    { weight: 2, arbitrary: member('count', way) },
    ...figuresOf.map(({ figure, kind, isOf }) => ({
      weight: figure === 'stddev' ? 1 : 2,
      arbitrary: member(figure, figuresOrderOf(entityName, kind, isOf, 1)),
    })),
  );
}

function figuresOrderOf(
  entityName: EntityName,
  kind: string,
  isOf: (typeof figuresOf)[number]['isOf'],
  depth: number,
): fc.Arbitrary<Argument> {
  const entity = entities[entityName];
  const fields = entity.fields.filter(isOf).map((field) => member(field.name, way));
  const neighbours = (depth === 0 ? [] : relationsToOne(entity)).map((relation) =>
    member(relation.name, figuresOrderOf(relation.target, kind, isOf, depth - 1)),
  );
  return object(`${entityName}${kind}Order`, fc.oneof(...fields, ...neighbours), exactlyOne);
}

/** The argument `orderBy` of an aggregate that is grouped by these paths. */
export function groupOrderOf(
  entityName: EntityName,
  paths: readonly (readonly string[])[],
): fc.Arbitrary<Argument> {
  const keys = paths.map((path) => member('keys', keysOrderOf(entityName, path)));
  const type = `${entityName}AggregateOrder`;
  const term = object(
    type,
    fc.oneof(
      { weight: 2, arbitrary: measureMember(entityName) },
      ...keys.map((arbitrary) => ({ weight: 1, arbitrary })),
    ),
    exactlyOne,
  );
  return listOfTerms(type, term);
}

function keysOrderOf(
  entityName: EntityName,
  [first = '', ...rest]: readonly string[],
): fc.Arbitrary<Argument> {
  const relation = entities[entityName].relations.find((each) => each.name === first);
  const inner = relation === undefined ? way : keysOrderOf(relation.target, rest);
  return object(`${entityName}KeysOrder`, member(first, inner), exactlyOne);
}
