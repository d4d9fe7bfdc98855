import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hasInexactNumber, replaceInexact } from './exact-json.ts';

const kept = (json: string): unknown =>
  JSON.parse(replaceInexact(json, (digits) => `exact ${digits}`));

it.each([
  ['12345678901234567890', 'exact 12345678901234567890'],
  ['-0.1234567890123456789', 'exact -0.1234567890123456789'],
  ['1e400', 'exact 1e400'],
  ['9007199254740992', 9007199254740992],
  ['0.30000000000000004', 0.30000000000000004],
  ['1.50000000000000000000', 1.5],
  ['1E+2', 100],
  ['"12345678901234567890"', '12345678901234567890'],
  [
    '{"a\\\\\\"1":["\\\\",9007199254740993,true],"b":12345678901234567890}',
    { 'a\\"1': ['\\', 'exact 9007199254740993', true], b: 'exact 12345678901234567890' },
  ],
])('%s is read with its digits where no double has them', (json, value) => {
  expect(kept(json)).toEqual(value);
  expect(hasInexactNumber(json)).toBe(JSON.stringify(value).includes('exact'));
});

it('what doubles have is read as by JSON.parse', () => {
  fc.assert(
    fc.property(fc.json(), (json) => {
      expect(kept(json)).toEqual(JSON.parse(json));
      expect(hasInexactNumber(json)).toBe(false);
    }),
  );
});
