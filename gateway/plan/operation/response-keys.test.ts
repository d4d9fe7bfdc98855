import { expect, it } from 'vitest';
import { together } from './response-keys.ts';

it('two parts of an object come together, also under keys that every object of JavaScript inherits', () => {
  const one = { tax: 1, list: [{ a: 1 }, null] };
  const other = JSON.parse(
    '{ "toString": 2, "__proto__": 3, "list": [{ "b": 2 }, null] }',
  ) as object;
  expect(JSON.stringify(together(one, other))).toBe(
    '{"tax":1,"list":[{"a":1,"b":2},null],"toString":2,"__proto__":3}',
  );
});
