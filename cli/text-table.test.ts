import { describe, expect, it } from 'vitest';
import { durationText, printable, textTable, timeText } from './text-table.ts';

describe('a table on the terminal', () => {
  it('has columns as wide as what stands in them, numbers at the right, and dashes for nothing', () => {
    const columns = [
      { title: 'NAME', of: ({ name }: Row) => name },
      { title: 'ROWS', of: ({ rows }: Row) => rows },
      { title: 'X', of: ({ name }: Row) => (name === 'é' ? '' : 'x') },
    ];
    const rows = [
      { name: 'customers', rows: 12_345 },
      { name: 'é', rows: null },
    ];
    expect(textTable(columns, rows)).toBe(
      'NAME        ROWS  X\ncustomers  12345  x\né              -  -\n',
    );
    expect(textTable(columns, [])).toBe('NAME  ROWS  X\n');
  });

  it('cannot be disturbed by what others wrote', () => {
    expect(printable('a\u001b[2Jb\r\nc\u202ed\u2028e')).toBe('a [2Jb c d e');
  });

  it.each([
    [null, null],
    [0, '0 s'],
    [0.4, '0 s'],
    [59.9, '59 s'],
    [60, '1 min'],
    [3_661, '1 h 1 min'],
    [86_400 * 3 + 59, '3 d'],
    [86_400 * 400 + 3_600 * 5, '400 d 5 h'],
  ])('shows %j seconds as %j', (seconds, text) => {
    expect(durationText(seconds)).toBe(text);
  });

  it('shows times to the second', () => {
    expect(timeText('2026-01-31T23:59:59.999Z')).toBe('2026-01-31 23:59:59Z');
    expect(timeText(null)).toBeNull();
  });
});

interface Row {
  readonly name: string;
  readonly rows: number | null;
}
