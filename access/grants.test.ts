import { describe, expect, it } from 'vitest';
import type { Caller } from './caller.ts';
import { grantsOf } from './grants.ts';

function bearer(claims: Readonly<Record<string, unknown>>): Caller {
  return { kind: 'jwt', subject: 'ana', claims };
}

describe('what a caller can show', () => {
  it('is nothing for whoever is let in without a credential', () => {
    const nothing = { isKnown: false, scopes: new Set(), policies: new Set() };
    expect(grantsOf({ kind: 'anonymous' }, 'policies')).toEqual(nothing);
    expect(grantsOf({ kind: 'router' }, 'policies')).toEqual(nothing);
  });

  it('is to be known, for an API key', () => {
    const caller: Caller = { kind: 'apiKey', id: 'k', name: 'crm' };
    expect(grantsOf(caller, 'name')).toEqual({
      isKnown: true,
      scopes: new Set(),
      policies: new Set(),
    });
  });

  it('is in claims of a token, as texts or as one text with spaces', () => {
    const { scopes } = grantsOf(bearer({ scope: ' a  b', scp: ['c d', 7, null] }), undefined);
    expect([...scopes]).toEqual(['a', 'b', 'c d']);
    const claims = { scope: { a: true }, roles: 'x y' };
    const grants = grantsOf(bearer(claims), 'roles');
    expect(grants).toEqual({ isKnown: true, scopes: new Set(), policies: new Set(['x', 'y']) });
    expect(grantsOf(bearer(claims), 'toString').policies.size).toBe(0);
    expect(grantsOf(bearer(claims), undefined).policies.size).toBe(0);
  });
});
