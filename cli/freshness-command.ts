import { Command } from 'commander';
import type { AsJson } from '../control/message.ts';
import type { Freshness } from '../sync/sync-service.ts';
import { askControl } from './ask-control.ts';
import { addProjectOptions, type ProjectFlags } from './project-options.ts';
import { durationText, json, textTable, timeText, type TextColumn } from './text-table.ts';

const columns: readonly TextColumn<AsJson<Freshness>>[] = [
  { title: 'DOMAIN', of: ({ domain }) => domain },
  { title: 'TABLE', of: ({ table }) => table },
  { title: 'STATE', of: ({ state }) => state },
  { title: 'LAG', of: ({ lagSeconds }) => durationText(lagSeconds) },
  { title: 'WATERMARK', of: ({ watermark }) => timeText(watermark) },
  { title: 'LAST SUCCESS', of: ({ lastSuccess }) => timeText(lastSuccess) },
  { title: 'ROWS', of: ({ rows }) => rows },
  { title: 'QUARANTINED', of: ({ quarantined }) => quarantined },
  { title: 'NEXT RUN', of: ({ nextRunLocal, nextRun }) => nextRunLocal ?? timeText(nextRun) },
  { title: 'LAST ERROR', of: ({ lastError }) => lastError },
];

export function freshnessCommand(): Command {
  const command = new Command('freshness')
    .description('Show how old each table of each domain is, as the running server knows it.')
    .option('--json', 'print JSON instead of a table');
  return addProjectOptions(command).action(showFreshness);
}

async function showFreshness(flags: ProjectFlags & { readonly json?: true }): Promise<void> {
  const tables = await askControl(flags, 'freshness');
  process.stdout.write(flags.json === true ? json(tables) : textTable(columns, tables));
}
