import type { Given } from './matches.ts';
import { Refused } from './undecided.ts';
import type { Row } from './world.ts';

/** A piece of a list. */
export interface Page {
  /** How many rows match, on all pages. */
  readonly totalCount: number;
  readonly rows: readonly Row[];
  readonly hasNext: boolean;
  readonly hasPrevious: boolean;
}

const defaultPageSize = 50;
const maximumPageSize = 10_000;

/**
 * Cuts a page out of the rows that match. A cursor is the place of a row that need not match: it is looked for in
 * `everything`, which is the same list without its filter, in the same order.
 */
export function pageOf(
  matching: readonly Row[],
  everything: () => readonly Row[],
  given: Given,
  rowOfCursor: (cursor: string) => Row | undefined,
): Page {
  const first = numberOf(given, 'first', maximumPageSize);
  const last = numberOf(given, 'last', maximumPageSize);
  const offset = numberOf(given, 'offset', Infinity);
  const { after, before } = given;
  const isFromBehind = last !== undefined || (before != null && first === undefined);
  if (first !== undefined && last !== undefined) throw new Refused('Both first and last');
  if (offset !== undefined && (last !== undefined || before != null)) {
    throw new Refused('offset goes forward');
  }
  const isPlaced = after != null || before != null;
  const places = new Map(isPlaced ? everything().map((row, place) => [row, place]) : []);
  const placeOfCursor = (cursor: unknown): number => {
    const row = rowOfCursor(String(cursor));
    const place = row && places.get(row);
    if (place === undefined) throw new Refused('This cursor is of another list');
    return place;
  };
  const countUpTo = (place: number): number =>
    matching.filter((row) => (places.get(row) ?? 0) <= place).length;
  const lowest = after == null ? 0 : countUpTo(placeOfCursor(after));
  const highest = before == null ? matching.length : countUpTo(placeOfCursor(before) - 1);
  const size = first ?? last ?? defaultPageSize;
  const end = Math.max(lowest, highest);
  const from = isFromBehind ? Math.max(lowest, end - size) : Math.min(lowest + (offset ?? 0), end);
  const to = Math.min(from + size, end);
  return {
    totalCount: matching.length,
    rows: matching.slice(from, to),
    hasPrevious: from > 0,
    hasNext: to < matching.length,
  };
}

/** The arguments of a plain list of related rows: it has no end unless it is given one. */
export function pieceOf(matching: readonly Row[], given: Given): readonly Row[] {
  const first = numberOf(given, 'first', maximumPageSize) ?? Infinity;
  const offset = numberOf(given, 'offset', Infinity) ?? 0;
  return matching.slice(offset, offset + first);
}

/** A size that is null is one that was not given. */
function numberOf(given: Given, name: string, most: number): number | undefined {
  const size = given[name] ?? undefined;
  if (size === undefined) return undefined;
  if (Number(size) < 0 || Number(size) > most) throw new Refused(`${name}: ${Number(size)}`);
  return Number(size);
}
