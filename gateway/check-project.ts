import { loadResolvers } from '../domains/load-resolvers.ts';
import type { Environment } from '../foundation/config/environment.ts';
import { TributaryError } from '../foundation/errors/tributary-error.ts';
import { readSyncDeclaration } from '../sync/declaration/read-declarations.ts';
import type { ComposedProject } from './graph/compose-project.ts';

interface CheckOptions {
  readonly project: ComposedProject;
  readonly projectDirectory: string;
  readonly environment: Environment;
}

/**
 * Checks what a server with this project would refuse to start for and that needs no lake: the resolvers and the
 * syncs of all domains.
 *
 * @returns why declarations could not be checked: where the graph is checked, secrets of production are often unset
 * @throws what a server would throw: see `loadResolvers` and `readSyncDeclarations`
 */
export async function checkProject(options: CheckOptions): Promise<readonly TributaryError[]> {
  const { projectDirectory, environment } = options;
  const { domains, model } = options.project.authored;
  const unchecked: TributaryError[] = [];
  for (const domain of domains) {
    await loadResolvers(domain);
    try {
      await readSyncDeclaration(domain, { model, projectDirectory, environment });
    } catch (error) {
      if (!(error instanceof TributaryError) || error.code !== 'SYNC_VARIABLE_UNSET') throw error;
      unchecked.push(error);
    }
  }
  return unchecked;
}
