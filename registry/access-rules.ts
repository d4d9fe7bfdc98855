import {
  isTypeDefinitionNode,
  isTypeExtensionNode,
  Kind,
  print,
  visit,
  type ConstDirectiveNode,
  type DirectiveNode,
  type DocumentNode,
} from 'graphql';
import { raise } from '../foundation/errors/tributary-error.ts';
import { collectTypes, findArgument } from '../mapping/schema-source.ts';
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

/**
 * The rules that a supergraph declares, by coordinate: `Type` or `Type.field`.
 *
 * @throws ACCESS_RULE_INVALID for one that would be read as less than it says
 */
export function readAccessRules(
  supergraph: DocumentNode,
  vocabulary: AccessVocabulary,
): ReadonlyMap<string, AccessRule> {
  const rules = new Map<string, AccessRule>();
  const add = (coordinate: string, directives: readonly ConstDirectiveNode[] | undefined): void => {
    const rule = readRule(directives ?? [], vocabulary, coordinate);
    if (rule === undefined) return;
    if (rules.has(coordinate)) throw invalid(coordinate, 'it stands there twice');
    rules.set(coordinate, rule);
  };
  for (const node of supergraph.definitions) {
    if (!isTypeDefinitionNode(node) && !isTypeExtensionNode(node)) continue;
    add(node.name.value, node.directives);
    for (const field of 'fields' in node ? (node.fields ?? []) : []) {
      add(`${node.name.value}.${field.name.value}`, field.directives);
    }
  }
  inheritRules(rules, supergraph);
  return rules;
}

/**
 * A rule of an interface that none of its types has is theirs. Composition of now gives an interface the rules that its
 * types have; that of before let subgraphs put them onto the interface alone.
 */
function inheritRules(rules: Map<string, AccessRule>, supergraph: DocumentNode): void {
  const types = [...collectTypes(supergraph).values()];
  for (const { name, kind, fields } of types) {
    if (kind !== 'interface') continue;
    const implementing = types.filter(({ interfaces }) => interfaces.includes(name));
    for (const suffix of ['', ...fields.map((field) => `.${field.name.value}`)]) {
      const rule = rules.get(`${name}${suffix}`);
      const own = implementing.map((type) => `${type.name}${suffix}`);
      if (rule === undefined || own.some((coordinate) => rules.has(coordinate))) continue;
      for (const coordinate of own) rules.set(coordinate, rule);
    }
  }
}

/**
 * Refuses a supergraph that uses a directive by the name of one of these, and links nothing that explains it: it would
 * be served without the rules.
 *
 * @throws ACCESS_RULE_INVALID
 */
export function refuseUnexplainedRules(supergraph: DocumentNode): void {
  const features = readLinkedFeatures(supergraph);
  const isExplained = (name: string): boolean =>
    features.some(
      ({ localName, imports }) => localName === name || [...imports.values()].includes(`@${name}`),
    );
  visit(supergraph, {
    Directive({ name: { value: name } }) {
      const isRule = /^(.*__)?(authenticated|requiresScopes|policy)$/.test(name);
      if (isRule && !name.includes('__') && !isExplained(name))
        throw invalid(`@${name}`, 'no @link says what it is');
    },
  });
}

function invalid(place: string, problem: string): Error {
  return raise('ACCESS_RULE_INVALID', { place, problem });
}

function scalarOf(link: LinkedFeature | undefined, name: string): readonly string[] {
  return link === undefined ? [] : [link.imports.get(name) ?? `${link.localName}__${name}`];
}

function readRule(
  directives: readonly ConstDirectiveNode[],
  vocabulary: AccessVocabulary,
  coordinate: string,
): AccessRule | undefined {
  const find = (name: string | undefined): ConstDirectiveNode | undefined => {
    const [first, second] = directives.filter((directive) => directive.name.value === name);
    if (second !== undefined) throw invalid(coordinate, `@${name} stands there twice`);
    return first;
  };
  const isAuthenticated = find(vocabulary.authenticated) !== undefined;
  const scopes = find(vocabulary.requiresScopes);
  const policies = find(vocabulary.policy);
  if (!isAuthenticated && scopes === undefined && policies === undefined) return undefined;
  return {
    isAuthenticated,
    scopes: scopes && readAlternatives(scopes, 'scopes', coordinate),
    policies: policies && readAlternatives(policies, 'policies', coordinate),
  };
}

/** A list of lists; GraphQL's list coercion lets a value stand for a list of one. */
function readAlternatives(
  directive: ConstDirectiveNode,
  argument: string,
  coordinate: string,
): Alternatives {
  const value = findArgument(directive, argument);
  const alternatives =
    value?.kind === Kind.LIST ? value.values : value === undefined ? [] : [value];
  const read = alternatives.map((alternative) =>
    (alternative.kind === Kind.LIST ? alternative.values : [alternative]).map((item) => {
      if (item.kind === Kind.STRING) return item.value;
      throw invalid(coordinate, `${print(item)} is no text`);
    }),
  );
  // Of none at all it is not clear whether nobody has them or everybody.
  if (read.length === 0 || read.some((all) => all.length === 0))
    throw invalid(coordinate, `@${directive.name.value} has an empty list of ${argument}`);
  return read;
}
