import { describe, expect, it } from 'vitest';
import { didYouMean } from './did-you-mean.ts';

describe('the suggestion of a name', () => {
  it.each([
    ['salse', ['sales', 'support'], 'Did you mean "sales"?'],
    ['SALES', ['sales'], 'Did you mean "sales"?'],
    ['custmer', ['customer'], 'Did you mean "customer"?'],
  ])('is the near one: %s of %j', (name, known, advice) => {
    expect(didYouMean(name, known)).toBe(advice);
  });

  it.each([
    ['warehouse', ['sales'], 'Known: sales.'],
    ['warehouse', ['support', 'sales'], 'Known: sales, support.'],
    ['C', ['A', 'B'], 'Known: A, B.'],
    ['x', ['id'], 'Known: id.'],
    ['x', [], 'There is none.'],
  ])('is the list of what is known where none is near: %s of %j', (name, known, advice) => {
    expect(didYouMean(name, known)).toBe(advice);
  });
});
