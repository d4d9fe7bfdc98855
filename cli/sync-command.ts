import { Command } from 'commander';
import type { AsJson } from '../control/message.ts';
import type { RunReport } from '../sync/sync-service.ts';
import { askControl } from './ask-control.ts';
import { printProblems } from './print-problems.ts';
import { addProjectOptions, type ProjectFlags } from './project-options.ts';
import { json, printable, textTable, type TextColumn } from './text-table.ts';

interface SyncFlags extends ProjectFlags {
  readonly snapshot?: true;
  readonly json?: true;
}

const columns: readonly TextColumn<AsJson<RunReport>>[] = [
  { title: 'DOMAIN', of: ({ domain }) => domain },
  { title: 'TABLE', of: ({ table }) => table },
  { title: 'STATE', of: ({ state }) => state },
  { title: 'READ', of: ({ rowsRead }) => rowsRead },
  { title: 'INSERTED', of: ({ inserted }) => inserted },
  { title: 'UPDATED', of: ({ updated }) => updated },
  { title: 'DELETED', of: ({ deleted }) => deleted },
  { title: 'UNCHANGED', of: ({ unchanged }) => unchanged },
  { title: 'STALE', of: ({ stale }) => stale },
  { title: 'WAITING', of: ({ waiting }) => waiting },
  { title: 'QUARANTINED', of: ({ quarantined }) => quarantined },
  { title: 'SECONDS', of: secondsOf },
];

export function syncCommand(): Command {
  const command = new Command('sync')
    .description('Run syncs now in the running server, and show what came of them.')
    .argument('[domain]', 'the domain whose tables to bring up to date; all of them by default')
    .argument('[table]', 'one table of it, as the lake names it')
    .option('--snapshot', 'read everything, and remove rows that the source no longer has')
    .option('--json', 'print JSON instead of a table');
  return addProjectOptions(command).action(runSyncs);
}

async function runSyncs(
  domain: string | undefined,
  table: string | undefined,
  flags: SyncFlags,
): Promise<void> {
  const mode = flags.snapshot === true ? 'snapshot' : 'delta';
  const { runs, problems } = await askControl(flags, 'sync', { domain, table, mode });
  if (flags.json === true) process.stdout.write(json({ runs, problems }));
  else if (runs.length > 0) process.stdout.write(textTable(columns, runs));
  else if (problems.length === 0) process.stderr.write('No domain has a sync that fetches rows.\n');
  for (const { domain: name, table: of, error, warning } of runs) {
    const text = error ?? warning;
    if (text !== undefined) process.stderr.write(`${name}.${of}: ${printable(text)}\n`);
  }
  printProblems(problems);
  const isDone = problems.length === 0 && runs.every(({ state }) => state === 'SUCCEEDED');
  if (!isDone) process.exitCode = 1;
}

function secondsOf({ startedAt, endedAt }: AsJson<RunReport>): number {
  return (new Date(endedAt).getTime() - new Date(startedAt).getTime()) / 1_000;
}
