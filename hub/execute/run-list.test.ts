import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedTempFolder } from '../../foundation/testing/temp-folder.ts';
import { identifier, join, sql, table, value } from '../../lake/sql.ts';
import { projectionsOf } from '../../mapping/projection.ts';
import { openHub, type TestHub } from '../testing/open-hub.ts';
import { defaultLimits } from '../limits.ts';
import { formatCursor } from '../question/cursor.ts';
import { sequenceOrder } from '../question/read-order.ts';

const maximumPageSize = defaultLimits.pageSize;

/** The cursor of the entity with this number, in the order in which entities came. */
function cursorAt(list: string, number: bigint): string {
  return formatCursor(list, sequenceOrder, [number]);
}

const domains = {
  identity: `
    type Customer @key(fields: "id") @table {
      id: ID!
      name: String!
      orders: [Order!]! @relation(columns: ["customer_id"])
    }
    type Order @key(fields: "id") @table { id: ID! customer: Customer @relation(columns: ["customer_id"]) }
    type Ghost @key(fields: "id") @table { id: ID! }
    type Query { customer(id: ID!): Customer }`,
};

const customerCount = 120;
const numbers = Array.from({ length: customerCount }, (_, index) => index + 1);
const idOf = (number: number): string => `C${String(number).padStart(3, '0')}`;

const rows = {
  'identity/customer.csv': `id,name\n${numbers.map((n) => `${idOf(n)},Name ${n}\n`).join('')}`,
  'identity/order.csv': `id,customer_id\n${numbers.map((n) => `O${n},${idOf((n % 3) + 1)}\n`).join('')}`,
};

interface CustomerPage {
  readonly nodes: readonly { readonly id: string }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
  readonly totalCount: number;
}

const pageQuery = `query ($first: Int, $after: String) {
  customers(first: $first, after: $after) {
    nodes { id }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    totalCount
  }
}`;

async function readPage(
  { ask }: TestHub,
  variables: Readonly<Record<string, unknown>>,
): Promise<CustomerPage> {
  const { data, errors } = await ask(pageQuery, variables);
  expect(errors).toBeUndefined();
  return data?.['customers'] as CustomerPage;
}

/** Ids of all pages, each page as a list. */
async function walk(hub: TestHub, first: number): Promise<readonly (readonly string[])[]> {
  const pages: (readonly string[])[] = [];
  for (let after: string | null = null; ;) {
    const { nodes, pageInfo }: CustomerPage = await readPage(hub, { first, after });
    pages.push(nodes.map(({ id }) => id));
    if (!pageInfo.hasNextPage) return pages;
    after = pageInfo.endCursor;
  }
}

