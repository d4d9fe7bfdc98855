import { describe, expect, it } from 'vitest';
import { checkNesting } from './check-nesting.ts';

const what = 'The query';

describe('the nesting of a text', () => {
  it.each([
    ['braces', '{a', '}'],
    ['lists', '[', ']'],
    ['arguments', '(', ')'],
    ['a mixture', '{a(b:[', '])}'],
  ])('is refused beyond 500 levels of %s', (_, open, close) => {
    const levels = (open.match(/[{[(]/g) ?? []).length;
    const nested = (times: number): string => open.repeat(times) + close.repeat(times);
    const most = Math.floor(500 / levels);
    expect(() => checkNesting(nested(most), what)).not.toThrow();
    expect(() => checkNesting(nested(most + 1), what)).toThrow(
      'The query has brackets within brackets in more than 500 levels.',
    );
    expect(() => checkNesting(nested(400_000), what)).toThrow('more than 500 levels');
  });

  it('is not made of what stands beside each other', () => {
    expect(() => checkNesting('{a}'.repeat(900), what)).not.toThrow();
    expect(() => checkNesting('{ a(b: [1]) }'.repeat(900), what)).not.toThrow();
  });

  it.each([
    ['strings', `{ a(b: "${'{'.repeat(600)}") }`],
    ['strings with quotes in them', `{ a(b: "\\"${'['.repeat(600)}\\\\") }`],
    ['texts in triple quotes', `{ a(b: """ " \\""" ${'('.repeat(600)} """) }`],
    ['empty strings', `{ a(b: "", c: "${'{'.repeat(600)}") }`],
    ['comments', `{ a # ${'{'.repeat(600)}\n b # ${'['.repeat(600)}`],
  ])('is not made of what stands in %s', (_, text) => {
    expect(() => checkNesting(text, what)).not.toThrow();
  });

  it('goes on behind a string and a comment', () => {
    const nested = '{'.repeat(600);
    expect(() => checkNesting(`{ a(b: "") } ${nested}`, what)).toThrow('500 levels');
    expect(() => checkNesting(`# "\n${nested}`, what)).toThrow('500 levels');
    expect(() => checkNesting(`# "\r${nested}`, what)).toThrow('500 levels');
    expect(() => checkNesting(`"""a"""${nested}`, what)).toThrow('500 levels');
  });

  it('is left to the parser where a string never ends', () => {
    expect(() => checkNesting(`"${'{'.repeat(600)}`, what)).not.toThrow();
  });

  it('is read as JSON as well', () => {
    const json = JSON.stringify({ query: '{'.repeat(600), variables: { a: '"['.repeat(600) } });
    expect(() => checkNesting(json, what)).not.toThrow();
    expect(() => checkNesting(`{"a":${'['.repeat(600)}`, what)).toThrow('500 levels');
  });

  it('allows 1,000 definitions', () => {
    const fragment = 'fragment f on A { a } ';
    expect(() => checkNesting(fragment.repeat(1_000), what)).not.toThrow();
    expect(() => checkNesting(fragment.repeat(1_001), what)).toThrow('more than 1000 operations');
  });
});
