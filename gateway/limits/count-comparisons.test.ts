import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { countComparisons } from './count-comparisons.ts';

const count = (text: string, most = 1_000_000): number => countComparisons(parse(text), most);
const fragment = (name: string, set: string): string => `fragment ${name} on A { ${set} }`;

describe('the pairs that have to be compared', () => {
  it.each([
    ['{ a b c }', 0],
    ['{ a a a }', 3],
    ['{ x: a y: a }', 0],
    ['{ x: a x: b }', 1],
    // Both objects, and their fields.
    ['{ a { b c } a { b d } }', 2],
    ['{ ... { a } ... on A { a } a }', 3],
    ['{ a { b { c } b { c } } a { b { c } } }', 1 + 3 + 3],
    ['{ a } query B { a a }', 1],
  ])('are those of fields of one name in one place: %s', (text, expected) => {
    expect(count(text)).toBe(expected);
  });

  it('are those of fragments too, each once in each place', () => {
    const fragments = ['F', 'G', 'H'].map((name) => fragment(name, `a of${name}`)).join(' ');
    expect(count(`{ ...F ...G ...H } ${fragments}`)).toBe(3 + 3);
    expect(count(`{ ...F ...F ...F } ${fragment('F', 'a')}`)).toBe(0);
    expect(count(`{ a ...F } ${fragment('F', 'a')}`)).toBe(1);
  });

  it('are counted in fragments that nobody spreads', () => {
    expect(count(`{ a } ${fragment('F', 'a a')}`)).toBe(1);
  });

  it('are counted no further than asked', () => {
    const found = count(`{ ${'a { b } '.repeat(100)} ${'c '.repeat(100)} }`, 10);
    expect(found).toBeGreaterThan(10);
  });

  it('are not looked for without end', () => {
    const circle = `{ a { ...F } } ${fragment('F', 'x: a { ...F } y: a { ...F }')}`;
    expect(count(circle)).toBe(0);
    const levels = Array.from({ length: 60 }, (_, n) =>
      fragment(`F${n}`, `x: a { ...F${n + 1} } y: a { ...F${n + 1} }`),
    );
    expect(count(`{ ...F0 } ${levels.join(' ')} ${fragment('F60', 'z')}`)).toBe(0);
  });
});