describe('a list', () => {
  const directory = sharedTempFolder();
  let hub: TestHub;
  beforeAll(async () => {
    hub = await openHub({ directory, domains, rows });
  });
  afterAll(() => hub.close());

  it.each([1, 7, 50, 119, 120, 121, maximumPageSize])(
    'is walked from end to end in pages of %i, each item once',
    async (first) => {
      const pages = await walk(hub, first);
      expect(pages.flat()).toEqual(numbers.map(idOf));
      expect(pages).toHaveLength(Math.ceil(customerCount / first));
    },
  );

  it('has a page of 50 where nobody says how long', async () => {
    for (const variables of [{}, { first: null }, { after: null }, { after: '' }]) {
      const page = await readPage(hub, variables);
      expect(page.nodes).toHaveLength(50);
      expect(page.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
      expect(page.totalCount).toBe(customerCount);
    }
  });

  it('has an empty page where none are asked for, which still knows what comes next', async () => {
    expect(await readPage(hub, { first: 0 })).toEqual({
      nodes: [],
      pageInfo: { hasNextPage: true, hasPreviousPage: false, startCursor: null, endCursor: null },
      totalCount: customerCount,
    });
  });

  it('has an empty page after the last item', async () => {
    const { pageInfo } = await readPage(hub, { first: customerCount });
    expect(await readPage(hub, { after: pageInfo.endCursor })).toEqual({
      nodes: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: true, startCursor: null, endCursor: null },
      totalCount: customerCount,
    });
  });

  it('has an empty page after a place that it never reached', async () => {
    const after = cursorAt('customers', 999_999_999_999_999_999n);
    const page = await readPage(hub, { first: 5, after });
    expect(page.nodes).toEqual([]);
    expect(page.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
  });

  it('tells what comes before a page', async () => {
    const { pageInfo } = await readPage(hub, { first: 1 });
    const second = await readPage(hub, { first: 1, after: pageInfo.endCursor });
    expect(second.pageInfo.hasPreviousPage).toBe(true);
    const start = await readPage(hub, { first: 1, after: cursorAt('customers', 0n) });
    expect(start.pageInfo.hasPreviousPage).toBe(false);
    expect(start.nodes).toEqual([{ id: idOf(1) }]);
  });

  it.each([-1, maximumPageSize + 1, 2_147_483_647, -2_147_483_648])(
    'refuses a page of %i',
    async (first) => {
      const { data, errors } = await hub.ask(pageQuery, { first });
      expect(data).toBeNull();
      expect(errors).toHaveLength(1);
      expect(errors?.[0]).toMatchObject({
        message: `customers(first: ${first}) asks for a page of a size that there is not.`,
        path: ['customers'],
        extensions: { code: 'PAGE_SIZE_INVALID' },
      });
    },
  );

  it.each(['x', cursorAt('orders', 3n), `${cursorAt('customers', 3n)}x`, 'y'.repeat(100_000)])(
    'refuses a cursor that it did not give',
    async (after) => {
      const { data, errors } = await hub.ask(pageQuery, { after });
      expect(data).toBeNull();
      expect(errors?.[0]).toMatchObject({
        path: ['customers'],
        extensions: { code: 'CURSOR_INVALID' },
      });
      expect(errors?.[0]?.message.length).toBeLessThan(200);
    },
  );

  it('gives nodes and edges what each of them selects', async () => {
    const { data, errors } = await hub.ask(`{
      customers(first: 2) {
        __typename
        nodes { n: name orders { id } }
        edges { __typename c: cursor node { id orders { customer { id } } } again: node { __typename } }
        more: edges { cursor }
      }
    }`);
    expect(errors).toBeUndefined();
    const orders = (customer: number): readonly number[] =>
      numbers.filter((number) => (number % 3) + 1 === customer);
    const sorted = (customer: number): readonly string[] =>
      orders(customer)
        .map((number) => `O${number}`)
        .toSorted();
    const cursor = (number: number): string => cursorAt('customers', BigInt(number));
    const edge = (number: number) => ({
      __typename: 'CustomerEdge',
      c: cursor(number),
      node: {
        id: idOf(number),
        orders: orders(number).map(() => ({ customer: { id: idOf(number) } })),
      },
      again: { __typename: 'Customer' },
    });
    expect(data).toEqual({
      customers: {
        __typename: 'CustomerConnection',
        nodes: [1, 2].map((number) => ({
          n: `Name ${number}`,
          orders: sorted(number).map((id) => ({ id })),
        })),
        edges: [1, 2].map(edge),
        more: [1, 2].map((number) => ({ cursor: cursor(number) })),
      },
    });
  });

  it('of an entity without rows is empty', async () => {
    const { data } = await hub.ask(
      '{ ghosts { nodes { id } edges { cursor } totalCount pageInfo { hasNextPage endCursor } } }',
    );
    expect(data).toEqual({
      ghosts: {
        nodes: [],
        edges: [],
        totalCount: 0,
        pageInfo: { hasNextPage: false, endCursor: null },
      },
    });
  });

  it('counts and looks back only where somebody asks', async () => {
    hub.statements.length = 0;
    await hub.ask('{ customers(first: 2) { nodes { id } } }');
    expect(hub.statements).toHaveLength(1);
    hub.statements.length = 0;
    await readPage(hub, { first: 2, after: cursorAt('customers', 5n) });
    expect(hub.statements).toHaveLength(3);
    hub.statements.length = 0;
    const { data } = await hub.ask('{ customers(first: 2) { __typename totalCount } }');
    expect(data).toEqual({
      customers: { __typename: 'CustomerConnection', totalCount: customerCount },
    });
    expect(hub.statements).toHaveLength(1);
  });

  it('can be asked for several times at once, under names of its own', async () => {
    const { data } = await hub.ask(
      `query ($after: String) {
        a: customers(first: 1) { nodes { id } }
        b: customers(first: 1, after: $after) { nodes { id } }
        orders(first: 1) { nodes { id } }
      }`,
      { after: cursorAt('customers', 9n) },
    );
    expect(data).toEqual({
      a: { nodes: [{ id: idOf(1) }] },
      b: { nodes: [{ id: idOf(10) }] },
      orders: { nodes: [{ id: 'O1' }] },
    });
  });
});

describe('a list from which items were removed', () => {
  const directory = sharedTempFolder();
  const isKept = (number: number): boolean => number < 4 || number === 60 || number > 115;
  const kept = numbers.filter(isKept).map(idOf);
  let hub: TestHub;
  beforeAll(async () => {
    hub = await openHub({ directory, domains, rows });
    const projection = projectionsOf(hub.model).get('Customer')?.table ?? '';
    const gone = numbers.filter((number) => !isKept(number)).map((number) => value(idOf(number)));
    await hub.lake.write((tx) =>
      tx.run(
        sql`DELETE FROM ${table('hub', projection)} WHERE ${identifier('id')} IN (${join(gone, ', ')})`,
      ),
    );
  });
  afterAll(() => hub.close());

  it.each([1, 2, 3, 5, 9, 10, 50])('is walked across the holes in pages of %i', async (first) => {
    const pages = await walk(hub, first);
    expect(pages.flat()).toEqual(kept);
    expect(pages.slice(0, -1).every((page) => page.length === first)).toBe(true);
  });

  it('goes on after an item that is no longer there', async () => {
    const after = cursorAt('customers', 30n);
    const page = await readPage(hub, { first: 2, after });
    expect(page.nodes.map(({ id }) => id)).toEqual([idOf(60), idOf(116)]);
    expect(page.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
    expect(page.totalCount).toBe(kept.length);
  });

  it('reads beyond the holes with one statement more', async () => {
    hub.statements.length = 0;
    await hub.ask('{ customers(first: 5) { nodes { id } } }');
    expect(hub.statements).toHaveLength(2);
  });
});
