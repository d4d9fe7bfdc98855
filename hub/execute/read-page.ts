import type { ListQuestion, CursorPlace } from '../question/list-question.ts';
import { formatCursor } from '../question/cursor.ts';
import type { PageSide } from '../sql/placed-rows-sql.ts';
import type { FetchedPage, FetchedRows } from './fetched-rows.ts';

/**
 * Rows as `pageSql` gives them: the rank and the values of the place behind the selected columns, and one row more than
 * the page holds where there is more.
 */
export interface PlacedRows {
  readonly columns: FetchedRows['columns'];
  readonly rowCount: number;
}

/** What of the rows that came is the page: the one too many, which only says that there is more, stands at the far end. */
export function surplusOf(
  rowCount: number,
  { page: { direction, limit } }: ListQuestion,
): { readonly hasMore: boolean; readonly from: number; readonly rowCount: number } {
  const hasMore = limit !== undefined && rowCount > limit;
  const from = hasMore && direction === 'backward' ? 1 : 0;
  return { hasMore, from, rowCount: hasMore ? rowCount - 1 : rowCount };
}

/** @param outside whether rows stand beyond what the page was cut out of */
export function sidesOf(
  { page: { direction } }: ListQuestion,
  hasMore: boolean,
  outside: Readonly<Record<PageSide, boolean>>,
): Pick<FetchedPage, 'hasNextPage' | 'hasPreviousPage'> {
  const isForward = direction === 'forward';
  return {
    hasNextPage: outside.after || (isForward && hasMore),
    hasPreviousPage: outside.before || (!isForward && hasMore),
  };
}

/** What edges say of a row by its place in the order. */
export function placesOf(
  list: string,
  { order, search }: ListQuestion,
  { columns }: PlacedRows,
): Pick<FetchedPage, 'cursorOf' | 'rankOf'> {
  const places = columns.slice(columns.length - order.length);
  const position = order.findIndex(({ by }) => by.kind === 'rank');
  // A rank that does not place the row stands before the place.
  const ranks = position === -1 ? columns[columns.length - order.length - 1] : places[position];
  return {
    cursorOf: (row) => formatCursor(list, order, placeOf(row)),
    rankOf: (row) => (search === undefined ? null : Number(ranks?.[row])),
  };

  function placeOf(row: number): CursorPlace {
    return places.map((column) => column[row] ?? null);
  }
}

/** The sides on which rows may stand that the page was not cut out of. */
export function sidesOutside({ page }: ListQuestion): readonly PageSide[] {
  const before = page.after !== undefined || page.offset > 0;
  return [
    ...(before ? ['before' as const] : []),
    ...(page.before === undefined ? [] : ['after' as const]),
  ];
}
