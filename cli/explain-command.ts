import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { Command, InvalidArgumentError } from 'commander';
import { fileProblem } from '../foundation/errors/file-problem.ts';
import { errorText, formatLocation, raise } from '../foundation/errors/tributary-error.ts';
import {
  askInProcess,
  askServer,
  type AnsweredError,
  type ExplainedAnswer,
  type Question,
} from './ask-explained.ts';
import { explanationText } from './explanation-text.ts';
import { addProjectOptions, projectSettings, type ProjectFlags } from './project-options.ts';

interface ExplainFlags extends ProjectFlags {
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly operation?: string;
  readonly url?: string;
  readonly header?: Readonly<Record<string, string>>;
  readonly json?: true;
}

export function explainCommand(): Command {
  const command = new Command('explain')
    .description('Ask a question and show how it was answered: plan, SQL, rows read, time.')
    .argument('[file]', 'a file with a GraphQL operation; standard input by default and for -', '-')
    .option('--variables <json>', 'values of its variables, as a JSON object', parseVariables)
    .option('--operation <name>', 'which one to run, when the file has several')
    .option('--url <url>', 'ask a running server, which may have the lake open')
    .option('--header <header>', 'send "name: value" to that server', addHeader)
    .option('--json', 'print JSON instead of text');
  return addProjectOptions(command).action(explain);
}

async function explain(file: string, flags: ExplainFlags): Promise<void> {
  const source = file === '-' ? 'standard input' : file;
  const query = await readQuery(file);
  if (query.trim() === '') throw raise('QUESTION_EMPTY', { source });
  const question: Question = {
    query,
    ...(flags.variables === undefined ? {} : { variables: flags.variables }),
    ...(flags.operation === undefined ? {} : { operationName: flags.operation }),
  };
  const answer =
    flags.url === undefined
      ? await askInProcess(question, projectSettings(flags, { graph: { explain: 'local' } }))
      : await askServer(question, flags.url, flags.header ?? {});
  print(answer, source, flags.json === true);
}

/** What went wrong with the question is no reason not to show how far it came. */
function print(
  { errors, explain: explained }: ExplainedAnswer,
  source: string,
  isJson: boolean,
): void {
  for (const { message, extensions, ...where } of errors) {
    const { code, hint } = extensions ?? {};
    const text = errorText({ message, code, hint, place: placeOf(where, source) });
    process.stderr.write(`${text}\n`);
  }
  if (errors.length > 0) process.exitCode = 1;
  if (explained === undefined) return;
  process.stdout.write(
    isJson ? `${JSON.stringify(explained, null, 2)}\n` : explanationText(explained),
  );
}

/** What went wrong with a field is told by its place in the answer, the rest by that in the question. */
function placeOf({ path, locations }: Pick<AnsweredError, 'path' | 'locations'>, file: string) {
  const [location] = locations ?? [];
  return path?.join('.') ?? (location && formatLocation({ file, ...location }));
}

async function readQuery(file: string): Promise<string> {
  if (file === '-') return text(process.stdin);
  return readFile(file, 'utf8').catch((error: unknown) => {
    const problem = fileProblem(error);
    throw raise('QUESTION_UNREADABLE', { file, problem }, { cause: error });
  });
}

function parseVariables(json: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // The same words for what is no JSON and for what is no object.
  }
  throw new InvalidArgumentError('Variables are a JSON object, such as \'{"id": "C0000042"}\'.');
}

function addHeader(
  header: string,
  known: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const [, name, value] = /^([\w-]+):\s*(.*)$/.exec(header) ?? [];
  if (name === undefined || value === undefined)
    throw new InvalidArgumentError('A header is written "name: value".');
  return { ...known, [name.toLowerCase()]: value };
}
