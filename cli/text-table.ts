export interface TextColumn<Row> {
  readonly title: string;
  readonly of: (row: Row) => string | number | null;
}

/** A table for a terminal; numbers stand at the right of their column, and what there is none of is a dash. */
export function textTable<Row>(columns: readonly TextColumn<Row>[], rows: readonly Row[]): string {
  const isNumeric = columns.map(
    ({ of }) => rows.length > 0 && rows.every((row) => typeof of(row) !== 'string'),
  );
  const lines = [
    columns.map(({ title }) => title),
    ...rows.map((row) => columns.map(({ of }) => printable(of(row)))),
  ];
  const widths = columns.map((_, index) =>
    Math.max(...lines.map((line) => lengthOf(line[index] ?? ''))),
  );
  return lines.map((line) => `${line.map(padded).join('  ').trimEnd()}\n`).join('');

  function padded(cell: string, index: number): string {
    const missing = ' '.repeat((widths[index] ?? 0) - lengthOf(cell));
    return isNumeric[index] === true ? missing + cell : cell + missing;
  }
}

/** In characters, whatever they are made of. */
function lengthOf(text: string): number {
  return Array.from(text).length;
}

/** What others wrote must not move the cursor of a terminal, or end a line of a table. */
export function printable(value: string | number | null): string {
  if (value === null || value === '') return '-';
  return String(value).replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');
}

/** A time as the tables show it, to the second. */
export function timeText(time: string | null): string | null {
  return time === null ? null : `${time.slice(0, 19).replace('T', ' ')}Z`;
}

/** Seconds in the two largest units that say something. */
export function durationText(seconds: number | null): string | null {
  if (seconds === null) return null;
  const units = [
    ['d', 86_400],
    ['h', 3_600],
    ['min', 60],
    ['s', 1],
  ] as const;
  const first = units.findIndex(([, size]) => seconds >= size);
  if (first === -1) return '0 s';
  let rest = Math.floor(seconds);
  const parts = units.slice(first, first + 2).map(([name, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count === 0 ? '' : `${count} ${name}`;
  });
  return parts.filter((part) => part !== '').join(' ');
}

export function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
