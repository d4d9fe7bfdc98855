import { open } from 'node:fs/promises';
import type { CsvForm } from '../declaration/sync-declaration.ts';

/** Longer than any header that people write. */
const maximumHeaderBytes = 1_048_576;

/**
 * The names in the first line of a CSV file. DuckDB, left to guess, takes a later line for the header when the lines
 * differ in length, and drops those before it.
 *
 * @returns undefined when there is no such line
 */
export async function readCsvHeader(
  path: string,
  { delimiter, quote, encoding }: CsvForm,
): Promise<readonly string[] | undefined> {
  const text = await readStart(path, encoding);
  const names: string[] = [];
  let position = text.startsWith('\uFEFF') ? 1 : 0;
  for (;;) {
    const cell = readCell(text, position, delimiter, quote);
    if (cell === undefined) return undefined;
    names.push(cell.value);
    const end = text[cell.end];
    if (end !== delimiter) return names.length === 1 && names[0] === '' ? undefined : names;
    position = cell.end + 1;
  }
}

interface Cell {
  readonly value: string;
  /** Of what stands behind it: a delimiter, a line break or nothing. */
  readonly end: number;
}

function readCell(text: string, start: number, delimiter: string, quote: string): Cell | undefined {
  const isEnd = (at: number): boolean =>
    at >= text.length || text[at] === delimiter || text[at] === '\n' || text[at] === '\r';
  if (text[start] !== quote) {
    let end = start;
    while (!isEnd(end)) end++;
    const value = text.slice(start, end);
    return value.includes(quote) ? undefined : { value, end };
  }
  let value = '';
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] !== quote) value += text[at] ?? '';
    else if (text[at + 1] === quote) value += text[++at] ?? '';
    else return isEnd(at + 1) ? { value, end: at + 1 } : undefined;
  }
  return undefined;
}

async function readStart(path: string, encoding: CsvForm['encoding']): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(maximumHeaderBytes) });
    const bytes = buffer.subarray(0, bytesRead);
    return new TextDecoder(encoding === 'latin-1' ? 'latin1' : encoding, {
      ignoreBOM: true,
    }).decode(bytes);
  } finally {
    await file.close();
  }
}
