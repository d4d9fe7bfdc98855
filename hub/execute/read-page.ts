import type { ListQuestion, CursorPlace } from '../question/list-question.ts';
import { formatCursor } from '../question/cursor.ts';
import type { FetchedPage, FetchedRows } from './fetched-rows.ts';

/** Rows as `pageStatement` gives them: the rank and the values of the place behind the selected columns; one more than the page holds where there is more. */
export interface PlacedRows {
  readonly columns: FetchedRows['columns'];
  readonly rowCount: number;
}

type Cut = Pick<FetchedPage, 'rowNumbers' | 'hasNextPage' | 'hasPreviousPage'>;

/** Leaves out the row too many, which only says that there is more at the far end. */
export function cutPage(
  rowNumbers: readonly number[],
  { page: { direction, limit } }: ListQuestion,
  hasMoreBehind: boolean,
): Cut {
  const hasMore = limit !== undefined && rowNumbers.length > limit;
  if (direction === 'forward') {
    const kept = hasMore ? rowNumbers.slice(0, limit) : rowNumbers;
    return { rowNumbers: kept, hasNextPage: hasMore, hasPreviousPage: hasMoreBehind };
  }
  const kept = hasMore ? rowNumbers.slice(rowNumbers.length - limit) : rowNumbers;
  return { rowNumbers: kept, hasNextPage: hasMoreBehind, hasPreviousPage: hasMore };
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

/** Whether anything may stand on the side that the page was not counted towards. */
export function hasSideBehind({ page }: ListQuestion): boolean {
  return page.direction === 'forward'
    ? page.after !== undefined || page.offset > 0
    : page.before !== undefined;
}
