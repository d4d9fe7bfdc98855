import { print, type DocumentNode } from 'graphql';
import { parseSchema } from '../mapping/schema-source.ts';
import type { AccessRule } from './access-rules.ts';
import { admitContexts } from './admit-contexts.ts';
import { addArgumentTwins } from './argument-twins.ts';
import { narrowToInterfaceObjects, type NarrowedFields } from './narrowed-fields.ts';
import { requiredTwins, type FieldTwins } from './field-twins.ts';
import { putResolvableKeysFirst } from './resolvable-keys-first.ts';
import { SubgraphFields } from './subgraph-fields.ts';
import { stripAccessLinks } from './strip-access-links.ts';

export interface PreparedSupergraph {
  readonly supergraphSdl: string;
  readonly document: DocumentNode;
  /** By coordinate: `Type` or `Type.field`. */
  readonly accessRules: ReadonlyMap<string, AccessRule>;
  /** Fields that were added for the planner; whoever sends a fetch has to translate them. */
  readonly twins: FieldTwins;
  /** Fields whose type is narrower than their subgraph has it; whoever sends a fetch has to translate them. */
  readonly narrowed: NarrowedFields;
  /** What each subgraph can answer, in the words of the planner. */
  readonly fields: SubgraphFields;
}

/**
 * Brings a supergraph into the form that `@apollo/gateway` loads and plans right, and says what the gateway does not
 * do, so that others do it. A supergraph that needs nothing of this stays as it is, to the letter.
 *
 * @param file what a syntax error calls the text
 * @throws SCHEMA_SYNTAX
 */
export function prepareSupergraph(
  supergraphSdl: string,
  file = 'supergraph.graphql',
): PreparedSupergraph {
  const authored = parseSchema(supergraphSdl, file);
  const { document: stripped, accessRules } = stripAccessLinks(authored);
  const { document: withTwins, twins } = addArgumentTwins(
    putResolvableKeysFirst(admitContexts(stripped)),
  );
  const { document, narrowed } = narrowToInterfaceObjects(withTwins);
  return {
    supergraphSdl: document === authored ? supergraphSdl : print(document),
    document,
    accessRules,
    twins: { byName: twins, requiredBy: requiredTwins(document, twins) },
    narrowed,
    fields: new SubgraphFields(document),
  };
}
