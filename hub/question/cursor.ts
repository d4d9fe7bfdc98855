import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { formatCursorValue, parseCursorValue } from './cursor-value.ts';
import { describeOrder } from './describe-order.ts';
import type { CursorPlace } from './list-question.ts';
import { orderKeyType } from './order-key-type.ts';
import type { Order } from './order.ts';

/**
 * A cursor holds the place of a row: the values by which the order places it. It is opaque to clients, bound to its
 * list and to the order, and protected against slips, not against forgery: whoever forges one names a place, and no
 * more than that.
 *
 * It is base64url of: the version (1 byte), a CRC-32 of what follows (4 bytes), and as JSON an array of the digest of
 * list and order and the values.
 */
const version = 1;
const headerBytes = 5;

export type ParsedCursor =
  | { readonly kind: 'place'; readonly place: CursorPlace }
  /** A whole cursor, but of another list, of another order, or of another search where the order is by rank. */
  | { readonly kind: 'foreign' }
  | { readonly kind: 'invalid' };

/** @param list such as `customers` or `Customer.invoicesConnection` */
export function formatCursor(list: string, order: Order, place: CursorPlace): string {
  const values = order.map(({ by }, position) =>
    formatCursorValue(place[position] ?? null, orderKeyType(by)),
  );
  const body = Buffer.from(JSON.stringify([digestOf(list, order), ...values]));
  const header = Buffer.alloc(headerBytes);
  header.writeUInt8(version);
  header.writeUInt32BE(crc32(body), 1);
  return Buffer.concat([header, body]).toString('base64url');
}

/** Never throws, whatever the text. */
export function parseCursor(list: string, order: Order, text: string): ParsedCursor {
  const parts = readBody(text);
  if (parts === undefined) return { kind: 'invalid' };
  const [digest, ...values] = parts;
  if (digest !== digestOf(list, order)) return { kind: 'foreign' };
  if (values.length !== order.length) return { kind: 'invalid' };
  const place = order.map(({ by }, position) =>
    parseCursorValue(values[position], orderKeyType(by)),
  );
  if (!isWhole(place)) return { kind: 'invalid' };
  return { kind: 'place', place };
}

function readBody(text: string): readonly unknown[] | undefined {
  const bytes = Buffer.from(text, 'base64url');
  // The decoder passes over what is no base64url; a cursor has one spelling only.
  if (bytes.toString('base64url') !== text) return undefined;
  if (bytes.length <= headerBytes || bytes.readUInt8() !== version) return undefined;
  const body = bytes.subarray(headerBytes);
  if (crc32(body) !== bytes.readUInt32BE(1)) return undefined;
  try {
    const parts: unknown = JSON.parse(body.toString('utf8'));
    return Array.isArray(parts) ? parts : undefined;
  } catch {
    return undefined;
  }
}

function isWhole(place: readonly (CursorPlace[number] | undefined)[]): place is CursorPlace {
  return !place.includes(undefined);
}

/** Cursors of a page come one after the other for the same order, and the digest costs more than all the rest. */
const digests = new WeakMap<Order, { readonly list: string; readonly digest: string }>();

function digestOf(list: string, order: Order): string {
  const known = digests.get(order);
  if (known?.list === list) return known.digest;
  const described = JSON.stringify([list, describeOrder(order)]);
  const digest = createHash('sha256').update(described).digest('base64url').slice(0, 12);
  digests.set(order, { list, digest });
  return digest;
}
