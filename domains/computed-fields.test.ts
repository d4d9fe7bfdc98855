import { describe, expect, it } from 'vitest';
import type { ResolverModule } from './resolver-module.ts';
import { schemaPrelude } from './testing/schema-prelude.ts';
import { openDomains, plain, type Harness } from './testing/subgraph-harness.ts';

describe('resolvers of a domain', () => {
  const schema = `${schemaPrelude}
    type Item @key(fields: "id") @table {
      id: ID!
      size: Int
      label(prefix: String!): String
      price: Price @computed
      related: [Item!]! @computed
    }
    type Price { amount: Decimal! currency: String! }
    type Query { best: Item @computed  count(least: BigInt!): BigInt! }
    type Mutation { rename(id: ID!): Item }
  `;
  const resolvers: ResolverModule = {
    Item: {
      label: (parent, args) =>
        `${(args as { prefix: string }).prefix}${(parent as { size: number }).size}`,
      price: () => ({ amount: '9007199254740993.01', currency: 'EUR' }),
      related: () => [{ id: 'b' }, { id: 'a', size: 77 }],
    },
    Query: {
      best: () => ({ id: 'b' }),
      count: (_parent, args) => BigInt((args as { least: string }).least) + 1n,
    },
    Mutation: { rename: (_parent, args) => args },
  };

  function openItems(): Promise<Harness> {
    return openDomains({
      schemas: { stock: schema },
      rows: {
        'stock.item': [
          { id: 'a', size: 1 },
          { id: 'b', size: 2 },
        ],
      },
      resolvers: { stock: resolvers },
    });
  }

  it('may return references, which the lake completes', async () => {
    const { ask } = await openItems();
    const answer = await ask(
      'stock',
      '{ best { id size label(prefix: "n") related { id size label(prefix: "") } } }',
    );
    expect(answer.errors).toBe(undefined);
    expect(plain(answer.data)).toEqual({
      best: {
        id: 'b',
        size: 2,
        label: 'n2',
        related: [
          { id: 'b', size: 2, label: '2' },
          { id: 'a', size: 77, label: '1' },
        ],
      },
    });
    expect(answer.statements).toHaveLength(2);
    const renamed = await ask('stock', 'mutation { rename(id: "a") { size } }');
    expect(plain(renamed.data)).toEqual({ rename: { size: 1 } });
  });

  it('write and read custom scalars', async () => {
    const { ask } = await openItems();
    const large = await ask('stock', '{ count(least: 9007199254740993) }');
    expect(plain(large.data)).toEqual({ count: '9007199254740994' });
    const bad = await ask('stock', '{ count(least: "many") }');
    expect(bad.errors?.[0]?.message).toContain('"many" is not a BigInt.');
    const inexact = await ask('stock', '{ best { price { currency amount } } }');
    expect(plain(inexact.data)).toEqual({ best: { price: null } });
    expect(inexact.errors?.[0]?.path).toEqual(['best', 'price', 'amount']);
    const exact = await ask('stock', '{ best { price { amount } } }', {}, { decimals: 'string' });
    expect(plain(exact.data)).toEqual({ best: { price: { amount: '9007199254740993.01' } } });
  });
});
