import { Command, InvalidArgumentError, Option } from 'commander';
import type { AsJson } from '../control/message.ts';
import type { QuarantinedRow } from '../sync/sync-service.ts';
import { askControl } from './ask-control.ts';
import { printProblems } from './print-problems.ts';
import { addProjectOptions, type ProjectFlags } from './project-options.ts';
import { json, textTable, timeText, type TextColumn } from './text-table.ts';

interface ListFlags extends ProjectFlags {
  readonly domain?: string;
  readonly kind?: QuarantinedRow['kind'];
  readonly first: number;
  readonly after?: string;
  readonly json?: true;
}

interface ReplayFlags extends ProjectFlags {
  readonly set?: Readonly<Record<string, string>>;
}

const columns: readonly TextColumn<AsJson<QuarantinedRow>>[] = [
  { title: 'ID', of: ({ id }) => id },
  { title: 'DOMAIN', of: ({ domain }) => domain },
  { title: 'TABLE', of: ({ table }) => table },
  { title: 'KEY', of: ({ key }) => key },
  { title: 'KIND', of: ({ kind }) => kind },
  { title: 'SINCE', of: ({ since }) => timeText(since) },
  { title: 'REASON', of: ({ reason }) => reason },
];

export function quarantineCommand(): Command {
  const list = new Command('list')
    .description(
      'List rows that are not in their tables: they wait, break a rule, or have lost their place.',
    )
    .option('--domain <name>', 'of one domain alone')
    .addOption(
      new Option('--kind <kind>', 'of one kind alone').choices(['WAITING', 'BAD', 'MERGED']),
    )
    .option('--first <number>', 'how many at most', parseCount, 100)
    .option('--after <id>', 'those after this row', parseId)
    .option('--json', 'print JSON with all values instead of a table');
  const replay = new Command('replay')
    .description('Try rows again; those that pass leave the quarantine.')
    .argument('<id...>', 'ids of rows, as `tributary quarantine list` shows them')
    .option('--set <assignment>', 'give a column another value first: "column=value"', addValue);
  const discard = new Command('discard')
    .description('Remove rows from the quarantine for good.')
    .argument('<id...>', 'ids of rows, as `tributary quarantine list` shows them');
  return new Command('quarantine')
    .description('See to rows that a sync of the running server could not put into their tables.')
    .addCommand(addProjectOptions(list).action(listRows))
    .addCommand(addProjectOptions(replay).action(replayRows))
    .addCommand(addProjectOptions(discard).action(discardRows));
}

async function listRows(flags: ListFlags): Promise<void> {
  const { domain, kind, first, after } = flags;
  const page = await askControl(flags, 'quarantine-list', { domain, kind, first, after });
  if (flags.json === true) {
    process.stdout.write(json(page));
    return;
  }
  const { items, totalCount, endCursor } = page;
  if (items.length > 0) process.stdout.write(textTable(columns, items));
  const more = endCursor === null ? '' : ` Go on with --after ${endCursor}.`;
  process.stderr.write(
    `${items.length} of ${totalCount} rows.${items.length < totalCount ? more : ''}\n`,
  );
}

async function replayRows(ids: readonly string[], flags: ReplayFlags): Promise<void> {
  const outcome = await askControl(flags, 'quarantine-replay', { ids, fix: flags.set });
  const { released, remaining, problems } = outcome;
  process.stderr.write(`${released} released, ${remaining} remain.\n`);
  printProblems(problems);
  if (problems.some(({ code }) => code === 'NOT_FOUND')) await printWhatIsThere(flags);
  if (remaining > 0 || problems.length > 0) process.exitCode = 1;
}

async function discardRows(ids: readonly string[], flags: ProjectFlags): Promise<void> {
  const { discarded, problems } = await askControl(flags, 'quarantine-discard', { ids });
  process.stderr.write(`${discarded} discarded.\n`);
  if (problems.length === 0) return;
  printProblems(problems);
  await printWhatIsThere(flags);
  process.exitCode = 1;
}

async function printWhatIsThere(flags: ProjectFlags): Promise<void> {
  const { items, totalCount } = await askControl(flags, 'quarantine-list', { first: 10 });
  const ids = items.map(({ id }) => id).join(', ');
  const others = totalCount > items.length ? ' and others' : '';
  const count = totalCount === 1 ? 'is 1 row' : `are ${totalCount} rows`;
  process.stderr.write(
    totalCount === 0
      ? 'The quarantine is empty.\n'
      : `In quarantine ${count}, ${ids}${others}: \`tributary quarantine list\` shows them.\n`,
  );
}

function parseCount(text: string): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= 1 && count <= 10_000) return count;
  throw new InvalidArgumentError('Give a whole number from 1 to 10000.');
}

function parseId(text: string): string {
  if (/^\d{1,18}$/.test(text)) return text;
  throw new InvalidArgumentError('An id of a row is a whole number, as the list shows it.');
}

function addValue(
  assignment: string,
  known: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const [, column, value] = /^([^=]+)=(.*)$/s.exec(assignment) ?? [];
  if (column === undefined || value === undefined)
    throw new InvalidArgumentError('A value is set with "column=value".');
  return { ...known, [column]: value };
}
