import { describe, expect, it } from 'vitest';
import { dayBucket, momentBucket } from './buckets.ts';
import { entities, type EntityName, type Kind } from './catalog.ts';
import { differenceOf } from './compare.ts';
import { figureOf, quantilesOf, type FigureName } from './figures.ts';
import { groupsOf, keyOfGroup } from './groups.ts';
import { holds, matches } from './matches.ts';
import { pageOf } from './page.ts';
import { makeRow } from './rows.ts';
import { searchRows } from './search.ts';
import { sortRows } from './sort.ts';
import { Refused } from './undecided.ts';
import { compareValues, momentOf, momentText, valueOf } from './value.ts';
import { worldOf, type Row } from './world.ts';
import { writeValue } from './wire.ts';

const customers = [
  makeRow('Customer', { id: 'B', name: 'Bea', worth: '10.00', tickets: 2, tags: ['x', 'y'] }),
  makeRow('Customer', { id: 'A', name: 'Ann', tier: 'GOLD', tickets: 0, referrer: 'B', tags: [] }),
  makeRow('Customer', { id: 'C', name: 'ann', worth: '-1.50', tickets: 2, referrer: 'nobody' }),
];
const invoices = [
  makeRow('Invoice', {
    id: '1',
    customer: 'A',
    amount: '1.10',
    discount: '0.5000',
    status: 'PAID',
  }),
  makeRow('Invoice', { id: '2', customer: 'B', amount: '2.20', approver: 'A', status: 'OPEN' }),
  makeRow('Invoice', { id: '3', customer: 'B', amount: '4.40', approver: 'A', status: 'PAID' }),
];
const world = worldOf({ Customer: customers, Invoice: invoices, Line: [], Product: [] });

function idsOf(rows: readonly Row[]): string {
  return rows.map(({ values }) => values['id']).join('');
}

describe('a condition on one value', () => {
  it.each<[Kind, unknown, unknown, boolean]>([
    ['string', 'a', { eq: 'a' }, true],
    ['string', 'a', { eq: 'A' }, false],
    ['string', 'a', { eqIgnoreCase: 'A' }, true],
    ['string', null, { eq: null }, true],
    ['string', '', { eq: null }, false],
    ['string', null, { ne: 'a' }, true],
    ['string', null, { ne: null }, false],
    ['string', 'a', { ne: null }, true],
    ['string', null, { in: ['a'] }, false],
    ['string', null, { notIn: ['a'] }, true],
    ['string', 'a', { in: [] }, false],
    ['string', null, { notIn: [] }, true],
    ['string', null, { in: null, lt: null, contains: null, isNull: null }, true],
    ['string', null, { contains: '' }, false],
    ['string', '', { contains: '' }, true],
    ['string', '50%', { endsWith: '%' }, true],
    ['string', 'Z', { lt: 'a' }, true],
    ['string', '\uffee', { lt: '😀' }, true],
    ['string', 'ab', { gt: 'a' }, true],
    ['int', null, { lt: 5 }, false],
    ['int', 5, { between: { from: 5, to: 5 } }, true],
    ['int', 5, { between: { from: 6, to: 4 } }, false],
    ['decimal', '10.00', { lt: '10.005', gt: '9.995' }, true],
    ['decimal', '10.01', { lt: '10.005' }, false],
    ['decimal', '10.00', { eq: '1e1' }, true],
    ['bigInt', '9007199254740993', { eq: '9007199254740992' }, false],
    ['dateTime', '2024-01-01T00:00:00Z', { eq: '2024-01-01T05:45:00+05:45' }, true],
    ['list', ['a', 'b'], { has: 'a' }, true],
    ['list', ['a', 'b'], { eq: ['b', 'a'] }, false],
    ['list', null, { ne: ['a'] }, true],
    ['list', null, { hasEvery: [] }, false],
    ['list', [], { hasEvery: [] }, true],
    ['list', ['a'], { hasSome: [] }, false],
    ['list', null, { isEmpty: true }, false],
    ['list', null, { isEmpty: false }, false],
    ['list', [], { isEmpty: true }, true],
    ['boolean', false, { ne: true }, true],
  ])('on %s %j: %j is %s', (kind, value, condition, expected) => {
    expect(holds(kind, value === null ? null : valueOf(kind, value), condition)).toBe(expected);
  });
});

