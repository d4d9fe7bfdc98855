import { describe, expect, it } from 'vitest';
import { TributaryError } from '../../foundation/errors/tributary-error.ts';
import { defaultLimits } from '../limits.ts';
import { inlineProject } from '../testing/inline-project.ts';
import { studioSchemas } from '../testing/studio.ts';
import { formatCursor } from './cursor.ts';
import { describeOrder } from './describe-order.ts';
import { FilterBudget } from './filter-budget.ts';
import type { ListQuestion } from './list-question.ts';
import { readListQuestion } from './read-list-question.ts';
import { textFields } from '../testing/text-fields.ts';

const { model } = inlineProject(studioSchemas).hubSchema;

type Values = Readonly<Record<string, unknown>>;

function read(
  values: Values,
  kind: 'root' | 'page' | 'rows' = 'root',
  name = 'Artist',
): ListQuestion {
  const entity = model.entities.get(name);
  if (entity === undefined) throw new Error(`There is no ${name}`);
  return readListQuestion({
    values,
    entity,
    model,
    limits: defaultLimits,
    filters: new FilterBudget(defaultLimits),
    searched: textFields(entity),
    list: 'artists',
    kind,
  });
}

/** The order in short: `worth DESC`, with the place of missing values where it is not the last. */
function orderOf(values: Values, kind: 'root' | 'page' | 'rows' = 'root', name = 'Artist') {
  return read(values, kind, name).order.map((term) => {
    const [[kindOfKey, ...rest] = []] = describeOrder([term]).map((one) =>
      Array.isArray(one) ? (one[0] as readonly unknown[]) : [],
    );
    const what = kindOfKey === 'sequence' ? 'sequence' : rest.flat().join(' ');
    return `${what} ${term.isDescending ? 'DESC' : 'ASC'}${term.hasNullsFirst ? ' NULLS FIRST' : ''}`;
  });
}

