import { raise } from '../foundation/errors/tributary-error.ts';

/** A place in the log as callers see it: after the event with this sequence. */
export function writeCursor(sequence: number): string {
  return Buffer.from(String(sequence)).toString('base64url');
}

/** @throws EVENT_CURSOR_INVALID */
export function readCursor(cursor: string): number {
  const text = Buffer.from(cursor, 'base64url').toString('latin1');
  const sequence = /^(?:0|[1-9]\d{0,15})$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(sequence) && writeCursor(sequence) === cursor) return sequence;
  throw invalidCursor(cursor);
}

/** A place in a list that is ordered by several values. */
export function writeListCursor(values: readonly string[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url');
}

/** @throws EVENT_CURSOR_INVALID */
export function readListCursor(cursor: string, length: number): readonly string[] {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    const isList = Array.isArray(values) && values.length === length;
    if (isList && values.every((value) => typeof value === 'string')) return values;
  } catch {
    // Whatever else it is, it is no cursor of ours.
  }
  throw invalidCursor(cursor);
}

function invalidCursor(cursor: string): Error {
  const shown = cursor.length <= 40 ? cursor : `${cursor.slice(0, 39)}…`;
  return raise('EVENT_CURSOR_INVALID', { cursor: shown });
}
