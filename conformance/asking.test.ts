import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedTempFolder } from '../foundation/testing/temp-folder.ts';
import { defaultLimits } from '../hub/limits.ts';
import {
  repositoryDirectory,
  startProjectUntilClosed,
  type TestProject,
} from './testing/start-project.ts';

/** Keeps the promises of docs/asking.md, over the data of a first start. */
const page = readFileSync(join(repositoryDirectory, 'docs/asking.md'), 'utf8');
const examples = Array.from(page.matchAll(/^```graphql\n(.*?)^```$/gms), ([, query = '']) => query);

interface Counted {
  readonly totalCount: number;
}
type Row = Readonly<Record<string, unknown>>;

describe('docs/asking.md', () => {
  const dataDirectory = sharedTempFolder();
  let project: TestProject;
  /** How many customers there are, and how many of them have a sales representative. */
  let counts: Readonly<Record<'all' | 'none' | 'there' | 'missing', number>>;

  beforeAll(async () => {
    project = await startProjectUntilClosed({ dataDirectory });
    const all = await count('{}');
    const there = await count('{ salesRep: { isNull: false } }');
    counts = { all, none: 0, there, missing: all - there };
    expect(counts.missing).toBeGreaterThan(0);
  });
  afterAll(() => project.server.close());

  async function ask(query: string, variables: Row = {}): Promise<Row> {
    const { status, data, errors } = await project.ask(query, variables);
    expect({ status, errors }).toEqual({ status: 200, errors: undefined });
    return data ?? {};
  }

  async function count(where: string, list = 'customers'): Promise<number> {
    const data = await ask(`{ ${list}(where: ${where}) { totalCount } }`);
    return (data[list] as Counted).totalCount;
  }

  async function nodes(list: string, fields: string): Promise<readonly Row[]> {
    const data = await ask(`{ list: ${list} { nodes { ${fields} } } }`);
    return (data['list'] as { readonly nodes: readonly Row[] }).nodes;
  }

  describe('its examples', () => {
    it('are one of each chapter that has something to ask', () => {
      expect(examples.length).toBeGreaterThanOrEqual(9);
    });

    it.each(examples.map((query) => [/^query (\w+)/.exec(query)?.[1] ?? query, query]))(
      '%s is answered, and each of its lists has something in it somewhere',
      async (_, query) => {
        const lists = new Map<string, number>();
        countItems(await ask(query), '', lists);
        expect(lists.size).toBeGreaterThan(0);
        expect([...lists].filter(([, items]) => items === 0)).toEqual([]);
      },
    );
  });

  describe('a filter', () => {
    it.each([
      ['null', 'all'],
      ['{}', 'all'],
      ['{ and: [] }', 'all'],
      ['{ salesRep: null }', 'all'],
      ['{ salesRep: {} }', 'all'],
      ['{ or: [] }', 'none'],
      ['{ not: {} }', 'none'],
      ['{ or: null, and: null, not: null }', 'all'],
      ['{ salesRep: { eq: null } }', 'missing'],
      ['{ salesRep: { isNull: true } }', 'missing'],
      ['{ salesRep: { ne: null } }', 'there'],
      ['{ salesRep: { isNull: false } }', 'there'],
      ['{ salesRep: { isNull: null } }', 'all'],
      ['{ salesRep: { contains: null, in: null, notIn: null, lt: null, between: null } }', 'all'],
      ['{ salesRep: { in: [] } }', 'none'],
      ['{ salesRep: { notIn: [] } }', 'all'],
      ['{ salesRep: { eq: "" } }', 'none'],
      ['{ salesRep: { contains: "" } }', 'there'],
      ['{ salesRep: { startsWith: "", endsWithIgnoreCase: "" } }', 'there'],
      ['{ salesRep: { ne: "nobody" } }', 'all'],
      ['{ not: { salesRep: { eq: "nobody" } } }', 'all'],
      ['{ not: { salesRep: { contains: "" } } }', 'missing'],
      ['{ not: { not: { salesRep: { contains: "" } } } }', 'there'],
      ['{ or: [{ salesRep: { eq: null } }, { or: [] }] }', 'missing'],
      ['{ salesRep: { eq: null }, not: { or: [] } }', 'missing'],
    ] as const)('%s finds %s', async (where, expected) => {
      expect(await count(where)).toBe(counts[expected]);
    });

    it('asks nothing with a variable that is not sent, and for a missing value with one that is null', async () => {
      const query = `query ($name: String, $names: [String!], $where: CustomerFilter) {
        eq: customers(where: { salesRep: { eq: $name } }) { totalCount }
        in: customers(where: { salesRep: { in: $names } }) { totalCount }
        not: customers(where: { not: $where }) { totalCount }
        where: customers(where: $where) { totalCount }
      }`;
      const all = { totalCount: counts.all };
      expect(await ask(query)).toEqual({ eq: all, in: all, not: all, where: all });
      const nulls = { name: null, names: null, where: null };
      const missing = { totalCount: counts.missing };
      expect(await ask(query, nulls)).toEqual({ eq: missing, in: all, not: all, where: all });
    });

    it.each([
      '{ accountValue: { gt: 10 } }',
      '{ salesRep: { in: ["Ethan Raynor", "Delpha Robel"] } }',
      '{ supportTier: { ne: GOLD }, lifetimeTickets: { between: { from: 1, to: 9 } } }',
      '{ or: [{ vatNumber: { startsWith: "DE" } }, { salesRep: { eqIgnoreCase: "ethan raynor" } }] }',
      '{ invoices: { some: { status: { eq: OVERDUE } } } }',
      '{ invoices: { every: { status: { eq: PAID } } } }',
      '{ invoices: { having: { sum: { amount: { gt: 1000 } } } } }',
    ])('%s and its opposite share all rows out', async (where) => {
      const found = await count(where);
      expect(found).toBeGreaterThan(0);
      expect(found).toBeLessThan(counts.all);
      expect(await count(`{ not: ${where} }`)).toBe(counts.all - found);
    });

    it('compares a number with more digits than the field keeps exactly', async () => {
      const [invoice] = await nodes('invoices(where: { amount: { gt: 10 } }, first: 1)', 'amount');
      const amount = Number(invoice?.['amount']);
      const upTo = await count(`{ amount: { lte: ${amount} } }`, 'invoices');
      expect(await count(`{ amount: { lt: ${amount}5 } }`, 'invoices')).toBe(upTo);
      expect(await count(`{ amount: { lt: ${amount} } }`, 'invoices')).toBeLessThan(upTo);
      expect(await count(`{ amount: { eq: ${amount}5 } }`, 'invoices')).toBe(0);
    });

    it('of related rows: every and none hold where there are none, some and counts do not', async () => {
      const without = await count('{ invoices: { none: {} } }');
      expect(without).toBeGreaterThan(0);
      expect(await count('{ invoices: { every: { or: [] } } }')).toBe(without);
      expect(await count('{ invoices: { count: { eq: 0 } } }')).toBe(without);
      expect(await count('{ invoices: { having: { sum: { amount: { eq: null } } } } }')).toBe(
        without,
      );
      expect(await count('{ invoices: { some: {} } }')).toBe(counts.all - without);
      expect(await count('{ invoices: {} }')).toBe(counts.all);
      expect(await count('{ invoices: { where: { or: [] }, count: { eq: 0 } } }')).toBe(counts.all);
      expect(await count('{ customer: {} }', 'invoices')).toBe(await count('{}', 'invoices'));
    });
  });

  describe('an order', () => {
    it('without orderBy is that in which rows came, and 50 rows are a page', async () => {
      const rows = await nodes('customers', 'id');
      expect(rows).toHaveLength(50);
      expect(rows).toEqual((await nodes('customers(orderBy: [{ id: ASC }])', 'id')).slice(0, 50));
      expect(rows).toEqual(await nodes('customers(orderBy: [null, {}, { name: null }])', 'id'));
    });

    it('of texts is that of the numbers of their characters', async () => {
      const rows = await nodes('customers(orderBy: [{ name: ASC }], first: 10000)', 'name');
      const names = rows.map(({ name }) => String(name));
      expect(names).toHaveLength(counts.all);
      const byCharacters = (a: string, b: string): number =>
        Buffer.compare(Buffer.from(a), Buffer.from(b));
      expect(names).toEqual(names.toSorted(byCharacters));
    });

    it.each([
      ['ASC', false],
      ['DESC', false],
      ['ASC_NULLS_LAST', false],
      ['DESC_NULLS_LAST', false],
      ['ASC_NULLS_FIRST', true],
      ['DESC_NULLS_FIRST', true],
    ] as const)('%s has missing values first: %s', async (way, isFirst) => {
      const list = (end: string) => `customers(orderBy: [{ accountValue: ${way} }], ${end}: 1)`;
      const [first] = await nodes(list('first'), 'accountValue');
      const [last] = await nodes(list('last'), 'accountValue');
      expect(first?.['accountValue'] === null).toBe(isFirst);
      expect(last?.['accountValue'] === null).toBe(!isFirst);
    });

    it('of rows that are equal is that of their keys, in either direction', async () => {
      for (const way of ['ASC', 'DESC']) {
        const list = `customers(where: { supportTier: { eq: GOLD } }, orderBy: [{ supportTier: ${way} }], first: 10000)`;
        const ids = (await nodes(list, 'id')).map(({ id }) => String(id));
        expect(ids.length).toBeGreaterThan(50);
        expect(ids).toEqual(ids.toSorted());
      }
    });

    it('of related rows without arguments is that of their keys, and all of them come', async () => {
      const rows = await nodes(
        'customers(orderBy: [{ invoicesAggregate: { count: DESC } }], first: 3)',
        'invoices { id } invoicesAggregate { count }',
      );
      for (const { invoices, invoicesAggregate } of rows) {
        const ids = (invoices as readonly { readonly id: string }[]).map(({ id }) => id);
        expect(invoicesAggregate).toEqual({ count: ids.length });
        expect(ids).toEqual(ids.toSorted());
      }
    });
  });

  describe('an aggregate', () => {
    it('of no rows has counts of 0 and nothing else, and groups of no rows are none', async () => {
      const figures =
        'sum { accountValue } avg { accountValue } median { accountValue } stddev { accountValue } min { name } max { createdAt } quantiles(at: [0.5]) { accountValue }';
      const data = await ask(`{
        one: customersAggregate(where: { or: [] }) { count countDistinct { name } ${figures} keys { name } }
        groups: customersAggregate(where: { or: [] }, groupBy: [{ field: name }]) { count }
      }`);
      const missing = { accountValue: null };
      const none = {
        sum: missing,
        avg: missing,
        median: missing,
        stddev: missing,
        min: { name: null },
        max: { createdAt: null },
        quantiles: missing,
      };
      expect(data).toEqual({
        one: [{ count: 0, countDistinct: { name: 0 }, ...none, keys: null }],
        groups: [],
      });
    });

    it('has rows without a value as a group of their own, the last one', async () => {
      const { groups } = await ask(
        '{ groups: customersAggregate(groupBy: [{ field: salesRep }]) { keys { salesRep } count } }',
      );
      expect((groups as readonly Row[]).at(-1)).toEqual({
        keys: { salesRep: null },
        count: counts.missing,
      });
    });

    it('of a neighbour counts each neighbour once', async () => {
      const { rows, neighbours } = await ask(`{
        rows: customersAggregate(where: { invoices: { some: {} } }) { sum { accountValue } avg { lifetimeTickets } }
        neighbours: invoicesAggregate { sum { customer { accountValue } } avg { customer { lifetimeTickets } } }
      }`);
      const [{ sum, avg } = {}] = rows as readonly Row[];
      expect(neighbours).toEqual([{ sum: { customer: sum }, avg: { customer: avg } }]);
    });
  });

  describe('a search', () => {
    it('for no words finds everything, and neither case nor accents matter to one', async () => {
      for (const text of ['""', '"  "', 'null'])
        expect(await countFound(`{ text: ${text} }`)).toBe(counts.all);
      const found = await countFound('{ text: "adámková" }');
      expect(found).toBeGreaterThan(0);
      expect(await countFound('{ text: "ADAMKOVA" }')).toBe(found);
    });

    it('has the best first, between 0 and 1', async () => {
      const { customers } = await ask(
        '{ customers(search: { text: "an" }, first: 10000) { totalCount edges { rank } } }',
      );
      const { edges, totalCount } = customers as Counted & {
        readonly edges: readonly { readonly rank: number }[];
      };
      const ranks = edges.map(({ rank }) => rank);
      expect(ranks).toHaveLength(totalCount);
      expect(new Set(ranks).size).toBeGreaterThan(1);
      expect(ranks).toEqual(ranks.toSorted((a, b) => b - a));
      expect(Math.min(...ranks)).toBeGreaterThan(0);
      expect(Math.max(...ranks)).toBeLessThanOrEqual(1);
    });

    async function countFound(search: string): Promise<number> {
      const { customers } = await ask(`{ customers(search: ${search}) { totalCount } }`);
      return (customers as Counted).totalCount;
    }
  });

  it('tells the limits as they are', () => {
    const {
      pageSize,
      selectionDepth,
      conditions,
      listValues,
      orderTerms,
      groupKeys,
      rowsInAnswer,
    } = defaultLimits;
    expect(selectionDepth).toBe(defaultLimits.filterDepth);
    const [, chapter = ''] = page.split('\n## Limits\n');
    const told = chapter.replaceAll(/\s+/g, ' ');
    for (const promise of [
      `page size ${written(pageSize)}`,
      `${selectionDepth} levels of selection and of filters`,
      `${written(conditions)} conditions in the filters of an operation`,
      `${written(listValues)} values in the lists of all its conditions`,
      `${orderTerms} things to sort by`,
      `${groupKeys} things to group by`,
      `${written(rowsInAnswer)} rows in one answer`,
    ])
      expect(told).toContain(promise);
  });
});

/** Adds up the items of every list in an answer, by where it stands, whatever row it belongs to. */
function countItems(value: unknown, place: string, lists: Map<string, number>): void {
  if (Array.isArray(value)) {
    lists.set(place, (lists.get(place) ?? 0) + value.length);
    for (const item of value) countItems(item, place, lists);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, inner] of Object.entries(value)) countItems(inner, `${place}.${name}`, lists);
  }
}

function written(count: number): string {
  return count.toLocaleString('en-US');
}
