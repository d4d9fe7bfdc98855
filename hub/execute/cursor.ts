/**
 * A cursor says after which entity of which list a page begins: the entity's number in the sequence. It is opaque
 * to clients and bound to its list; `parseCursor` takes nothing that `formatCursor` did not make.
 */
export function formatCursor(list: string, sequence: bigint): string {
  return Buffer.from(JSON.stringify([list, String(sequence)])).toString('base64url');
}

/** The number in the sequence; undefined when the text is no cursor of this list. */
export function parseCursor(list: string, cursor: string): bigint | undefined {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    const sequence: unknown = Array.isArray(parsed) ? parsed[1] : undefined;
    if (typeof sequence !== 'string' || !/^\d{1,18}$/.test(sequence)) return undefined;
    const number = BigInt(sequence);
    return formatCursor(list, number) === cursor ? number : undefined;
  } catch {
    return undefined;
  }
}
