import fc from 'fast-check';
import type { Argument } from './argument.ts';
import {
  entities,
  isText,
  relationsToMany,
  relationsToOne,
  type EntityName,
  type Relation,
} from './catalog.ts';
import { once } from './once.ts';
import { figuresSelection, often } from './random-aggregate.ts';
import { json, member, orNothing, value, type Member } from './random-argument.ts';
import { filterOf } from './random-filter.ts';
import { orderByOf } from './random-order.ts';
import { aliased, branch, leaf, type Selection } from './selection.ts';

/** What is selected of a page; of each row at least the key, by which a reader can tell them apart. */
export function connectionSelection(
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
export function rowSelection(
  entityName: EntityName,
  depth: number,
): fc.Arbitrary<readonly Selection[]> {
  return rowOnce(`${entityName} ${depth}`, () => makeRowSelection(entityName, depth));
}

const rowOnce = once<readonly Selection[]>();

function makeRowSelection(
  entityName: EntityName,
  depth: number,
): fc.Arbitrary<readonly Selection[]> {
  const entity = entities[entityName];
  const scalars = fc.subarray(['__typename', ...entity.fields.map((field) => field.name)], {
    minLength: 1,
    maxLength: 4,
  });
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
  return later(`${relation.reference} ${relation.name} ${depth}`, () =>
    fc
      .tuple(
        rowSelection(relation.target, depth - 1),
        relation.isNonNull ? fc.constant([]) : whereOf(relation.target, 1),
      )
      .map(([inner, given]) => aliased(relation.name, inner, given)),
  );
}

function toManySelections(
  { name: relationName, reference, target }: Relation,
  depth: number,
): readonly fc.Arbitrary<Selection>[] {
  const sorted = often(2, 'orderBy', orderByOf(target));
  const plain = later(`${reference} ${relationName} rows ${depth}`, () =>
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
  const page = later(`${reference} ${relationName} page ${depth}`, () =>
    fc
      .tuple(connectionSelection(target, depth - 1, false), whereOf(target, 1), sorted, paging)
      .map(([inner, ...given]) => aliased(`${relationName}Connection`, inner, given.flat())),
  );
  const figures = later(`${reference} ${relationName} figures ${depth}`, () =>
    fc
      .tuple(figuresSelection(target), whereOf(target, 2))
      .map(([inner, given]) => aliased(`${relationName}Aggregate`, inner, given)),
  );
  return [plain, page, figures];
}

/** Made when it is needed: rows lead to rows, and to the same ones again. */
function later(name: string, make: () => fc.Arbitrary<Selection>): fc.Arbitrary<Selection> {
  return fc.constant(undefined).chain(() => relatedOnce(name, make));
}

const relatedOnce = once<Selection>();

export function whereOf(entityName: EntityName, depth: number): fc.Arbitrary<readonly Member[]> {
  return often(2, 'where', orNothing(`${entityName}Filter`, filterOf(entityName, depth)));
}

export function count(least: number, most: number): fc.Arbitrary<Argument> {
  return value('Int', fc.integer({ min: least, max: most }).map(json));
}

/** Pages that need no cursor. */
export const paging: fc.Arbitrary<readonly Member[]> = fc.oneof(
  fc.constant([]),
  often(1, 'first', orNothing('Int', count(0, 20))),
  often(1, 'first', count(100, 10_000)),
  often(1, 'last', count(0, 20)),
  often(1, 'offset', orNothing('Int', count(0, 70))),
  fc
    .tuple(member('first', count(0, 20)), member('offset', count(0, 70)))
    .map((both): readonly Member[] => both),
);
