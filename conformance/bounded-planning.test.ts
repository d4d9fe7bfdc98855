import { expect, it } from 'vitest';
import { checkSeed } from './federation/random/check-seed.ts';

/** The supergraph of this seed has fields of interface objects that are computed of each other. */
const circular = 1571;

it('a question for which the planner goes round in a circle is refused', async () => {
  const outcome = await checkSeed(circular, 6);
  expect(outcome).toMatchObject({ kind: 'refused' });
  expect(outcome.kind === 'refused' && outcome.codes).toContain('QUESTION_TOO_COMPLEX');
}, 120_000);
