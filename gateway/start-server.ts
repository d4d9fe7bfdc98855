import { realpath } from 'node:fs/promises';
import { createCallerIdentifier } from '../access/identify-caller.ts';
import { describeAccess } from '../access/describe-access.ts';
import { KeyStore } from '../access/key-store.ts';
import { controlRoutes } from '../control/control-routes.ts';
import { startControl, type RunningControl } from '../control/start-control.ts';
import type { Clock } from '../foundation/clock.ts';
import { configFileName } from '../foundation/config/config-file.ts';
import type { Environment } from '../foundation/config/environment.ts';
import type { Config } from '../foundation/config/schema.ts';
import { raise } from '../foundation/errors/tributary-error.ts';
import type { Log } from '../foundation/log.ts';
import type { MetricPage } from '../foundation/metrics/metric-page.ts';
import type { StatementObserver } from '../lake/lake-connection.ts';
import type { KeptCompositions } from '../registry/kept-compositions.ts';
import { watchProject, type ProjectWatcher } from '../registry/watch-project.ts';
import type { Graph } from './graph/graph.ts';
import { CurrentGraph } from './graph/current-graph.ts';
import type { ReadFreshness } from './answer/known-freshness.ts';
import type { GraphSource } from './graph-source.ts';
import { startHttpServer } from './http/start-http-server.ts';
import type { Motion } from './motion.ts';
import { openProjectSource } from './project-source.ts';
import type { RemoteSubgraphs } from './remote/remote-subgraphs.ts';
import {
  graphqlPath,
  serverPlaces,
  serverRoutes,
  subgraphPlaces,
  subgraphRoutes,
} from './routes.ts';
import { graphqlSocketRoute } from './subscriptions/websocket-route.ts';
import { supergraphSource } from './supergraph-source.ts';
import { readMetrics } from './telemetry/read-metrics.ts';
import { openTelemetry, type Telemetry } from './telemetry/telemetry.ts';

export interface ServerOptions {
  readonly projectDirectory: string;
  readonly config: Config;
  readonly environment: Environment;
  readonly log: Log;
  readonly clock: Clock;
  /** Serves this supergraph, whose subgraphs are all remote, instead of the project; no lake is opened. */
  readonly supergraphFile?: string | undefined;
  /** Serves one subgraph of the project alone, at the root of the server. */
  readonly onlySubgraph?: string | undefined;
  /** Swaps the graph when one of its files changes. */
  readonly isWatching?: boolean | undefined;
  /** Told of every SQL statement. */
  readonly onStatement?: StatementObserver | undefined;
  /** How old the tables of the lake are, for answers that are to tell; what the syncs say by default. */
  readonly freshness?: ReadFreshness | undefined;
  /** Compositions of before; by default those that the data directory keeps. */
  readonly compositions?: KeptCompositions | undefined;
}

export interface RunningServer {
  readonly url: string;
  readonly port: number;
  readonly supergraphSdl: () => string;
  /** Lines for the operator: who gets in. */
  readonly access: readonly string[];
  /** Reads the files anew and swaps the graph; the one of now goes on when that fails. */
  readonly reload: () => Promise<void>;
  /** The remote subgraphs, with what was counted of them. */
  readonly remotes: Pick<RemoteSubgraphs, 'counters'>;
  readonly close: () => Promise<void>;
}

/** Starts everything that `tributary serve` runs, in this process. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const telemetry = await openTelemetry(options);
  const told = { ...options, telemetry };
  const source =
    options.supergraphFile === undefined
      ? await openProjectSource(told)
      : supergraphSource(options.supergraphFile, told);
  try {
    return await serveSource(source, told);
  } catch (error) {
    await source.close();
    throw error;
  }
}

async function serveSource(
  source: GraphSource,
  options: ServerOptions & { readonly telemetry: Telemetry },
): Promise<RunningServer> {
  const { config, log, clock, telemetry } = options;
  const keyStore = new KeyStore(config.lake.directory);
  const identify = createCallerIdentifier({ config, keyStore, clock });
  const graph = await source.build();
  if (options.onlySubgraph !== undefined) checkIsServed(options.onlySubgraph, graph);
  const current = new CurrentGraph(graph);
  await source.afterSwap();
  const measured = { ...source, lake: source.measuredLake, telemetry, open: () => front.open };
  const metrics = (): Promise<MetricPage> => readMetrics(measured);
  const routes =
    options.onlySubgraph === undefined
      ? serverRoutes(current, metrics, source.motion && { services: source.motion, config })
      : subgraphRoutes(current, options.onlySubgraph, metrics);
  const socketRoute =
    options.onlySubgraph === undefined
      ? graphqlSocketRoute({ path: graphqlPath, current, config, log, clock })
      : undefined;
  const front = await startHttpServer({
    config,
    log,
    routes,
    places: options.onlySubgraph === undefined ? serverPlaces : subgraphPlaces,
    socketRoute,
    identify,
    clock,
    telemetry: { meter: telemetry.requests, tracing: telemetry.tracing },
  });
  const build = async (): Promise<Graph> => {
    try {
      return await source.build();
    } catch (error) {
      telemetry.graphs.reloadsFailed++;
      throw error;
    }
  };
  const reload = async (): Promise<void> => {
    const next = await build();
    await next.warm(current.usedOperations());
    await current.replace(next);
    await source.afterSwap();
    telemetry.graphs.reloads++;
    log.info('the graph was swapped');
  };
  // A subgraph alone is a part of another graph, whose server moves things.
  const motion = options.onlySubgraph === undefined ? source.motion : undefined;
  const control = await startMoving(motion, source, options).catch(async (error: unknown) => {
    await front.close();
    throw error;
  });
  const watcher = options.isWatching === true ? await watch(source, reload, log) : undefined;
  let closing: Promise<void> | undefined;
  log.info({ url: front.url }, 'ready');
  return {
    url: front.url,
    port: front.port,
    supergraphSdl: () => current.supergraphSdl,
    access: describeAccess(config, keyStore),
    reload,
    remotes: source.remotes,
    close: () => (closing ??= close()),
  };

  async function close(): Promise<void> {
    await watcher?.close();
    await front.close();
    await control?.close();
    await current.stop();
    await source.close();
    await telemetry.tracing?.close();
  }
}

/** Lets things move, and opens the way in for commands on this machine. */
async function startMoving(
  motion: Motion | undefined,
  { exportTo }: GraphSource,
  { config, log }: ServerOptions,
): Promise<RunningControl | undefined> {
  if (motion === undefined || exportTo === undefined) return undefined;
  await motion.start();
  const directory = await realpath(config.lake.directory);
  return startControl({ directory, log, routes: controlRoutes({ ...motion, exportTo }) });
}

function checkIsServed(name: string, { subgraphNames }: Graph): void {
  if (subgraphNames.includes(name)) return;
  throw raise('SUBGRAPH_UNKNOWN', { name, known: subgraphNames.join(', ') });
}

function watch(
  source: GraphSource,
  reload: () => Promise<void>,
  log: Log,
): Promise<ProjectWatcher> {
  return watchProject({
    files: source.files,
    async onChange(changed) {
      if (changed.some((file) => file.endsWith(configFileName))) {
        log.warn({ file: configFileName }, 'settings are read at the start: restart to apply them');
      }
      await reload();
    },
    onError: (error) => log.error({ err: error }, 'the change was not taken over'),
    debounceMs: 100,
  });
}
