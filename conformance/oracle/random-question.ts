import fc from 'fast-check';
import type { Argument } from './argument.ts';
import {
  entities,
  fieldOf,
  isText,
  relationsToMany,
  relationsToOne,
  type EntityName,
  type Relation,
} from './catalog.ts';
import { aggregateSelection, figuresSelection, often } from './random-aggregate.ts';
import { json, list, member, name, orNothing, value, type Member } from './random-argument.ts';
import { filterOf } from './random-filter.ts';
import { orderByOf } from './random-order.ts';
import { operand } from './random-value.ts';
import { aliased, branch, leaf, type Selection } from './selection.ts';

/** A cursor of the list in the question's first field: nobody knows it before the list was asked for. */
export interface CursorDraft {
  readonly argument: 'after' | 'before';
  /** Of which row, counted in the order of the list and beginning anew at its end. */
  readonly place: number;
  readonly isVariable: boolean;
}

export interface QuestionDraft {
  readonly roots: readonly Selection[];
  readonly cursor: CursorDraft | undefined;
  readonly decimals: 'number' | 'string';
}

/** Valid questions of all kinds, over any of the graph's entities. */
export function randomQuestion(): fc.Arbitrary<QuestionDraft> {
  const entityName = fc.constantFrom<EntityName[]>(
    'Customer',
    'Customer',
    'Customer',
    'Invoice',
    'Invoice',
    'Line',
    'Product',
  );
  const root = entityName.chain((each) =>
    fc.oneof(
      { weight: 5, arbitrary: pageSelection(each) },
      { weight: 4, arbitrary: aggregateSelection(each) },
      { weight: 1, arbitrary: lookupSelection(each) },
    ),
  );
  const roots = fc.array(root, { minLength: 1, maxLength: 2 });
  const decimals = fc.constantFrom('number' as const, 'string' as const);
  const cursor = fc.record<CursorDraft>({
    argument: fc.constantFrom('after', 'before'),
    place: fc.nat({ max: 250 }),
    isVariable: fc.boolean(),
  });
  const fromCursor = entityName.chain((each) => cursorPageSelection(each));
  return fc.oneof(
    { weight: 5, arbitrary: fc.record({ roots, cursor: fc.constant(undefined), decimals }) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fromCursor, cursor, decimals)
        .map(([page, cursor, decimals]) => ({ roots: [page(cursor.argument)], cursor, decimals })),
    },
  );
}

function lookupSelection(entityName: EntityName): fc.Arbitrary<Selection> {
  const entity = entities[entityName];
  const key = entity.key.map((keyName) => {
    const field = fieldOf(entity, keyName);
    if (field === undefined) throw new Error(`${entityName} has no ${keyName}`);
    return member(keyName, operand(field, '!'));
  });
  return fc
    .tuple(fc.tuple(...key), rowSelection(entityName, 2))
    .map(([given, inner]) => aliased(entity.one, inner, given));
}

function pageSelection(entityName: EntityName): fc.Arbitrary<Selection> {
  const { many } = entities[entityName];
  const plain = fc
    .tuple(whereOf(entityName, 3), often(2, 'orderBy', orderByOf(entityName)), paging)
    .map((given) => given.flat());
  const sortedSearch = fc
    .tuple(searchOf(entityName), whereOf(entityName, 1), member('orderBy', orderByOf(entityName)))
    .map(([search, where, orderBy]) => [search, ...where, orderBy]);
  const rankedSearch = fc
    .tuple(searchOf(entityName), whereOf(entityName, 1), wholeList)
    .map(([search, where, first]) => [search, ...where, first]);
  return fc
    .tuple(
      fc.oneof(
        { weight: 6, arbitrary: plain },
        { weight: 1, arbitrary: sortedSearch },
        { weight: 1, arbitrary: rankedSearch },
      ),
      connectionSelection(entityName, 2, true),
    )
    .map(([given, inner]) => aliased(many, inner, given));
}

const wholeList = member('first', value('Int', fc.constant(json(10_000))));

/** A page that begins or ends at a cursor, for which its argument leaves room. */
function cursorPageSelection(
  entityName: EntityName,
): fc.Arbitrary<(argument: CursorDraft['argument']) => Selection> {
  const { many } = entities[entityName];
  const sizes = fc.tuple(count(0, 15), often(3, 'offset', count(0, 5)), fc.boolean());
  return fc
    .tuple(
      whereOf(entityName, 2),
      often(2, 'orderBy', orderByOf(entityName)),
      sizes,
      connectionSelection(entityName, 1, true),
    )
    .map(([where, orderBy, [size, offset, isForward], inner]) => (argument) => {
      const paged: readonly Member[] =
        argument === 'after' && isForward ? [['first', size], ...offset] : [['last', size]];
      return aliased(many, inner, [...where, ...orderBy, ...paged]);
    });
}

function whereOf(entityName: EntityName, depth: number): fc.Arbitrary<readonly Member[]> {
  return often(2, 'where', orNothing(`${entityName}Filter`, filterOf(entityName, depth)));
}

function count(least: number, most: number): fc.Arbitrary<Argument> {
  return value('Int', fc.integer({ min: least, max: most }).map(json));
}

/** Pages that need no cursor. */
const paging: fc.Arbitrary<readonly Member[]> = fc.oneof(
  fc.constant([]),
  often(1, 'first', orNothing('Int', count(0, 20))),
  often(1, 'first', count(100, 10_000)),
  often(1, 'last', count(0, 20)),
  often(1, 'offset', orNothing('Int', count(0, 70))),
  fc
    .tuple(member('first', count(0, 20)), member('offset', count(0, 70)))
    .map((both): readonly Member[] => both),
);

