import { print, visit } from 'graphql';
import { parseSchema } from '../mapping/schema-source.ts';
import { readAccessRules, readAccessVocabulary, type AccessRule } from './access-rules.ts';

export interface PreparedSupergraph {
  readonly supergraphSdl: string;
  /** By coordinate: `Type` or `Type.field`. */
  readonly accessRules: ReadonlyMap<string, AccessRule>;
}

/**
 * Takes the access directives out of a supergraph and returns what they declare. `@apollo/gateway` refuses a
 * supergraph that links them, since it would not enforce them: whoever loads the result has to.
 *
 * @param file what a syntax error calls the text
 * @throws SCHEMA_SYNTAX
 */
export function prepareSupergraph(
  supergraphSdl: string,
  file = 'supergraph.graphql',
): PreparedSupergraph {
  const document = parseSchema(supergraphSdl, file);
  const vocabulary = readAccessVocabulary(document);
  if (vocabulary.links.size === 0) return { supergraphSdl, accessRules: new Map() };
  const { links, authenticated, requiresScopes, policy, scalars } = vocabulary;
  const isAccessDirective = (name: string): boolean =>
    [authenticated, requiresScopes, policy].includes(name);
  const stripped = visit(document, {
    Directive: (node) => (links.has(node) || isAccessDirective(node.name.value) ? null : undefined),
    DirectiveDefinition: (node) => (isAccessDirective(node.name.value) ? null : undefined),
    ScalarTypeDefinition: (node) => (scalars.has(node.name.value) ? null : undefined),
  });
  return { supergraphSdl: print(stripped), accessRules: readAccessRules(document, vocabulary) };
}
