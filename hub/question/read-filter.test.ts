import { describe, expect, it } from 'vitest';
import { errorOf, inlineModel } from '../../mapping/testing/inline-domain.ts';
import { defaultLimits, type HubLimits } from '../limits.ts';
import { always, never, type Condition } from './condition.ts';
import { FilterBudget } from './filter-budget.ts';
import { readFilter } from './read-filter.ts';
import { readHaving } from './read-having.ts';

const model = inlineModel({
  sales: `
    type Customer @key(fields: "id") @table {
      id: ID!
      name: String
      worth: Int
      tags: [String!]
      orders: [Order!]! @relation(columns: ["customer_id"])
    }
    type Order @key(fields: "id") @table {
      id: ID!
      amount: Int
      customer: Customer @relation(columns: ["customer_id"])
    }
    type Query { customer(id: ID!): Customer }`,
});

function entity(name: string) {
  const found = model.entities.get(name);
  if (found === undefined) throw new Error(`There is no ${name}`);
  return found;
}

function read(filter: unknown, limits: Partial<HubLimits> = {}): Condition {
  return readWithin(new FilterBudget({ ...defaultLimits, ...limits }), filter);
}

function readWithin(budget: FilterBudget, filter: unknown): Condition {
  return readFilter(filter, entity('Customer'), model, budget, 'where');
}

function nested(levels: number, innermost: unknown): unknown {
  let filter = innermost;
  for (let level = 0; level < levels; level++) filter = { not: filter };
  return filter;
}

describe('what a filter comes to', () => {
  it.each([
    undefined,
    null,
    {},
    { and: [] },
    { and: null, or: null, not: null },
    { and: [{}, null] },
    { or: [{}] },
    { name: null },
    { name: {} },
    { name: { contains: null, in: null, isNull: null, between: null } },
    { orders: null },
    { orders: {} },
    { orders: { some: null, every: null, none: null, where: null, count: null, having: null } },
    { orders: { every: {}, where: { id: { eq: 'O1' } } } },
    { orders: { count: {}, having: { sum: {}, max: { amount: {} }, or: [{}] } } },
    { name: { notIn: [] } },
    { not: { or: [] } },
    { not: { name: { in: [] } } },
  ])('%j asks for nothing', (filter) => {
    expect(read(filter)).toBe(always);
  });

  it.each([
    { or: [] },
    { not: {} },
    { name: { in: [] } },
    { and: [{ name: { eq: 'x' } }, { or: [] }] },
    { tags: { hasSome: [] } },
    { worth: { gt: 3_000_000_000 } },
    { name: { eq: '\ud800' } },
    { orders: { some: { or: [] } } },
    { customer: null, not: { and: [] } },
  ])('%j finds nothing', (filter) => {
    expect(read(filter)).toBe(never);
  });

  it('a thousand nots are one, or none', () => {
    const limits = { filterDepth: 2_000 };
    const condition = read({ name: { eq: 'Ann' } });
    expect(read(nested(1_000, { name: { eq: 'Ann' } }), limits)).toEqual(condition);
    expect(read(nested(1_001, { name: { eq: 'Ann' } }), limits)).toEqual({
      kind: 'not',
      of: condition,
    });
  });

  it('a list of one value is that value', () => {
    expect(read({ name: { in: ['Ann'] } })).toEqual(read({ name: { eq: 'Ann' } }));
    expect(read({ worth: { in: [5, 3_000_000_000] } })).toEqual(read({ worth: { eq: 5 } }));
  });

  it('ands within ands are one list', () => {
    const filter = {
      name: { eq: 'a' },
      and: [{ worth: { gt: 1 } }, { and: [{ worth: { lt: 5 } }] }],
    };
    expect(read(filter)).toMatchObject({ kind: 'all', of: [{}, {}, {}] });
  });

  it('figures of related rows are seen from them', () => {
    const condition = read({ orders: { having: { sum: { customer: { worth: { gt: 5 } } } } } });
    expect(condition).toMatchObject({
      kind: 'measured',
      target: { name: 'Order' },
      having: {
        operand: {
          measure: {
            kind: 'sum',
            of: { via: [{ relation: { name: 'customer' } }], entity: { name: 'Customer' } },
          },
        },
      },
    });
  });
});

