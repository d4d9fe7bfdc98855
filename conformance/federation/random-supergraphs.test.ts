import { describe, expect, it } from 'vitest';
import { checkSeed } from './random/check-seed.ts';

/** The first ones, and some that found something: each composes. More of them: `random/try-seeds.ts`. */
const seeds = [
  2, 3, 4, 8, 10, 12, 27, 34, 43, 44, 52, 57, 63, 65, 68, 79, 90, 97, 280, 327, 412, 471, 581, 595,
];

describe('a graph of made-up subgraphs', () => {
  it.each(seeds)('answers as one server does that has everything: seed %i', async (seed) => {
    const outcome = await checkSeed(seed, 5);
    if (outcome.kind === 'wrong') throw new Error(outcome.report);
    expect(outcome).toEqual({ kind: 'right', questions: 5 });
  });
});
