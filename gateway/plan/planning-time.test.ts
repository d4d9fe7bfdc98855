import { expect, it } from 'vitest';
import { longestPlanningMs, PlanningTime } from './planning-time.ts';

it('a plan has a second of its own, and what takes longer shares a reserve that fills up slowly', () => {
  let nowMs = 0;
  const time = new PlanningTime({ monotonicMs: () => nowMs });
  for (let count = 0; count < 100; count++) time.spend(900);
  expect(time.left()).toBe(longestPlanningMs);
  time.spend(longestPlanningMs);
  expect(time.left()).toBe(longestPlanningMs);
  time.spend(longestPlanningMs);
  expect(time.left()).toBe(1_000);
  nowMs += 5_000;
  expect(time.left()).toBe(1_500);
  nowMs += 1_000_000;
  expect(time.left()).toBe(longestPlanningMs);
});
