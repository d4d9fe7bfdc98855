import fc from 'fast-check';
import type { Argument } from './argument.ts';
import {
  entities,
  isNumber,
  relationsToOne,
  type Entity,
  type EntityName,
  type Field,
} from './catalog.ts';
import { once } from './once.ts';
import * as pools from './pools.ts';
import { json, member, name, orNothing, value, type Member } from './random-argument.ts';
import { figuresOf, filterOf, havingOf } from './random-filter.ts';
import { groupOrderOf } from './random-order.ts';
import { aliased, branch, leaf, type Selection } from './selection.ts';

const figuresOnce = once<readonly Selection[]>();
const keyOnce = once<KeyDraft>();

interface KeyDraft {
  readonly path: readonly string[];
  readonly argument: Argument;
}

/** The figures that are selected of an aggregate. */
export function figuresSelection(entityName: EntityName): fc.Arbitrary<readonly Selection[]> {
  return figuresOnce(entityName, () => makeFiguresSelection(entityName));
}

function makeFiguresSelection(entityName: EntityName): fc.Arbitrary<readonly Selection[]> {
  const figures = figuresOf.map(({ figure, isOf }) =>
    valuesSelection(entities[entityName], isOf, 1).map((inner) => aliased(figure, inner)),
  );
  const share = value('Float!', fc.constantFrom(0, 0.25, 0.5, 0.9, 1).map(json));
  const quantiles = fc
    .tuple(valuesSelection(entities[entityName], isNumber, 1), fc.array(share, { maxLength: 3 }))
    .map(([inner, items]) => {
      const at: Argument = {
        kind: 'list',
        type: '[Float!]!',
        form: 'literal',
        items,
        isBare: false,
      };
      return aliased('quantiles', inner, [['at', at]]);
    });
  return fc.array(fc.oneof(fc.constant(leaf('count')), quantiles, ...figures), {
    minLength: 1,
    maxLength: 4,
  });
}

function valuesSelection(
  entity: Entity,
  isOf: (field: Field) => boolean,
  depth: number,
): fc.Arbitrary<readonly Selection[]> {
  const fields = entity.fields.filter(isOf).map(({ name }) => fc.constant(leaf(name)));
  const neighbours = (depth === 0 ? [] : relationsToOne(entity)).map((relation) =>
    valuesSelection(entities[relation.target], isOf, depth - 1).map((inner) =>
      aliased(relation.name, inner),
    ),
  );
  return fc.array(fc.oneof(...fields, ...neighbours), { minLength: 1, maxLength: 3 });
}

/** `customersAggregate` with all that it takes. */
export function aggregateSelection(entityName: EntityName): fc.Arbitrary<Selection> {
  const keys = fc.uniqueArray(keyOf(entityName, 2), {
    maxLength: 3,
    selector: ({ path }) => path.join('.'),
  });
  return keys.chain((drafts) => {
    const paths = drafts.map(({ path }) => path);
    const groupBy: Member[] =
      drafts.length === 0
        ? []
        : [
            [
              'groupBy',
              {
                kind: 'list',
                type: `[${entityName}GroupBy!]`,
                form: 'literal',
                items: drafts.map(({ argument }) => argument),
                isBare: false,
              },
            ],
          ];
    const others = fc.tuple(
      often(2, 'where', orNothing(`${entityName}Filter`, filterOf(entityName, 2))),
      often(4, 'having', orNothing(`${entityName}Having`, havingOf(entityName, 1))),
      often(2, 'orderBy', groupOrderOf(entityName, paths)),
      often(5, 'limit', orNothing('Int', value('Int', fc.integer({ min: 0, max: 20 }).map(json)))),
      often(6, 'offset', orNothing('Int', value('Int', fc.integer({ min: 0, max: 5 }).map(json)))),
    );
    const selected = fc.subarray([...paths], { minLength: paths.length > 0 ? 1 : 0 });
    return fc
      .tuple(others, selected, figuresSelection(entityName))
      .map(([given, keyPaths, figures]) =>
        aliased(
          `${entities[entityName].many}Aggregate`,
          [...keysSelection(keyPaths), ...figures],
          [...groupBy, ...given.flat()],
        ),
      );
  });
}

/** The member once in so many times, and otherwise none. */
export function often(
  times: number,
  memberName: string,
  argument: fc.Arbitrary<Argument>,
): fc.Arbitrary<readonly Member[]> {
  return fc.oneof(
    { weight: times - 1, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: member(memberName, argument).map((each) => [each]) },
  );
}

function keyOf(entityName: EntityName, depth: number): fc.Arbitrary<KeyDraft> {
  return keyOnce(`${entityName} ${depth}`, () => makeKey(entityName, depth));
}

function makeKey(entityName: EntityName, depth: number): fc.Arbitrary<KeyDraft> {
  const entity = entities[entityName];
  const own = entity.fields
    .filter(({ kind }) => kind !== 'list')
    .map((field) => fieldKey(entityName, field));
  const nested = (depth === 0 ? [] : relationsToOne(entity)).map((relation) =>
    keyOf(relation.target, depth - 1).map(({ path, argument }): KeyDraft => ({
      path: [relation.name, ...path],
      argument: {
        kind: 'object',
        type: `${entityName}GroupBy!`,
        form: 'literal',
        fields: [[relation.name, withoutBang(argument)]],
      },
    })),
  );
  return fc.oneof(
    { weight: 3, arbitrary: fc.oneof(...own) },
    ...nested.map((arbitrary) => ({ weight: 1, arbitrary })),
  );
}

/** Inside of another object a group key may be missing. */
function withoutBang(argument: Argument): Argument {
  return { ...argument, type: argument.type.replace(/!$/, '') };
}

function fieldKey(entityName: EntityName, { name: field, kind }: Field): fc.Arbitrary<KeyDraft> {
  const buckets = [
    'YEAR',
    'QUARTER',
    'MONTH',
    'WEEK',
    'DAY',
    ...(kind === 'dateTime' ? ['HOUR'] : []),
  ];
  const bucket = often(1, 'bucket', name('TimeBucket', buckets));
  const zone = value('String', fc.constantFrom(...pools.zones).map(json));
  const timing: fc.Arbitrary<readonly Member[]> =
    kind === 'dateTime'
      ? fc.oneof(
          fc.constant([]),
          bucket,
          fc.tuple(bucket, often(1, 'timeZone', zone)).map((both) => both.flat()),
        )
      : kind === 'date'
        ? fc.oneof(fc.constant([]), bucket)
        : fc.constant([]);
  const form = fc.constantFrom('literal' as const, 'literal' as const, 'variable' as const);
  const fieldName = name(`${entityName}Field`, [field]);
  return fc.tuple(fieldName, timing, form).map(([named, timed, form]) => ({
    path: [field],
    argument: {
      kind: 'object',
      type: `${entityName}GroupBy!`,
      form,
      fields: [['field', named], ...timed],
    },
  }));
}

function keysSelection(paths: readonly (readonly string[])[]): readonly Selection[] {
  return paths.map((path) => {
    const [last = '', ...relations] = path.toReversed();
    const inner = relations.reduce((selection, name) => branch(name, [selection]), leaf(last));
    return branch('keys', [inner]);
  });
}
