import { describe, expect, it } from 'vitest';
import type { LakeType } from '../../mapping/model.ts';
import { freshnessOf } from '../../motion/testing/memory-sync.ts';
import type { Freshness } from '../../sync/sync-service.ts';
import { AnswerFreshness } from './answer-freshness.ts';

const at = (hour: number): Date => new Date(Date.UTC(2026, 0, 31, hour));

describe('the age of an answer', () => {
  it('has an entry for each domain that was read, by name, and for no other', () => {
    const known = [
      freshnessOf('sales', { lagSeconds: 5 }),
      freshnessOf('billing', { watermark: null, lagSeconds: 9 }),
      freshnessOf('support'),
    ];
    expect(ageOf(known, 'sales.customer', 'billing.customer')).toEqual([
      {
        domain: 'billing',
        state: 'FRESH',
        watermark: null,
        lastSuccess: at(1).toISOString(),
        lagSeconds: 9,
      },
      {
        domain: 'sales',
        state: 'FRESH',
        watermark: at(1).toISOString(),
        lastSuccess: at(1).toISOString(),
        lagSeconds: 5,
      },
    ]);
    expect(ageOf(known)).toEqual([]);
  });

  it('is that of the oldest table that was read, in the worst state of them', () => {
    const known = [
      freshnessOf('sales', { table: 'customer', lagSeconds: 7_200, watermark: at(1) }),
      freshnessOf('sales', { table: 'order', lagSeconds: 60, watermark: at(3), state: 'STALE' }),
      freshnessOf('sales', { table: 'lead', lagSeconds: 90_000, watermark: at(0) }),
    ];
    const [entry] = ageOf(known, 'sales.customer', 'sales.order') ?? [];
    expect(entry).toMatchObject({
      watermark: at(1).toISOString(),
      lagSeconds: 7_200,
      state: 'STALE',
    });
  });

  it.each([
    { states: ['LIVE'], state: 'LIVE' },
    { states: ['LIVE', 'FRESH'], state: 'FRESH' },
    { states: ['FRESH', 'STALE', 'LIVE'], state: 'STALE' },
    { states: ['UNSYNCED', 'STALE'], state: 'UNSYNCED' },
    { states: ['NEVER', 'UNSYNCED'], state: 'NEVER' },
  ] as const)('is $state where the tables are $states', ({ states, state }) => {
    const known = states.map((one, index) =>
      freshnessOf('sales', {
        table: `t${index}`,
        state: one,
        ...(one === 'FRESH' || one === 'STALE'
          ? {}
          : { lagSeconds: null, watermark: null, lastSuccess: null }),
      }),
    );
    const [entry] = ageOf(known, ...states.map((_, index) => `sales.t${index}`)) ?? [];
    expect(entry?.state).toBe(state);
    if (!['FRESH', 'STALE'].includes(state)) {
      expect(entry).toMatchObject({ watermark: null, lastSuccess: null, lagSeconds: null });
    }
  });

  it('has no times for identities, whatever is told of them', () => {
    expect(ageOf([freshnessOf('identity', { state: 'LIVE' })], 'identity.customer')).toEqual([
      { domain: 'identity', state: 'LIVE', watermark: null, lastSuccess: null, lagSeconds: null },
    ]);
  });

  it('is unknown of a table that nothing is told of, whatever else is known of the domain', () => {
    const known = [freshnessOf('sales', { table: 'customer' })];
    expect(ageOf(known, 'sales.Customer', 'sales.invoice')).toMatchObject([
      { state: 'UNSYNCED', lagSeconds: null },
    ]);
    expect(ageOf(known, 'sales.Customer')).toMatchObject([{ state: 'FRESH', lagSeconds: 60 }]);
  });

  it('is not told where it could not be found out', () => {
    expect(new AnswerFreshness(undefined).finish()).toBeNull();
  });
});

function ageOf(known: readonly Freshness[], ...tables: readonly string[]) {
  const freshness = new AnswerFreshness(known);
  for (const name of tables) {
    const [domain = '', table = ''] = name.split('.');
    freshness.partsRead.addRows({ domain, table } as LakeType);
  }
  return freshness.finish();
}
