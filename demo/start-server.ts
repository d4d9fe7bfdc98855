import { systemClock } from '../foundation/clock.ts';
import { loadConfig } from '../foundation/config/load-config.ts';
import { createLog } from '../foundation/log.ts';
import type { RunningServer } from '../gateway/start-server.ts';

/**
 * Serves the project of this folder on a free port, and takes over what changes in it. Settings of the user, who may
 * have a lake of their own open, do not count. What goes wrong is logged to standard error.
 */
export async function startDemoServer(projectDirectory: string): Promise<RunningServer> {
  // Loaded here, since it takes a second: by then the demo has said what it does.
  const { startServer } = await import('../gateway/start-server.ts');
  return startServer({
    projectDirectory,
    config: loadConfig({ projectDirectory, environment: {}, flags: { server: { port: 0 } } }),
    environment: {},
    log: createLog({ level: 'error', destination: process.stderr }),
    clock: systemClock,
    isWatching: true,
  });
}
