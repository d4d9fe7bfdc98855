import { join } from 'node:path';
import type { Environment } from '../foundation/config/environment.ts';
import type { Config } from '../foundation/config/schema.ts';
import type { KeptCompositions } from '../registry/kept-compositions.ts';
import { loadSubgraphs, projectFiles } from '../registry/load-subgraphs.ts';
import { readSupergraphConfig } from '../registry/supergraph-config.ts';
import { composeProject, type ComposedProject } from './graph/compose-project.ts';

export interface OpenProjectOptions {
  readonly projectDirectory: string;
  readonly config: Config;
  readonly environment: Environment;
  /** Told which files make the project, also when one of them turns out to be broken. */
  readonly onFiles?: (files: readonly string[]) => void;
  /** Compositions of before, where there may be some. */
  readonly compositions?: KeptCompositions | undefined;
}

/** Reads a project from its folder: the list of subgraphs, their schemas and mappings, and what they compose to. */
export async function openProject(options: OpenProjectOptions): Promise<ComposedProject> {
  const { projectDirectory, config, environment } = options;
  const list = await readSupergraphConfig(supergraphConfigFile(projectDirectory), { environment });
  options.onFiles?.(projectFiles(list));
  const authored = await loadSubgraphs(list, { timeoutMs: config.subgraphs.timeoutMs });
  return composeProject(authored, config.graph.hub, options.compositions?.compose);
}

export function supergraphConfigFile(projectDirectory: string): string {
  return join(projectDirectory, 'supergraph.yaml');
}
