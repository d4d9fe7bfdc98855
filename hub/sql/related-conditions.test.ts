import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedTempFolder } from '../../foundation/testing/temp-folder.ts';
import { openFilterLake, type FilterLake } from '../testing/filter-lake.ts';

const domains = {
  identity: `
    type Customer @key(fields: "id") @table @identity(fields: "id name") { id: ID! name: String! }
    type Query { customer(id: ID!): Customer }`,
  sales: `
    type Customer @key(fields: "id") @table {
      id: ID!
      worth: Int
      referrer: Customer @relation(columns: ["referrer_id"])
      referred: [Customer!]! @relation(columns: ["referrer_id"])
      orders: [Order!]! @relation(columns: ["customer_id"])
    }
    type Order @key(fields: "id") @table {
      id: ID!
      amount: Decimal @column(type: "DECIMAL(18,2)")
      customer: Customer @relation(columns: ["customer_id"])
      approver: Customer @relation(columns: ["approver_id"])
      product: Product @relation(columns: ["upc", "region"])
    }
    type Product @key(fields: "upc region") @table {
      upc: Int!
      region: String!
      orders: [Order!]! @relation(columns: ["upc", "region"])
    }`,
};

const rows = {
  identity: {
    customer: [
      { id: 'C1', name: 'Ada' },
      { id: 'C2', name: 'Bob' },
      { id: 'C3', name: 'Cid' },
      { id: 'C4', name: 'Dot' },
    ],
  },
  sales: {
    customer: [
      { id: 'C1', worth: 100 },
      { id: 'C2', worth: 50, referrer_id: 'C1' },
      { id: 'C3', worth: null, referrer_id: 'C2' },
    ],
    order: [
      { id: 'O1', amount: 10, customer_id: 'C1', approver_id: 'C2', upc: 1, region: 'EU' },
      { id: 'O2', amount: 20, customer_id: 'C1', approver_id: 'C2', upc: 1, region: 'US' },
      { id: 'O3', amount: null, customer_id: 'C1', approver_id: 'C3', upc: 1, region: null },
      { id: 'O4', amount: 5, customer_id: 'C2', approver_id: null, upc: null, region: 'EU' },
      { id: 'O5', amount: 7, customer_id: 'GONE', approver_id: 'C1', upc: 2, region: 'EU' },
      { id: 'O6', amount: 1, customer_id: null, approver_id: 'C1', upc: 1, region: 'EU' },
    ],
    product: [
      { upc: 1, region: 'EU' },
      { upc: 1, region: 'US' },
      { upc: 2, region: 'US' },
    ],
  },
};

const customers = ['C1', 'C2', 'C3', 'C4'];
const orders = ['O1', 'O2', 'O3', 'O4', 'O5', 'O6'];
const products = ['1 EU', '1 US', '2 US'];

