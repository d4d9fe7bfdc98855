import { Command } from 'commander';
import { systemClock } from '../foundation/clock.ts';
import { createLog } from '../foundation/log.ts';
import { tryToListen } from '../gateway/http/listen.ts';
import { checkIsFree } from '../lake/file-lock.ts';
import { addProjectOptions, projectSettings, type ProjectFlags } from './project-options.ts';
import { runUntilSignal } from './run-until-signal.ts';
import { parsePort } from './serve-command.ts';

interface SubgraphFlags extends ProjectFlags {
  readonly port: number;
  readonly host?: string;
}

export function subgraphCommand(): Command {
  const command = new Command('subgraph')
    .description('Serve one subgraph alone, for any federation router.')
    .argument('<name>', 'its name in supergraph.yaml, or _hub')
    .requiredOption('--port <number>', 'port to listen on, 0 for any free one', parsePort)
    .option('--host <address>', 'address to listen on (default: 127.0.0.1)');
  return addProjectOptions(command).action(serveSubgraph);
}

async function serveSubgraph(name: string, flags: SubgraphFlags): Promise<void> {
  const settings = projectSettings(flags, {
    server: { port: flags.port, ...(flags.host === undefined ? {} : { host: flags.host }) },
  });
  // Where a server of ours has both, its lake says more than its port.
  await checkIsFree(settings.config.lake.directory);
  await tryToListen(settings.config.server);
  const { startServer } = await import('../gateway/start-server.ts');
  const server = await startServer({
    ...settings,
    log: createLog({ level: settings.config.log.level }),
    clock: systemClock,
    onlySubgraph: name,
  });
  process.stderr.write(`\n  The subgraph ${name} answers at ${server.url}\n\n`);
  await runUntilSignal(server.close);
}
