import { Command } from 'commander';
import { composeCommand } from './compose-command.ts';
import { keyCommand } from './key-command.ts';
import { reportError } from './report-error.ts';
import { seedCommand } from './seed-command.ts';
import { serveCommand } from './serve-command.ts';
import { subgraphCommand } from './subgraph-command.ts';
import { version } from './version.ts';

const program = new Command('tributary')
  .description('A GraphQL federation gateway over a data lake.')
  .version(version())
  .showHelpAfterError('(see --help)')
  .addCommand(serveCommand())
  .addCommand(composeCommand())
  .addCommand(seedCommand())
  .addCommand(subgraphCommand())
  .addCommand(keyCommand());

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = reportError(error);
}
