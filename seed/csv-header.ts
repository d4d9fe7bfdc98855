import { open } from 'node:fs/promises';

/** Longer than any header that people write. */
const maximumHeaderBytes = 1024 * 1024;

/**
 * The names in the first line of a CSV file, written as in RFC 4180. DuckDB, left to guess, takes a later line for
 * the header when the lines differ in length, and drops those before it.
 *
 * @returns undefined when there is no such line
 */
export async function readCsvHeader(path: string): Promise<readonly string[] | undefined> {
  const text = (await readStart(path)).replace(/^\uFEFF/, '');
  const cell = /(?:"(?<quoted>(?:[^"]|"")*)"|(?<plain>[^",\r\n]*))(?<end>,|\r|\n|$)/y;
  const names: string[] = [];
  for (;;) {
    const { quoted, plain = '', end } = cell.exec(text)?.groups ?? {};
    if (end === undefined) return undefined;
    names.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end !== ',') return names.length === 1 && names[0] === '' ? undefined : names;
  }
}

async function readStart(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(maximumHeaderBytes) });
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}
