import { describe, expect, it } from 'vitest';
import { asksForPlainJson } from './plain-json-status.ts';

describe('a client asks for plain JSON', () => {
  it.each([
    ['by its name', 'application/json', true],
    ['by its name among others', 'text/html, Application/JSON;q=0.9, */*', true],
    [
      'not where it knows the newer type',
      'application/graphql-response+json, application/json',
      false,
    ],
    ['not where anything will do', '*/*', false],
    ['not where it says nothing', undefined, false],
  ])('%s', (_, accept, isAsked) => {
    expect(asksForPlainJson(accept)).toBe(isAsked);
  });
});
