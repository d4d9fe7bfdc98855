import { resolve } from 'node:path';
import type { Command } from 'commander';
import { processEnvironment, type Environment } from '../foundation/config/environment.ts';
import { loadConfig } from '../foundation/config/load-config.ts';
import type { Config, PartialConfig } from '../foundation/config/schema.ts';

/** Options that every command has which works on a project. */
export interface ProjectFlags {
  readonly project: string;
  readonly data?: string;
}

export interface ProjectSettings {
  readonly projectDirectory: string;
  readonly environment: Environment;
  readonly config: Config;
}

export function addProjectOptions(command: Command): Command {
  return command
    .option('--project <folder>', 'folder with supergraph.yaml and tributary.yaml', '.')
    .option('--data <folder>', 'data directory: the lake and the API keys (default: lake-data)');
}

/** The settings of the project, with what the command line says above all else. */
export function projectSettings(flags: ProjectFlags, more: PartialConfig = {}): ProjectSettings {
  const projectDirectory = resolve(flags.project);
  const environment = processEnvironment();
  const directory = flags.data === undefined ? {} : { lake: { directory: resolve(flags.data) } };
  const config = loadConfig({ projectDirectory, environment, flags: { ...more, ...directory } });
  return { projectDirectory, environment, config };
}
