import type { DocumentNode } from 'graphql';
import { checkPageInfo } from '../../hub/derive/check-page-info.ts';
import { deriveHub, type HubSchema } from '../../hub/derive/derive-hub.ts';
import { hubName } from '../../hub/derive/names.ts';
import { pageInfoDefinition } from '../../hub/derive/page-info.ts';
import { compose, type Hint, type SubgraphToCompose } from '../../registry/compose.ts';
import { collectTypes } from '../../mapping/schema-source.ts';
import { deriveLedger, type LedgerSchema } from '../../motion/derive-ledger.ts';
import type { DerivedName } from '../../motion/check-ledger-names.ts';
import { ledgerName } from '../../motion/names.ts';
import { fieldsInUse } from '../../registry/fields-in-use.ts';
import { authoredSubgraphs, type AuthoredGraph } from '../../registry/load-subgraphs.ts';
import { prepare } from '../../registry/prepare-for-composition.ts';

export interface ComposedProject {
  readonly authored: AuthoredGraph;
  /** Undefined when the hub is switched off, or when nothing is backed by the lake. */
  readonly hubSchema: HubSchema | undefined;
  /** What moves; undefined when nothing is backed by the lake. */
  readonly ledgerSchema: LedgerSchema | undefined;
  readonly supergraphSdl: string;
  readonly hints: readonly Hint[];
}

const none: ReadonlySet<string> = new Set();

/**
 * Composes the supergraph: first the authored subgraphs alone, so that every field has its one owner, then once
 * more with the derived ones beside them. Authored subgraphs without any question to ask are no graph alone; with
 * the hub's questions they are.
 *
 * @param composeAll one that remembers may do it
 */
export function composeProject(
  authored: AuthoredGraph,
  withHub: boolean,
  composeAll = compose,
): ComposedProject {
  const { domains, remotes, model } = authored;
  const isHubNeeded = withHub && model.entities.size > 0;
  if (!isHubNeeded || hasQuestions(authored)) {
    const plain = composeAll({ subgraphs: authoredSubgraphs(authored) });
    if (model.entities.size === 0) {
      return { authored, hubSchema: undefined, ledgerSchema: undefined, ...plain };
    }
  }
  const schemas = [...domains, ...remotes];
  const hubSchema = isHubNeeded ? deriveHub(model, schemas, fieldsInUse(schemas)) : undefined;
  checkPageInfo(schemas);
  const ledgerSchema = deriveLedger({
    model,
    schemas,
    pageInfo: pageInfoDefinition(schemas),
    derived: hubSchema === undefined ? [] : derivedNames(hubSchema),
  });
  const composed = composeAll({
    subgraphs: [
      ...derivedSubgraph(hubName, hubSchema, authored),
      ...derivedSubgraph(ledgerName, ledgerSchema, authored),
      ...(hubSchema === undefined ? authoredSubgraphs(authored) : besideHub(hubSchema, authored)),
    ],
  });
  return { authored, hubSchema, ledgerSchema, ...composed };
}

/** The authored subgraphs, without what only the hub serves. */
function besideHub(
  { shareable, removed }: HubSchema,
  authored: AuthoredGraph,
): readonly SubgraphToCompose[] {
  const domains = new Set(authored.domains.map(({ name }) => name));
  return authoredSubgraphs(authored).map((subgraph) =>
    domains.has(subgraph.name) && 'document' in subgraph
      ? {
          ...subgraph,
          document: prepare(subgraph.document, {
            shareable: shareable.get(subgraph.name) ?? none,
            removed: removed.get(subgraph.name) ?? none,
          }),
        }
      : subgraph,
  );
}

/** A derived subgraph is served beside the domains: the same address with its own name at the end. */
function derivedSubgraph(
  name: string,
  schema: { readonly document: DocumentNode } | undefined,
  { domains, urls }: AuthoredGraph,
): readonly SubgraphToCompose[] {
  if (schema === undefined) return [];
  const domainUrl = urls.get(domains[0]?.name ?? '') ?? '';
  return [{ name, url: domainUrl.replace(/[^/]*$/, name), document: schema.document }];
}

/** What nobody wrote and is in the graph all the same. */
function derivedNames({ document, rootFields, model }: HubSchema): readonly DerivedName[] {
  const types = document.definitions.flatMap((node): readonly DerivedName[] => {
    if (!('name' in node) || node.name === undefined) return [];
    const { value: name } = node.name;
    const isShared = model.entities.has(name) || name === 'PageInfo';
    return isShared ? [] : [{ name }];
  });
  const fields = [...rootFields].map(([field, found]) => ({
    name: `Query.${field}`,
    entity: found.kind === 'lookup' ? found.lookup.entity : found.entity,
  }));
  return [...types, ...fields];
}

function hasQuestions({ domains, remotes }: AuthoredGraph): boolean {
  return [...domains, ...remotes].some(
    ({ document }) => (collectTypes(document).get('Query')?.fields ?? []).length > 0,
  );
}
