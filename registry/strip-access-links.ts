import { visit, type DocumentNode } from 'graphql';
import {
  readAccessRules,
  readAccessVocabulary,
  refuseUnexplainedRules,
  type AccessRule,
} from './access-rules.ts';

interface StrippedSupergraph {
  readonly document: DocumentNode;
  /** By coordinate: `Type` or `Type.field`. */
  readonly accessRules: ReadonlyMap<string, AccessRule>;
}

/**
 * Takes the access directives out of a supergraph and returns what they declare. `@apollo/gateway` refuses a
 * supergraph that links them, since it would not enforce them: whoever loads the result has to, or refuses it as
 * `refuseAccessRules` does.
 *
 * @throws ACCESS_RULE_INVALID
 */
export function stripAccessLinks(document: DocumentNode): StrippedSupergraph {
  const vocabulary = readAccessVocabulary(document);
  refuseUnexplainedRules(document);
  if (vocabulary.links.size === 0) return { document, accessRules: new Map() };
  const { links, authenticated, requiresScopes, policy, scalars } = vocabulary;
  const isAccessDirective = (name: string): boolean =>
    [authenticated, requiresScopes, policy].includes(name);
  const stripped = visit(document, {
    Directive: (node) => (links.has(node) || isAccessDirective(node.name.value) ? null : undefined),
    DirectiveDefinition: (node) => (isAccessDirective(node.name.value) ? null : undefined),
    ScalarTypeDefinition: (node) => (scalars.has(node.name.value) ? null : undefined),
  });
  return { document: stripped, accessRules: readAccessRules(document, vocabulary) };
}
