import { identifier, toStatement, type Sql } from '../../lake/sql.ts';
import { sequenceColumn } from '../../mapping/projection.ts';
import type { RowFetch } from '../compile/row-fetch.ts';
import { openWindowSql, windowSql } from '../compile/to-sql.ts';
import type { ListQuestion } from '../question/list-question.ts';
import { pageSql } from '../sql/page-sql.ts';
import { placeNamesSql } from '../sql/placed-rows-sql.ts';
import type { PlacedRows } from './read-page.ts';
import type { RunContext } from './run-context.ts';

/** Makes other columns of the fetched ones. What stands behind them has to stay where it is, at the end. */
export type RowsMapping = (rows: Sql, behind: readonly Sql[]) => Sql;

/** The rows of the page in its order, and one more at its far end where there is more. */
export async function readPlacedRows(
  question: ListQuestion,
  fetch: RowFetch,
  context: RunContext,
  map: RowsMapping = (rows) => rows,
): Promise<PlacedRows> {
  const { direction, limit, offset, after, before } = question.page;
  const isWholeList = question.where.kind === 'always' && question.search === undefined;
  const isCounted = direction === 'forward' && offset === 0 && before === undefined;
  if (isWholeList && isCounted && question.isDefaultOrder && limit !== undefined) {
    return readWindow(fetch, BigInt(String(after?.[0] ?? 0)), limit + 1, context, map);
  }
  const rows = pageSql(question, fetch.columns, fetch.projection, context.projections);
  return context.rowsRead.scan(toStatement(map(rows, placeNamesSql(question))));
}

/** The next rows after a number of the sequence: from a narrow window, and where rows were removed from beyond it. */
async function readWindow(
  fetch: RowFetch,
  after: bigint,
  limit: number,
  { reader }: RunContext,
  map: RowsMapping,
): Promise<PlacedRows> {
  // Numbers are unique, so the window holds no more rows than it is wide.
  const until = after + BigInt(limit);
  const near = inOrder(await read(windowSql(fetch, { after, until })));
  if (near.rowCount === limit) return near;
  const far = await read(openWindowSql(fetch, until, limit - near.rowCount));
  const columns = near.columns.map((column, index) => [...column, ...(far.columns[index] ?? [])]);
  return { columns, rowCount: near.rowCount + far.rowCount };

  /** A window is no scan, however large the table is. */
  function read(rows: Sql): Promise<PlacedRows> {
    const { text, values } = toStatement(map(rows, [identifier(sequenceColumn)]));
    return reader.read(text, values, 'scan');
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
