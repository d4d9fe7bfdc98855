import { askRunningServer } from '../control/ask-running-server.ts';
import type { ControlRoutes } from '../control/control-routes.ts';
import type { AsJson } from '../control/message.ts';
import { TributaryError } from '../foundation/errors/tributary-error.ts';
import { projectSettings, type ProjectFlags } from './project-options.ts';
import { requireLake } from './require-lake.ts';

type Answer<Name extends keyof ControlRoutes> = AsJson<Awaited<ReturnType<ControlRoutes[Name]>>>;

/** Asks the server that runs with the project's data directory. */
export async function askControl<Name extends keyof ControlRoutes>(
  flags: ProjectFlags,
  name: Name,
  input: unknown = {},
): Promise<Answer<Name>> {
  const { directory } = projectSettings(flags).config.lake;
  return (await askRunningServer(directory, { name, input }).catch((error: unknown) => {
    if (error instanceof TributaryError && error.code === 'SERVER_NOT_RUNNING')
      requireLake(directory);
    throw error;
  })) as Answer<Name>;
}
