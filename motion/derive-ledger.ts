import {
  Kind,
  parse,
  print,
  type DefinitionNode,
  type DocumentNode,
  type ObjectTypeDefinitionNode,
} from 'graphql';
import type { LakeModel } from '../mapping/model.ts';
import type { AuthoredSchema } from '../mapping/overrides.ts';
import { collectTypes } from '../mapping/schema-source.ts';
import { checkLedgerNames, type DerivedName } from './check-ledger-names.ts';
import { copiedDefinitions } from './copied-definitions.ts';
import { entitySdl } from './entity-sdl.ts';
import { eventEntities, type EventEntity } from './event-entities.ts';
import { eventSdl } from './event-sdl.ts';
import { problemSdl } from './shared-sdl.ts';
import { subscriberSdl } from './subscriber-sdl.ts';
import { syncSdl } from './sync-sdl.ts';

/** The subgraph of what moves: events, subscribers, syncs and how old everything is. */
export interface LedgerSchema {
  readonly document: DocumentNode;
  readonly sdl: string;
  /** Those whose changes are events. */
  readonly entities: readonly EventEntity[];
}

interface DeriveLedgerOptions {
  readonly model: LakeModel;
  /** Domains and remote subgraphs. */
  readonly schemas: readonly AuthoredSchema[];
  /** The same in every subgraph that has pages. */
  readonly pageInfo: ObjectTypeDefinitionNode;
  /** Names that other parts of the graph are derived under. */
  readonly derived: readonly DerivedName[];
}

/**
 * Derives the subgraph from the model; undefined where nothing is in the lake.
 * @throws MOTION_NAME_RESERVED
 */
export function deriveLedger(options: DeriveLedgerOptions): LedgerSchema | undefined {
  const { model, schemas, pageInfo } = options;
  if (model.entities.size === 0) return undefined;
  const entities = eventEntities(model, schemas);
  const hasEvents = entities.length > 0;
  const texts = hasEvents
    ? [eventSdl, subscriberSdl, syncSdl, problemSdl, ...entities.map(entitySdl)]
    : [syncSdl, problemSdl];
  const own = describeRoots(merge(texts), schemas);
  checkLedgerNames({ ...options, own, entities });
  const definitions = [...own, ...(hasEvents ? [pageInfo] : [])];
  const document: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [
      ...parse(federationLink, { noLocation: true }).definitions,
      ...copiedDefinitions(definitions, entities, options),
      ...definitions,
    ],
  };
  return { document, sdl: print(document), entities };
}

const federationLink = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])`;

/** One definition a type: each text adds its fields to the root types. */
function merge(texts: readonly string[]): readonly DefinitionNode[] {
  const merged = new Map<string, DefinitionNode>();
  for (const node of texts.flatMap((text) => parse(text, { noLocation: true }).definitions)) {
    const name = 'name' in node ? (node.name?.value ?? '') : '';
    const known = merged.get(name);
    const areObjects =
      node.kind === Kind.OBJECT_TYPE_DEFINITION && known?.kind === Kind.OBJECT_TYPE_DEFINITION;
    merged.set(
      name,
      areObjects ? { ...known, fields: [...(known.fields ?? []), ...(node.fields ?? [])] } : node,
    );
  }
  return [...merged.values()];
}

const rootDescriptions: Readonly<Record<string, string>> = {
  Query: 'Where every question begins.',
  Mutation: 'Where every change begins.',
  Subscription: 'Where every stream begins.',
};

/** Described as another subgraph does: composition remarks on two descriptions of one thing. */
function describeRoots(
  definitions: readonly DefinitionNode[],
  schemas: readonly AuthoredSchema[],
): readonly DefinitionNode[] {
  return definitions.map((node) => {
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION) return node;
    const ours = rootDescriptions[node.name.value];
    if (ours === undefined) return node;
    const authored = schemas
      .map(({ document }) => collectTypes(document).get(node.name.value)?.description)
      .find((description) => description !== undefined);
    return { ...node, description: authored ?? { kind: Kind.STRING, value: ours } };
  });
}
