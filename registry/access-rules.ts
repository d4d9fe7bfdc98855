import {
  isTypeDefinitionNode,
  Kind,
  type ConstDirectiveNode,
  type DirectiveNode,
  type DocumentNode,
} from 'graphql';
import { findArgument } from '../mapping/schema-source.ts';
import { localDirectiveName, readLinkedFeatures, type LinkedFeature } from './linked-features.ts';

/** What a caller has to show for a type or field. Each of the three that is declared has to hold. */
export interface AccessRule {
  /** The caller has to be known. */
  readonly isAuthenticated: boolean;
  /** The caller needs all scopes of one of the alternatives. Undefined when none are asked for. */
  readonly scopes: Alternatives | undefined;
  /** All policies of one of the alternatives have to hold. Undefined when none are asked for. */
  readonly policies: Alternatives | undefined;
}

export type Alternatives = readonly (readonly string[])[];

/** What a supergraph calls the access specifications of federation; it need not link any. */
export interface AccessVocabulary {
  readonly links: ReadonlySet<DirectiveNode>;
  readonly authenticated: string | undefined;
  readonly requiresScopes: string | undefined;
  readonly policy: string | undefined;
  /** The scalars that the directives' arguments are made of. */
  readonly scalars: ReadonlySet<string>;
}

/** Reads the links to `@authenticated`, `@requiresScopes` and `@policy`: https://specs.apollo.dev/authenticated/v0.1 */
export function readAccessVocabulary(supergraph: DocumentNode): AccessVocabulary {
  const features = readLinkedFeatures(supergraph);
  const find = (name: string): LinkedFeature | undefined =>
    features.find(({ identity }) => identity === `https://specs.apollo.dev/${name}`);
  const authenticated = find('authenticated');
  const requiresScopes = find('requiresScopes');
  const policy = find('policy');
  return {
    links: new Set([authenticated, requiresScopes, policy].flatMap((link) => link?.node ?? [])),
    authenticated: authenticated && localDirectiveName(authenticated, 'authenticated'),
    requiresScopes: requiresScopes && localDirectiveName(requiresScopes, 'requiresScopes'),
    policy: policy && localDirectiveName(policy, 'policy'),
    scalars: new Set([...scalarOf(requiresScopes, 'Scope'), ...scalarOf(policy, 'Policy')]),
  };
}

/** The rules that a supergraph declares, by coordinate: `Type` or `Type.field`. */
export function readAccessRules(
  supergraph: DocumentNode,
  vocabulary: AccessVocabulary,
): ReadonlyMap<string, AccessRule> {
  const rules = new Map<string, AccessRule>();
  const add = (coordinate: string, directives: readonly ConstDirectiveNode[] | undefined): void => {
    const rule = readRule(directives ?? [], vocabulary);
    if (rule !== undefined) rules.set(coordinate, rule);
  };
  for (const node of supergraph.definitions.filter(isTypeDefinitionNode)) {
    add(node.name.value, node.directives);
    for (const field of 'fields' in node ? (node.fields ?? []) : []) {
      add(`${node.name.value}.${field.name.value}`, field.directives);
    }
  }
  return rules;
}

function scalarOf(link: LinkedFeature | undefined, name: string): readonly string[] {
  return link === undefined ? [] : [link.imports.get(name) ?? `${link.localName}__${name}`];
}

function readRule(
  directives: readonly ConstDirectiveNode[],
  vocabulary: AccessVocabulary,
): AccessRule | undefined {
  const find = (name: string | undefined): ConstDirectiveNode | undefined =>
    directives.find((directive) => directive.name.value === name);
  const isAuthenticated = find(vocabulary.authenticated) !== undefined;
  const scopes = find(vocabulary.requiresScopes);
  const policies = find(vocabulary.policy);
  if (!isAuthenticated && scopes === undefined && policies === undefined) return undefined;
  return {
    isAuthenticated,
    scopes: scopes && readAlternatives(scopes, 'scopes'),
    policies: policies && readAlternatives(policies, 'policies'),
  };
}

/** A list of lists; GraphQL's list coercion lets a value stand for a list of one. */
function readAlternatives(directive: ConstDirectiveNode, argument: string): Alternatives {
  const value = findArgument(directive, argument);
  const alternatives =
    value?.kind === Kind.LIST ? value.values : value === undefined ? [] : [value];
  return alternatives.map((alternative) =>
    (alternative.kind === Kind.LIST ? alternative.values : [alternative]).flatMap((item) =>
      item.kind === Kind.STRING ? [item.value] : [],
    ),
  );
}
