import { expect, test } from 'vitest';
import { filterAndSort, groupAndSum, type Customer } from './naive-evaluation.ts';

const customers: readonly Customer[] = [
  {
    id: '1',
    name: 'B',
    accountValue: 0.1,
    salesRep: 'Ann',
    supportTier: 'GOLD',
    paymentTerms: 'NET_15',
  },
  {
    id: '2',
    name: 'A',
    accountValue: 0.1,
    salesRep: 'Ann',
    supportTier: 'GOLD',
    paymentTerms: 'NET_15',
  },
  {
    id: '3',
    name: 'C',
    accountValue: 0.2,
    salesRep: null,
    supportTier: 'GOLD',
    paymentTerms: 'NET_30',
  },
  {
    id: '4',
    name: 'D',
    accountValue: null,
    salesRep: null,
    supportTier: 'SILVER',
    paymentTerms: 'NET_15',
  },
];

test('the best come first, then by name; missing values last', () => {
  const page = filterAndSort(customers, { tiers: ['GOLD', 'SILVER'], terms: 'NET_15' });
  expect(page.map(({ id }) => id)).toEqual(['2', '1', '4']);
});

test('groups come in the order of their keys, and sums are exact', () => {
  expect(groupAndSum(customers)).toEqual([
    { keys: { salesRep: 'Ann', supportTier: 'GOLD' }, count: 2, sum: { accountValue: 0.2 } },
    { keys: { salesRep: null, supportTier: 'GOLD' }, count: 1, sum: { accountValue: 0.2 } },
    { keys: { salesRep: null, supportTier: 'SILVER' }, count: 1, sum: { accountValue: null } },
  ]);
});
