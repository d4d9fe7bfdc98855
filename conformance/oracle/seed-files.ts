import type { GeneratedRows, TableRow } from './rows.ts';

/** Seed files: CSV, and lines of JSON for the table with lists, which CSV has no one way to write. */
export function seedFiles({ tables }: GeneratedRows): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(tables).map(([table, rows]) =>
      rows.some((row) => Object.values(row).some(Array.isArray))
        ? [`${table}.ndjson`, rows.map((row) => `${JSON.stringify(row)}\n`).join('')]
        : [`${table}.csv`, csvOf(rows)],
    ),
  );
}

function csvOf(rows: readonly TableRow[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column]))];
  return lines.map((cells) => `${cells.map(cellOf).join(',')}\n`).join('');
}

/** Without quotes an empty text would be a missing value. */
function cellOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? `"${value.replaceAll('"', '""')}"` : String(value);
}
