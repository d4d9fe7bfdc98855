import type { Grants } from '../../access/grants.ts';
import type { AccessRule, Alternatives } from '../../registry/access-rules.ts';

/** One thing that a caller has to show; a field may have several of them. */
export type Requirement = {
  /** Tells requirements of one graph apart. */
  readonly id: number;
} & (
  | { readonly kind: 'authenticated' }
  | { readonly kind: 'scopes' | 'policies'; readonly alternatives: Alternatives }
);

/** The requirements of a graph; equal ones of several places are one. */
export class Requirements {
  readonly #bySubstance = new Map<string, Requirement>();

  of({ isAuthenticated, scopes, policies }: AccessRule): readonly Requirement[] {
    return [
      ...(isAuthenticated ? [this.#one({ kind: 'authenticated' })] : []),
      ...(scopes === undefined ? [] : [this.#one({ kind: 'scopes', alternatives: scopes })]),
      ...(policies === undefined ? [] : [this.#one({ kind: 'policies', alternatives: policies })]),
    ];
  }

  #one(substance: WithoutId<Requirement>): Requirement {
    const text = JSON.stringify(substance);
    const known = this.#bySubstance.get(text) ?? { id: this.#bySubstance.size, ...substance };
    this.#bySubstance.set(text, known);
    return known;
  }
}

type WithoutId<Type> = Type extends unknown ? Omit<Type, 'id'> : never;

/** Whether a caller shows it. Of no alternatives at all nobody has one. */
export function isMet(requirement: Requirement, grants: Grants): boolean {
  if (requirement.kind === 'authenticated') return grants.isKnown;
  const held = grants[requirement.kind];
  return requirement.alternatives.some((all) => all.every((one) => held.has(one)));
}

/** What a caller lacks who does not meet them: `the scopes "a" and "b", or "c"`. */
export function describeRequirements(requirements: readonly Requirement[]): string {
  return requirements.map(describe).join('; ');
}

function describe(requirement: Requirement): string {
  if (requirement.kind === 'authenticated') return 'an API key or a token';
  const [one, many] = requirement.kind === 'scopes' ? ['scope', 'scopes'] : ['policy', 'policies'];
  const { alternatives } = requirement;
  if (alternatives.length === 0) return `a ${one}, of which the schema names none`;
  const isOne = alternatives.flat().length === 1;
  const named = alternatives.map((all) => all.map((name) => `"${name}"`).join(' and '));
  return `the ${isOne ? one : many} ${named.join(', or ')}`;
}
