import { deriveHub, type HubSchema } from '../../hub/derive/derive-hub.ts';
import { hubName } from '../../hub/derive/names.ts';
import { compose, type Hint } from '../../registry/compose.ts';
import { collectTypes } from '../../mapping/schema-source.ts';
import { fieldsInUse } from '../../registry/fields-in-use.ts';
import { authoredSubgraphs, type AuthoredGraph } from '../../registry/load-subgraphs.ts';
import { prepare } from '../../registry/prepare-for-composition.ts';

export interface ComposedProject {
  readonly authored: AuthoredGraph;
  /** Undefined when the hub is switched off, or when nothing is backed by the lake. */
  readonly hubSchema: HubSchema | undefined;
  readonly supergraphSdl: string;
  readonly hints: readonly Hint[];
}

const none: ReadonlySet<string> = new Set();

/**
 * Composes the supergraph: first the authored subgraphs alone, so that every field has its one owner, then once
 * more with the hub beside them. Authored subgraphs without any question to ask are no graph alone; with the hub's
 * questions they are.
 */
export function composeProject(authored: AuthoredGraph, withHub: boolean): ComposedProject {
  const { domains, remotes, model, urls } = authored;
  const urlOf = (name: string): string => urls.get(name) ?? '';
  const isHubNeeded = withHub && model.entities.size > 0;
  if (!isHubNeeded || hasQuestions(authored)) {
    const plain = compose({ subgraphs: authoredSubgraphs(authored) });
    if (!isHubNeeded) return { authored, hubSchema: undefined, ...plain };
  }
  const schemas = [...domains, ...remotes];
  const hubSchema = deriveHub(model, schemas, fieldsInUse(schemas));
  const composed = compose({
    subgraphs: [
      { name: hubName, url: hubUrl(urlOf(domains[0]?.name ?? '')), document: hubSchema.document },
      ...domains.map(({ name, document }) => ({
        name,
        url: urlOf(name),
        document: prepare(document, {
          shareable: hubSchema.shareable.get(name) ?? none,
          removed: hubSchema.removed.get(name) ?? none,
        }),
      })),
      ...remotes.map(({ name, document }) => ({ name, url: urlOf(name), document })),
    ],
  });
  return { authored, hubSchema, ...composed };
}

function hasQuestions({ domains, remotes }: AuthoredGraph): boolean {
  return [...domains, ...remotes].some(
    ({ document }) => (collectTypes(document).get('Query')?.fields ?? []).length > 0,
  );
}

/** The hub is served beside the domains: the same address with its own name at the end. */
function hubUrl(domainUrl: string): string {
  return domainUrl.replace(/[^/]*$/, hubName);
}