describe('a filter', () => {
  it.each<[EntityName, unknown, string]>([
    ['Customer', null, 'BAC'],
    ['Customer', { name: null, referrer: null, and: [], or: null, not: null }, 'BAC'],
    ['Customer', { or: [] }, ''],
    ['Customer', { not: {} }, ''],
    ['Customer', { not: { worth: { gt: '0' } } }, 'AC'],
    ['Customer', { or: [{ id: { eq: 'A' } }, { name: { eq: 'ann' } }] }, 'AC'],
    ['Customer', { referrer: {} }, 'A'],
    ['Customer', { referrer: { worth: { eq: '10' } } }, 'A'],
    ['Customer', { not: { referrer: { worth: { eq: '10' } } } }, 'BC'],
    ['Customer', { invoices: { some: {} } }, 'BA'],
    ['Customer', { invoices: { none: { status: { eq: 'PAID' } } } }, 'C'],
    ['Customer', { invoices: { every: { status: { eq: 'PAID' } } } }, 'AC'],
    ['Customer', { invoices: { count: { gte: 1 }, where: { status: { eq: 'OPEN' } } } }, 'B'],
    ['Customer', { invoices: { having: { sum: { amount: { gte: '6.6' } } } } }, 'B'],
    ['Customer', { invoices: { having: { sum: { amount: { ne: '6.6' } } } } }, 'AC'],
    ['Customer', { invoices: { having: { not: { min: { amount: { gt: 2 } } } } } }, 'AC'],
    ['Customer', { approvals: { having: { sum: { customer: { worth: { eq: 10 } } } } } }, 'A'],
    ['Invoice', { customer: { tickets: { eq: 0 } } }, '1'],
  ])('of %s: %j finds %s', (name, filter, expected) => {
    expect(idsOf(world.rows[name].filter((row) => matches(world, row, filter)))).toBe(expected);
  });
});

describe('an order', () => {
  it.each<[EntityName, unknown, string]>([
    ['Customer', [{ worth: 'ASC' }], 'CBA'],
    ['Customer', [{ worth: 'DESC' }], 'BCA'],
    ['Customer', [{ worth: 'DESC_NULLS_FIRST' }], 'ABC'],
    ['Customer', [{ tickets: 'DESC' }], 'BCA'],
    ['Customer', [null, {}, { referrer: { name: 'ASC' } }], 'ABC'],
    ['Customer', [{ name: 'ASC' }], 'ABC'],
    ['Customer', [{ invoicesAggregate: { count: 'ASC' } }], 'CAB'],
    ['Customer', [{ invoicesAggregate: { sum: { amount: 'ASC' } } }], 'ABC'],
    ['Invoice', [{ customer: { tickets: 'DESC' } }, { amount: 'DESC' }], '321'],
  ])('of %s by %j is %s', (name, orderBy, expected) => {
    expect(idsOf(sortRows(world, world.rows[name], orderBy))).toBe(expected);
  });

  it('by two things at once is refused', () => {
    expect(() => sortRows(world, customers, [{ name: 'ASC', id: 'ASC' }])).toThrow(Refused);
  });

  it('of texts goes by their code points', () => {
    const texts = ['b', '😀', '\uffee', '', 'ab', 'a', 'Z', 'ä'];
    expect(texts.toSorted(compareValues)).toEqual(['', 'Z', 'a', 'ab', 'b', 'ä', '\uffee', '😀']);
  });
});

describe('a page', () => {
  const rows = 'ABCDEFGH'.split('').map((id) => makeRow('Customer', { id, name: id }));
  const cut = (given: Readonly<Record<string, unknown>>, matching = rows): string => {
    const cursor = (id: string): Row | undefined => rows.find(({ values }) => values['id'] === id);
    const page = pageOf(matching, () => rows, given, cursor);
    return `${page.hasPrevious ? '<' : ''}${idsOf(page.rows)}${page.hasNext ? '>' : ''}`;
  };

  it.each<[Readonly<Record<string, unknown>>, string]>([
    [{}, 'ABCDEFGH'],
    [{ first: 3 }, 'ABC>'],
    [{ first: 0 }, '>'],
    [{ first: 2, offset: 3 }, '<DE>'],
    [{ first: 2, after: 'B' }, '<CD>'],
    [{ first: 2, after: 'B', offset: 1 }, '<DE>'],
    [{ last: 2 }, '<GH'],
    [{ last: 2, before: 'D' }, '<BC>'],
    [{ last: 9, before: 'D' }, 'ABC>'],
    [{ first: 2, after: 'H' }, '<'],
    [{ last: 2, before: 'A' }, '>'],
    [{ offset: 99 }, '<'],
    [{ first: null, offset: null }, 'ABCDEFGH'],
  ])('of %j is %s', (given, expected) => {
    expect(cut(given)).toBe(expected);
  });

  it('begins at the place of a row that matches no more', () => {
    expect(cut({ first: 2, after: 'C' }, [...rows.slice(0, 2), ...rows.slice(4)])).toBe('<EF>');
  });

  it.each([
    { first: 1, last: 1 },
    { last: 1, offset: 1 },
    { before: 'B', offset: 0 },
    { first: -1 },
  ])('of %j is refused', (given) => {
    expect(() => cut(given)).toThrow(Refused);
  });
});