function searchOf(entityName: EntityName): fc.Arbitrary<Member> {
  const texts = entities[entityName].fields.filter(isText).map((field) => field.name);
  const type = `${entityName}Search`;
  const word = fc.constantFrom(
    'ann',
    'ANN',
    'an',
    'a',
    'ang',
    'Ång',
    'zoe',
    '50',
    '%',
    'st',
    'duck',
    '慕',
    'i1',
    'K2',
    'z',
    'ß',
  );
  const text = fc
    .tuple(word, fc.option(word, { nil: '', freq: 2 }), fc.constantFrom(' ', '  ', ' \n'))
    .map(([one, other, gap]) => json(`${one}${other === '' ? '' : gap}${other}`));
  const fields = list(`[${type}Field!]`, name(`${type}Field!`, texts), { least: 1, most: 2 });
  return fc
    .tuple(
      member('text', value('String!', text)),
      often(2, 'fields', orNothing(`[${type}Field!]`, fields)),
    )
    .map(([text, fields]): Member => [
      'search',
      { kind: 'object', type, form: 'literal', fields: [text, ...fields] },
    ]);
}

function connectionSelection(
  entityName: EntityName,
  depth: number,
  isRoot: boolean,
): fc.Arbitrary<readonly Selection[]> {
  const { key } = entities[entityName];
  const hasRank = entities[entityName].fields.some(isText) && isRoot;
  const keyed = (inner: readonly Selection[]): readonly Selection[] => [...key.map(leaf), ...inner];
  const row = rowSelection(entityName, depth);
  return fc
    .record({
      nodes: fc.option(row, { nil: undefined }),
      edges: fc.option(row, { nil: undefined, freq: 2 }),
      isCounted: fc.boolean(),
      hasPageInfo: fc.boolean(),
    })
    .map(({ nodes, edges, isCounted, hasPageInfo }) => [
      ...(nodes === undefined ? [] : [branch('nodes', keyed(nodes))]),
      ...(edges === undefined
        ? []
        : [
            branch('edges', [
              leaf('cursor'),
              ...(hasRank ? [leaf('rank')] : []),
              branch('node', keyed(edges)),
            ]),
          ]),
      ...(hasPageInfo ? [pageInfo] : []),
      ...(isCounted || (nodes ?? edges) === undefined ? [leaf('totalCount')] : []),
    ]);
}

const pageInfo = branch(
  'pageInfo',
  ['hasNextPage', 'hasPreviousPage', 'startCursor', 'endCursor'].map(leaf),
);

/** Fields and relations of a row, relations of its neighbours up to a depth. */
function rowSelection(entityName: EntityName, depth: number): fc.Arbitrary<readonly Selection[]> {
  const entity = entities[entityName];
  const scalars = fc.subarray(
    entity.fields.map((field) => field.name),
    { minLength: 1, maxLength: Math.min(4, entity.fields.length) },
  );
  const relations = depth === 0 ? [] : relationArbitraries(entityName, depth);
  const inner =
    relations.length === 0 ? fc.constant([]) : fc.array(fc.oneof(...relations), { maxLength: 2 });
  return fc.tuple(scalars, inner).map(([names, related]) => [...names.map(leaf), ...related]);
}

function relationArbitraries(
  entityName: EntityName,
  depth: number,
): readonly fc.Arbitrary<Selection>[] {
  const entity = entities[entityName];
  return [
    ...relationsToOne(entity).map((relation) => toOneSelection(relation, depth)),
    ...relationsToMany(entity).flatMap((relation) => toManySelections(relation, depth)),
  ];
}

function toOneSelection(relation: Relation, depth: number): fc.Arbitrary<Selection> {
  return later(() =>
    fc
      .tuple(
        rowSelection(relation.target, depth - 1),
        relation.isNonNull ? fc.constant([]) : whereOf(relation.target, 1),
      )
      .map(([inner, given]) => aliased(relation.name, inner, given)),
  );
}

function toManySelections(
  { name: relationName, target }: Relation,
  depth: number,
): readonly fc.Arbitrary<Selection>[] {
  const sorted = often(2, 'orderBy', orderByOf(target));
  const plain = later(() =>
    fc
      .tuple(
        rowSelection(target, depth - 1),
        whereOf(target, 1),
        sorted,
        often(2, 'first', orNothing('Int', count(0, 5))),
        often(4, 'offset', orNothing('Int', count(0, 3))),
      )
      .map(([inner, ...given]) => aliased(relationName, inner, given.flat())),
  );
  const page = later(() =>
    fc
      .tuple(connectionSelection(target, depth - 1, false), whereOf(target, 1), sorted, paging)
      .map(([inner, ...given]) => aliased(`${relationName}Connection`, inner, given.flat())),
  );
  const figures = later(() =>
    fc
      .tuple(figuresSelection(target), whereOf(target, 2))
      .map(([inner, given]) => aliased(`${relationName}Aggregate`, inner, given)),
  );
  return [plain, page, figures];
}

/** Made when it is needed: rows lead to rows, and to the same ones again. */
function later(make: () => fc.Arbitrary<Selection>): fc.Arbitrary<Selection> {
  return fc.constant(undefined).chain(make);
}
