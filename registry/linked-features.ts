import { Kind, type ConstDirectiveNode, type ConstValueNode, type DocumentNode } from 'graphql';
import { findArgument, findDirectives, stringArgument } from '../mapping/schema-source.ts';

/** A specification that a schema links with `@link`: https://specs.apollo.dev/link/v1.0 */
export interface LinkedFeature {
  /** `https://specs.apollo.dev/federation` of `https://specs.apollo.dev/federation/v2.9`. */
  readonly identity: string;
  /** Last part of the identity, such as `federation`. */
  readonly name: string;
  /** `v2.9`, as written. */
  readonly version: string;
  /** What the feature is called in this schema: `as`, or its name. */
  readonly localName: string;
  /** Imported elements, by their name in the specification; directives with `@`. */
  readonly imports: ReadonlyMap<string, string>;
  readonly node: ConstDirectiveNode;
}

export const federationIdentity = 'https://specs.apollo.dev/federation';

/** The features that a schema links, in the order in which they are written. */
export function readLinkedFeatures(document: DocumentNode): readonly LinkedFeature[] {
  return document.definitions
    .flatMap((node) =>
      node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION
        ? findDirectives(node, 'link')
        : [],
    )
    .flatMap((node) => readLink(node));
}

/** The link to Federation 2, which every subgraph of Federation 2 has. */
export function findFederationLink(document: DocumentNode): LinkedFeature | undefined {
  return readLinkedFeatures(document).find(({ identity }) => identity === federationIdentity);
}

/** What a directive of the feature (named without `@`) is called in the schema that links it, imported or not. */
export function localDirectiveName(feature: LinkedFeature, name: string): string {
  const imported = feature.imports.get(`@${name}`);
  if (imported !== undefined) return imported.slice(1);
  return name === feature.name ? feature.localName : `${feature.localName}__${name}`;
}

function readLink(node: ConstDirectiveNode): readonly LinkedFeature[] {
  const url = stringArgument(node, 'url') ?? '';
  const match = /^(?<identity>.*\/(?<name>[^/]+))\/(?<version>v\d+\.\d+)\/?$/.exec(url);
  const { identity, name, version } = match?.groups ?? {};
  if (identity === undefined || name === undefined || version === undefined) return [];
  const localName = stringArgument(node, 'as') ?? name;
  return [{ identity, name, version, localName, imports: readImports(node), node }];
}

function readImports(link: ConstDirectiveNode): ReadonlyMap<string, string> {
  const list = findArgument(link, 'import');
  const items = list?.kind === Kind.LIST ? list.values : [];
  return new Map(items.flatMap(readImport));
}

function readImport(item: ConstValueNode): readonly (readonly [string, string])[] {
  if (item.kind === Kind.STRING) return [[item.value, item.value]];
  if (item.kind !== Kind.OBJECT) return [];
  const text = (key: string): string | undefined => {
    const value = item.fields.find(({ name }) => name.value === key)?.value;
    return value?.kind === Kind.STRING ? value.value : undefined;
  };
  const name = text('name');
  return name === undefined ? [] : [[name, text('as') ?? name]];
}
