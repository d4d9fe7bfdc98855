import { resolve } from 'node:path';
import type { z } from 'zod';
import { didYouMean } from '../errors/did-you-mean.ts';
import { raise, type TributaryError } from '../errors/tributary-error.ts';
import { readConfigFileLayer } from './config-file.ts';
import { readEnvironmentLayer, type Environment } from './environment.ts';
import { configSchema, type Config, type PartialConfig } from './schema.ts';
import { describePath, listSettings, namesBelow } from './setting.ts';
import {
  hasPath,
  hasValue,
  isSection,
  mergeSettings,
  type SettingsLayer,
} from './settings-layer.ts';

interface LoadConfigOptions {
  /** The folder of `tributary.yaml` and `supergraph.yaml`. Relative paths in settings start here. */
  readonly projectDirectory: string;
  readonly environment: Environment;
  readonly flags?: PartialConfig | undefined;
}

/**
 * The configuration of this run: defaults, under `tributary.yaml`, under the environment, under command-line flags.
 * Paths in it are absolute; the whole is frozen.
 * @throws CONFIG_UNKNOWN_KEY, CONFIG_UNKNOWN_VARIABLE, CONFIG_INVALID, CONFIG_SYNTAX, CONFIG_UNREADABLE
 */
export function loadConfig({ projectDirectory, environment, flags }: LoadConfigOptions): Config {
  const layers = [
    readConfigFileLayer(projectDirectory),
    readEnvironmentLayer(environment),
    flagsLayer(flags ?? {}),
  ];
  const settings = layers.reduce((merged, layer) => mergeSettings(merged, layer.settings), {});
  const parsed = configSchema.safeParse(settings);
  if (!parsed.success) throw toConfigError(parsed.error.issues, layers);
  return deepFreeze(resolvePaths(parsed.data, projectDirectory));
}

function flagsLayer(settings: PartialConfig): SettingsLayer {
  return { settings, describeSource: () => 'on the command line', locate: () => undefined };
}

/** An unknown key first: it is often the cause of what else is wrong. */
function toConfigError(
  issues: readonly z.core.$ZodIssue[],
  layers: readonly SettingsLayer[],
): TributaryError {
  for (const issue of issues) {
    if (issue.code !== 'unrecognized_keys') continue;
    const path = [...issue.path, ...issue.keys.slice(0, 1)].map(String);
    const at = layerThatSets(path, layers)?.locate(path);
    return raise(
      'CONFIG_UNKNOWN_KEY',
      { setting: path.join('.'), suggestion: suggestFor(path) },
      { at },
    );
  }
  const [issue] = issues;
  const path = (issue?.path ?? []).map(String);
  const layer = layerThatSets(path, layers);
  // An item of a list has no description of its own; the list has.
  const meaning = describePath(path) ?? describePath(path.slice(0, -1)) ?? '';
  return raise(
    'CONFIG_INVALID',
    {
      setting: path.join('.'),
      problem: describeIssue(issue, layer?.describeSource(path) ?? 'in the defaults'),
      meaning,
    },
    { at: layer?.locate(path) },
  );
}

function describeIssue(issue: z.core.$ZodIssue | undefined, source: string): string {
  const text = (issue?.message ?? 'it cannot be used').replace(/^Invalid input: /, '');
  if (text.endsWith('received undefined')) return 'is missing';
  return `${source} is not valid: ${text}`;
}

/** The layer to blame: the uppermost that sets this path, or below it, or else the nearest section around it. */
function layerThatSets(
  path: readonly string[],
  layers: readonly SettingsLayer[],
): SettingsLayer | undefined {
  for (let length = path.length; length > 0; length--) {
    const part = path.slice(0, length);
    const layer =
      layers.findLast((candidate) => hasValue(candidate, part)) ??
      layers.findLast((candidate) => hasPath(candidate, part));
    if (layer !== undefined) return layer;
  }
  return undefined;
}

function suggestFor(path: readonly string[]): string {
  const name = path.at(-1) ?? '';
  const elsewhere = listSettings().find((setting) => setting.path.at(-1) === name);
  if (elsewhere !== undefined) return `Did you mean "${elsewhere.path.join('.')}"?`;
  return didYouMean(name, namesBelow(path.slice(0, -1)));
}

function resolvePaths(config: Config, projectDirectory: string): Config {
  const absolute = (path: string): string => resolve(projectDirectory, path);
  const { tls } = config.server;
  const { jwt } = config.access;
  const { subgraphs } = config;
  return {
    ...config,
    server: {
      ...config.server,
      ...(tls && { tls: { certFile: absolute(tls.certFile), keyFile: absolute(tls.keyFile) } }),
    },
    lake: {
      ...config.lake,
      directory: absolute(config.lake.directory),
      seedDirectory: absolute(config.lake.seedDirectory),
    },
    graph: {
      ...config.graph,
      documents: {
        ...config.graph.documents,
        trustedFiles: config.graph.documents.trustedFiles.map(absolute),
      },
    },
    subgraphs: {
      ...subgraphs,
      ...resolveTls(subgraphs, absolute),
      byName: Object.fromEntries(
        Object.entries(subgraphs.byName).map(([name, own]) => [
          name,
          { ...own, ...resolveTls(own, absolute) },
        ]),
      ),
    },
    access: {
      ...(jwt && {
        jwt: { ...jwt, ...(jwt.jwksFile && { jwksFile: absolute(jwt.jwksFile) }) },
      }),
    },
  };
}

/** The TLS files of a remote subgraph, as far as there are any. */
function resolveTls(
  { tls }: Pick<Config['subgraphs'], 'tls'>,
  absolute: (path: string) => string,
): Pick<Config['subgraphs'], 'tls'> {
  if (tls === undefined) return {};
  const { caFile, certFile, keyFile } = tls;
  return {
    tls: {
      ...tls,
      ...(caFile !== undefined && { caFile: absolute(caFile) }),
      ...(certFile !== undefined && { certFile: absolute(certFile) }),
      ...(keyFile !== undefined && { keyFile: absolute(keyFile) }),
    },
  };
}

function deepFreeze<Value>(value: Value): Value {
  if (isSection(value)) Object.values(value).forEach(deepFreeze);
  return Object.freeze(value);
}
