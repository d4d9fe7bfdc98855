import { toStatement, type Sql } from '../../lake/sql.ts';
import type { RowFetch } from '../compile/row-fetch.ts';
import { openWindowSql, windowSql } from '../compile/to-sql.ts';
import type { ListQuestion } from '../question/list-question.ts';
import { pageSql } from '../sql/page-sql.ts';
import type { RowsRead } from './rows-read.ts';
import type { PlacedRows } from './read-page.ts';
import type { RunContext } from './run-context.ts';

/** The rows of the page in its order, and one more at its far end where there is more. */
export async function readPlacedRows(
  question: ListQuestion,
  fetch: RowFetch,
  context: RunContext,
): Promise<PlacedRows> {
  const after = windowAfter(question);
  const { limit } = question.page;
  if (after !== undefined && limit !== undefined)
    return readWindow(fetch, after, limit + 1, context.rowsRead);
  const rows = pageSql(question, fetch.columns, fetch.projection, context.projections);
  return context.rowsRead.scan(toStatement(rows));
}

/** The number after which the rows of a page begin, where it is nothing but a window of the sequence. */
export function windowAfter({
  where,
  search,
  isDefaultOrder,
  order,
  page: { direction, limit, offset, after, before },
}: ListQuestion): bigint | undefined {
  const isWhole = where.kind === 'always' && search === undefined;
  const isInSequence = isDefaultOrder && order[0]?.by.kind === 'sequence';
  const isCounted = direction === 'forward' && offset === 0 && before === undefined;
  if (!isWhole || !isInSequence || !isCounted || limit === undefined) return undefined;
  return BigInt(String(after?.[0] ?? 0));
}

/** The next rows after a number of the sequence: from a narrow window, and where rows were removed from beyond it. */
async function readWindow(
  fetch: RowFetch,
  after: bigint,
  limit: number,
  rowsRead: RowsRead,
): Promise<PlacedRows> {
  // Numbers are unique, so the window holds no more rows than it is wide.
  const until = after + BigInt(limit);
  const near = inOrder(await read(windowSql(fetch, { after, until })));
  if (near.rowCount === limit) return near;
  const far = await read(openWindowSql(fetch, until, limit - near.rowCount));
  const columns = near.columns.map((column, index) => [...column, ...(far.columns[index] ?? [])]);
  return { columns, rowCount: near.rowCount + far.rowCount };

  function read(rows: Sql): Promise<PlacedRows> {
    return rowsRead.window(toStatement(rows));
  }
}

/** Sorts rows by their number, in the last column; DuckDB would take a fifth of a page's time for it. */
function inOrder(rows: PlacedRows): PlacedRows {
  const sequences = (rows.columns.at(-1) ?? []).map((number) => BigInt(String(number)));
  const isOrdered = sequences.every(
    (number, row) => row === 0 || number > (sequences[row - 1] ?? 0n),
  );
  if (isOrdered) return rows;
  const order = sequences.map((number, row) => ({ number, row }));
  order.sort((a, b) => (a.number < b.number ? -1 : 1));
  return {
    rowCount: rows.rowCount,
    columns: rows.columns.map((column) => order.map(({ row }) => column[row] ?? null)),
  };
}
