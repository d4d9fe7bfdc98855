import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { systemClock } from '../foundation/clock.ts';
import { createLog } from '../foundation/log.ts';
import type { RunningServer } from '../gateway/start-server.ts';
import { tryToListen } from '../gateway/http/listen.ts';
import { checkIsFree } from '../lake/file-lock.ts';
import { addProjectOptions, projectSettings, type ProjectFlags } from './project-options.ts';
import { runUntilSignal } from './run-until-signal.ts';

interface ServeFlags extends ProjectFlags {
  readonly host?: string;
  readonly port?: number;
  readonly supergraph?: string;
  readonly watch?: true;
  readonly hub: boolean;
}

export function serveCommand(): Command {
  const command = new Command('serve')
    .description('Serve the graph: the lake, the domains and the gateway in one process.')
    .option('--host <address>', 'address to listen on (default: 127.0.0.1)')
    .option('--port <number>', 'port to listen on, 0 for any free one (default: 4000)', parsePort)
    .option('--supergraph <file>', 'serve this supergraph of remote subgraphs, without a lake')
    .option('--watch', 'swap the graph when a schema or a mapping changes')
    .option('--no-hub', 'answer by plain federation through the domains, without the derived hub');
  return addProjectOptions(command).action(serve);
}

export function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('A port is a whole number from 0 to 65535.');
}

async function serve(flags: ServeFlags): Promise<void> {
  const settings = projectSettings(flags, {
    server: {
      ...(flags.host === undefined ? {} : { host: flags.host }),
      ...(flags.port === undefined ? {} : { port: flags.port }),
    },
    ...(flags.hub ? {} : { graph: { hub: false } }),
  });
  // Where a server of ours has both, its lake says more than its port.
  if (flags.supergraph === undefined) await checkIsFree(settings.config.lake.directory);
  await tryToListen(settings.config.server);
  // Loaded here, so that `--help` and the other commands need not wait for it.
  const { startServer } = await import('../gateway/start-server.ts');
  const server = await startServer({
    ...settings,
    log: createLog({ level: settings.config.log.level }),
    clock: systemClock,
    supergraphFile: flags.supergraph && resolve(flags.supergraph),
    isWatching: flags.watch,
  });
  process.stderr.write(greeting(server));
  await runUntilSignal(server.close);
}

function greeting({ url, access }: RunningServer): string {
  const base = url.replace(/\/$/, '');
  return [
    '',
    `  Tributary answers at ${base}/graphql`,
    `  Apollo Sandbox       ${base}/`,
    `  GraphiQL             ${base}/graphiql`,
    '',
    ...access.map((line) => `  ${line}`),
    '',
    '',
  ].join('\n');
}
