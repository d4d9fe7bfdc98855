import { FEDERATION_VERSIONS } from '@apollo/federation-internals';
import { dirname, isAbsolute, join } from 'node:path';
import type { Environment } from '../foundation/config/environment.ts';
import { raise, type SourceLocation } from '../foundation/errors/tributary-error.ts';
import { expandVariables } from './expand-variables.ts';
import { readYamlMap, type YamlMap, type YamlText } from './yaml-map.ts';

/** The subgraphs of a project, as `supergraph.yaml` lists them: the file that Apollo's composition tool reads too. */
export interface SupergraphConfig {
  readonly file: string;
  /** In the order of the file. */
  readonly subgraphs: readonly SubgraphEntry[];
}

export interface SubgraphEntry {
  readonly name: string;
  readonly routingUrl: string;
  readonly schema: SchemaOrigin;
  readonly location: SourceLocation;
}

/** Where a subgraph's schema comes from; `location` is the place in `supergraph.yaml` that says so. */
export type SchemaOrigin =
  | { readonly kind: 'file'; readonly file: string; readonly location: SourceLocation }
  | {
      readonly kind: 'introspection';
      readonly url: string;
      readonly headers: ReadonlyMap<string, string>;
      readonly location: SourceLocation;
    }
  | { readonly kind: 'inline'; readonly sdl: string; readonly location: SourceLocation };

interface ReadOptions {
  /** What `${env.NAME}` in a value reads. */
  readonly environment: Environment;
}

/**
 * Reads and checks `supergraph.yaml`. Paths in it start at its folder. The version of federation says which
 * composition the file was written for; any of Federation 2 up to ours is composed by ours, which is compatible.
 *
 * @throws SUPERGRAPH_CONFIG_UNREADABLE, SUPERGRAPH_CONFIG_SYNTAX, SUPERGRAPH_CONFIG_UNKNOWN_KEY,
 *   SUPERGRAPH_CONFIG_INVALID, SUPERGRAPH_VARIABLE_UNSET, SUBGRAPH_NAME_INVALID, FEDERATION_VERSION_UNSUPPORTED
 */
export async function readSupergraphConfig(
  file: string,
  { environment }: ReadOptions,
): Promise<SupergraphConfig> {
  const root = await readYamlMap(file);
  root.refuseKeysExcept(['federation_version', 'subgraphs']);
  checkVersion(root.text('federation_version'));
  const list = root.map('subgraphs');
  if (list === undefined || list.keys().length === 0) {
    throw root.invalid(
      'subgraphs',
      'it lists no subgraph',
      'Add one: a name, its routing_url and its schema.',
    );
  }
  const subgraphs = list.keys().map((name) => readEntry(name, list, dirname(file), environment));
  return { file, subgraphs };
}

function checkVersion(version: YamlText | undefined): void {
  if (version === undefined || ['2', 'latest-2'].includes(version.text)) return;
  const latest = FEDERATION_VERSIONS.latest().version;
  const minor = /^[=v]2\.(?<minor>\d+)\.\d+(?:-[\w.]+)?$/.exec(version.text)?.groups?.['minor'];
  if (minor !== undefined && Number(minor) <= latest.minor) return;
  throw raise(
    'FEDERATION_VERSION_UNSUPPORTED',
    { version: version.text, latest: `${latest.major}.${latest.minor}` },
    { at: version.location },
  );
}

function readEntry(
  name: YamlText,
  list: YamlMap,
  folder: string,
  environment: Environment,
): SubgraphEntry {
  // A leading underscore belongs to the graph's own subgraphs: planners prefer the name that sorts first.
  if (!/^[a-zA-Z][a-zA-Z0-9_-]{0,63}$/.test(name.text)) {
    throw raise('SUBGRAPH_NAME_INVALID', { name: name.text }, { at: name.location });
  }
  const entry = list.map(name.text);
  entry?.refuseKeysExcept(['routing_url', 'schema']);
  const schemaMap = entry?.map('schema');
  if (entry === undefined || schemaMap === undefined) {
    const advice = 'Say where its schema is: schema: { file: subgraphs/NAME/schema.graphql }.';
    throw list.invalid(name.text, 'it has no schema', advice);
  }
  const schema = readOrigin(schemaMap, folder, environment);
  const routingUrl =
    readUrl(entry, 'routing_url', environment) ??
    (schema.kind === 'introspection' ? schema.url : undefined);
  if (routingUrl === undefined) {
    const advice = 'Add routing_url, the URL under which the subgraph is called.';
    throw list.invalid(name.text, 'it has no routing_url', advice);
  }
  return { name: name.text, routingUrl, schema, location: name.location };
}

function readOrigin(schema: YamlMap, folder: string, environment: Environment): SchemaOrigin {
  if (schema.text('graphref') !== undefined) {
    const advice = 'Download the schema to a file and name it with schema.file.';
    throw schema.invalid('graphref', "schemas are not fetched from Apollo's registry", advice);
  }
  schema.refuseKeysExcept(['file', 'subgraph_url', 'introspection_headers', 'sdl']);
  const { location } = schema;
  const file = schema.text('file');
  const url = readUrl(schema, 'subgraph_url', environment);
  const sdl = schema.text('sdl');
  if ([file, url, sdl].filter((origin) => origin !== undefined).length !== 1) {
    const advice = 'Give one of schema.file, schema.subgraph_url and schema.sdl.';
    throw schema.invalid(undefined, 'a schema comes from one place', advice);
  }
  if (file !== undefined) {
    const path = expandVariables(file, environment);
    return {
      kind: 'file',
      file: isAbsolute(path) ? path : join(folder, path),
      location: file.location,
    };
  }
  if (url !== undefined) {
    return { kind: 'introspection', url, headers: readHeaders(schema, environment), location };
  }
  return { kind: 'inline', sdl: sdl?.text ?? '', location: sdl?.location ?? location };
}

function readHeaders(schema: YamlMap, environment: Environment): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  const map = schema.map('introspection_headers');
  for (const { text: name } of map?.keys() ?? []) {
    const value = map?.text(name);
    if (value !== undefined) headers.set(name, expandVariables(value, environment));
  }
  return headers;
}

function readUrl(map: YamlMap, key: string, environment: Environment): string | undefined {
  const value = map.text(key);
  if (value === undefined) return undefined;
  const url = expandVariables(value, environment);
  const protocol = URL.canParse(url) ? new URL(url).protocol : undefined;
  if (protocol === 'http:' || protocol === 'https:') return url;
  throw map.invalid(
    key,
    `"${url}" is no URL`,
    'Write it whole, such as http://127.0.0.1:4001/graphql.',
  );
}
