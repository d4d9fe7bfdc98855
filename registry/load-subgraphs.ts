import { access, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DocumentNode } from 'graphql';
import { fileProblem } from '../foundation/errors/file-problem.ts';
import { raise } from '../foundation/errors/tributary-error.ts';
import { buildLakeModel } from '../mapping/build-lake-model.ts';
import type { Domain, LakeModel } from '../mapping/model.ts';
import { readDomain } from '../mapping/read-domain.ts';
import { resolverFileNames } from '../mapping/resolver-files.ts';
import { collectTypes, findDirective, parseSchema } from '../mapping/schema-source.ts';
import type { SubgraphToCompose } from './compose.ts';
import { introspectSubgraph } from './introspect-subgraph.ts';
import type { SubgraphEntry, SupergraphConfig } from './supergraph-config.ts';
import { validateDomain, validateSubgraph } from './validate-subgraph.ts';

/** The subgraphs as their teams wrote them, checked one by one and, as far as the lake goes, together. */
export interface AuthoredGraph {
  /** Subgraphs that this process serves. */
  readonly domains: readonly Domain[];
  /** Subgraphs that somebody else serves. */
  readonly remotes: readonly RemoteSubgraph[];
  /** `routing_url` by name, of all of them. */
  readonly urls: ReadonlyMap<string, string>;
  readonly model: LakeModel;
}

export interface RemoteSubgraph {
  readonly name: string;
  readonly url: string;
  readonly sdl: string;
  readonly document: DocumentNode;
  /** What errors call the schema: its file, or where it came from. */
  readonly schemaFile: string;
}

interface LoadOptions {
  /** Longest time that a schema may take to be fetched; only `schema.subgraph_url` makes this dial out. */
  readonly timeoutMs: number;
}

type LoadedSubgraph =
  | { readonly kind: 'domain'; readonly domain: Domain }
  | { readonly kind: 'remote'; readonly remote: RemoteSubgraph };

/**
 * Loads every subgraph of the list. A subgraph is a domain of this process when its schema stands in a file that
 * maps a type to a table, or that has a resolvers module beside it; every other one is remote.
 *
 * @throws SCHEMA_FILE_UNREADABLE, SUBGRAPH_SCHEMA_UNREACHABLE, and what `validateDomain`, `readDomain` and
 *   `buildLakeModel` throw
 */
export async function loadSubgraphs(
  { subgraphs }: SupergraphConfig,
  options: LoadOptions,
): Promise<AuthoredGraph> {
  const loaded = await Promise.all(subgraphs.map((entry) => loadSubgraph(entry, options)));
  const domains = loaded.flatMap((item) => (item.kind === 'domain' ? [item.domain] : []));
  const remotes = loaded.flatMap((item) => (item.kind === 'remote' ? [item.remote] : []));
  return {
    domains,
    remotes,
    urls: new Map(subgraphs.map(({ name, routingUrl }) => [name, routingUrl])),
    model: buildLakeModel(domains, remotes),
  };
}

/** The authored subgraphs as `compose` takes them: the graph without the hub. */
export function authoredSubgraphs(graph: AuthoredGraph): readonly SubgraphToCompose[] {
  return [...graph.domains, ...graph.remotes].map(({ name, document }) => ({
    name,
    url: graph.urls.get(name) ?? '',
    document,
  }));
}

/** The files that the graph is made of, some of which need not exist: those that a watcher watches. */
export function projectFiles({ file, subgraphs }: SupergraphConfig): readonly string[] {
  const ofSubgraphs = subgraphs.flatMap(({ schema }) => {
    if (schema.kind !== 'file') return [];
    const folder = dirname(schema.file);
    return [schema.file, ...resolverFileNames.map((name) => join(folder, name))];
  });
  return [file, join(dirname(file), 'tributary.yaml'), ...new Set(ofSubgraphs)];
}

async function loadSubgraph(entry: SubgraphEntry, options: LoadOptions): Promise<LoadedSubgraph> {
  const { name } = entry;
  const { sdl, schemaFile } = await readSchema(entry, options);
  const document = parseSchema(sdl, schemaFile);
  if (await isDomain(entry, document)) {
    validateDomain({ name, document });
    return { kind: 'domain', domain: readDomain(name, sdl, schemaFile) };
  }
  validateSubgraph({ name, document });
  return { kind: 'remote', remote: { name, url: entry.routingUrl, sdl, document, schemaFile } };
}

async function isDomain({ schema }: SubgraphEntry, document: DocumentNode): Promise<boolean> {
  if (schema.kind !== 'file') return false;
  const types = [...collectTypes(document).values()];
  if (types.some((type) => findDirective(type, 'table') !== undefined)) return true;
  const folder = dirname(schema.file);
  const found = await Promise.all(resolverFileNames.map((name) => exists(join(folder, name))));
  return found.includes(true);
}

async function readSchema(
  { name, schema }: SubgraphEntry,
  { timeoutMs }: LoadOptions,
): Promise<{ readonly sdl: string; readonly schemaFile: string }> {
  switch (schema.kind) {
    case 'inline':
      return { sdl: schema.sdl, schemaFile: `${name} (${schema.location.file})` };
    case 'introspection': {
      const { url, headers, location } = schema;
      const sdl = await introspectSubgraph({ name, url, headers, location, timeoutMs });
      return { sdl, schemaFile: `${name} (${url})` };
    }
    case 'file':
      return { sdl: await readSchemaFile(name, schema), schemaFile: schema.file };
  }
}

async function readSchemaFile(
  name: string,
  { file, location }: Extract<SubgraphEntry['schema'], { kind: 'file' }>,
): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const problem = fileProblem(error);
    throw raise('SCHEMA_FILE_UNREADABLE', { name, file, problem }, { at: location, cause: error });
  }
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
