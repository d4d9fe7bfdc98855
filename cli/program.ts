import { Command } from 'commander';
import { composeCommand } from './compose-command.ts';
import { explainCommand } from './explain-command.ts';
import { exportCommand } from './export-command.ts';
import { freshnessCommand } from './freshness-command.ts';
import { keyCommand } from './key-command.ts';
import { quarantineCommand } from './quarantine-command.ts';
import { seedCommand } from './seed-command.ts';
import { serveCommand } from './serve-command.ts';
import { subgraphCommand } from './subgraph-command.ts';
import { subscribersCommand } from './subscribers-command.ts';
import { syncCommand } from './sync-command.ts';
import { version } from './version.ts';

/** Everything that the command line understands. */
export function createProgram(): Command {
  const program = new Command('tributary')
    .description('A GraphQL federation gateway over a data lake.')
    .version(version())
    .showHelpAfterError('(see --help)')
    .addCommand(serveCommand())
    .addCommand(composeCommand())
    .addCommand(explainCommand())
    .addCommand(seedCommand())
    .addCommand(subgraphCommand())
    .addCommand(keyCommand())
    .addCommand(syncCommand())
    .addCommand(freshnessCommand())
    .addCommand(quarantineCommand())
    .addCommand(subscribersCommand())
    .addCommand(exportCommand());
  inheritSettings(program);
  return program;
}

/** Commands that were made on their own know nothing of what their parent was told. */
function inheritSettings(parent: Command): void {
  for (const command of parent.commands) inheritSettings(command.copyInheritedSettings(parent));
}
