import { mkdir, open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { formatDay, formatMoment } from './calendar.ts';
import { generate, type GenerateOptions } from './generate.ts';
import {
  type SeedBatch,
  type SeedSqlType,
  type SeedTable,
  seedTables,
  type SeedValue,
} from './tables.ts';

export interface WriteCsvOptions extends GenerateOptions {
  /** The folder that gets one folder a domain. */
  readonly directory: string;
}

/**
 * Writes `<directory>/<domain>/<table>.csv` for every table: UTF-8 without a byte order mark, a header, quotes as in
 * RFC 4180 but lines that end with LF alone, and an empty field for NULL. Existing files are replaced.
 * @returns the files, in the order of the tables.
 */
export async function writeCsv({ directory, ...options }: WriteCsvOptions): Promise<string[]> {
  const files = new Map<string, OpenCsvFile>();
  try {
    for (const table of seedTables) files.set(keyOf(table), await openCsvFile(directory, table));
    for (const batch of generate(options)) {
      const file = files.get(keyOf(batch));
      if (file !== undefined) await file.handle.write(formatBatch(batch, file.table));
    }
  } finally {
    for (const { handle } of files.values()) await handle.close();
  }
  return [...files.values()].map(({ name }) => name);
}

interface OpenCsvFile {
  readonly name: string;
  readonly handle: FileHandle;
  readonly table: SeedTable;
}

async function openCsvFile(directory: string, table: SeedTable): Promise<OpenCsvFile> {
  const name = path.join(directory, table.schema, `${table.table}.csv`);
  await mkdir(path.dirname(name), { recursive: true });
  const handle = await open(name, 'w');
  await handle.write(`${table.columns.map((column) => column.name).join(',')}\n`);
  return { name, handle, table };
}

function keyOf({ schema, table }: { readonly schema: string; readonly table: string }): string {
  return `${schema}.${table}`;
}

function formatBatch(batch: SeedBatch, { columns }: SeedTable): string {
  let text = '';
  for (let row = 0; row < batch.rowCount; row++) {
    text += columns
      .map(({ name, sqlType }) => formatField(batch.columns[name]?.[row] ?? null, sqlType))
      .join(',');
    text += '\n';
  }
  return text;
}

function formatField(value: SeedValue, sqlType: SeedSqlType): string {
  if (value === null) return '';
  if (typeof value === 'string') return quoteWhereNeeded(value);
  if (typeof value === 'object') return formatMoment(value);
  switch (sqlType) {
    case 'DECIMAL(18,2)':
      return formatCents(value);
    case 'DATE':
      return formatDay(value);
    default:
      return String(value);
  }
}

/** An empty text is quoted as well: without quotes it would be NULL. */
function quoteWhereNeeded(text: string): string {
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function formatCents(cents: number): string {
  const digits = String(Math.abs(cents)).padStart(3, '0');
  return `${cents < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