describe('a figure', () => {
  it.each<[FigureName, readonly string[], unknown]>([
    ['sum', ['amount'], '7.70'],
    ['sum', ['discount'], '0.5000'],
    ['sum', ['approver', 'tickets'], '0'],
    ['sum', ['customer', 'worth'], '10.00'],
    ['sum', ['approver', 'worth'], null],
    ['avg', ['customer', 'tickets'], 1],
    ['median', ['amount'], 2.2],
    ['stddev', ['discount'], null],
    ['min', ['amount'], '1.10'],
    ['max', ['customer', 'name'], 'Bea'],
    ['countDistinct', ['status'], 2],
    ['countDistinct', ['approver', 'id'], 1],
  ])('%s of %j is %j', (name, path, expected) => {
    const { kind, scale, value } = figureOf(world, entities.Invoice, invoices, name, path);
    expect(writeValue(kind, scale, value, 'string')).toBe(expected);
  });

  it('of shares lies between the values next to them', () => {
    const at = [0, 0.25, 0.5, 1];
    const quantiles = quantilesOf(world, entities.Invoice, invoices, at, ['amount']);
    expect(quantiles?.map((value) => value.toFixed(6))).toEqual([
      '1.100000',
      '1.650000',
      '2.200000',
      '4.400000',
    ]);
    expect(quantilesOf(world, entities.Invoice, [], at, ['amount'])).toBeNull();
  });
});

describe('groups', () => {
  const keysOf = (given: Readonly<Record<string, unknown>>, path: readonly string[]): unknown =>
    groupsOf(world, entities.Invoice, invoices, given).map((group) => [
      keyOfGroup(group, path),
      group.rows.length,
    ]);

  it('come in the order of their keys, the missing last', () => {
    expect(keysOf({ groupBy: [{ approver: { field: 'id' } }] }, ['approver', 'id'])).toEqual([
      ['A', 2],
      [null, 1],
    ]);
  });

  it('are filtered, sorted and cut', () => {
    const groupBy = [{ field: 'status' }];
    const orderBy = [{ sum: { amount: 'DESC' } }];
    expect(keysOf({ groupBy, orderBy }, ['status'])).toEqual([
      ['PAID', 2],
      ['OPEN', 1],
    ]);
    expect(keysOf({ groupBy, having: { count: { gt: 1 } } }, ['status'])).toEqual([['PAID', 2]]);
    expect(keysOf({ groupBy, offset: 1, limit: 5 }, ['status'])).toEqual([['PAID', 2]]);
  });

  it('are one of all rows where nothing is grouped', () => {
    expect(groupsOf(world, entities.Invoice, [], {})).toHaveLength(1);
    expect(groupsOf(world, entities.Invoice, [], { groupBy: [{ field: 'id' }] })).toEqual([]);
    expect(groupsOf(world, entities.Invoice, [], { having: { count: { gt: 0 } } })).toEqual([]);
  });

  it('by the same field twice, and keys that are not grouped by, are refused', () => {
    const groupBy = [{ field: 'issuedOn', bucket: 'YEAR' }, { field: 'issuedOn' }];
    expect(() => keysOf({ groupBy }, ['issuedOn'])).toThrow(Refused);
    expect(() => keysOf({ groupBy: [{ field: 'status' }] }, ['note'])).toThrow(Refused);
  });
});

