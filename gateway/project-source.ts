import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Clock } from '../foundation/clock.ts';
import type { Environment } from '../foundation/config/environment.ts';
import type { Config } from '../foundation/config/schema.ts';
import type { Log } from '../foundation/log.ts';
import { version } from '../foundation/version.ts';
import { openLake, type Lake } from '../lake/engine.ts';
import type { StatementObserver } from '../lake/lake-connection.ts';
import { dropOtherProjections } from '../lake/projection-tables.ts';
import { Ledger } from '../ledger/ledger.ts';
import type { LakeModel } from '../mapping/model.ts';
import { readSyncDeclarations, syncFileOf } from '../sync/declaration/read-declarations.ts';
import type { SyncDeclaration } from '../sync/declaration/sync-declaration.ts';
import { projectionsOf } from '../mapping/projection.ts';
import { prepareLake } from '../seed/prepare-lake.ts';
import { buildProjectGraph } from './graph/build-graph.ts';
import { createDocumentRegistry } from './request/document-registry.ts';
import type { ReadFreshness } from './answer/known-freshness.ts';
import { CallerBudgets } from './limits/caller-budgets.ts';
import type { GraphSource } from './graph-source.ts';
import { createMotion } from './motion.ts';
import { openProject, supergraphConfigFile } from './open-project.ts';
import { KeptCompositions } from '../registry/kept-compositions.ts';
import { readSupergraphConfig } from '../registry/supergraph-config.ts';
import type { Telemetry } from './telemetry/telemetry.ts';
import { RemoteSubgraphs } from './remote/remote-subgraphs.ts';

interface ProjectSourceOptions {
  /** Serves this one alone. */
  readonly onlySubgraph?: string | undefined;
  readonly projectDirectory: string;
  readonly config: Config;
  readonly environment: Environment;
  readonly log: Log;
  readonly clock: Clock;
  readonly onStatement?: StatementObserver | undefined;
  readonly freshness?: ReadFreshness | undefined;
  /** Of the server; by default nobody looks at what is counted. */
  readonly telemetry?: Telemetry | undefined;
  /** Compositions of before; by default those that the data directory keeps. */
  readonly compositions?: KeptCompositions | undefined;
}

/** Graphs of a project's files, one after the other over the same lake, which stays open until the source is closed. */
export async function openProjectSource(options: ProjectSourceOptions): Promise<GraphSource> {
  const { config, log, projectDirectory } = options;
  // A folder without a project gets no lake.
  await readSupergraphConfig(supergraphConfigFile(projectDirectory), options);
  const lake = await openConfiguredLake(options);
  const { clock } = options;
  const { maxClockSkewMs: maxSkewMs } = config.events;
  const ledger = await Ledger.open({ lake, clock, newId: randomUUID, log, maxSkewMs });
  const registry = createDocumentRegistry(config, log);
  const budgets = new CallerBudgets({ ...config.graph.limits, clock });
  let files: readonly string[] = [supergraphConfigFile(projectDirectory)];
  const onFiles = (found: readonly string[]): void => {
    files = [...found, ...registry.files];
  };
  const { compositions = new KeptCompositions({ directory: compositionsOf(config), log }) } =
    options;
  let model: LakeModel | undefined;
  let declarations: readonly SyncDeclaration[] = [];
  const motion = createMotion({
    lake,
    ledger,
    config,
    clock,
    log,
    model: () => model ?? noModel,
    declarations: () => declarations,
  });
  const remotes = new RemoteSubgraphs(options);
  return {
    files: () => files,
    motion,
    remotes,
    budgets,
    measuredLake: { lake, groups: ledger.groups },
    exportTo: (asked) =>
      lake.exportParquet({ ...asked, model: model ?? noModel, version: version(), clock }),
    async build() {
      const project = await openProject({ ...options, onFiles, compositions });
      const { domains } = project.authored;
      files = [...files, ...domains.map(({ schemaFile }) => syncFileOf(schemaFile))];
      for (const hint of project.hints) log.debug(hint, 'composition hint');
      const { seedDirectory } = config.lake;
      const next = project.authored.model;
      const documents = await registry.read();
      const syncs = await readSyncDeclarations({ ...options, model: next });
      try {
        const onPrepared = (): void => ledger.use(next);
        await prepareLake({ lake, model: next, seedDirectory, log, onPrepared });
        const graph = await buildProjectGraph({
          project,
          lake,
          ledger,
          config,
          log,
          clock,
          motion,
          documents,
          remotes,
          budgets,
          telemetry: options.telemetry,
          isBehindRouter: options.onlySubgraph !== undefined,
          freshness: options.freshness ?? (() => motion.sync.freshness()),
        });
        model = next;
        declarations = syncs;
        return graph;
      } catch (error) {
        await goBack(lake, ledger, model);
        throw error;
      }
    },
    async afterSwap() {
      if (model === undefined) return;
      const projections = [...projectionsOf(model).values()];
      ledger.retire();
      await lake.write((tx) => dropOtherProjections(tx, projections));
    },
    async close() {
      await motion.stop();
      await remotes.close();
      await ledger.settle();
      await lake.close();
    },
  };
}

function compositionsOf({ lake }: Config): string {
  return join(lake.directory, 'compositions');
}

/** Before the first graph is built there is nothing that could move. */
const noModel: LakeModel = { domains: [], entities: new Map() };

/** The graph of before goes on. Projections of the new model go, since nobody keeps them up to date. */
async function goBack(lake: Lake, ledger: Ledger, model: LakeModel | undefined): Promise<void> {
  if (model === undefined) return;
  ledger.use(model);
  ledger.retire();
  const projections = [...projectionsOf(model).values()];
  await lake.write((tx) => dropOtherProjections(tx, projections));
}

function openConfiguredLake({ config, log, onStatement }: ProjectSourceOptions): Promise<Lake> {
  const { directory, memoryLimitMb, threads } = config.lake;
  return openLake({
    directory,
    memoryLimit: `${memoryLimitMb}MiB`,
    threads: threads === 0 ? undefined : threads,
    onStatement,
    log,
  });
}