describe('conditions on related rows', () => {
  const directory = sharedTempFolder();
  let lake: FilterLake;
  beforeAll(async () => {
    lake = await openFilterLake({ directory, domains, rows });
  });
  afterAll(() => lake.close());

  async function expectFound(
    entity: string,
    all: readonly string[],
    filter: unknown,
    expected: readonly string[],
  ): Promise<void> {
    const found = await lake.find(entity, filter);
    const others = await lake.find(entity, { not: filter });
    const rest = all.filter((key) => !expected.includes(key));
    expect({ filter, found, others }).toEqual({ filter, found: expected, others: rest });
  }

  it.each([
    [{ some: {} }, ['C1', 'C2']],
    [{ none: {} }, ['C3', 'C4']],
    [{ every: {} }, customers],
    [{ some: { amount: { gte: 10 } } }, ['C1']],
    [{ some: { amount: { isNull: true } } }, ['C1']],
    [{ every: { amount: { lt: 10 } } }, ['C2', 'C3', 'C4']],
    [{ none: { amount: { gt: 10 } } }, ['C2', 'C3', 'C4']],
    [{ some: { not: { amount: { gt: 1 } } } }, ['C1']],
    [{ some: { or: [] } }, []],
    [{ none: { or: [] } }, customers],
    [{ every: { or: [] } }, ['C3', 'C4']],
    [{ some: { amount: { eq: 5 } }, none: { amount: { eq: 10 } } }, ['C2']],
    [{ count: { eq: 0 } }, ['C3', 'C4']],
    [{ count: { gte: 2 } }, ['C1']],
    [{ count: { in: [1, 3] } }, ['C1', 'C2']],
    [{ count: { isNull: true } }, []],
    [{ where: { amount: { gt: 5 } }, count: { eq: 2 } }, ['C1']],
    [{ where: { amount: { gt: 5 } }, count: { lt: 2 } }, ['C2', 'C3', 'C4']],
    [{ where: { amount: { gt: 5 } } }, customers],
    [{ where: { or: [] }, count: { eq: 0 } }, customers],
    [{ where: { or: [] }, some: {} }, ['C1', 'C2']],
    [{ having: { sum: { amount: { gt: 20 } } } }, ['C1']],
    [{ having: { sum: { amount: { eq: '30.00' } } } }, ['C1']],
    [{ having: { sum: { amount: { eq: '30.001' } } } }, []],
    [{ having: { sum: { amount: { lt: '30.001' } } } }, ['C1', 'C2']],
    [{ having: { sum: { amount: { isNull: true } } } }, ['C3', 'C4']],
    [{ having: { not: { sum: { amount: { gt: 20 } } } } }, ['C2', 'C3', 'C4']],
    [{ having: { sum: { amount: { ne: 5 } } } }, ['C1', 'C3', 'C4']],
    [
      { having: { or: [{ sum: { amount: { gt: 20 } } }, { count: { eq: 0 } }] } },
      ['C1', 'C3', 'C4'],
    ],
    [{ having: { avg: { amount: { eq: 15 } } } }, ['C1']],
    [{ having: { median: { amount: { between: { from: 14.9, to: 15.1 } } } } }, ['C1']],
    [{ having: { stddev: { amount: { isNull: false } } } }, ['C1']],
    [{ having: { min: { amount: { eq: 5 } } } }, ['C2']],
    [{ having: { max: { amount: { gte: 5 }, lte: null } } }, ['C1', 'C2']],
    [{ having: { countDistinct: { amount: { eq: 2 } } } }, ['C1']],
    [
      { where: { id: { ne: 'O1' } }, having: { count: { eq: 2 }, max: { amount: { eq: 20 } } } },
      ['C1'],
    ],
  ] as const)('orders: %j', async (filter, expected) => {
    await expectFound('Customer', customers, { orders: filter }, expected);
  });

  it('values of a neighbour count once, however many rows lead to it', async () => {
    const ofApprovers = (figures: unknown): unknown => ({ orders: { having: figures } });
    await expectFound(
      'Customer',
      customers,
      ofApprovers({ sum: { approver: { worth: { eq: 50 } } } }),
      ['C1'],
    );
    await expectFound(
      'Customer',
      customers,
      ofApprovers({ avg: { approver: { worth: { eq: 50 } } } }),
      ['C1'],
    );
    await expectFound(
      'Customer',
      customers,
      ofApprovers({ countDistinct: { approver: { id: { eq: 2 } } } }),
      ['C1'],
    );
    await expectFound(
      'Customer',
      customers,
      ofApprovers({ sum: { approver: { referrer: { worth: { eq: 150 } } } } }),
      ['C1'],
    );
    const first = {
      where: { id: { eq: 'O1' } },
      having: { max: { approver: { worth: { eq: 50 } } } },
    };
    await expectFound('Customer', customers, { orders: first }, ['C1']);
  });

  it.each([
    [{ customer: {} }, ['O1', 'O2', 'O3', 'O4']],
    [{ customer: null }, orders],
    [{ customer: { name: { eq: 'Ada' } } }, ['O1', 'O2', 'O3']],
    [{ customer: { name: { ne: 'Ada' } } }, ['O4']],
    [{ customer: { worth: { isNull: true } } }, []],
    [{ approver: { worth: { isNull: true } } }, ['O3']],
    [{ approver: { referrer: { referrer: { name: { eq: 'Ada' } } } } }, ['O3']],
    [{ customer: { referred: { some: { referred: { some: {} } } } } }, ['O1', 'O2', 'O3']],
    [{ customer: { orders: { count: { eq: 3 } } }, approver: { id: { eq: 'C2' } } }, ['O1', 'O2']],
    [{ product: {} }, ['O1', 'O2', 'O6']],
    [{ product: { region: { eq: 'EU' } } }, ['O1', 'O6']],
    [
      { or: [{ product: { region: { eq: 'US' } } }, { customer: { name: { eq: 'Bob' } } }] },
      ['O2', 'O4'],
    ],
  ] as const)('of an order: %j', async (filter, expected) => {
    await expectFound('Order', orders, filter, expected);
  });

  it.each([
    [{ orders: { some: { amount: { lt: 2 } } } }, ['1 EU']],
    [{ orders: { none: {} } }, ['2 US']],
    [{ orders: { count: { eq: 2 } } }, ['1 EU']],
    [{ orders: { having: { sum: { amount: { gte: 11 } } } } }, ['1 EU', '1 US']],
  ] as const)('of a key with two columns: %j', async (filter, expected) => {
    await expectFound('Product', products, filter, expected);
  });

  it('a relation to the entity itself tells the rows apart', async () => {
    await expectFound('Customer', customers, { referrer: { name: { eq: 'Ada' } } }, ['C2']);
    await expectFound('Customer', customers, { referred: { some: { name: { eq: 'Bob' } } } }, [
      'C1',
    ]);
    const twice = { referrer: { referrer: { referred: { every: { worth: { gt: 0 } } } } } };
    await expectFound('Customer', customers, twice, ['C3']);
  });
});
