import type { IncomingHttpHeaders } from 'node:http';
import type { Environment } from '../../foundation/config/environment.ts';
import { isOfTheMessage } from '../../foundation/config/remote-schema.ts';
import type { Config } from '../../foundation/config/schema.ts';
import { raise } from '../../foundation/errors/tributary-error.ts';

type WrittenRule = Config['subgraphs']['headers'][number];

/** A rule that is ready to be followed. A pattern is a name, or the beginning of names and a `*`. */
export type HeaderRule =
  | { readonly kind: 'propagate'; readonly pattern: string; readonly as: string | undefined }
  | { readonly kind: 'set'; readonly name: string; readonly value: string }
  | { readonly kind: 'remove'; readonly pattern: string };

/** @throws SUBGRAPH_HEADER_UNSET when a rule names a variable that is not set, or that no header can carry */
export function headerRules(
  subgraph: string,
  rules: readonly WrittenRule[],
  environment: Environment,
): readonly HeaderRule[] {
  return rules.map(({ propagate, as, set, value, variable, remove }): HeaderRule => {
    if (propagate !== undefined) return { kind: 'propagate', pattern: propagate, as };
    if (remove !== undefined) return { kind: 'remove', pattern: remove };
    const name = set ?? '';
    if (variable === undefined) return { kind: 'set', name, value: value ?? '' };
    const found = environment[variable];
    if (found === undefined || !/^[\t\x20-\x7e]+$/.test(found)) {
      throw raise('SUBGRAPH_HEADER_UNSET', { subgraph, header: name, variable });
    }
    return { kind: 'set', name, value: found };
  });
}

/**
 * The headers that a subgraph gets: those of the gateway, as the rules change them.
 *
 * @param received of the caller's request, names in lower case
 */
export function followHeaderRules(
  rules: readonly HeaderRule[],
  own: Readonly<Record<string, string>>,
  received: Readonly<IncomingHttpHeaders>,
): Readonly<Record<string, string>> {
  if (rules.length === 0) return own;
  const sent = new Map(Object.entries(own));
  const ofConnection = namesIn(received.connection);
  for (const rule of rules) {
    switch (rule.kind) {
      case 'propagate':
        for (const name of namesOf(rule.pattern, Object.keys(received))) {
          const value = received[name];
          if (value === undefined || ofConnection.has(name)) continue;
          sent.set(rule.as ?? name, Array.isArray(value) ? value.join(', ') : value);
        }
        break;
      case 'set':
        sent.set(rule.name, rule.value);
        break;
      case 'remove':
        for (const name of sent.keys()) if (matches(rule.pattern, name)) sent.delete(name);
        break;
    }
  }
  return Object.fromEntries(sent);
}

/** What shows who a caller is goes to a subgraph only where a rule calls it by its whole name. */
const credentials: ReadonlySet<string> = new Set([
  'authorization',
  'cookie',
  'x-api-key',
  'x-tributary-router-secret',
]);

function namesOf(pattern: string, names: readonly string[]): readonly string[] {
  if (!pattern.endsWith('*')) return names.includes(pattern) ? [pattern] : [];
  return names.filter(
    (name) => matches(pattern, name) && !credentials.has(name) && !isOfTheMessage(name),
  );
}

function matches(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

/** The headers that a caller's `connection` header names belong to that connection alone (RFC 9110, 7.6.1). */
function namesIn(connection: string | undefined): ReadonlySet<string> {
  return new Set((connection ?? '').split(',').map((name) => name.trim().toLowerCase()));
}
