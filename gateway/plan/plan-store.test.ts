import type { QueryPlan } from '@apollo/query-planner';
import { expect, it } from 'vitest';
import { PlanStore } from './plan-store.ts';

const planOf = (serviceName: string): QueryPlan => ({
  kind: 'QueryPlan',
  node: {
    kind: 'Fetch',
    serviceName,
    operation: '{ a }',
    operationName: undefined,
    operationKind: 'query' as never,
  },
});

it('keeps plans until they are larger than all that may be kept, the ones used longest ago first', async () => {
  const store = new PlanStore(250);
  await store.set('a', planOf('a'));
  store.put('b', { plan: planOf('b'), length: 100 });
  expect([store.has('a'), store.has('b')]).toEqual([true, true]);
  expect(await store.get('b')).toEqual(planOf('b'));
  expect(await store.get('a')).toEqual(planOf('a'));
  await store.set('c', planOf('c'));
  expect([store.has('a'), store.has('b'), store.has('c')]).toEqual([true, false, true]);
  store.clear();
  expect(await store.get('c')).toBeUndefined();
});

it('hands a plan that is too large to be kept to who has put it, once', async () => {
  const store = new PlanStore(10);
  const large = { plan: planOf('a'), length: 100 };
  store.put('a', large);
  expect(store.has('a')).toBe(false);
  expect(await store.get('a')).toBe(large.plan);
  expect(await store.get('a')).toBeUndefined();
});
