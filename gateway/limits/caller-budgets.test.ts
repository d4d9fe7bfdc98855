import { describe, expect, it } from 'vitest';
import type { Caller } from '../../access/caller.ts';
import { TributaryError } from '../../foundation/errors/tributary-error.ts';
import { CallerBudgets } from './caller-budgets.ts';

const anonymous: Caller = { kind: 'anonymous' };

function startBudgets(costPerSecond = 10, costBurst = 100) {
  let nowMs = 0;
  const clock = { now: () => new Date(nowMs), monotonicMs: () => nowMs };
  const budgets = new CallerBudgets({ costPerSecond, costBurst, clock });
  const take = (cost: number, caller: Caller = anonymous, clientAddress = '192.0.2.1') => {
    try {
      budgets.take({ caller, clientAddress }, cost);
      return 'let in';
    } catch (error) {
      if (!(error instanceof TributaryError)) throw error;
      return error;
    }
  };
  return { take, pass: (ms: number) => (nowMs += ms) };
}

describe('the budget of a caller', () => {
  it('is used up at once and comes back with time', () => {
    const { take, pass } = startBudgets();
    expect(take(60)).toBe('let in');
    expect(take(40)).toBe('let in');
    expect(take(1)).toMatchObject({ code: 'RATE_LIMITED', status: 429, retryAfterSeconds: 1 });
    pass(1_000);
    expect(take(10)).toBe('let in');
    expect(take(25)).toMatchObject({ retryAfterSeconds: 3 });
    pass(1_000_000);
    expect(take(100)).toBe('let in');
    expect(take(1)).toBeInstanceOf(TributaryError);
  });

  it('says what is asked, what is left, and when to come back', () => {
    const { take } = startBudgets();
    take(70);
    expect(take(50)).toMatchObject({
      message: expect.stringContaining('an estimated cost of 50, and 30 are left of 100'),
      hint: expect.stringContaining('Ask again in 2 s; 10 come back in each second'),
    });
  });

  it('is charged only for what was let in', () => {
    const { take } = startBudgets();
    take(90);
    expect(take(20)).toBeInstanceOf(TributaryError);
    expect(take(10)).toBe('let in');
  });

  it('leaves a debt behind for what costs more than all of it', () => {
    const { take, pass } = startBudgets();
    expect(take(300)).toBe('let in');
    pass(20_000);
    expect(take(1)).toMatchObject({ retryAfterSeconds: 1 });
    pass(1_000);
    expect(take(1)).toBe('let in');
    expect(take(300)).toMatchObject({ retryAfterSeconds: 10 });
  });

  it('is one for each key, subject and address', () => {
    const { take } = startBudgets();
    const key = (id: string): Caller => ({ kind: 'apiKey', id, name: 'same' });
    const token = (subject: string): Caller => ({ kind: 'jwt', subject, claims: {} });
    for (const caller of [key('a'), key('b'), token('a'), token('b'), anonymous])
      expect(take(100, caller)).toBe('let in');
    expect(take(100, anonymous, '192.0.2.2')).toBe('let in');
    expect(take(1, key('a'), '192.0.2.3')).toBeInstanceOf(TributaryError);
    expect(take(1, token('b'), '192.0.2.3')).toBeInstanceOf(TributaryError);
  });

  it('is one for a whole network of IPv6', () => {
    const { take } = startBudgets();
    expect(take(100, anonymous, '2001:db8:0:1::1')).toBe('let in');
    expect(take(1, anonymous, '2001:db8:0:1:ffff::2')).toBeInstanceOf(TributaryError);
    expect(take(1, anonymous, '2001:0DB8::1:0:0:0:9')).toBeInstanceOf(TributaryError);
    expect(take(100, anonymous, '2001:db8:0:2::1')).toBe('let in');
    expect(take(100, anonymous, '::1')).toBe('let in');
  });

  it('is not limited for other routers, nor where the limit is off', () => {
    const { take } = startBudgets();
    for (let times = 0; times < 3; times++) expect(take(100, { kind: 'router' })).toBe('let in');
    const off = startBudgets(0);
    for (let times = 0; times < 3; times++) expect(off.take(1_000)).toBe('let in');
  });

  it('is kept for a bounded number of callers', () => {
    const { take } = startBudgets();
    take(100);
    for (let n = 0; n < 20_000; n++) take(1, anonymous, `caller ${n}`);
    expect(take(100)).toBe('let in');
  });
});