describe('limits of a filter', () => {
  it('are that of its depth, wherever a filter stands in another', () => {
    expect(errorOf(() => read(nested(64, { name: { eq: 'x' } })))).toMatchObject({
      code: 'FILTER_TOO_DEEP',
      message: `where${'.not'.repeat(64)} is nested deeper than the 64 levels that a filter may have.`,
    });
    expect(() => read(nested(63, {}))).not.toThrow();
    const limits = { filterDepth: 2 };
    expect(() => read({ orders: { some: { id: { eq: 'x' } } } }, limits)).not.toThrow();
    const deep = { orders: { some: { or: [{}, { id: { eq: 'x' } }] } } };
    expect(errorOf(() => read(deep, limits)).message).toMatch(/^where\.orders\.some\.or\[0\] is/);
    const having = { orders: { having: { and: [{ count: { eq: 1 } }] } } };
    expect(errorOf(() => read(having, limits)).message).toMatch(
      /^where\.orders\.having\.and\[0\] is/,
    );
  });

  it('are that of its conditions', () => {
    const limits = { conditions: 3 };
    const filter = { name: { startsWith: 'a', endsWith: 'b' }, or: [{ worth: { eq: 1 } }] };
    expect(() => read(filter, limits)).not.toThrow();
    expect(errorOf(() => read({ ...filter, id: { eq: 'x' } }, limits))).toMatchObject({
      code: 'FILTER_TOO_LARGE',
      message:
        'With where.id.eq the filters of the operation have more than the 3 conditions that they may have together.',
    });
    const relations = { or: Array.from({ length: 4 }, () => ({ orders: { some: {} } })) };
    expect(errorOf(() => read(relations, { conditions: 83 }))).toMatchObject({
      message: expect.stringMatching(/^With where\.or\[3\]\.orders\.some the filters/),
      hint: expect.stringContaining('A condition on related rows counts for 20.'),
    });
    expect(() => read(relations, { conditions: 84 })).not.toThrow();
  });

  it('are that of the values in a list', () => {
    const limits = { listValues: 2 };
    const ids = ['a', 'b', 'c'];
    expect(() => read({ id: { in: ['a', 'b'] } }, limits)).not.toThrow();
    for (const [filter, place] of [
      [{ or: [{}, { id: { in: ids } }] }, 'where.or[1].id.in'],
      [{ tags: { hasSome: ids } }, 'where.tags.hasSome'],
      [
        { orders: { none: { customer: { id: { notIn: ids } } } } },
        'where.orders.none.customer.id.notIn',
      ],
    ] as const) {
      expect(errorOf(() => read(filter, limits))).toMatchObject({
        code: 'FILTER_LIST_TOO_LONG',
        message: `With the 3 values of ${place} the filters of the operation have more than the 2 values in lists that they may have together.`,
      });
    }
  });

  it.each([
    {},
    { not: {} },
    { and: [] },
    { or: [{ name: null }] },
    { name: {} },
    { name: { contains: null } },
    { name: { eq: null } },
    { orders: {} },
    { orders: { where: {} } },
  ])('count what asks for nothing, since it has to be read: %j', (filter) => {
    const filters = { and: [filter, filter, filter] };
    expect(() => read(filters, { conditions: 3 })).not.toThrow();
    expect(errorOf(() => read(filters, { conditions: 2 })).code).toBe('FILTER_TOO_LARGE');
  });

  it('are those of all filters of an operation, and a refused one leaves the depth of the next', () => {
    const budget = new FilterBudget({ filterDepth: 2, conditions: 4, listValues: 3 });
    const asked = { id: { in: ['a', 'b'] }, not: { name: { eq: 'c' } } };
    expect(() => readWithin(budget, asked)).not.toThrow();
    expect(errorOf(() => readWithin(budget, asked)).code).toBe('FILTER_LIST_TOO_LONG');
    expect(errorOf(() => readWithin(budget, nested(2, asked))).code).toBe('FILTER_TOO_DEEP');
    expect(() => readWithin(budget, nested(1, { name: { eq: 'c' } }))).not.toThrow();
    expect(errorOf(() => readWithin(budget, { name: { eq: 'c' } })).code).toBe('FILTER_TOO_LARGE');
  });

  it('are those of a having too', () => {
    const budget = new FilterBudget({ ...defaultLimits, filterDepth: 1 });
    const having = { not: { count: { gt: 1 } } };
    expect(
      errorOf(() => readHaving(having, entity('Customer'), model, budget, 'having')).message,
    ).toMatch(/^having\.not is nested deeper/);
  });
});
