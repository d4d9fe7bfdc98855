import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { raise, type TributaryError } from '../foundation/errors/tributary-error.ts';
import type { TableDefinition } from '../mapping/model.ts';
import type { SeedFile } from './seed-files.ts';

/** Does something with a seed file; what goes wrong is put down to the file, with the line where that is known. */
export async function reportingCorruption<Result>(
  definition: TableDefinition,
  file: SeedFile,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw await corruption(definition, file, error);
  }
}

async function corruption(
  { schema, name }: TableDefinition,
  file: SeedFile,
  error: unknown,
): Promise<TributaryError> {
  const text = rootMessage(error);
  return raise(
    'SEED_FILE_CORRUPT',
    { table: `${schema}.${name}`, problem: problemIn(text) },
    { at: { file: file.path, line: await lineOf(file, text) }, cause: error },
  );
}

/** DuckDB's own words, without those of whoever passed them on. */
function rootMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? rootMessage(error.cause) : error.message;
}

/** Where DuckDB begins to tell about the options of its readers, which nobody can set here, and about its statement. */
const adviceBegins =
  /^(?:Possible (?:fixes|solutions)|Column .* is being converted|Try setting|LINE \d|file =|\^)/;

function problemIn(message: string): string {
  const lines = message
    .replace(/^(?:\w+ )*Error: /, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('CSV Error on Line'));
  const end = lines.findIndex((line) => adviceBegins.test(line));
  return lines.slice(0, end === -1 ? 3 : end).join(' ');
}

function lineOf(file: SeedFile, message: string): Promise<number | undefined> | number | undefined {
  switch (file.format) {
    case 'csv': {
      const line = /\bCSV Error on Line: (\d+)/.exec(message)?.[1];
      return line === undefined ? undefined : Number(line);
    }
    case 'ndjson':
      return lineOfJson(file.path, message);
    case 'parquet':
      return undefined;
  }
}

/** DuckDB counts objects, not lines, and counts the one that it cannot parse twice. */
async function lineOfJson(path: string, message: string): Promise<number | undefined> {
  const [, kind, count] = /\b(Malformed|JSON transform).* in line (\d+)/s.exec(message) ?? [];
  if (count === undefined) return undefined;
  const wanted = kind === 'Malformed' ? Number(count) - 1 : Number(count);
  let line = 0;
  let object = 0;
  for await (const text of createInterface({
    input: createReadStream(path),
    crlfDelay: Infinity,
  })) {
    line++;
    if (text.trim() === '') continue;
    object++;
    if (object === wanted) return line;
  }
  return undefined;
}