function refusal(run: () => unknown): { readonly code: string; readonly message: string } {
  try {
    run();
  } catch (error) {
    if (error instanceof TributaryError) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error('Nothing was refused');
}

const key = 'Artist.id VARCHAR ASC';

describe('the order of a list', () => {
  it('is that of the sequence for all entities, and that of the key for related ones', () => {
    expect(orderOf({})).toEqual(['sequence ASC']);
    expect(orderOf({}, 'page')).toEqual([key]);
    expect(orderOf({}, 'rows', 'Track')).toEqual([
      'Track.album BIGINT ASC',
      'Track.position INTEGER ASC',
    ]);
    expect(read({}).isDefaultOrder).toBe(true);
    expect(read({}, 'rows').isDefaultOrder).toBe(true);
  });

  it('is completed with what is not yet there of the key', () => {
    expect(orderOf({ orderBy: [{ worth: 'DESC' }] })).toEqual([
      'Artist.worth DECIMAL(18,2) DESC',
      key,
    ]);
    expect(orderOf({ orderBy: [{ id: 'DESC' }, { name: 'ASC' }, { name: 'DESC' }] })).toEqual([
      'Artist.id VARCHAR DESC',
      'Artist.name VARCHAR ASC',
    ]);
    expect(read({ orderBy: [{ worth: 'DESC' }] }).isDefaultOrder).toBe(false);
  });

  it('compares ids as texts where they are asked for, and as what they are where they complete it', () => {
    expect(orderOf({ orderBy: [{ id: 'ASC' }] }, 'root', 'Album')).toEqual([
      'Album.id VARCHAR ASC',
      'Album.id BIGINT ASC',
    ]);
  });

  it.each([
    ['ASC', 'ASC'],
    ['DESC', 'DESC'],
    ['ASC_NULLS_FIRST', 'ASC NULLS FIRST'],
    ['ASC_NULLS_LAST', 'ASC'],
    ['DESC_NULLS_FIRST', 'DESC NULLS FIRST'],
    ['DESC_NULLS_LAST', 'DESC'],
  ])('goes the way %s', (way, expected) => {
    expect(orderOf({ orderBy: [{ level: way }] })[0]).toBe(`Artist.level INTEGER ${expected}`);
  });

  it('follows relations', () => {
    const orderBy = [
      { agent: { agent: { level: 'ASC' } } },
      { albumsAggregate: { count: 'DESC' } },
      { agent: { albumsAggregate: { max: { producer: { worth: 'ASC' } } } } },
    ];
    expect(orderOf({ orderBy })).toEqual([
      'agent.agent.Artist.level INTEGER ASC',
      'albums count DESC',
      'agent albums max producer.Artist.worth DECIMAL(18,2) ASC',
      key,
    ]);
  });

  it.each([
    undefined,
    null,
    [],
    [null],
    [{}],
    [{ name: null }],
    [{ agent: null }],
    [{ agent: {} }],
    [{ albumsAggregate: { sum: { price: undefined } } }],
  ])('is the default one when %j asks for nothing', (orderBy) => {
    expect(orderOf({ orderBy })).toEqual(['sequence ASC']);
  });

  it('is by rank where something is searched for and nothing else is said', () => {
    const search = { text: 'ada', fields: ['alias'] };
    expect(orderOf({ search })).toEqual(['ada Artist.alias DESC', key]);
    expect(orderOf({ search, orderBy: [{ level: 'ASC' }] })).toEqual([
      'Artist.level INTEGER ASC',
      key,
    ]);
    expect(read({ search }).isDefaultOrder).toBe(false);
  });

  it('has one thing in each object', () => {
    expect(
      refusal(() => read({ orderBy: [{ id: 'ASC' }, { name: 'ASC', worth: 'DESC' }] })),
    ).toEqual({
      code: 'ORDER_TERM_AMBIGUOUS',
      message: 'artists names several things to sort by in one object, orderBy[1]: name, worth.',
    });
    const nested = { agent: { albumsAggregate: { sum: { price: 'ASC' }, count: 'ASC' } } };
    expect(refusal(() => read({ orderBy: [nested] })).message).toContain(
      'orderBy[0].agent.albumsAggregate: sum, count',
    );
    expect(orderOf({ orderBy: [{ name: 'ASC', worth: null }] })).toHaveLength(2);
  });

  it('has so many terms and no more', () => {
    const terms = (count: number) => Array.from({ length: count }, () => ({ name: 'ASC' }));
    expect(orderOf({ orderBy: terms(10) })).toHaveLength(2);
    expect(refusal(() => read({ orderBy: terms(11) }))).toEqual({
      code: 'ORDER_TOO_LONG',
      message: 'artists(orderBy:) names 11 things to sort by; there may be 10.',
    });
  });
});

describe('the page of a list', () => {
  const whole = { direction: 'forward', offset: 0, after: undefined, before: undefined };

  it('has a size where nobody gives one, except for plain lists of related rows', () => {
    expect(read({}).page).toEqual({ ...whole, limit: 50 });
    expect(read({ first: null }, 'page').page).toEqual({ ...whole, limit: 50 });
    expect(read({}, 'rows').page).toEqual({ ...whole, limit: undefined });
    expect(read({ first: 3, offset: 7 }, 'rows').page).toEqual({ ...whole, limit: 3, offset: 7 });
  });

  it('is counted from the end with `last`, and with `before` alone', () => {
    const cursor = formatCursor('artists', read({}).order, [7n]);
    expect(read({ last: 3 }).page).toMatchObject({ direction: 'backward', limit: 3 });
    expect(read({ before: cursor }).page).toMatchObject({
      direction: 'backward',
      limit: 50,
      before: [7n],
    });
    expect(read({ before: cursor, first: 3 }).page).toMatchObject({
      direction: 'forward',
      limit: 3,
    });
    expect(read({ after: cursor, last: 3 }).page).toMatchObject({
      direction: 'backward',
      after: [7n],
    });
  });

  const mistakes: readonly [Values, string, string][] = [
    [{ first: -1 }, 'PAGE_SIZE_INVALID', 'artists(first: -1)'],
    [{ first: 10_001 }, 'PAGE_SIZE_INVALID', 'artists(first: 10001)'],
    [{ last: -1 }, 'PAGE_SIZE_INVALID', 'artists(last: -1)'],
    [{ offset: -1 }, 'PAGE_OFFSET_INVALID', 'artists(offset: -1)'],
    [{ first: 1, last: 1 }, 'PAGE_ARGUMENTS_CLASH', 'both `first` and `last`'],
    [{ offset: 0, last: 1 }, 'PAGE_ARGUMENTS_CLASH', 'both `offset` and `last`'],
    [{ offset: 1, before: 'x' }, 'PAGE_ARGUMENTS_CLASH', 'both `offset` and `before`'],
    [
      { after: 'x' },
      'CURSOR_INVALID',
      'The cursor "x" in artists(after:) is not one that this list gave',
    ],
    [{ before: 'x' }, 'CURSOR_INVALID', 'The cursor "x" in artists(before:)'],
    [
      { after: formatCursor('artists', read({}).order, [7n]), orderBy: [{ name: 'ASC' }] },
      'CURSOR_INVALID',
      'belongs to another list, or to another `orderBy` or `search`',
    ],
  ];
  it.each(mistakes)('refuses %j', (values, code, message) => {
    expect(refusal(() => read(values))).toEqual({
      code,
      message: expect.stringContaining(message),
    });
  });
});

describe('a search', () => {
  it('looks into all texts and ids unless it says into which', () => {
    const fieldsOf = (search: unknown) =>
      read({ search }).search?.fields.map(({ source }) => source.field.name);
    expect(fieldsOf({ text: 'a' })).toEqual(['id', 'name', 'alias']);
    expect(fieldsOf({ text: 'a', fields: null })).toEqual(['id', 'name', 'alias']);
    expect(fieldsOf({ text: 'a', fields: ['alias'] })).toEqual(['alias']);
    expect(fieldsOf({ text: ' ' })).toBeUndefined();
  });

  it.each(['a b c d e f g h i', 'x'.repeat(201)])('for %j is too long', (text) => {
    expect(refusal(() => read({ search: { text } })).code).toBe('SEARCH_TOO_LONG');
  });
});
