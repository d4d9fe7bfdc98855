import { raise } from '../foundation/errors/tributary-error.ts';
import type { ChangeFeed } from '../ledger/change.ts';
import type { LakeModel } from '../mapping/model.ts';
import { readCursor, writeCursor } from './event-cursor.ts';
import { checkFilter, toEdge } from './event-filter.ts';
import type { EventEdge, EventFilter, EventPage } from './event-service.ts';

export const largestPage = 1_000;

/** So many changes are looked through for one page; where few of them match, the next page goes on behind them. */
const longestSearch = 20_000;

const readSize = 1_000;

/**
 * Events after a cursor, for tools that poll. Whoever goes on from `endCursor` gets each event once, also when a page
 * has none.
 *
 * @throws EVENT_CURSOR_INVALID, EVENT_FILTER_INVALID, EVENT_PAGE_SIZE_INVALID
 */
export async function readPage(
  {
    after,
    first,
    ...filter
  }: EventFilter & { readonly after?: string | undefined; readonly first: number },
  feed: ChangeFeed,
  model: LakeModel,
): Promise<EventPage> {
  if (!Number.isInteger(first) || first < 1 || first > largestPage)
    throw raise('EVENT_PAGE_SIZE_INVALID', { size: first, limit: largestPage });
  checkFilter(filter, model);
  const start = after === undefined ? 0 : readCursor(after);
  const { head } = feed;
  const edges: EventEdge[] = [];
  let position = start;
  while (position < head && position - start < longestSearch) {
    const read = await feed.read({ after: position, limit: readSize });
    for (const change of read.changes) {
      const edge = toEdge(change, filter, model);
      if (edge === undefined) continue;
      if (edges.length === first) {
        const endCursor = edges.at(-1)?.cursor ?? writeCursor(position);
        return { edges, hasNextPage: true, endCursor };
      }
      edges.push(edge);
    }
    if (read.position <= position) break;
    position = read.position;
  }
  return { edges, hasNextPage: position < head, endCursor: writeCursor(position) };
}
