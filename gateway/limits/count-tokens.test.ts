import fc from 'fast-check';
import { Lexer, Source, TokenKind } from 'graphql';
import { describe, expect, it } from 'vitest';
import { countTokens } from './count-tokens.ts';

/** As graphql-js counts them. */
function lexedTokens(text: string): number {
  const lexer = new Lexer(new Source(text));
  let tokens = 0;
  while (lexer.advance().kind !== TokenKind.EOF) tokens += 1;
  return tokens;
}

const pieces = [
  ...['!', '$', '&', '(', ')', '...', ':', '=', '@', '[', ']', '{', '|', '}'],
  ...['name', '_n4me', 'on', 'true', '0', '-1', '1.5', '-2.5e+10', '3E-7'],
  ...['""', '"a b"', '"\\""', '"\\\\"', '"# {"', '"\\u{1F600}"'],
  ...['"""block\n"quoted" \\""" # {"""', '""""""', '"""\\\\ """'],
  ...['# a comment "\n', '#\r\n', ',', '\ufeff', '\t'],
];

describe('the tokens of a text', () => {
  it('are as many as the parser finds', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 30 }), (chosen) => {
        const text = chosen.join(' ');
        expect(countTokens(text)).toBe(lexedTokens(text));
      }),
      { numRuns: 500 },
    );
  });

  it('are counted where nothing stands between them', () => {
    expect(countTokens('query($a:[ID!]!=["x"]){...F@a(b:-1)}')).toBe(26);
    expect(countTokens('')).toBe(0);
  });

  it('are counted no further than asked', () => {
    expect(countTokens('a '.repeat(1_000), 10)).toBe(11);
  });

  it('are counted also of what is no GraphQL', () => {
    for (const text of ['"never ends', '"""never ends', '"ends\nwith its line', '.. ', '§', '\0'])
      expect(countTokens(text)).toBeGreaterThan(0);
  });
});
