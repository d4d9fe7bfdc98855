import { describe, expect, it } from 'vitest';
import { sql } from '../lake/sql.ts';
import { schemaPrelude } from './testing/schema-prelude.ts';
import { openDomains, plain, type Harness } from './testing/subgraph-harness.ts';

describe('entities of several domains', () => {
  const stock = `${schemaPrelude}
    type Item @key(fields: "region number") @key(fields: "sku") @table @identity(fields: "region number sku") {
      region: ID!
      number: BigInt!
      sku: String!
    }
    type Query { item(number: BigInt!, region: ID!): Item  bySku(sku: String!): Item }
  `;
  const prices = `${schemaPrelude}
    type Item @key(fields: "number region") @table(name: "say ""price""") @related(table: "sale", columns: ["r", "n"]) {
      region: ID! @column(name: "REGION")
      number: BigInt! @column(name: "group")
      price: Decimal! @column(type: "DECIMAL(10,2)", default: "9.90")
      discount: Float @column(default: "0.5")
      sold: Int! @column(from: "count(sale)", default: "0")
      label: String @column(from: "cast(price as VARCHAR) || ' EUR'")
      rating: Float
    }
  `.replace('"say ""price"""', String.raw`"say \"price\""`);

  const orders = `${schemaPrelude}
    type Order @key(fields: "id") @table {
      id: ID!
      item: Item @relation(columns: ["item_region", "item_number"])
    }
    type Item @key(fields: "region number", resolvable: false) { region: ID!  number: BigInt! }
    type Query { order(id: ID): Order }
  `;

  function openShop(): Promise<Harness> {
    return openDomains({
      schemas: { stock, prices, orders },
      prepare: [
        sql`CREATE SCHEMA prices`,
        sql`CREATE TABLE prices."say ""price""" (region VARCHAR, "group" BIGINT, price DECIMAL(10,2), rating DOUBLE, PRIMARY KEY (region, "group"))`,
      ],
      rows: {
        'stock.item': [
          { region: 'eu', number: 1, sku: 'a' },
          { region: 'us', number: 1, sku: 'b' },
          { region: 'eu', number: 2, sku: 'c' },
        ],
        'prices.say "price"': [
          { region: 'eu', group: 1, price: '2.50', rating: 4.5 },
          { region: 'us', group: 1, price: null, rating: NaN },
        ],
        'orders.order': [
          { id: 'o1', item_region: 'eu', item_number: 7 },
          { id: 'o2', item_region: 'eu', item_number: null },
        ],
        'prices.sale': [
          { r: 'eu', n: 1 },
          { r: 'eu', n: 1 },
          { r: 'us', n: 2 },
        ],
      },
    });
  }

  it('are found by keys of several fields', async () => {
    const { entities } = await openShop();
    const keys = [
      { region: 'us', number: '1' },
      { region: 'eu', number: '1' },
      { region: 'eu', number: '2' },
      { region: 'us', number: '2' },
      { region: 'eu', number: 'one' },
      { region: 'eu', number: '01' },
    ];
    const answer = await entities(
      'prices',
      'Item',
      'region number price discount sold label',
      keys,
    );
    expect(answer.errors).toBe(undefined);
    expect(answer.found).toEqual([
      { region: 'us', number: '1', price: 9.9, discount: 0.5, sold: 0, label: null },
      { region: 'eu', number: '1', price: 2.5, discount: 0.5, sold: 2, label: '2.50 EUR' },
      { region: 'eu', number: '2', price: 9.9, discount: 0.5, sold: 0, label: null },
      null,
      null,
      null,
    ]);
    expect(answer.statements).toHaveLength(2);
  });

  it('are found by each of their keys', async () => {
    const { entities, ask } = await openShop();
    const answer = await entities('stock', 'Item', 'sku number', [
      { sku: 'c' },
      { region: 'us', number: '1' },
      { sku: 'z' },
    ]);
    expect(answer.found).toEqual([{ sku: 'c', number: '2' }, { sku: 'b', number: '1' }, null]);
    expect(answer.statements).toHaveLength(2);
    const lookups = await ask(
      'stock',
      '{ item(region: "eu", number: 1) { sku } bySku(sku: "b") { region } }',
    );
    expect(plain(lookups.data)).toEqual({ item: { sku: 'a' }, bySku: { region: 'us' } });
  });

  it('are referred to by a domain that holds nothing of them', async () => {
    const { ask } = await openShop();
    const item = 'item { __typename region number }';
    const answer = await ask(
      'orders',
      `{ a: order(id: "o1") { ${item} } b: order(id: "o2") { ${item} } c: order { id } }`,
    );
    expect(answer.errors).toBe(undefined);
    expect(plain(answer.data)).toEqual({
      a: { item: { __typename: 'Item', region: 'eu', number: '7' } },
      b: { item: null },
      c: null,
    });
  });

  it('keep an error in one column of one row to itself', async () => {
    const { entities } = await openShop();
    const keys = ['us', 'eu'].map((region) => ({ region, number: '1' }));
    const answer = await entities('prices', 'Item', 'region rating', keys);
    expect(answer.found).toEqual([
      { region: 'us', rating: null },
      { region: 'eu', rating: 4.5 },
    ]);
    expect(answer.errors?.map(({ message, path }) => ({ message, path }))).toEqual([
      {
        message: 'The stored value NaN is no number that JSON can hold.',
        path: ['_entities', 0, 'rating'],
      },
    ]);
  });

  it('let a statement that fails fail for its keys only', async () => {
    const { entities } = await openDomains({
      schemas: {
        stock: `${schemaPrelude} type Item @key(fields: "id") @table { id: ID! size: Int @column(from: "cast(size as INTEGER)") }`,
      },
      rows: { 'stock.item': [{ id: 'a', size: 'large' }] },
    });
    const answer = await entities('stock', 'Item', 'id size', [{ id: 'a' }]);
    expect(answer.found).toEqual([null]);
    expect(answer.errors?.map(({ path }) => path)).toEqual([['_entities', 0]]);
  });
});
