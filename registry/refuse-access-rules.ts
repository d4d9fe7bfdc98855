import { raise } from '../foundation/errors/tributary-error.ts';
import type { AccessRule } from './access-rules.ts';

const mostNamed = 3;

/**
 * Refuses a supergraph whose access rules nobody here enforces. Their links say `for: SECURITY`, which forbids to go
 * on without them: https://specs.apollo.dev/link/v1.0/#Purpose
 *
 * @throws ACCESS_RULES_UNSUPPORTED
 */
export function refuseAccessRules(rules: ReadonlyMap<string, AccessRule>): void {
  if (rules.size > 0) throw raise('ACCESS_RULES_UNSUPPORTED', { coordinates: nameRules(rules) });
}

/**
 * Refuses a supergraph that asks callers for policies where nobody knows which ones they hold.
 *
 * @throws POLICIES_CLAIM_MISSING
 */
export function refusePolicies(rules: ReadonlyMap<string, AccessRule>): void {
  const withPolicies = new Map([...rules].filter(([, { policies }]) => policies !== undefined));
  if (withPolicies.size > 0)
    throw raise('POLICIES_CLAIM_MISSING', { coordinates: nameRules(withPolicies) });
}

/** The first few coordinates that have rules, and how many more there are. */
export function nameRules(rules: ReadonlyMap<string, AccessRule>): string {
  const named = [...rules.keys()].slice(0, mostNamed).join(', ');
  return rules.size > mostNamed ? `${named} and ${rules.size - mostNamed} more` : named;
}
