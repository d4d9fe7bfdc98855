import type { JWTPayload } from 'jose';
import type { Caller } from './caller.ts';

/** What callers can show besides who they are. */
export interface Grants {
  /** Whether the caller showed a credential. Who is let in without one, on this machine, is not known. */
  readonly isKnown: boolean;
  readonly scopes: ReadonlySet<string>;
  readonly policies: ReadonlySet<string>;
}

const none: ReadonlySet<string> = new Set();

/**
 * Scopes are those of a token's claims `scope` and `scp`, policies those of the claim that a setting names: each a list
 * of texts, or one text with spaces between them. An API key has neither.
 */
export function grantsOf(caller: Caller, policiesClaim: string | undefined): Grants {
  switch (caller.kind) {
    case 'anonymous':
    case 'router':
      return { isKnown: false, scopes: none, policies: none };
    case 'apiKey':
      return { isKnown: true, scopes: none, policies: none };
    case 'jwt':
      return {
        isKnown: true,
        scopes: new Set([...textsIn(caller.claims, 'scope'), ...textsIn(caller.claims, 'scp')]),
        policies: new Set(policiesClaim === undefined ? [] : textsIn(caller.claims, policiesClaim)),
      };
  }
}

function textsIn(claims: Readonly<JWTPayload>, name: string): readonly string[] {
  const claim = Object.hasOwn(claims, name) ? claims[name] : undefined;
  // Only that one space parts scopes: https://www.rfc-editor.org/rfc/rfc6749#section-3.3
  if (typeof claim === 'string') return claim.split(' ').filter((text) => text !== '');
  if (!Array.isArray(claim)) return [];
  return claim.filter((text): text is string => typeof text === 'string');
}
