import fc from 'fast-check';
import { entities, fieldOf, isText, type EntityName } from './catalog.ts';
import { once } from './once.ts';
import { aggregateSelection, often } from './random-aggregate.ts';
import { json, list, member, name, orNothing, value, type Member } from './random-argument.ts';
import { orderByOf } from './random-order.ts';
import { connectionSelection, count, paging, rowSelection, whereOf } from './random-selection.ts';
import { operand } from './random-value.ts';
import { aliased, type Selection } from './selection.ts';

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
  const rootOnce = once<Selection>();
  const root = entityName.chain((each) =>
    rootOnce(each, () =>
      fc.oneof(
        { weight: 5, arbitrary: pageSelection(each) },
        { weight: 4, arbitrary: aggregateSelection(each) },
        { weight: 1, arbitrary: lookupSelection(each) },
      ),
    ),
  );
  const roots = fc.array(root, { minLength: 1, maxLength: 2 });
  const decimals = fc.constantFrom('number' as const, 'string' as const);
  const cursor = fc.record<CursorDraft>({
    argument: fc.constantFrom('after', 'before'),
    place: fc.nat({ max: 250 }),
    isVariable: fc.boolean(),
  });
  const fromCursorOnce = once<CursorPage>();
  const fromCursor = entityName.chain((each) =>
    fromCursorOnce(each, () => cursorPageSelection(each)),
  );
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

type CursorPage = (argument: CursorDraft['argument']) => Selection;

/** A page that begins or ends at a cursor, for which its argument leaves room. */
function cursorPageSelection(entityName: EntityName): fc.Arbitrary<CursorPage> {
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
      const skipped = argument === 'after' ? offset : [];
      const paged: readonly Member[] = isForward ? [['first', size], ...skipped] : [['last', size]];
      return aliased(many, inner, [...where, ...orderBy, ...paged]);
    });
}

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
