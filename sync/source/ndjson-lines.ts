import { hasHalfCharacter, isRow, keepDigits } from './json-rows.ts';

/** What is wrong with a line; lines count from 1. */
export interface LineProblem {
  readonly line: number;
  readonly problem: string;
}

/** Reading stops behind so many: who sent them has enough to mend. */
const mostProblems = 20;

/** So many, and one for each row: packed, a line feed takes next to nothing, and each has to be looked at. */
const mostBlankLines = 1_000_000;

const maxLineBytes = 1_048_576;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const tab = 0x09;

/** Rows that are handed over together. */
const rowsOfBatch = 20_000;
const bytesOfBatch = 8_388_608;

/** Lines that are no rows. */
export class LineProblems extends Error {
  readonly problems: readonly LineProblem[];

  constructor(problems: readonly LineProblem[]) {
    super(problems.map(({ line, problem }) => `Line ${line} ${problem}.`).join(' '));
    this.problems = problems;
  }
}

/**
 * Reads rows as they come, one JSON object a line, and gives their texts in batches; it reads on when a batch was
 * taken, so memory is bounded. Blank lines are skipped, unless there are far more of them than rows.
 *
 * @throws LineProblems at the end, or as soon as there are 20 of them or too many blank lines; from the first one on
 * nothing more is given
 */
export async function* readNdjson(
  chunks: AsyncIterable<Uint8Array | string>,
): AsyncGenerator<readonly string[], void, undefined> {
  const problems: LineProblem[] = [];
  let batch: string[] = [];
  let sizeBytes = 0;
  let written = 0;
  for await (const { line, bytes } of linesOf(chunks)) {
    const text = bytes === undefined ? undefined : textOf(bytes);
    if (text?.trim() === '') {
      if (line <= mostBlankLines + 2 * written) continue;
      problems.push({ line, problem: `comes after more than ${mostBlankLines} blank lines` });
      break;
    }
    written++;
    const problem = text === undefined ? unreadable(bytes) : problemOf(text);
    if (problem !== undefined) {
      problems.push({ line, problem });
      if (problems.length === mostProblems) break;
    }
    if (problems.length > 0 || text === undefined) continue;
    batch.push(keepDigits(text));
    sizeBytes += text.length;
    if (batch.length < rowsOfBatch && sizeBytes < bytesOfBatch) continue;
    yield batch;
    batch = [];
    sizeBytes = 0;
  }
  if (problems.length > 0) throw new LineProblems(problems);
  if (batch.length > 0) yield batch;
}

interface Line {
  readonly line: number;
  /** Undefined for a line that is longer than one may be, and so is not kept. */
  readonly bytes: Buffer | undefined;
}

/** Lines that have something on them, and now and then one that has not, lest nobody sees how many there are. */
async function* linesOf(chunks: AsyncIterable<Uint8Array | string>): AsyncGenerator<Line> {
  let line = 1;
  let parts: Buffer[] = [];
  let sizeBytes = 0;
  const keep = (part: Buffer): void => {
    sizeBytes += part.length;
    if (sizeBytes <= maxLineBytes) parts.push(part);
    else parts = [];
  };
  const end = (): Line => {
    const bytes = sizeBytes <= maxLineBytes ? Buffer.concat(parts) : undefined;
    parts = [];
    sizeBytes = 0;
    return { line: line++, bytes };
  };
  for await (const chunk of chunks) {
    const bytes =
      typeof chunk === 'string'
        ? Buffer.from(chunk)
        : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    let start = 0;
    for (;;) {
      if (sizeBytes === 0) {
        const { blankLines, position } = skipBlank(bytes, start);
        line += blankLines;
        start = position;
      }
      const feed = bytes.indexOf(lineFeed, start);
      if (feed < 0) break;
      keep(bytes.subarray(start, feed));
      yield end();
      start = feed + 1;
    }
    if (start < bytes.length) keep(bytes.subarray(start));
    else if (sizeBytes === 0) yield { line, bytes: noBytes };
  }
  if (sizeBytes > 0) yield end();
}

const noBytes = Buffer.alloc(0);

/** Where the first line begins that has something on it. What stands before that is no part of a row. */
function skipBlank(
  bytes: Buffer,
  from: number,
): { readonly blankLines: number; readonly position: number } {
  let blankLines = 0;
  let position = from;
  for (; position < bytes.length; position++) {
    const byte = bytes[position];
    if (byte === lineFeed) blankLines++;
    else if (byte !== space && byte !== tab && byte !== carriageReturn) break;
  }
  return { blankLines, position };
}

const decoder = new TextDecoder('utf-8', { fatal: true });

function textOf(bytes: Buffer): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

function unreadable(bytes: Buffer | undefined): string {
  return bytes === undefined ? `has more than ${maxLineBytes} bytes` : 'is not UTF-8';
}

function problemOf(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!isRow(value)) return 'is no JSON object';
    const isSuspect = /\\u[dD][89a-fA-F]/.test(text);
    return isSuspect && hasHalfCharacter(value) ? 'has half a character' : undefined;
  } catch {
    return 'is no JSON';
  }
}
