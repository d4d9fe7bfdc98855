import { join } from 'node:path';
import type { Environment } from '../foundation/config/environment.ts';
import type { Config } from '../foundation/config/schema.ts';
import { loadSubgraphs, projectFiles } from '../registry/load-subgraphs.ts';
import { readSupergraphConfig } from '../registry/supergraph-config.ts';
import { composeProject, type ComposedProject } from './graph/compose-project.ts';

export interface OpenProjectOptions {
  readonly projectDirectory: string;
  readonly config: Config;
  readonly environment: Environment;
}

export interface OpenedProject extends ComposedProject {
  /** The files that it was made from; a change in one of them makes another project. */
  readonly files: readonly string[];
}

/** Reads a project from its folder: the list of subgraphs, their schemas and mappings, and what they compose to. */
export async function openProject(options: OpenProjectOptions): Promise<OpenedProject> {
  const { projectDirectory, config, environment } = options;
  const list = await readSupergraphConfig(supergraphConfigFile(projectDirectory), { environment });
  const authored = await loadSubgraphs(list, { timeoutMs: config.subgraphs.timeoutMs });
  return { ...composeProject(authored, config.graph.hub), files: projectFiles(list) };
}

export function supergraphConfigFile(projectDirectory: string): string {
  return join(projectDirectory, 'supergraph.yaml');
}