describe('a bucket', () => {
  it.each([
    ['2024-03-31T01:30:00Z', 'HOUR', 'Europe/Berlin', '2024-03-31T01:00:00Z'],
    ['2024-10-27T00:30:00Z', 'HOUR', 'Europe/Berlin', '2024-10-27T00:00:00Z'],
    ['2024-10-27T01:30:00Z', 'HOUR', 'Europe/Berlin', '2024-10-27T01:00:00Z'],
    ['2024-10-27T23:30:00Z', 'DAY', 'Europe/Berlin', '2024-10-27T23:00:00Z'],
    ['2024-10-27T22:30:00Z', 'DAY', 'Europe/Berlin', '2024-10-26T22:00:00Z'],
    ['2024-06-15T12:00:00Z', 'YEAR', 'Europe/Berlin', '2023-12-31T23:00:00Z'],
    ['2023-12-31T23:00:00Z', 'YEAR', 'Europe/Berlin', '2023-12-31T23:00:00Z'],
    ['2024-06-15T12:00:00Z', 'QUARTER', 'America/New_York', '2024-04-01T04:00:00Z'],
    ['2024-06-15T12:20:00Z', 'HOUR', 'Asia/Kolkata', '2024-06-15T11:30:00Z'],
    ['2024-06-15T12:20:00Z', 'MONTH', 'Pacific/Chatham', '2024-05-31T11:15:00Z'],
    ['2024-09-28T14:05:00Z', 'HOUR', 'Pacific/Chatham', '2024-09-28T14:00:00Z'],
    ['2024-01-07T23:59:59.999999Z', 'WEEK', 'UTC', '2024-01-01T00:00:00Z'],
    ['1969-12-31T23:59:59.999999Z', 'HOUR', 'UTC', '1969-12-31T23:00:00Z'],
  ])('of %s by %s in %s begins at %s', (moment, bucket, zone, expected) => {
    expect(momentText(momentBucket(momentOf(moment), bucket, zone))).toBe(expected);
  });

  it.each([
    ['2024-02-29', 'WEEK', '2024-02-26'],
    ['2024-02-29', 'QUARTER', '2024-01-01'],
    ['2024-02-29', 'DAY', '2024-02-29'],
  ])('of the day %s by %s begins on %s', (day, bucket, expected) => {
    expect(dayBucket(day, bucket)).toBe(expected);
  });
});

describe('a search', () => {
  const rows = ['joAnn', 'an ann', 'Ann', 'annex', 'bob', 'Ännchen'].map((name, index) =>
    makeRow('Customer', { id: `C${index}`, name }),
  );

  it('finds whatever case and accents, the best first', () => {
    const { rows: found, isRanked } = searchRows(entities.Customer, rows, {
      text: 'ANN',
      fields: ['name'],
    });
    expect(found.map(({ values }) => values['name'])).toEqual([
      'Ann',
      'annex',
      'Ännchen',
      'an ann',
      'joAnn',
    ]);
    expect(isRanked).toBe(true);
  });

  it('finds rows with every word, in any field', () => {
    const { rows: found, isRanked } = searchRows(entities.Customer, rows, { text: ' c3  ex ' });
    expect(found.map(({ values }) => values['name'])).toEqual(['annex']);
    expect(isRanked).toBe(false);
  });
});

describe('the comparison of answers', () => {
  it.each<[unknown, unknown, boolean]>([
    [{ a: 1 }, { a: 1 }, true],
    [{ a: 1 }, { a: '1' }, false],
    [{ a: 1, b: 2 }, { b: 2, a: 1 }, false],
    [[1, 2], [2, 1], false],
    [{ sum: { worth: 0.1 + 0.2 } }, { sum: { worth: 0.3 } }, false],
    [{ avg_1: { worth: 0.1 + 0.2 } }, { avg_1: { worth: 0.3 } }, true],
    [{ avg_1: { worth: 0.31 } }, { avg_1: { worth: 0.3 } }, false],
    [{ cursor: 'a' }, { cursor: 'b' }, true],
    [{ cursor: 'a' }, { cursor: null }, false],
  ])('of %j and %j', (expected, found, isSame) => {
    expect(differenceOf(expected, found) === undefined).toBe(isSame);
  });

  it('looks at no order where none is settled', () => {
    const expected = { list: { nodes: [{ id: 1 }, { id: 2 }] } };
    const found = { list: { nodes: [{ id: 2 }, { id: 1 }] } };
    expect(differenceOf(expected, found)).toBeDefined();
    expect(differenceOf(expected, found, new Set(['["list"]']))).toBeUndefined();
  });
});
