import { Command } from 'commander';
import type { AsJson } from '../control/message.ts';
import type { Subscriber } from '../events/event-service.ts';
import { askControl } from './ask-control.ts';
import { addProjectOptions, type ProjectFlags } from './project-options.ts';
import { json, textTable, timeText, type TextColumn } from './text-table.ts';

const columns: readonly TextColumn<AsJson<Subscriber>>[] = [
  { title: 'ID', of: ({ id }) => id },
  { title: 'NAME', of: ({ name }) => name },
  { title: 'OWNER', of: ({ owner }) => owner },
  {
    title: 'STATE',
    of: ({ state, isInSnapshot }) => (isInSnapshot ? `${state} (snapshot)` : state),
  },
  { title: 'POSITION', of: ({ position }) => position },
  { title: 'BACKLOG', of: ({ backlog }) => backlog },
  { title: 'LAST DELIVERY', of: ({ lastDeliveryAt }) => timeText(lastDeliveryAt) },
  { title: 'URL', of: ({ url }) => url },
  { title: 'LAST ERROR', of: ({ lastError }) => lastError },
];

export function subscribersCommand(): Command {
  const command = new Command('subscribers')
    .description('List the tools that get events, and how far each of them is.')
    .option('--json', 'print JSON instead of a table');
  return addProjectOptions(command).action(listSubscribers);
}

async function listSubscribers(flags: ProjectFlags & { readonly json?: true }): Promise<void> {
  const subscribers = await askControl(flags, 'subscribers');
  if (flags.json === true) process.stdout.write(json(subscribers));
  else if (subscribers.length > 0) process.stdout.write(textTable(columns, subscribers));
  else process.stderr.write('No tool gets events yet; see docs/connect-a-tool.md.\n');
}
