import type { Environment } from '../foundation/config/environment.ts';
import type { Config } from '../foundation/config/schema.ts';
import type { Log } from '../foundation/log.ts';
import type { Lake } from '../lake/engine.ts';
import { dropOtherProjections } from '../lake/projection-tables.ts';
import { projectionsOf } from '../mapping/projection.ts';
import { prepareLake } from '../seed/prepare-lake.ts';
import { buildProjectGraph, type Graph } from './graph/build-graph.ts';
import type { CurrentGraph } from './graph/current-graph.ts';
import { openProject, supergraphConfigFile, type OpenedProject } from './open-project.ts';

interface ProjectGraphsOptions {
  readonly projectDirectory: string;
  readonly config: Config;
  readonly environment: Environment;
  readonly log: Log;
  readonly lake: Lake;
}

/** Makes graphs of a project's files, one after the other as the files change, over the same lake. */
export class ProjectGraphs {
  readonly #options: ProjectGraphsOptions;
  #files: readonly string[];

  constructor(options: ProjectGraphsOptions) {
    this.#options = options;
    this.#files = [supergraphConfigFile(options.projectDirectory)];
  }

  /** The files that the graph of now was made from. */
  get files(): readonly string[] {
    return this.#files;
  }

  /** The first graph. */
  async build(): Promise<Graph> {
    const project = await openProject(this.#options);
    const graph = await this.#buildGraph(project);
    await this.#dropFormerProjections(project);
    return graph;
  }

  /** Reads the files anew and puts their graph into service. When that fails, the graph of now goes on. */
  async replaceIn(current: CurrentGraph): Promise<void> {
    const project = await openProject(this.#options);
    await current.replace(await this.#buildGraph(project));
    await this.#dropFormerProjections(project);
    this.#options.log.info('the graph was swapped');
  }

  async #buildGraph(project: OpenedProject): Promise<Graph> {
    const { config, log, lake } = this.#options;
    const { model } = project.authored;
    const done = await prepareLake({ lake, model, seedDirectory: config.lake.seedDirectory });
    for (const { table, rowCount } of done.loaded)
      log.info({ table, rowCount }, 'first rows loaded');
    for (const orphans of done.quarantined) log.warn(orphans, 'rows wait in quarantine');
    for (const hint of project.hints) log.debug(hint, 'composition hint');
    const graph = await buildProjectGraph({ project, lake, config, log });
    this.#files = project.files;
    return graph;
  }

  async #dropFormerProjections({ authored }: OpenedProject): Promise<void> {
    const projections = projectionsOf(authored.model);
    await this.#options.lake.write((tx) => dropOtherProjections(tx, projections.values()));
  }
}
