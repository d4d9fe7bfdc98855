import { readFile } from 'node:fs/promises';
import { createCallerIdentifier } from '../access/identify-caller.ts';
import { describeAccess } from '../access/describe-access.ts';
import { KeyStore } from '../access/key-store.ts';
import type { Clock } from '../foundation/clock.ts';
import type { Environment } from '../foundation/config/environment.ts';
import type { Config } from '../foundation/config/schema.ts';
import { raise } from '../foundation/errors/tributary-error.ts';
import type { Log } from '../foundation/log.ts';
import { openLake, type Lake } from '../lake/engine.ts';
import type { StatementObserver } from '../lake/lake-connection.ts';
import { watchProject } from '../registry/watch-project.ts';
import { buildRemoteGraph } from './graph/build-graph.ts';
import { CurrentGraph } from './graph/current-graph.ts';
import { startHttpServer } from './http/start-http-server.ts';
import { ProjectGraphs } from './project-graphs.ts';
import { serverRoutes, subgraphRoutes } from './routes.ts';

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
  /** Swaps the graph when a schema or a mapping changes. */
  readonly isWatching?: boolean | undefined;
  /** Told of every SQL statement. */
  readonly onStatement?: StatementObserver | undefined;
}

export interface RunningServer {
  readonly url: string;
  readonly port: number;
  readonly supergraphSdl: () => string;
  /** Lines for the operator: who gets in. */
  readonly access: readonly string[];
  /** Reads the project anew and swaps the graph; the old one goes on when that fails. */
  readonly reload: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Starts everything that `tributary serve` runs, in this process. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  return options.supergraphFile === undefined
    ? serveProject(options)
    : serveSupergraph(options, options.supergraphFile);
}

async function serveProject(options: ServerOptions): Promise<RunningServer> {
  const { config, log } = options;
  const lake = await openConfiguredLake(options);
  try {
    const graphs = new ProjectGraphs({ ...options, lake });
    const current = new CurrentGraph(await graphs.build());
    const front = await startFront(options, current);
    const reload = (): Promise<void> => graphs.replaceIn(current);
    const watcher =
      options.isWatching === true
        ? await watchProject({
            files: () => graphs.files,
            onChange: reload,
            onError: (error) => log.error({ err: error }, 'the change was not taken over'),
            debounceMs: 100,
          })
        : undefined;
    log.info({ url: front.url, lake: config.lake.directory }, 'ready');
    return {
      ...front,
      supergraphSdl: () => current.supergraphSdl,
      reload,
      async close() {
        await watcher?.close();
        await front.close();
        await current.stop();
        await lake.close();
      },
    };
  } catch (error) {
    await lake.close();
    throw error;
  }
}

async function serveSupergraph(options: ServerOptions, file: string): Promise<RunningServer> {
  const supergraphSdl = await readFile(file, 'utf8').catch((error: unknown) => {
    throw raise('SUPERGRAPH_FILE_UNREADABLE', { file }, { cause: error });
  });
  const current = new CurrentGraph(await buildRemoteGraph(supergraphSdl, options));
  const front = await startFront(options, current);
  options.log.info({ url: front.url, supergraph: file }, 'ready');
  return {
    ...front,
    supergraphSdl: () => supergraphSdl,
    reload: async () =>
      current.replace(await buildRemoteGraph(await readFile(file, 'utf8'), options)),
    async close() {
      await front.close();
      await current.stop();
    },
  };
}

function openConfiguredLake({ config, log, onStatement }: ServerOptions): Promise<Lake> {
  const { directory, memoryLimitMb, threads } = config.lake;
  return openLake({
    directory,
    memoryLimit: `${memoryLimitMb}MiB`,
    ...(threads === 0 ? {} : { threads }),
    ...(onStatement === undefined ? {} : { onStatement }),
    log,
  });
}

async function startFront(options: ServerOptions, current: CurrentGraph) {
  const { config, log, clock } = options;
  const keyStore = new KeyStore(config.lake.directory);
  const identify = createCallerIdentifier({ config, keyStore, clock });
  const routes =
    options.onlySubgraph === undefined
      ? serverRoutes(current)
      : subgraphRoutes(current, options.onlySubgraph);
  const { url, port, close } = await startHttpServer({ config, log, routes, identify, clock });
  return { url, port, close, access: describeAccess(config, keyStore) };
}
